"""What the pages of inspections and programmes show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Count, Min, Prefetch, Q, QuerySet
from django.utils import timezone

from ncpi.accounts.access import forces_granting
from ncpi.accounts.models import Membership
from ncpi.accounts.permissions import ROLES, Permission
from ncpi.inspections.deadlines import Standing, standing
from ncpi.inspections.models import (
    Area,
    CaseType,
    Criterion,
    DeadlineUse,
    Force,
    Grade,
    Inspection,
    InspectionQuerySet,
    Milestone,
    Programme,
    Question,
)
from ncpi.inspections.phases import Phase, phases

STANDING_WORDS = {
    Standing.DONE: "Done",
    Standing.OVERDUE: "Overdue",
    Standing.DUE_SOON: "Due soon",
    Standing.AHEAD: "Ahead",
}
BASIS_WORDS = {
    "text": "Wording seen on the inspectorate's page",
    "reports": "Built from published reports",
    "composed": "Composed for this product",
    "recalled": "Recalled, not seen anywhere",
}


@lru_cache(maxsize=64)
def grades_of(programme_id: int) -> tuple[Grade, ...]:
    """Give an adopted programme's grades, best first. They never change, so the process keeps them."""
    return tuple(Grade.objects.filter(programme_id=programme_id).order_by("order", "pk"))


def inspections_of(user: Any) -> InspectionQuerySet:
    """The inspections that the person may see, the newest first, with their next open milestone."""
    rows = Inspection.objects.visible_to(user, Permission.INSPECTION_VIEW).select_related("force", "programme")
    still_open = Q(milestones__done_date=None)
    return rows.annotate(next_date=Min("milestones__due_date", filter=still_open)).order_by(
        "-fieldwork_start_date", "pk"
    )


@dataclass(frozen=True)
class MilestoneLine:
    milestone: Milestone
    standing: Standing
    word: str


def milestones_of(inspection: Inspection, on: date) -> list[MilestoneLine]:
    """The inspection's dates in order, each with where it stands."""
    rows = inspection.milestones.select_related("rule", "done_by").order_by("due_date", "rule__order", "pk")
    found = []
    for row in rows:
        state = standing(due=row.due_date, on=on, done=row.done_date)
        found.append(MilestoneLine(row, state, STANDING_WORDS[state]))
    return found


def phases_of(inspection: Inspection, on: date) -> tuple[Phase, ...]:
    closed = timezone.localdate(inspection.closed_at) if inspection.closed_at else None
    return phases(
        notice=inspection.notice_date,
        fieldwork_start=inspection.fieldwork_start_date,
        fieldwork_end=inspection.fieldwork_end_date,
        publication=inspection.publication_date,
        closed=closed,
        on=on,
    )


def next_of(lines: Iterable[MilestoneLine]) -> MilestoneLine | None:
    """The milestone to look at first: the earliest that is not done."""
    return next((line for line in lines if line.standing is not Standing.DONE), None)


def clocks_of(lines: Iterable[MilestoneLine]) -> list[MilestoneLine]:
    """The clocks that publication has started."""
    return [line for line in lines if line.milestone.rule and line.milestone.rule.use == DeadlineUse.CLOCK]


def people_of(inspection: Inspection) -> list[tuple[str, list[str]]]:
    """Who has which role in the force today, by role."""
    held = Membership.objects.filter(force_id=inspection.force_id, user__is_active=True)
    rows = held.current(timezone.localdate()).select_related("user").order_by("user__name", "pk")
    names: dict[str, list[str]] = {}
    for row in rows:
        names.setdefault(row.role, []).append(row.user.name)
    return [(role.title, names[role.key]) for role in ROLES.values() if role.key in names]


def forces_to_manage(user: Any) -> QuerySet[Force]:
    """The forces for which the person may open an inspection."""
    granted = forces_granting(user, Permission.INSPECTION_MANAGE)
    return Force.objects.filter(pk__in=granted).order_by("name", "pk")


def programmes() -> QuerySet[Programme]:
    """Every adopted programme, the newest method first."""
    rows = Programme.objects.order_by("-in_force_from", "key", "-edition")
    return rows.annotate(areas_all=Count("areas", distinct=True), criteria_all=Count("areas__criteria", distinct=True))


def areas_of(programme: Programme) -> QuerySet[Area]:
    """The outline: areas with their criteria, in the programme's order."""
    criteria = Criterion.objects.order_by("order", "pk")
    return programme.areas.prefetch_related(Prefetch("criteria", queryset=criteria)).order_by("order", "pk")


def questions_of(programme: Programme) -> list[tuple[str, list[Question]]]:
    """The audit questions: those for every case, then by case type."""
    rows = programme.questions.select_related("case_type", "area").order_by("order", "pk")
    found: dict[str, list[Question]] = {}
    for row in rows:
        found.setdefault(row.case_type.title if row.case_type else "Every case", []).append(row)
    return list(found.items())


def case_types_of(programme: Programme) -> QuerySet[CaseType]:
    return programme.case_types.order_by("order", "pk")


def bases_of(programme: Programme) -> dict[str, int]:
    """How many of the programme's criteria rest on what."""
    rows = Criterion.objects.filter(area__programme=programme).values("basis").annotate(n=Count("pk"))
    found = {row["basis"]: row["n"] for row in rows}
    return {BASIS_WORDS[basis]: found[basis] for basis in BASIS_WORDS if basis in found}
