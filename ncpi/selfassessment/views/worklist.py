"""Who holds what: a person's own criteria, or everybody's."""

from django.shortcuts import render

from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.inspections.models import Area
from ncpi.lib.clocks import clock_of
from ncpi.lib.exports import as_file, wanted
from ncpi.lib.listing import listing
from ncpi.selfassessment import queries
from ncpi.selfassessment.models import JudgementState


@requires(Permission.DRAFT_VIEW)
def work(request, ref):
    inspection = get_inspection(request.user, ref, Permission.DRAFT_VIEW)
    held, on = permissions_in(request.user, inspection.force_id), clock_of(inspection.force).on
    holds_some = held & {Permission.JUDGEMENT_EDIT, Permission.JUDGEMENT_REVIEW}
    asked = queries.WorkFilter.of(request.GET, default="mine" if holds_some else "all")
    rows = queries.work_list(inspection, user=request.user, on=on, asked=asked)
    if wanted(request):
        header = (*queries.WORK_COLUMNS, *queries.RETURNED_COLUMNS)
        lines = (queries.work_row(row, on) for row in rows)
        return as_file(request, name=f"Work list {ref}", header=header, rows=lines)
    context = {
        "inspection": inspection,
        "listing": listing(request, rows),
        "asked": asked,
        "whose": queries.WHOSE.items(),
        "areas": Area.objects.filter(programme=inspection.programme_id).order_by("order", "pk"),
        "states": JudgementState.choices,
        "sorts": [(key, label) for key, (label, _) in queries.SORTS.items()],
        "held": held,
        "on": on,
    }
    return render(request, "selfassessment/work.html", context)
