"""What this room puts on a person's home page."""

from datetime import timedelta
from itertools import chain
from typing import Any

from django.urls import reverse

from ncpi.accounts.access import forces_granting
from ncpi.accounts.context import sections_of
from ncpi.accounts.permissions import Permission
from ncpi.accounts.work import InspectionCard, WorkItem, for_holders
from ncpi.inspections import queries
from ncpi.inspections.models import Milestone
from ncpi.lib.clocks import Clock, clock_of

SOON = timedelta(days=14)


def my_work(user: Any, *, clock: Clock) -> list[WorkItem]:
    """Return the milestones that are near or past, for whoever runs the inspection, in forces with this clock."""
    return _milestones(user, clock)


@for_holders(Permission.INSPECTION_MANAGE)
def _milestones(user: Any, clock: Clock) -> list[WorkItem]:
    rows = Milestone.objects.filter(
        inspection__force_id__in=forces_granting(user, Permission.INSPECTION_MANAGE),
        inspection__force__clock_offset=clock.offset,
        inspection__closed_at=None,
        done_date=None,
        due_date__lte=clock.on + SOON,
    )
    return [
        WorkItem(
            urgency=0 if row.is_overdue(clock.on) else 1,
            title=row.title,
            kind="Milestone",
            address=reverse("inspections:inspection", args=[row.inspection.ref]),
            inspection=row.inspection.name,
            due_date=row.due_date,
            is_overdue=row.is_overdue(clock.on),
            force=row.inspection.force_id,
        )
        for row in rows.select_related("inspection").order_by("due_date", "pk")
    ]


def home_inspections(user: Any) -> list[InspectionCard]:
    """Return the open inspections of the person's forces."""
    return [
        InspectionCard(
            ref=row.ref,
            name=row.name,
            force_id=row.force_id,
            force=row.force.name,
            address=reverse("inspections:inspection", args=[row.ref]),
            next_date=row.next_date,
            on=clock_of(row.force).on,
            sections=[*chain(*sections_of(row, user))][1:],
        )
        for row in queries.inspections_of(user).open()
    ]
