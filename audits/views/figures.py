"""What the audits published: the figures that everybody outside this room works from."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from audits import published_queries
from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection


@requires(Permission.AUDIT_FIGURES_VIEW)
@require_GET
def published_figures(request, ref):
    inspection = get_inspection(request.user, ref, Permission.AUDIT_FIGURES_VIEW)
    context = {
        "inspection": inspection,
        "published": published_queries.published(inspection),
        "threshold": inspection.force.suppression_threshold,
    }
    return render(request, "audits/published_figures.html", context)
