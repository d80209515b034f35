"""What this room puts on a person's work list and on the inspection's page."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F
from django.urls import reverse

from ncpi.accounts.access import forces_granting, permissions_anywhere
from ncpi.accounts.permissions import Permission
from ncpi.accounts.work import Tile, WorkItem
from ncpi.fieldwork import queries, record_queries
from ncpi.fieldwork.models import Invitation, Reply, Timetable, TimetableState
from ncpi.lib import dates
from ncpi.lib.clocks import Clock

# A draft that began from an earlier version is looked at by what it changes.
_PAGES = {False: "fieldwork:timetable", True: "fieldwork:changes"}


def my_work(user: Any, *, clock: Clock) -> list[WorkItem]:
    """Return invitations to answer, for inspectors their own week, and for co-ordinators what was declined,
    what waits to be published and what is over without anybody having said what became of it."""
    mine = _to_answer(user, clock) + _own_week(user, clock)
    if Permission.FIELDWORK_MANAGE not in permissions_anywhere(user):
        return mine
    return mine + _declined(user, clock) + _drafts(user, clock) + _over(user, clock)


def tile(inspection: Any, permissions: set, *, clock: Clock) -> Tile | None:
    """Return this room's tile for those who may open it."""
    if Permission.FIELDWORK_VIEW not in permissions:
        return None
    found = queries.tile_of(inspection)
    return Tile(
        title="Fieldwork",
        count=f"{found.placed} of {found.wanted}",
        text=found.text,
        address=reverse("fieldwork:overview", args=[inspection.ref]),
        next_date=inspection.fieldwork_start_date if clock.on <= inspection.fieldwork_start_date else None,
        is_warning=found.declined > 0 or found.placed < found.wanted,
    )


def _to_answer(user: Any, clock: Clock) -> list[WorkItem]:
    rows = Invitation.objects.filter(
        person__user=user,
        person__force__clock_offset=clock.offset,
        is_cancelled=False,
        reply=Reply.NONE,
        during__endswith__gt=clock.at,
    ).select_related("session__inspection")
    return [
        WorkItem(
            urgency=1,
            title=f"Say whether you can come: {row.session.title}",
            kind="Invitation",
            address=reverse("fieldwork:mine"),
            inspection=row.session.inspection.name,
            due_date=dates.to_local(row.during.lower).date(),
            force=row.session.inspection.force_id,
        )
        for row in rows.order_by("during", "pk")[:20]
    ]


def _own_week(user: Any, clock: Clock) -> list[WorkItem]:
    """Return for one of the inspection team the way to their own sessions, while any lie ahead."""
    held = permissions_anywhere(user)
    if Permission.FIELDWORK_VIEW not in held or Permission.FIELDWORK_NOTES in held:
        return []
    rows = queries.led_by(user, offset=clock.offset, at=clock.at)
    return [
        WorkItem(
            urgency=1,
            title=f"Your sessions: {row['left']} to come",
            kind="Fieldwork",
            address=_week_of(row["ref"], row["number"], row["inspector"]),
            inspection=row["name"],
            due_date=dates.to_local(row["first"]).date(),
            force=row["of"],
        )
        for row in rows
    ]


def _week_of(ref: str, number: int, inspector: int) -> str:
    shown = urlencode({"by": "inspector", "inspector": inspector})
    return f"{reverse('fieldwork:timetable', args=[ref, number])}?{shown}"


def _declined(user: Any, clock: Clock) -> list[WorkItem]:
    rows = (
        Invitation.objects.filter(
            session__inspection__force_id__in=forces_granting(user, Permission.FIELDWORK_MANAGE),
            session__inspection__force__clock_offset=clock.offset,
            session__inspection__closed_at=None,
            is_cancelled=False,
            reply__in=Reply.not_coming(),
            handled_at=None,
            during__endswith__gt=clock.at,
        )
        .values(
            ref=F("session__inspection__ref"), name=F("session__inspection__name"), of=F("session__inspection__force")
        )
        .annotate(count=Count("pk"))
        .order_by("ref")
    )
    return [
        WorkItem(
            urgency=0,
            title=f"{row['count']} {'person' if row['count'] == 1 else 'people'} cannot come",
            kind="Fieldwork",
            address=reverse("fieldwork:replies", args=[row["ref"]]),
            inspection=row["name"],
            force=row["of"],
        )
        for row in rows
    ]


def _drafts(user: Any, clock: Clock) -> list[WorkItem]:
    """Return the newest version of each inspection where that is a draft."""
    newest = (
        Timetable.objects.filter(
            inspection__force_id__in=forces_granting(user, Permission.FIELDWORK_MANAGE),
            inspection__force__clock_offset=clock.offset,
            inspection__closed_at=None,
        )
        .order_by("inspection_id", "-number")
        .distinct("inspection_id")
        .select_related("inspection")
    )
    return [
        WorkItem(
            urgency=1,
            title=f"Publish version {row.number} of the timetable",
            kind="Fieldwork",
            address=reverse(_PAGES[row.based_on_id is not None], args=[row.inspection.ref, row.number]),
            inspection=row.inspection.name,
            due_date=row.inspection.fieldwork_start_date,
            is_overdue=row.inspection.fieldwork_start_date < clock.on,
            force=row.inspection.force_id,
        )
        for row in newest
        if row.state == TimetableState.DRAFT
    ]


def _over(user: Any, clock: Clock) -> list[WorkItem]:
    forces = forces_granting(user, Permission.FIELDWORK_MANAGE)
    return [
        WorkItem(
            urgency=1,
            title=f"Say whether {row['count']} session{'' if row['count'] == 1 else 's'} took place",
            kind="Fieldwork",
            address=reverse("fieldwork:records", args=[row["ref"]]),
            inspection=row["name"],
            force=row["of"],
        )
        for row in record_queries.open_counts(forces, offset=clock.offset, at=clock.at)
    ]
