"""What this room puts on a person's work list and on the inspection's page."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from audits.allocation_queries import given_back
from audits.models import Audit, Concern, ConcernState
from audits.queries import cases_to_moderate, tile_counts
from ncpi.accounts.access import forces_granting, permissions_anywhere
from ncpi.accounts.permissions import Permission
from ncpi.accounts.work import Tile, WorkItem, for_holders
from ncpi.inspections.models import Inspection
from ncpi.lib.clocks import Clock


def my_work(user: Any, *, clock: Clock) -> list[WorkItem]:
    """Return concerns to see to, cases to audit, gradings to settle and cases to share out again, for this clock."""
    return [*_concerns(user, clock), *_audits(user, clock), *_settlings(user, clock)]


def tile(inspection: Any, permissions: set[Permission], *, clock: Clock) -> Tile | None:
    """Return the cases' tile: how many have been audited, and whether a concern is open."""
    for permission, name in (
        (Permission.SAMPLE_VIEW, "cases:sample"),
        (Permission.AUDIT_DO, "audits:my-cases"),
        (Permission.CONCERN_VIEW, "audits:concerns"),
        (Permission.INSPECTOR_GRADES, "audits:inspector-gradings"),
    ):
        if permission in permissions:
            return _tile(inspection, name, clock)
    return None


def _tile(inspection: Any, name: str, clock: Clock) -> Tile:
    found = tile_counts(inspection, clock.at)
    said = f"of {found.drawn} cases audited" if found.drawn else "No sample drawn yet"
    if found.concerns:
        said += f", {found.concerns} concern{'' if found.concerns == 1 else 's'} open"
    if found.overdue:
        said += f" ({found.overdue} overdue)"
    if found.given_back:
        said += f", {found.given_back} to allocate again"
    return Tile(
        title="Cases",
        count=str(found.audited) if found.drawn else "",
        text=said,
        address=reverse(name, args=[inspection.ref]),
        is_warning=found.concerns > 0,
    )


@for_holders(Permission.CONCERN_HANDLE)
def _concerns(user: Any, clock: Clock) -> list[WorkItem]:
    rows = Concern.objects.visible_to(user, Permission.CONCERN_HANDLE).open()
    rows = rows.filter(inspection__force__clock_offset=clock.offset).exclude(
        state=ConcernState.RESOLVED, resolved_by=user
    )
    rows = rows.select_related("inspection", "case").order_by("due_at", "pk")[:50]
    asks = {
        ConcernState.RAISED: "Acknowledge the concern about case",
        ConcernState.ACKNOWLEDGED: "See to the concern about case",
        ConcernState.RESOLVED: "Look at and close the concern about case",
    }
    return [
        WorkItem(
            urgency=0,
            title=f"{asks[ConcernState(row.state)]} {row.case.code}",
            kind="Concern",
            address=reverse("audits:concern", args=[row.inspection.ref, row.pk]),
            inspection=row.inspection.name,
            due_date=row.due_at.date(),
            is_overdue=row.due_at < clock.at,
        )
        for row in rows
    ]


@for_holders(Permission.AUDIT_DO)
def _audits(user: Any, clock: Clock) -> list[WorkItem]:
    rows = Audit.objects.of(user).to_do().filter(inspection__force__clock_offset=clock.offset)
    rows = rows.filter(inspection__closed_at=None)
    rows = rows.select_related("inspection", "case__case_type").order_by("due_date", "pk")[:50]
    return [
        WorkItem(
            urgency=1 if row.due_date and row.due_date < clock.on else 2,
            title=f"Audit case {row.case.code}: {row.case.case_type.title}",
            kind="Audit",
            address=reverse("audits:audit", args=[row.inspection.ref, row.pk]),
            inspection=row.inspection.name,
            due_date=row.due_date,
            is_overdue=bool(row.due_date and row.due_date < clock.on),
        )
        for row in rows
    ]


def _settlings(user: Any, clock: Clock) -> list[WorkItem]:
    """Return gradings to settle, and cases that came back for a conflict of interest; one query for both."""
    moderating, managing = (
        forces_granting(user, permission) for permission in (Permission.AUDIT_MODERATE, Permission.SAMPLE_MANAGE)
    )
    if not permissions_anywhere(user) & {Permission.AUDIT_MODERATE, Permission.SAMPLE_MANAGE}:
        return []
    waiting = cases_to_moderate().filter(inspection=OuterRef("pk"), is_moderated=False)
    came_back = given_back().filter(inspection=OuterRef("pk")).order_by()
    rows = Inspection.objects.open().filter(force__clock_offset=clock.offset)
    rows = rows.annotate(
        to_settle=Q(force_id__in=moderating) & Exists(waiting), to_allocate=Q(force_id__in=managing) & Exists(came_back)
    ).filter(Q(to_settle=True) | Q(to_allocate=True))
    return [item for row in rows.order_by("name", "pk") for item in _of_inspection(row)]


def _of_inspection(row: Any) -> Iterator[WorkItem]:
    for is_due, title, kind, name in (
        (row.to_settle, "Settle gradings that differ", "Moderation", "audits:moderation"),
        (row.to_allocate, "Find another auditor for a case that was given back", "Allocation", "audits:allocation"),
    ):
        if is_due:
            yield WorkItem(
                urgency=2, title=title, kind=kind, address=reverse(name, args=[row.ref]), inspection=row.name
            )
