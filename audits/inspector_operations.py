"""Gradings by inspectors, beside the force's own and apart from them: given, imported as a list, corrected.

A grading never changes. A correction is a new row with its own reason, and the one before stays on record.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from audits.inspector_queries import is_drawn, known
from audits.inspector_rows import GradeRow, read_grades
from audits.models import Capacity, FurtherGrading, GradeList, Grading
from audits.name_checks import doubts_in, refused_in
from audits.names import Doubt
from cases.models import Case
from cases.operations import hold
from ncpi.accounts import journal
from ncpi.inspections.marks import mark_changed
from ncpi.inspections.models import CaseType, Grade, Inspection
from ncpi.inspections.operations import refuse_closed
from ncpi.lib.tables import Table
from ncpi.lib.uploads import Document


class GradedAlready(Exception):
    """An inspector's grading of the case is there already."""


@transaction.atomic
def grade_as_inspector(*, by: Any, case: Case, grade: Grade, reason: str, at: datetime) -> Grading:
    """Write down an inspector's grading of a drawn case, beside the force's own and apart from it."""
    refuse_closed(case.inspection)
    Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    if Grading.objects.filter(case=case, capacity=Capacity.INSPECTOR).exists():
        raise GradedAlready("An inspector has graded this case already.")
    grading = Grading.objects.create(
        inspection_id=case.inspection_id,
        case=case,
        capacity=Capacity.INSPECTOR,
        grade=grade,
        reason=reason,
        by=by,
        at=at,
    )
    journal.record(by=by, verb="graded as inspector", subject=grading, force=case.inspection.force)
    mark_changed(inspection_id=case.inspection_id, at=at)
    return grading


class IsDrawn(Exception):
    """The reference is that of a case of the sample, which has a place of its own."""


@transaction.atomic
def grade_further_case(
    *, by: Any, inspection: Inspection, reference: str, case_type: CaseType, grade: Grade, reason: str, at: datetime
) -> FurtherGrading:
    """Write down an inspectors' grade of a case that the force did not draw."""
    hold(inspection)
    if is_drawn(inspection, reference):
        raise IsDrawn("The force drew this case: grade it in the list of the sample.")
    if FurtherGrading.objects.filter(inspection=inspection, reference__iexact=reference).exists():
        raise GradedAlready("An inspector has graded this case already.")
    row = FurtherGrading.objects.create(
        inspection=inspection, reference=reference, case_type=case_type, grade=grade, reason=reason, by=by, at=at
    )
    journal.record(by=by, verb="graded a further case", subject=row, force=inspection.force)
    mark_changed(inspection_id=inspection.pk, at=at)
    return row


class NothingToCorrect(Exception):
    """The grading was corrected already, or the correction changes nothing."""


@transaction.atomic
def correct_inspector_grading(
    *, by: Any, grading: Grading | FurtherGrading, grade: Grade, reason: str, at: datetime
) -> Grading | FurtherGrading:
    """Correct an inspectors' grade; of two corrections at once the second is refused."""
    refuse_closed(grading.inspection)
    if grade.programme_id != grading.inspection.programme_id:
        raise NothingToCorrect("That grade belongs to another programme.")
    if grading.grade_id == grade.pk:
        raise NothingToCorrect("That is the grade already.")
    of: dict[str, Any] = (
        {"case_id": grading.case_id, "capacity": Capacity.INSPECTOR}
        if isinstance(grading, Grading)
        else {"reference": grading.reference, "case_type_id": grading.case_type_id}
    )
    given: dict[str, Any] = {"grade": grade, "reason": reason, "by": by, "at": at, "corrects": grading, **of}
    try:
        with transaction.atomic():
            made = type(grading).objects.create(inspection_id=grading.inspection_id, **given)
    except IntegrityError:
        raise NothingToCorrect("This grade was corrected at the same moment. Look at it again.") from None
    journal.record(by=by, verb="corrected", subject=made, force=grading.inspection.force)
    mark_changed(inspection_id=grading.inspection_id, at=at)
    return made


class ImportedAlready(Exception):
    """This very list was imported before."""


@transaction.atomic
def import_grades(
    *, by: Any, inspection: Inspection, document: Document, table: Table, names_allowed: bool = False, at: datetime
) -> GradeList:
    """Keep a whole list of inspectors' gradings, or nothing of it (`GradesRefused`); the same file comes in once.

    1. Hold the sample, so that no case leaves it meanwhile.
    2. Read every row against what is there; lock the named cases and look again whether somebody graded one.
    3. Write the gradings of drawn cases and of further ones.
    """
    hold(inspection)
    before = GradeList.objects.filter(inspection=inspection, sha256=document.sha256).first()
    if before:
        raise ImportedAlready(f"This file was imported already: it is list {before.number}.")
    rows = read_grades(table, known(inspection), look=_refused if names_allowed else _doubts)
    drawn = [row for row in rows if row.case]
    cases = Case.objects.filter(pk__in=[row.case for row in drawn])
    held = list(cases.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    if Grading.objects.filter(case__in=held, capacity=Capacity.INSPECTOR).exists():
        raise GradedAlready("Somebody graded one of these cases at the same moment. Import the list again.")
    _write(inspection, rows, by, at)
    made = GradeList.objects.create(
        inspection=inspection,
        number=GradeList.objects.filter(inspection=inspection).count() + 1,
        file_name=document.file_name,
        sha256=document.sha256,
        drawn=len(drawn),
        further=len(rows) - len(drawn),
        imported_by=by,
        imported_at=at,
    )
    journal.record(by=by, verb="imported", subject=made, force=inspection.force, detail=f"{len(rows)} gradings")
    mark_changed(inspection_id=inspection.pk, at=at)
    return made


def _doubts(text: str) -> tuple[Doubt, ...]:
    return doubts_in({"": text})


def _refused(text: str) -> tuple[Doubt, ...]:
    return refused_in({"": text})


def _write(inspection: Inspection, rows: list[GradeRow], by: Any, at: datetime) -> None:
    Grading.objects.bulk_create(
        Grading(inspection=inspection, case_id=row.case, capacity=Capacity.INSPECTOR, **_given(row, by, at))
        for row in rows
        if row.case
    )
    FurtherGrading.objects.bulk_create(
        FurtherGrading(
            inspection=inspection, reference=row.reference, **{**_given(row, by, at), "case_type_id": row.case_type}
        )
        for row in rows
        if not row.case
    )


def _given(row: GradeRow, by: Any, at: datetime) -> dict[str, Any]:
    return {"grade_id": row.grade, "reason": row.reason, "by": by, "at": at}
