"""What a readiness summary is compiled from: plain, frozen values, gathered elsewhere.

Nothing here names a child, a case or a member of staff below the post that holds a duty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Grade:
    """One step of the programme's scale; `meets` marks the good side of the line that matters."""

    id: str
    label: str
    order: int
    meets: bool


@dataclass(frozen=True)
class Area:
    id: str
    title: str
    criteria: tuple[str, ...]


@dataclass(frozen=True)
class Programme:
    id: str
    title: str
    graded: str
    grades: tuple[Grade, ...]
    areas: tuple[Area, ...]


@dataclass(frozen=True)
class Inspection:
    """`evidence_from_date` opens the period that the inspectors will look at."""

    ref: str
    force: str
    title: str
    fieldwork_start_date: date
    fieldwork_end_date: date
    notice_date: date | None = None
    publication_date: date | None = None
    evidence_from_date: date | None = None


@dataclass(frozen=True)
class Milestone:
    """A date of the inspection; an event comes by itself and is never overdue."""

    id: str
    label: str
    on: date
    is_done: bool = False
    basis: str = ""
    is_event: bool = False


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence as a criterion sees it: its kind and the period it speaks for."""

    kind: str
    period_from_date: date
    period_to_date: date
    review_date: date | None = None


@dataclass(frozen=True)
class Judgement:
    criterion: str
    area: str
    state: str
    grade: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Signature:
    """`state` is one of valid, stale, withdrawn; an area without one has no signature."""

    area: str
    state: str
    by: str
    on: date


@dataclass(frozen=True)
class PublishedFigure:
    """One figure as the case audits published it; an empty area is the whole force.

    A figure held back as too small has no number at all; one that is no share has only a value.
    """

    measure: str
    area: str
    breakdown: str
    numerator: int | None
    denominator: int | None
    as_at: datetime
    source: str
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Recommendation:
    ref: str
    title: str
    source: str
    areas: tuple[str, ...]
    deadline_kind: str
    opened_date: date
    due_date: date | None = None
    closed_date: date | None = None
    repeats: str = ""


@dataclass(frozen=True)
class Action:
    ref: str
    title: str
    owner: str
    areas: tuple[str, ...]
    opened_date: date
    due_date: date | None
    closed_date: date | None = None
    recommendation: str = ""


@dataclass(frozen=True)
class Fieldwork:
    sessions_wanted: int = 0
    sessions_placed: int = 0
    people_invited: int = 0
    people_accepted: int = 0
    people_declined: int = 0
    criteria_covered: int = 0
    state: str = "none"
    sessions_held: int = 0


@dataclass(frozen=True)
class Ask:
    """Something put to the Board, in the words of the person who asks."""

    id: str
    kind: str
    text: str
    position: int


@dataclass(frozen=True)
class Earlier:
    """An earlier released summary, as it was frozen."""

    as_at: datetime
    content: Mapping[str, Any]


@dataclass(frozen=True)
class State:
    """Everything a summary is made of, as it stood at `as_at`."""

    programme: Programme
    inspection: Inspection
    as_at: datetime
    judgements: tuple[Judgement, ...] = ()
    signatures: tuple[Signature, ...] = ()
    published: tuple[PublishedFigure, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    actions: tuple[Action, ...] = ()
    fieldwork: Fieldwork = field(default_factory=Fieldwork)
    milestones: tuple[Milestone, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    asks: tuple[Ask, ...] = ()
