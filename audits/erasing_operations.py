"""Erasing what auditors, moderators and inspectors wrote about the cases of an inspection."""

from datetime import datetime
from typing import Any

from audits.models import Audit, Concern
from cases.hooks import CannotErase
from cases.retention_operations import erase_rows, erasing
from ncpi.accounts import journal
from ncpi.inspections.models import Inspection

# What hangs on something goes before it.
_TABLES = (
    "audits_calibrationgrade",
    "audits_calibrationcase",
    "audits_calibrationevent",
    "audits_calibration",
    "audits_furthergrading",
    "audits_gradelist",
    "audits_feedbacklink",
    "audits_feedbackevent",
    "audits_feedback",
    "audits_moderation",
    "audits_grading",
    "audits_findingevent",
    "audits_finding",
    "audits_concernevent",
    "audits_concern",
    "audits_answerevent",
    "audits_answer",
    "audits_auditevent",
    "audits_audit",
)
_KEPT_AS_MADE = (
    "audits.Grading:kept_as_made",
    "audits.Moderation:kept_as_made",
    "audits.CalibrationCase:kept_as_made",
    "audits.CalibrationGrade:kept_as_made",
    "audits.FurtherGrading:kept_as_made",
    "audits.GradeList:kept_as_made",
)


def erase_audits(*, by: Any, inspection: Inspection, at: datetime) -> None:
    """Erase every audit with its answers, grades, findings and concerns; an open concern comes first."""
    if Concern.objects.filter(inspection=inspection).open().exists():
        raise CannotErase("A concern about a child is open. Close it before anything is erased.")
    count = Audit.objects.filter(inspection=inspection).count()
    with erasing(*_KEPT_AS_MADE):
        for table in _TABLES:
            # Our own table names.
            erase_rows(f"DELETE FROM {table} WHERE inspection_id = %s", inspection)  # noqa: S608
    journal.record(by=by, verb=f"erased {count} audits of", subject=inspection, force=inspection.force)
