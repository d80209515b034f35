"""Correcting a grading that was handed in: a new row beside the old one, and the case is settled anew."""

from datetime import datetime
from typing import Any

from django.db import transaction

from audits.models import Audit, Grading
from audits.operations import settle_by_rule
from audits.queries import standing_grading
from cases.models import Case
from ncpi.accounts import journal
from ncpi.inspections.marks import mark_changed
from ncpi.inspections.models import Grade
from ncpi.inspections.operations import refuse_closed


class NothingToCorrect(Exception):
    """The audit was not handed in by this person, or the correction changes nothing."""


@transaction.atomic
def correct_grading(*, by: Any, audit: Audit, grade: Grade, reason: str, at: datetime) -> Grading:
    """Correct one's own grade of a case; a moderation over the earlier one is stale from here on.

    1. Lock the case, so that a moderator who decides at this moment decides over the one or the other.
    2. Write the correction; the grading that was handed in stays as it was.
    3. Settle by rule where the rule allows; otherwise the case waits for a moderator again.
    """
    refuse_closed(audit.inspection)
    case = Case.objects.select_for_update(no_key=True).get(pk=audit.case_id)
    before = standing_grading(audit)
    if audit.auditor_id != by.pk or audit.ended_at is not None or before is None:
        raise NothingToCorrect("Only a grade that you handed in can be corrected.")
    if grade.programme_id != audit.inspection.programme_id:
        raise NothingToCorrect("That grade belongs to another programme.")
    if before.grade_id == grade.pk:
        raise NothingToCorrect("That is the grade already.")
    grading = Grading.objects.create(
        inspection_id=audit.inspection_id,
        case=case,
        capacity=audit.capacity,
        grade=grade,
        reason=reason,
        by=by,
        at=at,
        corrects=before,
    )
    journal.record(by=by, verb="corrected", subject=grading, force=audit.inspection.force)
    settle_by_rule(by=by, case=case, at=at)
    mark_changed(inspection_id=audit.inspection_id, at=at)
    return grading
