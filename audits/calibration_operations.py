"""Having every auditor grade the same few cases, apart from the sample and from every figure."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from audits.calibration import choose
from audits.calibration_queries import candidates_outside, open_calibration
from audits.models import Calibration, CalibrationCase, CalibrationGrade
from cases.set_aside_operations import NotDrawnYet, set_aside
from ncpi.accounts import journal
from ncpi.inspections.models import Grade, Inspection
from ncpi.inspections.operations import refuse_closed
from ncpi.lib.versions import swap


class CannotCalibrate(Exception):
    """The exercise cannot be opened, graded or closed as it is; the message says why."""


@transaction.atomic
def begin_calibration(*, by: Any, inspection: Inspection, at: datetime) -> Calibration:
    """Open an exercise over five cases of the frame that are not in the sample (fewer in a very small frame).

    They are set aside: no replacement and no further round draws a case that the auditors have talked about.
    """
    refuse_closed(Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk))
    if open_calibration(inspection):
        raise CannotCalibrate("An exercise is open already.")
    chosen = choose(candidates_outside(inspection))
    if not chosen:
        raise CannotCalibrate("The frame has no case left outside the sample.")
    try:
        set_aside(by=by, inspection=inspection, candidates=chosen, reason="Graded in a calibration exercise", at=at)
    except NotDrawnYet as error:
        raise CannotCalibrate(str(error)) from None
    number = Calibration.objects.filter(inspection=inspection).count() + 1
    exercise = Calibration.objects.create(inspection=inspection, number=number, opened_by=by, opened_at=at)
    CalibrationCase.objects.bulk_create(
        CalibrationCase(calibration=exercise, inspection=inspection, candidate_id=candidate, order=order)
        for order, candidate in enumerate(chosen, start=1)
    )
    journal.record(by=by, verb="opened", subject=exercise, force=inspection.force)
    return exercise


@transaction.atomic
def grade_for_calibration(*, by: Any, case: CalibrationCase, grade: Grade, reason: str, at: datetime) -> Any:
    """Keep one auditor's grade of one case of an open exercise, once and for good."""
    refuse_closed(case.inspection)
    exercise = Calibration.objects.select_for_update(no_key=True).get(pk=case.calibration_id)
    if exercise.closed_at is not None:
        raise CannotCalibrate("The exercise is closed.")
    if grade.programme_id != case.inspection.programme_id:
        raise CannotCalibrate("That grade belongs to another programme.")
    try:
        with transaction.atomic():
            given = CalibrationGrade.objects.create(
                case=case, inspection_id=case.inspection_id, auditor=by, grade=grade, reason=reason, at=at
            )
    except IntegrityError:
        raise CannotCalibrate("You have graded this case already.") from None
    journal.record(by=by, verb="graded", subject=given, force=case.inspection.force)
    return given


@transaction.atomic
def close_calibration(*, by: Any, exercise: Calibration, version: int, at: datetime) -> Calibration:
    """Close an exercise: from here on nobody grades, and its auditors see the spread."""
    refuse_closed(exercise.inspection)
    if exercise.closed_at is not None:
        raise CannotCalibrate("The exercise is closed already.")
    swap(exercise, version=version, closed_by=by, closed_at=at)
    journal.record(by=by, verb="closed", subject=exercise, force=exercise.inspection.force)
    return exercise
