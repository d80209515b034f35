"""What other forces were graded, beside one's own."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from audits.reference_queries import reference
from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection


@requires(Permission.AUDIT_FIGURES_VIEW)
@require_GET
def published_results(request, ref):
    inspection = get_inspection(request.user, ref, Permission.AUDIT_FIGURES_VIEW)
    context = {"inspection": inspection, "reference": reference(inspection)}
    return render(request, "audits/published_results.html", context)
