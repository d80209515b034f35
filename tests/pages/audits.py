"""The pages of the audits."""

from datetime import timedelta

from django.utils import timezone

from audits import (
    calibration_operations,
    concern_operations,
    feedback_operations,
    finding_operations,
    inspector_operations,
)
from audits.feedback_queries import digest_of
from audits.models import Capacity, Feedback, FeedbackLink
from cases.models import Case
from ncpi.accounts.permissions import Permission
from tests.audits import factories
from tests.factories import make_user
from tests.pages.base import Page, World

AUDIT, MODERATE, FIGURES = Permission.AUDIT_DO, Permission.AUDIT_MODERATE, Permission.AUDIT_FIGURES_VIEW
INSPECTOR, MANAGE = Permission.INSPECTOR_GRADES, Permission.SAMPLE_MANAGE
SEE, HANDLE = Permission.CONCERN_VIEW, Permission.CONCERN_HANDLE


def build(world: World) -> None:
    """One case with the auditor, one with two gradings across the line, one concern and one finding."""
    cases = list(Case.objects.filter(inspection=world.inspection).order_by("pk")[:2])
    sample = cases[0].sample
    sampled = factories.Sampled(world.inspection, world.force, sample, cases, world.people["coordinator"])
    auditor = world.people["auditor"]
    audit = factories.give(sampled, cases[0], auditor)
    others = [make_user("auditor", force=world.force) for _ in range(2)]
    factories.two_gradings(sampled, cases[1], "good", "inadequate", auditors=others)
    world.made["audit"] = audit
    world.made["moderated_case"] = cases[1]
    world.made["concern"] = concern_operations.raise_concern(
        by=auditor, case=cases[0], audit=audit, text="Not seen for five weeks.", at=factories.AT, now=factories.AT
    )
    world.made["own_question"] = factories.own_question(world.inspection, world.people["coordinator"])
    world.made["feedback"] = feedback_operations.write_feedback(
        by=world.people["coordinator"],
        case=cases[1],
        version=0,
        to="team",
        good="A clear log.",
        learn="",
        at=factories.AT,
    )
    release(world)
    world.made["exercise"] = calibration_operations.begin_calibration(
        by=world.people["moderator"], inspection=world.inspection, at=factories.AT
    )
    world.made["further"] = inspector_operations.grade_further_case(
        by=world.people["inspector"],
        inspection=world.inspection,
        reference="FN9999/21",
        case_type=cases[0].case_type,
        grade=factories.grade_of(world.inspection, "good"),
        reason="Seen.",
        at=factories.AT,
    )
    world.made["finding"] = finding_operations.record_finding(
        by=auditor, audit=audit, text="Plans are not on the system.", area=None, at=factories.AT + timedelta(hours=1)
    )


def release(world: World) -> None:
    """Write a link to released feedback down, whose secret is known here, without the final grade that it takes."""
    row = world.made["feedback"]
    Feedback.objects.filter(pk=row.pk).update(
        state="released", released_by=world.people["coordinator"], released_at=factories.AT
    )
    FeedbackLink.objects.create(
        inspection=world.inspection,
        feedback=row,
        digest=digest_of("a-secret"),
        made_by=world.people["coordinator"],
        made_at=factories.AT,
        ends_at=timezone.now() + feedback_operations.LINK_LASTS,
    )


def feedback_token(world):
    return {"token": "a-secret"}


def inspection(world):
    return {"ref": world.inspection.ref}


def own(world):
    return {"ref": world.inspection.ref, "pk": world.made["audit"].pk}


def own_question(world):
    return {"ref": world.inspection.ref, "pk": world.made["own_question"].pk}


def auditor(world):
    return {"ref": world.inspection.ref, "pk": world.people["auditor"].pk}


def concern(world):
    return {"ref": world.inspection.ref, "pk": world.made["concern"].pk}


def finding(world):
    return {"ref": world.inspection.ref, "pk": world.made["finding"].pk}


