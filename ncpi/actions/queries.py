"""What the pages of the tracker show: lists by deadline and position, and one action's whole story."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from ncpi.actions.models import Action, ActionStatus, Recommendation, RecommendationStatus
from ncpi.inspections.deadlines import Standing, standing
from ncpi.inspections.models import DeadlineUse, Inspection

IMMEDIATELY = "immediately"
STANDING_WORDS = {
    Standing.AT_ONCE: "At once",
    Standing.OVERDUE: "Overdue",
    Standing.DUE_SOON: "Due soon",
    Standing.AHEAD: "Ahead",
    Standing.NO_DATE: "No date",
    Standing.DONE: "Ended",
}
ACTION_ORDER = {"due": "due_date", "title": "title", "owner": "owner__name", "status": "status"}


def recommendations(inspection: Inspection, *, on: date, filters: dict[str, Any]) -> QuerySet[Recommendation]:
    """The tracker of the inspection's force: what is open first, then by date, what has none last."""
    rows = Recommendation.objects.filter(force_id=inspection.force_id).select_related("report", "owner", "area")
    rows = rows.annotate(
        actions_open=Count("actions", filter=Q(actions__status__in=ActionStatus.open_states()), distinct=True),
        actions_all=Count("actions", distinct=True),
        is_ended=~Q(status__in=RecommendationStatus.open_states()),
    )
    rows = _positioned(rows, filters.get("position"), on)
    for field in ("deadline_kind", "status", "theme"):
        if filters.get(field):
            rows = rows.filter(**{field: filters[field]})
    if words := filters.get("words"):
        rows = rows.filter(Q(text__icontains=words) | Q(number__icontains=words) | Q(report__about__icontains=words))
    return rows.order_by("is_ended", F("due_date").asc(nulls_last=True), "report__about", "number", "pk")


def _positioned(rows: Any, position: str | None, on: date) -> Any:
    if position == "overdue":
        return rows.overdue(on)
    if position == "open":
        return rows.open()
    if position == "ended":
        return rows.exclude(pk__in=rows.open().values("pk"))
    return rows


def actions(inspection: Inspection, *, on: date, filters: dict[str, Any], mine: Any = None) -> QuerySet[Action]:
    """The inspection's actions, what is open and due soonest first."""
    rows = Action.objects.filter(inspection=inspection).select_related("owner", "recommendation__report")
    rows = rows.annotate(is_ended=~Q(status__in=ActionStatus.open_states()), proofs_all=Count("proofs"))
    rows = _positioned(rows, filters.get("position"), on)
    if filters.get("status"):
        rows = rows.filter(status=filters["status"])
    if filters.get("whose") == "mine" and mine is not None:
        rows = rows.filter(owner=mine)
    if words := filters.get("words"):
        rows = rows.filter(Q(title__icontains=words) | Q(detail__icontains=words) | Q(owner__name__icontains=words))
    return rows.order_by("is_ended", "due_date", "pk")


@dataclass(frozen=True)
class Counts:
    """What stands above a list."""

    open: int
    overdue: int
    ended: int
    proving: int = 0


def action_counts(inspection: Inspection, *, on: date) -> Counts:
    running = Q(status__in=ActionStatus.open_states())
    found = Action.objects.filter(inspection=inspection).aggregate(
        open=Count("pk", filter=running),
        overdue=Count("pk", filter=running & Q(due_date__lt=on)),
        ended=Count("pk", filter=~running),
        proving=Count("pk", filter=Q(status=ActionStatus.PROVING)),
    )
    return Counts(**found)


def recommendation_counts(inspection: Inspection, *, on: date) -> Counts:
    running = Q(status__in=RecommendationStatus.open_states())
    found = Recommendation.objects.filter(force_id=inspection.force_id).aggregate(
        open=Count("pk", filter=running),
        overdue=Count("pk", filter=running & Q(due_date__lt=on)),
        ended=Count("pk", filter=~running),
    )
    return Counts(**found)


def position_of(row: Recommendation | Action, on: date) -> tuple[Standing, str]:
    """Where a recommendation or an action stands on a day, with its word."""
    at_once = isinstance(row, Recommendation) and row.deadline_kind == IMMEDIATELY
    found = standing(due=row.due_date, on=on, done=None if row.is_open else on, at_once=at_once)
    return found, STANDING_WORDS[found]


def deadline_titles(inspection: Inspection) -> dict[str, str]:
    """The programme's words for the deadlines that a recommendation may carry."""
    rows = inspection.programme.deadline_rules.filter(use=DeadlineUse.RECOMMENDATION).order_by("order", "pk")
    return dict(rows.values_list("key", "title"))


@dataclass(frozen=True)
class Happening:
    """One line of an action's story."""

    at: datetime
    what: str
    who: str
    text: str
    proof: Any = None


def story_of(action: Action) -> list[Happening]:
    """Everything that happened to an action, newest first."""
    lines: list[Happening] = [
        Happening(row.at, "Update", row.by.name, row.text) for row in action.updates.select_related("by")
    ]
    lines += [
        Happening(row.at, f"Date moved from {_day(row.old_date)} to {_day(row.new_date)}", row.by.name, row.reason)
        for row in action.date_changes.select_related("by")
    ]
    lines += [
        Happening(row.at, "Proof added", row.by.name, row.text, row) for row in action.proofs.select_related("by")
    ]
    lines += [
        Happening(row.at, "Closed: it worked" if row.worked else "Sent back: not shown to work yet", row.by.name,
                  row.test_of_effect)
        for row in action.closures.select_related("by")
    ]  # fmt: skip
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def recommendation_rows(rows: Iterable[Recommendation], titles: dict[str, str], on: date) -> Iterable[list[Any]]:
    """The list as it leaves in a table."""
    for row in rows:
        yield [
            row.number,
            row.report.about,
            row.report.title,
            row.report.published_date,
            row.get_kind_display(),
            row.text,
            titles.get(row.deadline_kind, row.deadline_kind),
            row.due_date,
            position_of(row, on)[1],
            row.get_status_display(),
            row.owner.name if row.owner else "",
            row.theme,
            row.source_address,
        ]


RECOMMENDATION_COLUMNS = [
    "number",
    "force",
    "report",
    "published_on",
    "kind",
    "text",
    "deadline",
    "due_on",
    "position",
    "status",
    "owner",
    "theme",
    "source",
]
ACTION_COLUMNS = [
    "action",
    "title",
    "owner",
    "raised_on",
    "due_on",
    "position",
    "status",
    "recommendation",
    "next_step",
]


def action_rows(rows: Iterable[Action], on: date) -> Iterable[list[Any]]:
    """The list as it leaves in a table."""
    for row in rows:
        yield [
            row.pk,
            row.title,
            row.owner.name,
            row.raised_date,
            row.due_date,
            position_of(row, on)[1],
            row.get_status_display(),
            row.recommendation.number if row.recommendation else "",
            row.next_step,
        ]
