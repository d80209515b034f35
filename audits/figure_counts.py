"""The counts that figures are made of: grouped by the database in a constant number of queries, one inspection's."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.aggregates import Aggregate
from django.db.models.fields import FloatField

from audits import agreement, figures, scoring
from audits.case_counts import CaseCounts, case_counts
from audits.holding_back import Published
from audits.models import Capacity, Concern
from audits.queries import scale_by_key

BY_DISTRICT = "audit_grade_by_district"
BY_FACT = "audit_grade_by_characteristic"
FACTS = ("ethnicity", "disability")
NOT_STATED = "not_stated"
EITHER_WAY = frozenset({"recorded", "not_recorded"})


class Median(Aggregate):
    """The continuous median of a duration, in seconds."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY EXTRACT(EPOCH FROM %(expressions)s))"
    output_field = FloatField()


def all_figures(
    inspection: Any, *, at: datetime, before: Mapping[tuple[str, str], Published] | None = None
) -> tuple[figures.Share, ...]:
    """Make every figure that the audits of one inspection publish; `before` are the breakdowns that readers have."""
    scale = scale_by_key(inspection.programme_id)
    grades = scale.keys
    cases = case_counts(inspection.pk)
    overall = _added((grade, number) for (_, _, grade), number in cases.settled.items())
    by_type = _added(((kind, grade), number) for (kind, _, grade), number in cases.settled.items())
    further = cases.work.pop("further")
    drawn, recorded = _drawn(cases.work, graded=sum(overall.values()))
    asked_by_programme = {key: area for key, area in cases.area_of.items() if not key.startswith("OWN-")}
    return (
        *(figures.overall_grades(grades, overall) if overall else ()),
        *figures.grades_by_case_type(grades, by_type),
        *figures.grades_by_area(grades, cases.areas),
        *_breakdowns(inspection, grades, cases, drawn, before or {}),
        *figures.answers_by_question(scoring.REPLY_VALUES, cases.replies, areas=cases.area_of),
        *figures.answers_by_area(scoring.REPLY_VALUES, cases.replies, areas=asked_by_programme),
        *figures.work(drawn),
        *figures.completeness(recorded),
        *figures.agreement_shares("", agreement.agreement(scale, cases.pairs[Capacity.FIRST])),
        *figures.agreement_shares("inspector", agreement.agreement(scale, cases.pairs[Capacity.AGREED])),
        *figures.inspector_grades(grades, cases.inspected, further=further),
        *figures.concerns(_concerns(inspection, at)),
    )


def _breakdowns(
    inspection: Any,
    grades: tuple[str, ...],
    cases: CaseCounts,
    drawn: figures.WorkCounts,
    before: Mapping[tuple[str, str], Published],
) -> Iterator[figures.Share]:
    """Give the grades by district and by what the records hold, and what was published of others before."""
    splits = {split.key: split for split in (_by_district(cases), *_by_fact(cases, grades))}
    gone = [figures.Split(key[0], {}, frozenset(), prefix=key[1]) for key in before if key not in splits]
    for split in sorted((*splits.values(), *gone), key=lambda split: split.key):
        yield from figures.split_grades(
            split,
            grades,
            is_complete=drawn.graded == drawn.drawn,
            threshold=inspection.force.suppression_threshold,
            earlier=before.get(split.key),
        )


def _by_district(cases: CaseCounts) -> figures.Split:
    counts = _added(((district, grade), number) for (_, district, grade), number in cases.settled.items())
    return figures.Split(BY_DISTRICT, counts, frozenset(cases.places))


def _by_fact(cases: CaseCounts, grades: Sequence[str]) -> Iterator[figures.Split]:
    """Split the settled cases by each fact; those of which nothing is said are a category too."""
    overall = _added((grade, number) for (_, _, grade), number in cases.settled.items())
    for fact in sorted({fact for fact, _, _ in cases.stated}):
        counts = {(state, grade): n for (of, state, grade), n in cases.stated.items() if of == fact}
        if {state for state, _ in counts} == {NOT_STATED}:
            continue
        for grade in grades:
            silent = overall.get(grade, 0) - sum(n for (_, of), n in counts.items() if of == grade)
            if silent:
                counts[NOT_STATED, grade] = counts.get((NOT_STATED, grade), 0) + silent
        yield figures.Split(BY_FACT, counts, EITHER_WAY, prefix=fact, sums_known=True)


def _added(parts: Iterable[tuple[Any, int]]) -> dict[Any, int]:
    added: Counter[Any] = Counter()
    for key, number in parts:
        added[key] += number
    return dict(added)


def _drawn(work: dict[str, int], *, graded: int) -> tuple[figures.WorkCounts, dict[str, tuple[int, int]]]:
    """Tell how far the drawn cases are from what their records hold; a fact that no record states is left out."""
    recorded = {fact: (work[f"{fact}_held"], work[f"{fact}_known"]) for fact in FACTS}
    counts = figures.WorkCounts(
        graded=graded,
        **{name: number for name, number in work.items() if not name.startswith(FACTS)},
    )
    return counts, {fact: pair for fact, pair in recorded.items() if pair[1]}


def _concerns(inspection: Any, at: datetime) -> figures.ConcernCounts:
    taken = ExpressionWrapper(F("acknowledged_at") - F("raised_at"), output_field=DurationField())
    closed = ExpressionWrapper(F("closed_at") - F("raised_at"), output_field=DurationField())
    row = Concern.objects.filter(inspection=inspection).aggregate(
        raised=Count("pk"),
        acknowledged=Count("acknowledged_at"),
        closed=Count("closed_at"),
        overdue=Count("pk", filter=Q(closed_at=None, due_at__lt=at)),
        to_acknowledge=Median(taken, filter=Q(acknowledged_at__isnull=False)),
        to_close=Median(closed, filter=Q(closed_at__isnull=False)),
    )
    return figures.ConcernCounts(
        raised=row["raised"],
        acknowledged=row["acknowledged"],
        closed=row["closed"],
        overdue=row["overdue"],
        median_minutes_to_acknowledge=_minutes(row["to_acknowledge"]),
        median_minutes_to_close=_minutes(row["to_close"]),
    )


def _minutes(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds / 60)
