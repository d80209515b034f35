"""Who holds which criterion, in what state, by when, and why it came back."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When

from ncpi.inspections.models import Inspection
from ncpi.selfassessment.models import Judgement, JudgementState, ReviewStep, Step
from ncpi.selfassessment.queries.threads import with_open_questions

WHOSE = {"mine": "With me", "all": "Everybody's", "nobody": "Nobody's yet"}
_IN_ORDER = ("criterion__area__order", "criterion__order", "pk")
_IS_AGREED = Case(When(state=JudgementState.AGREED, then=1), default=0)
SORTS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "due": ("What is next", (_IS_AGREED, F("due_date").asc(nulls_last=True), *_IN_ORDER)),
    "area": ("Area", _IN_ORDER),
    "state": ("State", ("state", F("due_date").asc(nulls_last=True), *_IN_ORDER)),
    "lead": ("Who holds it", (F("lead__name").asc(nulls_first=True), *_IN_ORDER)),
}
WORK_COLUMNS = ("area", "criterion", "title", "grade", "state", "lead", "reviewer", "due", "overdue", "open questions")
RETURNED_COLUMNS = ("returned by", "returned because")


@dataclass(frozen=True)
class WorkFilter:
    """What a person asked to see of the work list; what makes no sense is the default."""

    whose: str = "all"
    area: str = ""
    state: str = ""
    late: bool = False
    sort: str = "due"

    @classmethod
    def of(cls, asked: Any, *, default: str) -> "WorkFilter":
        whose, state, sort = asked.get("whose", ""), asked.get("state", ""), asked.get("sort", "")
        return cls(
            whose=whose if whose in WHOSE else default,
            area=asked.get("area", ""),
            state=state if state in JudgementState.values else "",
            late=asked.get("late", "") == "yes",
            sort=sort if sort in SORTS else "due",
        )


def work_list(inspection: Inspection, *, user: Any, on: date, asked: WorkFilter) -> QuerySet[Judgement]:
    """Return criteria with who holds them and, of returned ones, who returned them and why."""
    returned = ReviewStep.objects.filter(judgement=OuterRef("pk"), step=Step.RETURNED).order_by("-at", "-pk")
    rows: QuerySet[Judgement] = Judgement.objects.filter(inspection=inspection)
    if asked.whose == "mine":
        rows = rows.filter(Q(lead=user) | Q(reviewer=user))
    if asked.whose == "nobody":
        rows = rows.filter(lead=None)
    if asked.area:
        rows = rows.filter(criterion__area__key=asked.area)
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.late:
        rows = rows.filter(due_date__lt=on).exclude(state=JudgementState.AGREED)
    rows = rows.select_related("criterion__area", "grade", "lead", "reviewer")
    rows = rows.defer("narrative", "impact", "gaps", "plan")
    rows = with_open_questions(rows).annotate(
        returned_by=Subquery(returned.values("by__name")[:1]), returned_because=Subquery(returned.values("text")[:1])
    )
    return rows.order_by(*SORTS[asked.sort][1])


def work_row(row: Any, on: date) -> tuple[Any, ...]:
    """Return a line of the work list as it is taken away."""
    came_back = row.state == JudgementState.RETURNED
    is_late = row.due_date is not None and row.due_date < on and row.state != JudgementState.AGREED
    return (
        row.criterion.area.title, row.criterion.key, row.criterion.title, row.grade.label if row.grade else "",
        row.get_state_display(), row.lead.name if row.lead else "", row.reviewer.name if row.reviewer else "",
        row.due_date, "yes" if is_late else "no", row.open_questions,
        row.returned_by if came_back else "", row.returned_because if came_back else "",
    )  # fmt: skip


def assignable(inspection: Inspection, *, area: str, lead: str = "") -> list[Judgement]:
    """Return the judgements that may be assigned, of one area or of all, of one lead or of all, in order."""
    rows = Judgement.objects.filter(inspection=inspection).select_related("criterion__area", "lead", "reviewer")
    rows = rows.filter(criterion__area__key=area) if area else rows
    if lead == "nobody":
        rows = rows.filter(lead=None)
    elif lead.isascii() and lead.isdigit() and len(lead) < 10:
        rows = rows.filter(lead=int(lead))
    return list(rows.in_order())
