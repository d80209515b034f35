"""Last time: what the force's inspection before this one holds on an area, or on one of its criteria."""

from django.shortcuts import get_object_or_404, render

from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.inspections.models import Area
from ncpi.selfassessment import access, queries


@requires(Permission.DRAFT_VIEW)
def of_criterion(request, ref, criterion):
    judgement = access.get_judgement(request.user, ref, criterion, Permission.DRAFT_VIEW)
    found = queries.last_time(judgement.inspection, judgement.criterion.area)
    said = found.said_of(criterion) if found else None
    context = {"inspection": judgement.inspection, "criterion": judgement.criterion, "found": found, "said": said}
    if said:
        context["place"] = found.place_of(said.grade)
    return render(request, "selfassessment/last_time.html", context)


@requires(Permission.DRAFT_VIEW)
def of_area(request, ref, area):
    inspection = get_inspection(request.user, ref, Permission.DRAFT_VIEW)
    row = get_object_or_404(Area, programme=inspection.programme_id, key=area)
    context = {"inspection": inspection, "area": row, "found": queries.last_time(inspection, row)}
    return render(request, "selfassessment/last_time.html", context)
