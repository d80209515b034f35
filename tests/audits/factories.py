"""A drawn sample with auditors, for tests of what happens to it."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from audits import allocation_operations, operations
from audits.models import Audit, Capacity
from cases.models import Candidate, Case, Frame, PlanLine, Sample
from ncpi.inspections.models import CaseType, Grade
from tests.factories import NOW, TODAY, make_inspection, make_user

AT = NOW + timedelta(hours=1)


@dataclass
class Sampled:
    inspection: Any
    force: Any
    sample: Sample
    cases: list[Case]
    coordinator: Any


def make_sample(inspection=None, *, cases=3, percent=0, case_type="missing", seed="20210614"):
    """Return a drawn sample of so many cases of one type."""
    inspection = inspection or make_inspection()
    coordinator = make_user("coordinator", force=inspection.force)
    kind = CaseType.objects.get(programme=inspection.programme, key=case_type)
    number = Frame.objects.filter(inspection=inspection).count() + 1
    frame = Frame.objects.create(
        inspection=inspection, number=number, file_name="frame.csv", file_sha256="0" * 64, rows=cases,
        imported_by=coordinator, imported_at=NOW, frozen_by=coordinator, frozen_at=NOW, digest="0" * 64,
    )  # fmt: skip
    sample = Sample.objects.create(
        inspection=inspection, frame=frame, number=number, second_grading_percent=percent, seed=seed,
        plan_fixed_by=coordinator, plan_fixed_at=NOW, drawn_by=coordinator, drawn_at=NOW,
    )  # fmt: skip
    PlanLine.objects.create(sample=sample, case_type=kind, size=cases)
    made = [_case(inspection, frame, sample, kind, place) for place in range(1, cases + 1)]
    return Sampled(inspection, inspection.force, sample, made, coordinator)


def _case(inspection, frame, sample, kind, place):
    candidate = Candidate.objects.create(
        frame=frame, reference=f"FN{place:04d}/21", case_type=kind, district=f"District {place % 2}", team="Team 1",
        reported_on=TODAY, ethnicity_recorded=place % 2 == 0,
    )  # fmt: skip
    code = hashlib.sha256(f"{sample.pk}|{place}".encode()).hexdigest()[:6].upper()
    return Case.objects.create(
        inspection=inspection, sample=sample, candidate=candidate, case_type=kind, code=code, rank=place, drawn_at=NOW
    )


def give(sampled, case, auditor, capacity=Capacity.FIRST):
    """Give a case to an auditor."""
    return allocation_operations.allocate_case(
        by=sampled.coordinator, case=case, capacity=capacity, auditor=auditor, on=TODAY, at=AT
    )


def grade_of(inspection, key):
    return Grade.objects.get(programme=inspection.programme, key=key)


def fill(audit, *, value="yes", at=AT):
    """Answer every question of an audit the same way, as far as its kind allows."""
    typed = {
        question.pk: operations.Typed("" if question.kind == "text" else value, "Said in words.", 0)
        for question in operations.questions_of(audit)
    }
    operations.record_answers(by=audit.auditor, audit=audit, typed=typed, at=at)


def hand_in(audit, grade="good", *, value="yes", at=AT):
    """Answer everything, grade, and hand in."""
    fill(audit, value=value, at=at)
    changes = {"grade": grade_of(audit.inspection, grade), "grade_reason": "What the record shows."}
    audit = operations.record_notes(by=audit.auditor, audit=audit, version=audit.version, changes=changes, at=at)
    operations.submit_audit(by=audit.auditor, audit=audit, version=audit.version, at=at)
    return Audit.objects.get(pk=audit.pk)


def two_gradings(sampled, case, first, second, *, auditors):
    """Have one case graded by two auditors."""
    one = give(sampled, case, auditors[0])
    other = give(sampled, case, auditors[1], Capacity.SECOND)
    hand_in(one, first)
    hand_in(other, second)
