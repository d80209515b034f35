"""Published grades of other forces beside the force's own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audits.figures import wilson
from ncpi.board.models import Figure
from ncpi.inspections.models import Grade
from ncpi.inspections.published_results import ResultSet, load_published_results, why_not_used


@dataclass(frozen=True, slots=True)
class Cell:
    """One grade of one set: its number, and the share with its interval, in percent."""

    label: str
    number: int
    percent: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    result: ResultSet
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class OwnGrades:
    cells: tuple[Cell, ...]
    total: int
    as_at: datetime


@dataclass(frozen=True)
class Reference:
    """What stands beside the force's own grades, and what was reported and is not used."""

    labels: tuple[str, ...]
    own: OwnGrades | None
    used: tuple[ReferenceRow, ...]
    unused: tuple[tuple[ResultSet, str], ...]


def reference(inspection: Any) -> Reference:
    """Sort all published sets into those that fit the inspection's programme and the others."""
    grades = dict(
        Grade.objects.filter(programme_id=inspection.programme_id).order_by("order", "pk").values_list("key", "label")
    )
    scale = tuple(grades)
    judged = [
        (found, why_not_used(found, graded=inspection.programme.graded, scale=scale))
        for found in load_published_results()
    ]
    return Reference(
        labels=tuple(grades.values()),
        own=_own(inspection, grades),
        used=tuple(ReferenceRow(found, _cells(dict(found.grades), grades)) for found, reason in judged if not reason),
        unused=tuple((found, reason) for found, reason in judged if reason),
    )


def _own(inspection: Any, grades: dict[str, str]) -> OwnGrades | None:
    """Give the force's own grades as last published; cases are not compared with topics."""
    if inspection.programme.graded != "case":
        return None
    rows = Figure.objects.filter(inspection=inspection, measure="audit_grade", area="").latest()
    standing = [row for row in rows if not row.is_withdrawn and row.numerator is not None]
    if not standing:
        return None
    counts = {row.breakdown: row.numerator or 0 for row in standing}
    return OwnGrades(_cells(counts, grades), sum(counts.values()), max(row.as_at for row in standing))


def _cells(counts: dict[str, int], grades: dict[str, str]) -> tuple[Cell, ...]:
    total = sum(counts.values())
    return tuple(_cell(label, counts.get(grade, 0), total) for grade, label in grades.items())


def _cell(label: str, number: int, total: int) -> Cell:
    low, high = wilson(number, total) or (0.0, 1.0)
    return Cell(label, number, round(100 * number / total) if total else 0, round(100 * low), round(100 * high))
