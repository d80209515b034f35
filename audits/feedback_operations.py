"""Telling the people who ran a case what was good and what to learn, once its grade is final."""

from datetime import datetime
from typing import Any

from django.db import transaction

from audits.feedback_queries import final_cases
from audits.models import Feedback, FeedbackState
from cases.models import Case
from ncpi.accounts import journal
from ncpi.inspections.operations import refuse_closed
from ncpi.lib.versions import swap


class NotNow(Exception):
    """The feedback is not in a state for that; the message says why."""


@transaction.atomic
def write_feedback(*, by: Any, case: Case, version: int, to: str, good: str, learn: str, at: datetime) -> Feedback:
    """Keep the feedback on a case as a draft; `version` 0 when there is none yet."""
    refuse_closed(case.inspection)
    Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    said = {"to": to, "good": good, "learn": learn, "written_by": by, "written_at": at}
    row = Feedback.objects.filter(case=case).first()
    if row is None:
        row = Feedback.objects.create(inspection_id=case.inspection_id, case=case, **said)
    elif row.state != FeedbackState.DRAFT:
        raise NotNow("This feedback was released and stays as it is.")
    else:
        swap(row, version=version, **said)
    journal.record(by=by, verb="wrote", subject=row, force=case.inspection.force)
    return row


@transaction.atomic
def release_feedback(*, by: Any, case: Case, feedback: Feedback, version: int, at: datetime) -> Feedback:
    """Let the feedback be handed on; from here on it does not change. The grade of the case has to be final."""
    refuse_closed(case.inspection)
    Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    if not final_cases(inspection=case.inspection_id).filter(pk=case.pk).exists():
        raise NotNow("The grade of this case is not final yet, so nothing is released.")
    if feedback.state != FeedbackState.DRAFT:
        raise NotNow("This feedback was released already.")
    if not feedback.good and not feedback.learn:
        raise NotNow("Say what was good or what to learn.")
    swap(feedback, version=version, state=FeedbackState.RELEASED, released_by=by, released_at=at)
    journal.record(by=by, verb="released", subject=feedback, force=case.inspection.force)
    return feedback


@transaction.atomic
def acknowledge_feedback(
    *, by: Any, case: Case, feedback: Feedback, version: int, reply: str, at: datetime
) -> Feedback:
    """Write down, as whoever handed it on, that it was read, and what was said back."""
    refuse_closed(case.inspection)
    if feedback.state != FeedbackState.RELEASED:
        raise NotNow("Only feedback that was released and not acknowledged yet can be acknowledged.")
    swap(
        feedback, version=version, state=FeedbackState.ACKNOWLEDGED, reply=reply, acknowledged_by=by,
        acknowledged_at=at,
    )  # fmt: skip
    journal.record(by=by, verb="handed on", subject=feedback, force=case.inspection.force)
    return feedback