def further(world):
    return {"ref": world.inspection.ref, "pk": world.made["further"].pk}


def case(world):
    return {"ref": world.inspection.ref, "code": world.made["case"].code}


def moderated(world):
    return {"ref": world.inspection.ref, "code": world.made["moderated_case"].code}


def exercise(world):
    return {"ref": world.inspection.ref, "pk": world.made["exercise"].pk}


def calibration_case(world):
    return {"ref": world.inspection.ref, "pk": world.made["exercise"].cases.order_by("order")[0].pk}


def graded(world):
    return {"ref": world.inspection.ref, "code": world.made["feedback"].case.code}


def capacity(world):
    return {**case(world), "capacity": Capacity.SECOND.value}


PAGES = [
    Page("audits:my-cases", AUDIT, inspection),
    Page("audits:audit", AUDIT, own, only=("auditor",)),
    Page("audits:answer", AUDIT, own, get=None),
    Page("audits:note", AUDIT, own, get=None),
    Page("audits:save", AUDIT, own, get=None),
    Page("audits:raise-concern", AUDIT, own, get=None),
    Page("audits:record-finding", AUDIT, own, get=None),
    Page("audits:correct-grade", AUDIT, own, only=("auditor",)),
    Page("audits:take-to-paper", AUDIT, own, get=None),
    Page("audits:blank", AUDIT, own, only=("auditor",)),
    Page("audits:questions", MANAGE, inspection),
    Page("audits:add-question", MANAGE, inspection),
    Page("audits:put-to-use", MANAGE, inspection, get=None),
    Page("audits:withdraw-question", MANAGE, own_question, get=None),
    Page("audits:allocation", MANAGE, inspection),
    Page("audits:auditor", MANAGE, auditor),
    Page("audits:conflict", AUDIT, own, only=("auditor",)),
    Page("audits:reallocate", MANAGE, capacity),
    Page("audits:findings", MANAGE, inspection),
    Page("audits:finding-action", MANAGE, finding),
    Page("audits:moderation", MODERATE, inspection),
    Page("audits:moderate", MODERATE, moderated),
    Page("audits:feedback-list", MANAGE, inspection),
    Page("audits:feedback", MANAGE, graded),
    Page("audits:acknowledge-feedback", MANAGE, graded, get=None),
    Page("audits:send-feedback", MANAGE, graded, get=None),
    Page("audits:revoke-feedback-link", MANAGE, graded, get=None),
    Page("audits:read-feedback", "public", feedback_token),
    Page("audits:calibration", Permission.GUIDANCE_VIEW, inspection),
    Page("audits:begin-calibration", MODERATE, inspection, get=None),
    Page("audits:close-calibration", MODERATE, exercise, get=None),
    Page("audits:calibrate", AUDIT, calibration_case),
    Page("audits:guidance", Permission.GUIDANCE_VIEW, inspection),
    Page("audits:agreement", FIGURES, inspection),
    Page("audits:published-figures", FIGURES, inspection),
    Page("audits:published-results", FIGURES, inspection),
    Page("audits:my-agreement", AUDIT, inspection),
    Page("audits:inspector-gradings", INSPECTOR, inspection),
    Page("audits:import-inspector-gradings", INSPECTOR, inspection),
    Page("audits:inspector-gradings-columns", INSPECTOR, inspection),
    Page("audits:grade-further", INSPECTOR, inspection),
    Page("audits:further-grading", INSPECTOR, further),
    Page("audits:grade-as-inspector", INSPECTOR, case),
    Page("audits:concerns", SEE, inspection),
    Page("audits:concern", SEE, concern),
    Page("audits:acknowledge-concern", HANDLE, concern, get=None),
    Page("audits:resolve-concern", HANDLE, concern, get=None),
    Page("audits:close-concern", HANDLE, concern, get=None),
    Page("audits:return-concern", HANDLE, concern, get=None),
]
