"""The gate to audits, gradings and concerns. Who may not have a row finds none; every reading leaves a journal line."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from audits.feedback_queries import digest_of, final_cases
from audits.models import (
    Audit,
    Calibration,
    CalibrationCase,
    Concern,
    FeedbackLink,
    FeedbackState,
    Finding,
    FurtherGrading,
    OwnQuestion,
)
from audits.queries import cases_to_moderate
from cases.models import Case
from ncpi.accounts import journal
from ncpi.accounts.access import ASKER, asked_by, forces_granting
from ncpi.accounts.permissions import Permission
from ncpi.lib.clocks import clock_of
from ncpi.lib.prepared import Parameter, Prepared

AUDIT_PARTS = ("inspection__force", "case__candidate", "case__case_type", "tool")


def get_own_audit(user: Any, ref: str, pk: int) -> Audit:
    """Return the person's own audit; anybody else's does not exist, whatever role asks."""
    audit = _OWN_AUDIT.one_or_404(**asked_by(user), ref=ref, pk=pk)
    _read(user, audit)
    return audit


_OWN_AUDIT = Prepared(
    lambda: (
        Audit.objects.of(ASKER)
        .filter(inspection__ref=Parameter("ref"), pk=Parameter("pk"))
        .annotate(has_concerns=Exists(Concern.objects.filter(case=OuterRef("case"))))
        .select_related(*AUDIT_PARTS)
    )
)


def get_own_question(inspection: Any, pk: int) -> OwnQuestion:
    """Return a question of the inspection's force, which says nothing about a child."""
    rows = OwnQuestion.objects.filter(force=inspection.force_id, programme=inspection.programme_id)
    return get_object_or_404(rows, pk=pk)


def texts_of(audit: Audit) -> dict[str, str]:
    """Return everything the auditor wrote in words, by where it stands."""
    texts = {"What was done well": audit.strengths, "What to learn": audit.learning, "Reason": audit.grade_reason}
    answers = audit.answers.exclude(text="").select_related("question").order_by("question__order", "pk")
    return texts | {answer.question.ask: answer.text for answer in answers}


def get_case_to_moderate(user: Any, ref: str, code: str) -> Case:
    """Return a case of which both gradings are in; before that nobody sees either."""
    cases = cases_to_moderate().visible_to(user, Permission.AUDIT_MODERATE)
    rows = cases.select_related("inspection__force", "inspection__programme", "candidate", "case_type")
    case = get_object_or_404(rows, inspection__ref=ref, code=code)
    _read(user, case)
    return case


def get_case_for_inspector(user: Any, ref: str, code: str) -> Case:
    """Return a case of the sample for an inspector to grade."""
    rows = Case.objects.visible_to(user, Permission.INSPECTOR_GRADES).in_sample()
    case = get_object_or_404(rows.select_related("inspection__force"), inspection__ref=ref, code=code)
    _read(user, case)
    return case


def get_further_grading(user: Any, ref: str, pk: int) -> FurtherGrading:
    """Return an inspectors' grading of a further case as it stands; one that was corrected is read in its history."""
    rows = FurtherGrading.objects.standing().select_related("inspection__force", "case_type", "grade")
    rows = rows.filter(inspection__force_id__in=forces_granting(user, Permission.INSPECTOR_GRADES))
    row = get_object_or_404(rows, inspection__ref=ref, pk=pk)
    _read(user, row)
    return row


def get_case_for_feedback(user: Any, ref: str, code: str) -> Case:
    """Return a case whose people are told something, or may be once its grade is final."""
    rows = Case.objects.visible_to(user, Permission.SAMPLE_MANAGE)
    rows = rows.filter(Exists(final_cases(inspection__ref=ref).filter(pk=OuterRef("pk"))) | Q(feedback__isnull=False))
    case = get_object_or_404(
        rows.select_related("inspection__force", "candidate", "case_type"), inspection__ref=ref, code=code
    )
    _read(user, case)
    return case


def get_feedback_link(token: str) -> FeedbackLink:
    """Return the link that a secret opens; one that was revoked, is over or was never made does not exist."""
    rows = FeedbackLink.objects.filter(revoked_at=None, digest=digest_of(token)).exclude(
        feedback__state=FeedbackState.DRAFT
    )
    link = get_object_or_404(rows.select_related("inspection__force", "feedback__case__candidate"))
    if link.ends_at <= clock_of(link.inspection.force).at:
        raise Http404
    return link


def get_calibration(user: Any, ref: str, pk: int) -> Calibration:
    rows = Calibration.objects.filter(inspection__force_id__in=forces_granting(user, Permission.AUDIT_MODERATE))
    exercise = get_object_or_404(rows.select_related("inspection__force"), inspection__ref=ref, pk=pk)
    _read(user, exercise)
    return exercise


def get_calibration_case(user: Any, ref: str, pk: int) -> CalibrationCase:
    """Return a case of an open exercise for an auditor to grade."""
    rows = CalibrationCase.objects.filter(inspection__force_id__in=forces_granting(user, Permission.AUDIT_DO))
    rows = rows.filter(calibration__closed_at=None).select_related("inspection__force", "candidate__case_type")
    case = get_object_or_404(rows, inspection__ref=ref, pk=pk)
    _read(user, case)
    return case


def get_concern(user: Any, ref: str, pk: int, permission: Permission) -> Concern:
    rows = Concern.objects.visible_to(user, permission).select_related(
        "inspection__force", "case__candidate", "case__case_type", "raised_by", "acknowledged_by", "resolved_by",
        "closed_by",
    )  # fmt: skip
    concern = get_object_or_404(rows, inspection__ref=ref, pk=pk)
    _read(user, concern)
    return concern


def concerns_of(user: Any, inspection: Any) -> QuerySet[Concern]:
    """Return the inspection's concerns for somebody who may see them, and note that the list was read."""
    journal.record(by=user, verb="read the concerns of", subject=inspection, force=inspection.force)
    return Concern.objects.visible_to(user, Permission.CONCERN_VIEW).filter(inspection=inspection)


def findings_of(user: Any, inspection: Any) -> QuerySet[Finding]:
    journal.record(by=user, verb="read the findings of", subject=inspection, force=inspection.force)
    return Finding.objects.visible_to(user, Permission.SAMPLE_MANAGE).filter(inspection=inspection)


def get_finding(user: Any, ref: str, pk: int) -> Finding:
    rows = Finding.objects.visible_to(user, Permission.SAMPLE_MANAGE).select_related("inspection__force", "audit__case")
    finding = get_object_or_404(rows, inspection__ref=ref, pk=pk)
    _read(user, finding)
    return finding


def _read(user: Any, subject: Any) -> None:
    journal.record(by=user, verb="read", subject=subject, force=subject.inspection.force)
