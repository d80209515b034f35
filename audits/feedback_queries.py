"""Cases whose grade is final, and what the people who ran them were told."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from audits.models import Audit, AuditState, Capacity, Feedback, Grading, Moderation
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
    rows = Case.objects.in_sample().filter(inspection=inspection)
    rows = rows.annotate(
        is_final=Exists(final_cases(inspection=inspection).filter(pk=OuterRef("pk"))),
        feedback_state=Subquery(written.values("state")[:1]),
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
