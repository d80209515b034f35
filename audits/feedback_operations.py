"""Telling the people who ran a case what was good and what to learn, once its grade is final."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from audits.feedback_queries import digest_of, final_cases
from audits.models import Feedback, FeedbackLink, FeedbackState
from cases.models import Case
from ncpi.accounts import journal
from ncpi.inspections.operations import refuse_closed
from ncpi.jobs import operations as jobs
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


# The link by which whoever ran the case reads it

LINK_LASTS = timedelta(days=28)


@transaction.atomic
def send_feedback(*, by: Any, feedback: Feedback, to: str, at: datetime, now: datetime) -> str:
    """Make the link to read released feedback by, end the one before, and mail it where an address is given.

    Returned is the link's address; of its secret only the digest is kept. The message says nothing of the case, and
    waits while the mail server is away.
    """
    refuse_closed(feedback.inspection)
    held = Feedback.objects.select_for_update(no_key=True).get(pk=feedback.pk)
    if held.state != FeedbackState.RELEASED:
        raise NotNow("Only feedback that was released and not acknowledged yet is sent.")
    FeedbackLink.objects.filter(feedback=held, revoked_at=None).update(revoked_at=at)
    secret = secrets.token_urlsafe(32)
    link = FeedbackLink.objects.create(
        inspection_id=held.inspection_id, feedback=held, digest=digest_of(secret), sent_to=to, made_by=by, made_at=at,
        ends_at=at + LINK_LASTS,
    )  # fmt: skip
    address = settings.BASE_URL + reverse("audits:read-feedback", args=[secret])
    if to:
        jobs.queue_mail(key=f"feedback:{link.pk}", to=to, subject=SUBJECT, body=BODY.format(address=address), at=now)
    journal.record(by=by, verb="sent", subject=feedback, force=feedback.inspection.force)
    return address


SUBJECT = "Feedback on a case that was audited"
BODY = """There is feedback for you on a case that you or your team ran: what was good, and what to learn from it.

Read it here, and say that you have. You need no account:

{address}

The link works for 28 days and for whoever has it. Do not pass it on.
"""


@transaction.atomic
def revoke_link(*, by: Any, feedback: Feedback, at: datetime) -> int:
    """End the feedback's link; say how many were open."""
    ended = FeedbackLink.objects.filter(feedback=feedback, revoked_at=None).update(revoked_at=at)
    journal.record(by=by, verb="revoked the link of", subject=feedback, force=feedback.inspection.force)
    return ended


@transaction.atomic
def open_link(*, link: FeedbackLink, at: datetime) -> None:
    """Write down that feedback was read by its link."""
    FeedbackLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=at)
    journal.record(by=None, verb="read by a link", subject=link.feedback, force=link.inspection.force)


@transaction.atomic
def acknowledge_by_link(*, link: FeedbackLink, reply: str, at: datetime) -> Feedback:
    """Take the word of whoever has the link that the feedback was read, once, with what they say to it."""
    refuse_closed(link.inspection)
    held = Feedback.objects.select_for_update(no_key=True).get(pk=link.feedback_id)
    if held.state != FeedbackState.RELEASED:
        raise NotNow("This feedback was acknowledged already.")
    swap(held, version=held.version, state=FeedbackState.ACKNOWLEDGED, reply=reply, is_by_link=True, acknowledged_at=at)
    journal.record(by=None, verb="acknowledged by a link", subject=held, force=link.inspection.force)
    return held
