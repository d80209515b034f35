"""Cases whose grade is final, and what the people who ran them were told."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from audits.models import Audit, AuditState, Capacity, Feedback, FeedbackLink, FeedbackState, Grading, Moderation
from cases.models import Case, CaseQuerySet


def final_cases(**of: Any) -> CaseQuerySet:
    """Return cases of the sample whose grade stands: settled over the gradings as they are, and nothing awaited.

    `of` names the inspection (`inspection=` or `inspection__ref=`), and each part with it: the database may read a part
    whole, and must not read other forces' rows for it.
    """
    awaited = Audit.objects.current().filter(case=OuterRef("pk"), state__in=AuditState.open_states(), **of)
    second = Grading.objects.standing().filter(case=OuterRef("case"), capacity=Capacity.SECOND, **of)
    settled = Moderation.objects.filter(case=OuterRef("pk"), first__corrected_by=None, agreed__corrected_by=None, **of)
    settled = settled.filter(Q(second__isnull=False, second__corrected_by=None) | Q(second=None) & ~Exists(second))
    return Case.objects.in_sample().filter(Exists(settled), ~Exists(awaited), **of)


def feedback_list(inspection: Any) -> CaseQuerySet:
    """Return the cases to give feedback on, and those where it was given, with its state and the final grade."""
    written = Feedback.objects.filter(case=OuterRef("pk"))
    grade = Grading.objects.standing().filter(case=OuterRef("pk"), capacity=Capacity.AGREED)
    sent = FeedbackLink.objects.filter(feedback__case=OuterRef("pk"), revoked_at=None)
    rows = Case.objects.in_sample().filter(inspection=inspection)
    rows = rows.annotate(
        is_final=Exists(final_cases(inspection=inspection).filter(pk=OuterRef("pk"))),
        feedback_state=Subquery(written.values("state")[:1]),
        released_at=Subquery(written.values("released_at")[:1]),
        sent_at=Subquery(sent.values("made_at")[:1]),
        final_grade=Subquery(grade.values("grade__label")[:1]),
    )
    rows = rows.filter(Q(is_final=True) | Q(feedback_state__isnull=False))
    return rows.select_related("candidate", "case_type").order_by("case_type__order", "code", "pk")


def first_words(case: Case) -> dict[str, str]:
    """Give what the auditors wrote, to write the feedback from."""
    audits = Audit.objects.current().filter(case=case, state=AuditState.SUBMITTED).order_by("capacity", "pk")
    written = list(audits.values_list("strengths", "learning"))
    return {
        "good": "\n\n".join(good for good, _ in written if good),
        "learn": "\n\n".join(learn for _, learn in written if learn),
    }


# Released feedback that nobody has acknowledged for so long is pointed out to whoever sent it.
REMIND_AFTER = timedelta(days=7)


def needs_reminder(case: Any, at: datetime) -> bool:
    """Say whether the people who ran a case of the list have had its feedback for long and not acknowledged it."""
    told = case.sent_at or case.released_at
    return case.feedback_state == FeedbackState.RELEASED and told is not None and told <= at - REMIND_AFTER


def open_link_of(feedback: Feedback | None) -> FeedbackLink | None:
    rows = FeedbackLink.objects.filter(feedback=feedback, revoked_at=None).select_related("made_by")
    return rows.first() if feedback else None


def digest_of(secret: str) -> str:
    """Return what is kept of a link's secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
