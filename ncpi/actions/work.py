"""What this room puts on a person's work list and on the inspection's page."""

from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse

from ncpi.accounts.permissions import Permission
from ncpi.accounts.work import Tile, WorkItem, for_holders
from ncpi.actions.models import Action, ActionQuerySet, ActionStatus
from ncpi.lib.clocks import Clock

SOON_DAYS = 14


def my_work(user: Any, *, clock: Clock) -> list[WorkItem]:
    """Return what the person has to do here, in forces with this clock."""
    return [*_mine(user, clock), *_to_decide(user, clock)]


def _open_actions(clock: Clock) -> ActionQuerySet:
    rows = Action.objects.open().filter(inspection__closed_at=None, inspection__force__clock_offset=clock.offset)
    return rows.select_related("inspection").order_by("due_date", "pk")


@for_holders(Permission.ACTION_VIEW)
def _mine(user: Any, clock: Clock) -> list[WorkItem]:
    rows = _open_actions(clock).visible_to(user, Permission.ACTION_VIEW).filter(owner=user)
    return [_item(row, "Action", clock) for row in rows.exclude(status=ActionStatus.PROVING)]


@for_holders(Permission.ACTION_CLOSE)
def _to_decide(user: Any, clock: Clock) -> list[WorkItem]:
    rows = _open_actions(clock).visible_to(user, Permission.ACTION_CLOSE).filter(status=ActionStatus.PROVING)
    return [_item(row, "Closure to decide", clock) for row in rows.exclude(owner=user).exclude(raised_by=user)]


def _item(row: Action, kind: str, clock: Clock) -> WorkItem:
    days = (row.due_date - clock.on).days
    return WorkItem(
        urgency=0 if days < 0 else 1 if days <= SOON_DAYS else 2,
        title=row.title,
        kind=kind,
        address=reverse("actions:action", args=[row.inspection.ref, row.pk]),
        inspection=row.inspection.name,
        due_date=row.due_date,
        is_overdue=days < 0,
        note=row.next_step,
        force=row.inspection.force_id,
    )


def tile(inspection: Any, permissions: set, *, clock: Clock) -> Tile | None:
    """Return this room's tile for those who may open it."""
    if Permission.ACTION_VIEW not in permissions:
        return None
    running = Q(status__in=ActionStatus.open_states())
    found = Action.objects.filter(inspection=inspection).aggregate(
        open=Count("pk", filter=running),
        overdue=Count("pk", filter=running & Q(due_date__lt=clock.on)),
        next_date=Min("due_date", filter=running & Q(due_date__gte=clock.on)),
    )
    late = found["overdue"]
    return Tile(
        title="Actions",
        count=str(found["open"]),
        text=f"open, {late} of them overdue" if late else "open, none overdue",
        address=reverse("actions:list", args=[inspection.ref]),
        next_date=found["next_date"],
        is_warning=late > 0,
    )
