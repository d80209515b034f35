"""What inspectors graded: cases of the force's sample in their own capacity, and further cases of theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value

from audits.inspector_rows import Known
from audits.models import Capacity, FurtherGrading, GradeList, Grading
from cases.models import Case
from ncpi.inspections.models import CaseType, Grade


def cases_for_inspector(inspection: Any) -> QuerySet[Case]:
    """Return the sample with the inspectors' own gradings; the force's are not in the query."""
    own = Grading.objects.standing().filter(case=OuterRef("pk"), capacity=Capacity.INSPECTOR)
    rows = Case.objects.in_sample().filter(inspection=inspection)
    return (
        rows.annotate(
            inspector_grade=Subquery(own.values("grade__label")[:1], output_field=CharField()),
            graded_at=Subquery(own.values("at")[:1]),
            was_corrected=Subquery(own.values("corrects")[:1]),
        )
        .select_related("candidate", "case_type")
        .order_by("case_type__order", "rank", "pk")
    )


def further_gradings(inspection: Any) -> QuerySet[FurtherGrading]:
    """Return the inspectors' grades of further cases as they stand."""
    rows = FurtherGrading.objects.standing().filter(inspection=inspection).select_related("case_type", "grade", "by")
    return rows.order_by("case_type__order", "reference", "pk")


def grade_lists(inspection: Any) -> QuerySet[GradeList]:
    return GradeList.objects.filter(inspection=inspection).select_related("imported_by").order_by("-number", "pk")


def history_of_case(case: Case) -> list[Grading]:
    """List every inspectors' grading of a case, the one that stands first."""
    rows = Grading.objects.filter(case=case, capacity=Capacity.INSPECTOR).select_related("grade", "by")
    return list(rows.order_by("-at", "-pk"))


def history_of_further(row: FurtherGrading) -> list[FurtherGrading]:
    """List every grading of a further case, the one that stands first."""
    rows = FurtherGrading.objects.filter(inspection=row.inspection_id, reference__iexact=row.reference)
    return list(rows.select_related("grade", "by").order_by("-at", "-pk"))


def known(inspection: Any) -> Known:
    """Give what a row of a list may name; five queries."""
    cases = Case.objects.in_sample().filter(inspection=inspection).values_list("pk", "code", "candidate__reference")
    drawn = list(cases)
    done = Grading.objects.filter(inspection=inspection, capacity=Capacity.INSPECTOR).values_list("case_id", flat=True)
    further = FurtherGrading.objects.filter(inspection=inspection).values_list("reference", flat=True)
    return Known(
        by_code={code.casefold(): pk for pk, code, _ in drawn},
        by_reference={reference.casefold(): pk for pk, _, reference in drawn},
        grades=_named(Grade.objects.filter(programme_id=inspection.programme_id).annotate(title=F("label"))),
        case_types=_named(CaseType.objects.filter(programme_id=inspection.programme_id)),
        graded=frozenset([*done, *(reference.upper() for reference in further)]),
    )


def _named(rows: QuerySet[Any]) -> dict[str, int]:
    return {
        name.casefold(): pk
        for pk, key, title in rows.order_by("order", "pk").values_list("pk", "key", "title")
        for name in (key, title)
    }


def is_drawn(inspection: Any, reference: str) -> bool:
    """Say whether a reference is that of a case of the sample."""
    named = Q(candidate__reference__iexact=reference)
    return Case.objects.in_sample().filter(named, inspection=inspection).exists()


@dataclass(frozen=True)
class Inspected:
    """How inspectors graded: cases of the force's sample and further ones, by the programme's grades."""

    labels: list[str]
    rows: list[tuple[str, list[tuple[str, int]], int]]


def inspected(inspection: Any, labels: Mapping[str, str]) -> Inspected | None:
    """Count the inspectors' grades apart for the sample and for further cases; one query, nothing while none is there.

    `labels` are the grades by key, in their order.
    """
    own = Grading.objects.standing().filter(inspection=inspection, capacity=Capacity.INSPECTOR, case__replaced_at=None)
    further = FurtherGrading.objects.standing().filter(inspection=inspection)
    parts = [
        rows.annotate(is_further=Value(is_further)).values_list("grade__key", "is_further")
        for rows, is_further in ((own, False), (further, True))
    ]
    given = list(parts[0].union(parts[1], all=True))
    if not given:
        return None
    found = {
        "Cases of our sample": [key for key, is_further in given if not is_further],
        "Further cases": [key for key, is_further in given if is_further],
        "All": [key for key, _ in given],
    }
    rows = [
        (title, [(label, keys.count(key)) for key, label in labels.items()], len(keys)) for title, keys in found.items()
    ]
    return Inspected(list(labels.values()), rows)
