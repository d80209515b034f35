"""The counts that figures are made of: grouped by the database in a constant number of queries, one inspection's."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.aggregates import Aggregate
from django.db.models.fields import FloatField

from audits import agreement, figures, scoring
from audits.case_counts import case_counts
from audits.holding_back import Published
from audits.models import Capacity, Concern
from audits.queries import scale_by_key

BY_DISTRICT = "audit_grade_by_district"
FACTS = ("ethnicity", "disability")


class Median(Aggregate):
    """The continuous median of a duration, in seconds."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY EXTRACT(EPOCH FROM %(expressions)s))"
    output_field = FloatField()


def all_figures(
    inspection: Any, *, at: datetime, by_district_before: Published | None = None
) -> tuple[figures.Share, ...]:
    """Make every figure that the audits of one inspection publish, minding what readers have by district already."""
    scale = scale_by_key(inspection.programme_id)
    grades = scale.keys
    cases = case_counts(inspection.pk)
    overall = _added((grade, number) for (_, _, grade), number in cases.settled.items())
    by_type = _added(((kind, grade), number) for (kind, _, grade), number in cases.settled.items())
    by_district = _added(((district, grade), number) for (_, district, grade), number in cases.settled.items())
    drawn, recorded = _drawn(cases.work, graded=sum(overall.values()))
    threshold = inspection.force.suppression_threshold
    return (
        *(figures.overall_grades(grades, overall) if overall else ()),
        *figures.grades_by_case_type(grades, by_type),
        *figures.grades_by_area(grades, cases.areas),
        *figures.grades_by_place(
            BY_DISTRICT, grades, by_district, places=cases.places, threshold=threshold, earlier=by_district_before
        ),
        *figures.answers_by_question(scoring.REPLY_VALUES, cases.replies, areas=cases.area_of),
        *figures.answers_by_area(scoring.REPLY_VALUES, cases.replies, areas=cases.area_of),
        *figures.work(drawn),
        *figures.completeness(recorded),
        *figures.agreement_shares("", agreement.agreement(scale, cases.pairs[Capacity.FIRST])),
        *figures.agreement_shares("inspector", agreement.agreement(scale, cases.pairs[Capacity.AGREED])),
        *figures.concerns(_concerns(inspection, at)),
    )


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
