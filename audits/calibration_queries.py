"""Calibration exercises: one's own grades while one is open, everybody's once it is closed."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from audits import calibration
from audits.models import Calibration, CalibrationCase, CalibrationGrade
from audits.queries import scale_by_key
from cases.models import Candidate
from ncpi.inspections.models import CaseType, Grade


def open_calibration(inspection: Any) -> Calibration | None:
    return Calibration.objects.filter(inspection=inspection, closed_at=None).first()


def candidates_outside(inspection: Any) -> dict[str, list[int]]:
    """Give, by type, the last cases of the frame by reference that nobody drew, and that no exercise has had."""
    rows = Candidate.objects.filter(
        frame__inspection=inspection, frame__discarded_at=None, frame__frozen_at__isnull=False, case=None,
        set_aside=None,
    )  # fmt: skip
    types = CaseType.objects.filter(programme_id=inspection.programme_id).order_by("order", "pk")
    return {
        row.key: list(
            rows.filter(case_type=row).order_by("-reference", "pk").values_list("pk", flat=True)[: calibration.CASES]
        )
        for row in types
    }


@dataclass(frozen=True)
class OwnCase:
    """One case of the open exercise, with the person's own grade where they have given it."""

    case: CalibrationCase
    grade: str


def own_cases(exercise: Calibration, user: Any) -> list[OwnCase]:
    own = dict(
        CalibrationGrade.objects.filter(case__calibration=exercise, auditor=user).values_list("case", "grade__label")
    )
    rows = CalibrationCase.objects.filter(calibration=exercise).select_related("candidate__case_type")
    return [OwnCase(row, own.get(row.pk, "")) for row in rows.order_by("order", "pk")]


def progress(exercise: Calibration) -> list[tuple[str, int]]:
    """Say who has graded how many, and nothing of what they gave."""
    rows = CalibrationGrade.objects.filter(case__calibration=exercise).values("auditor", "auditor__name")
    counted = rows.annotate(n=Count("pk")).order_by("auditor__name", "auditor")
    return [(str(row["auditor__name"]), int(row["n"])) for row in counted]


@dataclass(frozen=True)
class SpreadRow:
    """One case: how many gave each grade, one's own, and for moderators who gave which and why."""

    case: CalibrationCase
    spread: calibration.Spread
    cells: list[tuple[str, int]]
    own: str
    named: list[tuple[str, str, str]]

    @property
    def by_grade(self) -> list[tuple[str, list[str]]]:
        """Give the people of each grade that anybody gave, the best grade first."""
        given = [(label, [name for name, grade, _ in self.named if grade == label]) for label, _ in self.cells]
        return [(label, names) for label, names in given if names]


@dataclass(frozen=True)
class ClosedExercise:
    """One closed exercise with the spread of each case."""

    exercise: Calibration
    labels: list[str]
    rows: list[SpreadRow]

    @property
    def agreeing(self) -> int:
        return sum(row.spread.agreeing for row in self.rows)

    @property
    def pairs(self) -> int:
        return sum(row.spread.pairs for row in self.rows)


def closed_exercises(inspection: Any, user: Any, *, sees_people: bool) -> list[ClosedExercise]:
    """Return closed exercises, newest first. Who gave what is for moderators; others find their own."""
    scale = scale_by_key(inspection.programme_id)
    labels = dict(Grade.objects.filter(programme_id=inspection.programme_id).values_list("key", "label"))
    given: dict[int, list[CalibrationGrade]] = {}
    for grade in _closed_grades(inspection):
        given.setdefault(grade.case_id, []).append(grade)
    cases: dict[int, list[SpreadRow]] = {}
    rows = CalibrationCase.objects.filter(inspection=inspection, calibration__closed_at__isnull=False)
    for case in rows.select_related("candidate__case_type").order_by("order", "pk"):
        grades = given.get(case.pk, [])
        spread = calibration.spread(scale, [grade.grade.key for grade in grades])
        cases.setdefault(case.calibration_id, []).append(
            SpreadRow(
                case=case,
                spread=spread,
                cells=[(labels[key], number) for key, number in zip(scale.keys, spread.counts, strict=True)],
                own=next((grade.grade.label for grade in grades if grade.auditor_id == user.pk), ""),
                named=[(g.auditor.name, g.grade.label, g.reason) for g in grades] if sees_people else [],
            )
        )
    exercises = Calibration.objects.filter(inspection=inspection, closed_at__isnull=False).order_by("-number", "pk")
    return [ClosedExercise(row, [labels[key] for key in scale.keys], cases.get(row.pk, [])) for row in exercises]


def _closed_grades(inspection: Any) -> QuerySet[CalibrationGrade]:
    rows = CalibrationGrade.objects.filter(inspection=inspection, case__calibration__closed_at__isnull=False)
    return rows.select_related("grade", "auditor").order_by("auditor__name", "pk")
