"""The figures of one summary: each number once, under a name that can be read and followed home."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypedDict

from ncpi.board import intervals
from ncpi.board.inputs import PublishedFigure

WHOLE_FORCE = ""

MEASURES: dict[str, str] = {
    "claim_grade": "Criteria the force gives this grade",
    "claim_good": "Criteria the force calls good, of all criteria",
    "judged": "Criteria with a grade, of all criteria",
    "agreed": "Criteria whose judgement a reviewer has agreed",
    "evidenced": "Criteria with evidence for the inspection's period, of all criteria",
    "areas_signed": "Areas with a valid signature, of all areas",
    "areas_flagged": "Areas with this warning, of all areas",
    "missing": "Criteria in this area where this is missing",
    "audit_grade": "Audited cases with this grade, of all graded cases that speak for the force, or for the area: "
    "those asked the area's questions for their own type of case, or its common questions where it has no others",
    "audit_grade_by_type": "Graded cases of this type with this grade, of all of this type",
    "audit_grade_by_district": "Graded cases of this district with this grade, of all of this district",
    "audit_grade_by_characteristic": "Graded cases whose record holds this, or does not, with this grade, of all such",
    "audit_good": "Graded cases on the good side of the scale, of all graded cases",
    "answers": "Audits with this answer, of all that answered the question",
    "answers_by_area": "Answers of this kind, of all answers to the area's questions",
    "cases_audited": "Cases audited, of cases drawn",
    "cases_graded": "Cases with a grade, of cases drawn",
    "cases_double_graded": "Cases graded twice, of cases audited",
    "cases_awaiting_moderation": "Cases waiting for the moderator, of cases graded twice",
    "cases_graded_by_inspectors": "Cases also graded by inspectors, of cases drawn",
    "inspector_grade": "Cases that inspectors gave this grade, of all that they graded, further cases of theirs among "
    "them",
    "inspectors_further_cases": "Further cases of the inspectors, of all that they graded",
    "recorded": "Cases with this recorded, of cases that say either way",
    "grading_agreement": "Pairs of gradings that are equal, of all pairs",
    "grading_within_one": "Pairs of gradings at most one step apart, of all pairs",
    "grading_first_higher": "Pairs where the force's first grading is the higher, of all pairs",
    "grading_kappa": "Agreement of gradings beyond chance: weighted kappa",
    "grading_pairs": "Pairs of gradings, too few to say how they compare",
    "concerns": "Concerns that a child may not be safe now",
    "concern_minutes": "Minutes from raising a concern (median)",
    "recommendations": "Recommendations of inspectorates and reviews",
    "recommendations_due": "Open recommendations by kind of deadline",
    "actions": "Actions the force has undertaken",
    "sessions": "Interviews and focus groups",
    "people": "People invited to a session",
    "criteria_covered": "Criteria that a session speaks to, of all criteria",
    "days_to": "Days from this summary to the date",
    "days_since": "Days from the date to this summary",
    "burndown_open": "Actions open at the end of the day",
    "burndown_planned": "Actions left open if each one ends on its date",
    "trend": "The same measure in an earlier summary",
    "more": "Rows not listed in the paper",
}


class Interval(TypedDict):
    low: float
    high: float
    level: float
    method: str


class Figure(TypedDict):
    id: str
    measure: str
    area: str
    breakdown: str
    numerator: int | None
    denominator: int | None
    value: float | None
    interval: Interval | None
    as_at: str
    source: str


class FigureConflict(Exception):
    """One figure was given twice with different numbers."""


def moment(at: datetime) -> str:
    """Write a moment in UTC to the second."""
    if at.tzinfo is None:
        raise ValueError("A moment needs its time zone.")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def name_of(measure: str, area: str, breakdown: str) -> str:
    """Name a figure: the measure, then the area or `force`, then what it is broken down by."""
    return ".".join(part for part in (measure, area or "force", breakdown) if part)


class Book:
    """Collects figures while a summary is compiled; each name holds one number."""

    def __init__(self, as_at: datetime) -> None:
        self.as_at = moment(as_at)
        self._figures: dict[str, Figure] = {}

    def __iter__(self) -> Iterator[Figure]:
        return iter(sorted(self._figures.values(), key=lambda figure: figure["id"]))

    def __getitem__(self, name: str) -> Figure:
        return self._figures[name]

    def get(self, name: str) -> Figure | None:
        return self._figures.get(name)

    def add(
        self,
        measure: str,
        numerator: int,
        denominator: int | None = None,
        *,
        area: str = WHOLE_FORCE,
        breakdown: str = "",
        source: str,
        as_at: str | None = None,
        sampled: bool = False,
    ) -> str:
        """Add one figure and return its name; a sampled share gets its interval."""
        return self._keep(
            Figure(
                id=name_of(measure, area, breakdown),
                measure=measure,
                area=area,
                breakdown=breakdown,
                numerator=numerator,
                denominator=denominator,
                value=intervals.share(numerator, denominator) if denominator is not None else None,
                interval=_interval(numerator, denominator) if sampled else None,
                as_at=as_at or self.as_at,
                source=source,
            )
        )

    def carry(self, published: PublishedFigure) -> str:
        """Take a published figure over as it is, its own moment and interval included."""
        interval = None
        if published.low is not None and published.high is not None:
            interval = Interval(low=published.low, high=published.high, level=intervals.LEVEL, method=intervals.METHOD)
        return self._keep(
            Figure(
                id=name_of(published.measure, published.area, published.breakdown),
                measure=published.measure,
                area=published.area,
                breakdown=published.breakdown,
                numerator=published.numerator,
                denominator=published.denominator,
                value=published.value,
                interval=interval,
                as_at=moment(published.as_at),
                source=published.source,
            )
        )

    def count(self, name: str) -> int:
        """Return a figure's numerator; a figure without one counts nothing."""
        return self._figures[name]["numerator"] or 0

    def _keep(self, figure: Figure) -> str:
        known = self._figures.setdefault(figure["id"], figure)
        if known != figure:
            raise FigureConflict(f"{figure['id']} has two different values.")
        return figure["id"]


def _interval(numerator: int, denominator: int | None) -> Interval | None:
    found = intervals.wilson(numerator, denominator or 0)
    if found is None:
        return None
    return Interval(low=found.low, high=found.high, level=intervals.LEVEL, method=intervals.METHOD)


@dataclass(frozen=True)
class FigureValue:
    """One figure as a room publishes it, before it is dated; a suppressed one carries no number."""

    measure: str
    area: str = ""
    breakdown: str = ""
    numerator: int | None = None
    denominator: int | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    is_suppressed: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        return self.measure, self.area, self.breakdown


@dataclass(frozen=True, slots=True)
class Basis:
    """What figures were counted from, read before the counting: see `Publication`."""

    changes: int
    terms: str
    holds_until: datetime | None
