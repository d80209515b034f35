"""The pages that look over a self-assessment: all of it, one area, its gaps."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from ncpi.inspections.models import Area, Grade, Inspection
from ncpi.selfassessment.case_figures import CaseFigures
from ncpi.selfassessment.evidence_gaps import RULES_IN_WORDS, Weakness, weaknesses
from ncpi.selfassessment.models import Judgement, JudgementState, Signature
from ncpi.selfassessment.queries.claims import GapLine, WeakLine, dates_of, gap_lines, open_recommendations
from ncpi.selfassessment.queries.signatures import UNSIGNED, Standing, standings, status_now
from ncpi.selfassessment.queries.whole import Return, Scope, whole_return


@dataclass(frozen=True)
class Segment:
    """One grade's part of a bar: where it starts and how wide it is, in hundredths; `place` 1 is the best."""

    label: str
    place: str
    count: int
    start: float
    width: float


@dataclass(frozen=True)
class AreaLine:
    """One area on the overview."""

    area: Area
    judgements: tuple[Judgement, ...]
    standing: Standing
    spread: tuple[Segment, ...]
    states: tuple[tuple[str, str, int], ...]
    weak: int
    mine: int
    next_due_date: date | None

    @property
    def agreed(self) -> int:
        return sum(row.state == JudgementState.AGREED for row in self.judgements)

    @property
    def carried(self) -> int:
        return sum(row.carried_from_id is not None for row in self.judgements)


@dataclass(frozen=True)
class Overview:
    lines: tuple[AreaLine, ...]
    whole: Standing
    states: tuple[tuple[str, str, int], ...]
    spread: tuple[Segment, ...]
    total: int
    weak: int
    evidence: int

    @property
    def agreed(self) -> int:
        return sum(count for key, _, count in self.states if key == JudgementState.AGREED)

    @property
    def is_any_not_started(self) -> bool:
        return any(key == JudgementState.NOT_STARTED for key, _, _ in self.states)

    @property
    def is_all_agreed(self) -> bool:
        return bool(self.total) and all(key == JudgementState.AGREED for key, _, _ in self.states)


def overview(inspection: Inspection, *, user: Any) -> Overview:
    """Return every area with its grades, states, signature and gaps."""
    whole = whole_return(inspection)
    standing = standings([whole])
    weak = Counter(row.claim.key for row in _weaknesses(whole) if row.is_serious)
    grades = sorted({row.grade for row in whole.judgements if row.grade}, key=lambda grade: (grade.order, grade.pk))
    lines = []
    for area in whole.areas():
        rows = whole.of_area(area)
        mine = [row for row in rows if user.pk in (row.lead_id, row.reviewer_id)]
        due = [row.due_date for row in rows if row.due_date and row.state != JudgementState.AGREED]
        lines.append(
            AreaLine(
                area=area,
                judgements=tuple(rows),
                standing=standing.get((inspection.pk, area.pk), UNSIGNED),
                spread=_spread(rows, grades),
                states=_states(rows),
                weak=sum(weak[row.criterion.key] for row in rows),
                mine=len(mine),
                next_due_date=min(due, default=None),
            )
        )
    return Overview(
        lines=tuple(lines),
        whole=standing.get((inspection.pk, None), UNSIGNED),
        states=_states(whole.judgements),
        spread=_spread(whole.judgements, grades),
        total=len(whole.judgements),
        weak=sum(weak.values()),
        evidence=whole.pieces,
    )


@dataclass(frozen=True)
class CriterionLine:
    """One criterion on its area's page."""

    judgement: Judgement
    evidence: int
    gaps: tuple[Any, ...]
    returned_because: str


def area_lines(inspection: Inspection, area: Area) -> tuple[list[CriterionLine], Standing, Scope, CaseFigures | None]:
    """Return an area's criteria with evidence, gaps and why they came back; its signature; its published cases."""
    whole = whole_return(inspection, area=area)
    gaps = {row.claim.key: row.gaps for row in _weaknesses(whole)}
    lines = [
        CriterionLine(row, len(whole.links[row.pk]), gaps.get(row.criterion.key, ()), _reason(row))
        for row in whole.judgements
    ]
    scope = whole.scope(area)
    signature = (
        Signature.objects.standing().filter(inspection=inspection, area=area).select_related("signed_by").first()
    )
    standing = Standing(signature, status_now(signature, scope.digest)) if signature else UNSIGNED
    return lines, standing, scope, whole.figures.get(area.key)


@dataclass(frozen=True)
class GapFilter:
    """What a person asked to see of the gaps; what makes no sense asks for everything."""

    area: str = ""
    rule: str = ""
    acted: str = ""

    @classmethod
    def of(cls, asked: Any) -> "GapFilter":
        rule, acted = asked.get("rule", ""), asked.get("acted", "")
        return cls(
            area=asked.get("area", ""),
            rule=rule if rule in RULES_IN_WORDS else "",
            acted=acted if acted in ("yes", "no") else "",
        )

    def narrow(self, lines: Iterable[WeakLine]) -> list[WeakLine]:
        """Return what was asked for; a criterion keeps its rank however few of its gaps are shown."""
        there = [line for line in lines if self.area in ("", line.weakness.claim.area)]
        narrowed = [WeakLine(line.weakness, tuple(filter(self._takes, line.gaps))) for line in there]
        return [line for line in narrowed if line.gaps]

    def _takes(self, line: GapLine) -> bool:
        return self.rule in ("", line.gap.rule) and self.acted in ("", "yes" if line.action else "no")


def gaps(inspection: Inspection) -> list[WeakLine]:
    """Return the graded criteria with gaps, the strongest claim with the weakest support first."""
    whole = whole_return(inspection)
    actions = {row.criterion.key: whole.actions[row.criterion_id] for row in whole.judgements}
    return [WeakLine(row, gap_lines(row.gaps, actions[row.claim.key])) for row in _weaknesses(whole)]


def _weaknesses(whole: Return) -> list[Weakness]:
    counts = open_recommendations(whole.inspection).values_list("area").annotate(Count("pk")).order_by()
    recommendations = dict(counts)
    claims = [whole.claim(row, recommendations) for row in whole.judgements]
    return weaknesses(claims, dates_of(whole.inspection))


def _reason(row: Any) -> str:
    return row.last_reason or "" if row.state == JudgementState.RETURNED else ""


def _states(rows: Iterable[Judgement]) -> tuple[tuple[str, str, int], ...]:
    counts = Counter(row.state for row in rows)
    return tuple((state.value, state.label, counts[state]) for state in JudgementState if counts[state])


def _spread(rows: list[Judgement], grades: list[Grade]) -> tuple[Segment, ...]:
    counts = Counter(row.grade_id for row in rows)
    found, start = [], 0.0
    places = [(grade.label, str(grade.order + 1), counts[grade.pk]) for grade in grades]
    for label, place, count in [*places, ("Not graded", "none", counts[None])]:
        if count:
            width = 100 * count / len(rows)
            found.append(Segment(label, place, count, round(start, 2), round(width, 2)))
            start += width
    return tuple(found)
