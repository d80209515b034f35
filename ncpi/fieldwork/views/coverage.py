"""Which criteria of the programme the sessions speak to, and which they do not."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.fieldwork.coverage_queries import coverage_of
from ncpi.inspections.access import get_inspection
from ncpi.lib import tables


@requires(Permission.FIELDWORK_VIEW)
@require_safe
def coverage(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_VIEW)
    found = coverage_of(inspection)
    if request.GET.get("export") == "csv":
        return _export(found)
    context = {
        "inspection": inspection,
        "coverage": found,
        "can_manage": Permission.FIELDWORK_MANAGE in permissions_in(request.user, inspection.force_id),
    }
    return render(request, "fieldwork/coverage.html", context)


def _export(found):
    lines = [
        [
            row.area.title,
            one.criterion.key,
            one.criterion.title,
            "; ".join(each.session.reference for each in one.sessions),
        ]
        for row in found.areas
        for one in row.criteria
    ]
    data = tables.write_csv(["area", "criterion", "title", "sessions"], lines)
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="coverage.csv"'
    return response
