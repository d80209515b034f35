"""Which criteria of the programme the sessions speak to, and which they do not."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.fieldwork.coverage_queries import coverage_of
from ncpi.fieldwork.operations import exports
from ncpi.inspections.access import get_inspection
from ncpi.lib.exports import as_file, wanted

HEADER = ["area", "criterion", "title", "sessions"]


@requires(Permission.FIELDWORK_VIEW)
@require_safe
def coverage(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_VIEW)
    found = coverage_of(inspection)
    if wanted(request):
        exports.note_list_export(by=request.user, inspection=inspection, what="coverage of the criteria")
        return as_file(request, name=f"Coverage {ref}", header=HEADER, rows=_lines(found))
    context = {
        "inspection": inspection,
        "coverage": found,
        "can_manage": Permission.FIELDWORK_MANAGE in permissions_in(request.user, inspection.force_id),
    }
    return render(request, "fieldwork/coverage.html", context)


def _lines(found):
    return [
        [row.area.title, one.criterion.key, one.criterion.title, "; ".join(_references(one))]
        for row in found.areas
        for one in row.criteria
    ]


def _references(row):
    return (one.session.reference for one in row.sessions)
