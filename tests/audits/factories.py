"""A drawn sample with auditors, for tests of what happens to it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from audits import allocation_operations, operations, tool_operations
from audits.models import Audit, Capacity, Grading
from cases import operations as samples
from cases.models import Case, Sample
from ncpi.inspections.models import Grade
from ncpi.lib.prepared import Parameter, Prepared
from tests.factories import NOW, TODAY, make_inspection, make_user

AT = NOW + timedelta(hours=1)


@dataclass
class Sampled:
    inspection: Any
    force: Any
    sample: Sample
    cases: list[Case]
    coordinator: Any


def drawn_sample(
    inspection=None, *, cases=3, percent=0, case_type="missing", seed="20210614", outside=2, extremes=False, asks=True
):
    """Return a drawn sample of so many cases of one type, with what its audits ask unless that is to come."""
    inspection = inspection or make_inspection()
    by = make_user("coordinator", force=inspection.force)
    lines = [
        f"FN{place:04d}/21,{case_type},District {place % 2},Team 1,2021-05-01,,,{'yes' if place % 2 else 'no'}"
        for place in range(1, cases + outside + 1)
    ]
    header = "reference,case_type,district,team,reported_on,finalised_on,outcome,ethnicity_recorded"
    data = "\n".join([header, *lines]).encode()
    frame = samples.import_extract(by=by, inspection=inspection, file_name="extract.csv", data=data, at=NOW)
    frame = samples.freeze_frame(by=by, frame=frame, version=frame.version, at=NOW)
    asked = {"second_grading_percent": percent, "second_at_extremes": extremes}
    plan = samples.fix_plan(by=by, frame=frame, sizes={case_type: cases}, at=NOW, **asked)
    sample = samples.draw_sample(by=by, sample=plan, seed=seed, at=NOW)
    if asks:
        tool_operations.make_tool(by=by, force=inspection.force, programme=inspection.programme, at=AT)
    return Sampled(inspection, inspection.force, sample, list(sample.cases.order_by("rank")), by)


def give(sampled, case, auditor, capacity=Capacity.FIRST):
    """Give a case to an auditor."""
    return allocation_operations.allocate_case(
        by=sampled.coordinator, case=case, capacity=capacity, auditor=auditor, on=TODAY, at=AT
    )


_GRADE = Prepared(lambda: Grade.objects.filter(programme=Parameter("programme"), key=Parameter("key")))


def grade_of(inspection, key):
    return _GRADE.one_or_404(programme=inspection.programme_id, key=key)


def fill(audit, *, value="yes", said="Said in words.", at=AT):
    """Answer every question of an audit the same way, as far as its kind allows."""
    typed = {
        question.pk: operations.Typed("" if question.kind == "text" else value, said, 0)
        for question in operations.questions_of(audit)
    }
    operations.record_answers(by=audit.auditor, audit=audit, typed=typed, at=at)


def hand_in(audit, grade="good", *, value="yes", said="What the record shows.", at=AT):
    """Answer everything, grade, and hand in."""
    if not audit.answers.exists():
        fill(audit, value=value, at=at)
    changes = {"grade": grade_of(audit.inspection, grade), "grade_reason": said}
    audit = operations.record_notes(by=audit.auditor, audit=audit, version=audit.version, changes=changes, at=at)
    operations.submit_audit(by=audit.auditor, audit=audit, version=audit.version, at=at)
    return Audit.objects.get(pk=audit.pk)


def two_gradings(sampled, case, first, second, *, auditors):
    """Have one case graded by two auditors."""
    one = give(sampled, case, auditors[0])
    other = give(sampled, case, auditors[1], Capacity.SECOND)
    hand_in(one, first)
    hand_in(other, second)


def graded(sampled, case, capacity, key, *, by, at=AT, corrects=None):
    """Write one grading down as it would stand, without the audit that led to it."""
    return Grading.objects.create(
        inspection=sampled.inspection, case=case, capacity=capacity, grade=grade_of(sampled.inspection, key),
        reason="What the record shows.", by=by, at=at, corrects=corrects,
    )  # fmt: skip


def own_question(inspection, by, **said):
    """Add a question of the force's own; it is not put to use yet."""
    given = {"ask": "Was our prompt card used?", "kind": "scale", "case_type": None}
    given |= {"is_required": False, "follow_up": ""} | said
    return tool_operations.add_question(by=by, inspection=inspection, at=AT, **given)
