"""The counts that figures are made of: grouped by the database in a constant number of queries, one inspection's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.aggregates import Aggregate
from django.db.models.fields import FloatField

from audits import agreement, figures, scoring
from audits.models import Answer, Audit, AuditState, Capacity, Concern, Grading, Moderation
from audits.queries import pairs_of, scale_by_key
from cases.models import Case
from ncpi.inspections.models import Question


class Median(Aggregate):
    """The continuous median of a duration, in seconds."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY EXTRACT(EPOCH FROM %(expressions)s))"
    output_field = FloatField()


def all_figures(inspection: Any, *, at: datetime) -> tuple[figures.Share, ...]:
    """Make every figure that the audits of one inspection publish."""
    scale = scale_by_key(inspection.programme_id)
    grades = scale.keys
    settled = _settled(inspection)
    by_type = _pairs(settled, "case__case_type__key", "grade__key")
    overall: dict[str, int] = {}
    for (_, grade), number in by_type.items():
        overall[grade] = overall.get(grade, 0) + number
    answers = _answers(inspection)
    areas = dict(
        Question.objects.filter(programme_id=inspection.programme_id, area__isnull=False).values_list(
            "key", "area__key"
        )
    )
    threshold = inspection.force.suppression_threshold
    by_district = _pairs(settled, "case__candidate__district", "grade__key")
    return (
        *(figures.overall_grades(grades, overall) if overall else ()),
        *figures.grades_by_case_type(grades, by_type),
        *figures.grades_by_area(grades, _by_area(settled)),
        *figures.grades_by_place("audit_grade_by_district", grades, by_district, threshold=threshold),
        *figures.answers_by_question(scoring.REPLY_VALUES, answers, areas=areas),
        *figures.answers_by_area(scoring.REPLY_VALUES, answers, areas=areas),
        *figures.work(_work(inspection)),
        *figures.completeness(_recorded(inspection)),
        *_agreements(inspection, scale),
        *figures.concerns(_concerns(inspection, at)),
    )


def _settled(inspection: Any) -> QuerySet[Grading]:
    """Return the grade that counts of each case of the sample that has one."""
    rows = Grading.objects.standing().filter(inspection=inspection, capacity=Capacity.AGREED)
    waiting = Audit.objects.filter(case=OuterRef("case"), ended_at=None).exclude(state=AuditState.SUBMITTED)
    return rows.filter(case__replaced_at=None).exclude(Exists(waiting)).exclude(Exists(_unsettled_pair("case")))


def _unsettled_pair(case: str) -> QuerySet[Grading]:
    """Match cases whose second grading is in and is part of no moderation yet."""
    settled = Moderation.objects.filter(second=OuterRef("pk"))
    return Grading.objects.filter(case=OuterRef(case), capacity=Capacity.SECOND).exclude(Exists(settled))


def _pairs(rows: QuerySet[Any], first: str, second: str) -> dict[tuple[str, str], int]:
    counted = rows.values(first, second).annotate(n=Count("pk")).order_by()
    return {(line[first], line[second]): line["n"] for line in counted}


def _by_area(settled: QuerySet[Grading]) -> dict[tuple[str, str], int]:
    area = "case__audits__answers__question__area__key"
    rows = settled.filter(
        case__audits__capacity=Capacity.FIRST,
        case__audits__state=AuditState.SUBMITTED,
        case__audits__ended_at=None,
        case__audits__answers__value__in=scoring.JUDGING_REPLIES,
        case__audits__answers__question__area__isnull=False,
    )
    counted = rows.values(area, "grade__key").annotate(n=Count("case", distinct=True)).order_by()
    return {(line[area], line["grade__key"]): line["n"] for line in counted}


def _answers(inspection: Any) -> dict[tuple[str, str], int]:
    rows = Answer.objects.filter(
        inspection=inspection,
        audit__state=AuditState.SUBMITTED,
        audit__capacity=Capacity.FIRST,
        audit__ended_at=None,
        audit__case__replaced_at=None,
    ).exclude(value="")
    return _pairs(rows, "question__key", "value")


def _work(inspection: Any) -> figures.WorkCounts:
    def graded(capacity: str) -> Exists:
        return Exists(Grading.objects.filter(case=OuterRef("pk"), capacity=capacity))

    rows = Case.objects.in_sample().filter(inspection=inspection)
    row = rows.annotate(
        first=graded(Capacity.FIRST),
        second=graded(Capacity.SECOND),
        inspector=graded(Capacity.INSPECTOR),
        waiting=Exists(_unsettled_pair("pk")),
    ).aggregate(
        drawn=Count("pk"),
        submitted=Count("pk", filter=Q(first=True)),
        double_graded=Count("pk", filter=Q(first=True, second=True)),
        awaiting_moderation=Count("pk", filter=Q(first=True, second=True, waiting=True)),
        inspector_graded=Count("pk", filter=Q(inspector=True)),
    )
    return figures.WorkCounts(graded=_settled(inspection).count(), **row)


def _recorded(inspection: Any) -> dict[str, tuple[int, int]]:
    facts: Sequence[str] = ("ethnicity", "disability")
    parts = {}
    for fact in facts:
        field = f"candidate__{fact}_recorded"
        parts[f"{fact}_held"] = Count("pk", filter=Q(**{field: True}))
        parts[f"{fact}_known"] = Count("pk", filter=Q(**{f"{field}__isnull": False}))
    row = Case.objects.in_sample().filter(inspection=inspection).aggregate(**parts)
    return {fact: (row[f"{fact}_held"], row[f"{fact}_known"]) for fact in facts if row[f"{fact}_known"]}


def _agreements(inspection: Any, scale: agreement.Scale) -> tuple[figures.Share, ...]:
    second = agreement.agreement(scale, pairs_of(inspection, Capacity.FIRST, Capacity.SECOND))
    inspector = agreement.agreement(scale, pairs_of(inspection, Capacity.AGREED, Capacity.INSPECTOR))
    return (
        *figures.agreement_shares("", second),
        *figures.agreement_shares("inspector", inspector),
    )


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
