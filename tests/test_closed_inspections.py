"""A closed inspection stays as it is: every writing operation of the protected rooms refuses it, or says here why not.

Each act is carried out once while the inspection is open, so that nothing but its being closed can be the reason for
the refusal. A new operation is in neither list, and fails.
"""

import ast
import io
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse

from audits import (
    allocation_operations,
    calibration_operations,
    concern_operations,
    correction_operations,
    feedback_operations,
    finding_operations,
    inspector_operations,
    operations,
    tool_operations,
)
from audits.models import Answer, Audit, Capacity, Concern, Finding, Grading
from cases import extract_operations, set_aside_operations
from cases import operations as samples
from cases.checking import check_extract, look
from cases.extract import own_columns
from cases.models import Frame
from ncpi.inspections.models import Inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.tables import read_csv
from ncpi.lib.uploads import as_it_is
from tests import worlds
from tests.audits.factories import AT, drawn_sample, fill, give, grade_of, hand_in, own_question, two_gradings
from tests.factories import NOW, TODAY, client_of, make_extract, make_frame, make_inspection, make_plan, make_user

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parent.parent

# What goes on in a closed inspection, each with its reason.
GOES_ON = {
    "audits.concern_operations.raise_concern": "a child who may not be safe is no paperwork",
    "audits.concern_operations.acknowledge_concern": "a child who may not be safe is no paperwork",
    "audits.concern_operations.resolve_concern": "a child who may not be safe is no paperwork",
    "audits.concern_operations.close_concern": "a child who may not be safe is no paperwork",
    "audits.concern_operations.return_concern": "a child who may not be safe is no paperwork",
    "audits.tool_operations.make_tool": "a tool is the force's, and belongs to no inspection",
    "audits.operations.settle_by_rule": "part of handing in, which refuses",
    **{
        f"cases.retention_operations.{name}": "closing keeps the record as it is, not the content for ever"
        for name in ("keep_until", "hold", "release", "propose", "decline", "erase")
    },
    "audits.erasing_operations.erase_audits": "part of erasing, which goes on",
    "cases.extract_operations.finish_import": "the file is refused, and the refusal is written down",
    "cases.extract_operations.give_up_import": "the file is refused, and the refusal is written down",
    "audits.feedback_operations.revoke_link": "ending a link lets nothing more in or out",
    "audits.figure_operations.publish_figures": "part of compiling, which is refused where it is asked for",
}


def writing_operations():
    """Name every public function of the operations that takes who does it."""
    for path in sorted(path for app in ("audits", "cases") for path in (ROOT / app).glob("*operations.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            is_public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            if is_public and any(argument.arg == "by" for argument in node.args.kwonlyargs):
                yield f"{path.parent.name}.{path.stem}.{node.name}"


# The acts: each arranges what it needs in an open inspection and returns it with what is done then.


def fresh(row):
    return type(row).objects.select_related("inspection__force").get(pk=row.pk)


def as_it_is_now(inspection):
    return Inspection.objects.select_related("force", "programme").get(pk=inspection.pk)


drawn = worlds.copies(lambda: drawn_sample(cases=2))


@pytest.fixture
def sampled(drawn, db):
    return drawn()


def _started(sampled):
    audit = give(sampled, sampled.cases[0], make_user("auditor", force=sampled.force))
    return sampled.inspection, audit


def record_answer(sampled):
    inspection, audit = _started(sampled)
    question = operations.questions_of(audit).filter(kind="scale").first().pk
    given = {"audit_id": audit.pk, "question_id": question, "value": "yes", "text": "", "version": 0}
    return inspection, lambda: operations.record_answer(by=audit.auditor, ref=inspection.ref, on=TODAY, now=AT, **given)


def record_answers(sampled):
    inspection, audit = _started(sampled)
    question = operations.questions_of(audit).filter(kind="scale").first().pk
    typed = {question: operations.Typed("yes", "", 0)}
    return inspection, lambda: operations.record_answers(by=audit.auditor, audit=fresh(audit), typed=typed, at=AT)


def record_notes(sampled):
    inspection, audit = _started(sampled)
    changes = {"strengths": "A clear log."}
    return inspection, lambda: operations.record_notes(
        by=audit.auditor, audit=fresh(audit), version=1, changes=changes, at=AT
    )


def submit_audit(sampled):
    inspection, audit = _started(sampled)
    fill(audit)
    changes = {"grade": grade_of(inspection, "good"), "grade_reason": "What the record shows."}
    version = operations.record_notes(
        by=audit.auditor, audit=audit, version=audit.version, changes=changes, at=AT
    ).version
    return inspection, lambda: operations.submit_audit(by=audit.auditor, audit=fresh(audit), version=version, at=AT)


def moderate(sampled):
    auditors = [make_user("auditor", force=sampled.force) for _ in range(2)]
    two_gradings(sampled, sampled.cases[0], "good", "inadequate", auditors=auditors)
    decided = {"grade": grade_of(sampled.inspection, "good"), "reason": "Seen.", "criterion_key": "C20-INI-1"}
    by = make_user("moderator", force=sampled.force)
    return sampled.inspection, lambda: operations.moderate(
        by=by, case=fresh(sampled.cases[0]), question=None, at=AT, **decided
    )


def correct_grading(sampled):
    inspection, audit = _started(sampled)
    hand_in(audit, "good")
    grade = grade_of(inspection, "inadequate")
    return inspection, lambda: correction_operations.correct_grading(
        by=audit.auditor, audit=fresh(audit), grade=grade, reason="Read again.", at=AT
    )


def begin_calibration(sampled):
    by = make_user("moderator", force=sampled.force)
    return sampled.inspection, lambda: calibration_operations.begin_calibration(
        by=by, inspection=as_it_is_now(sampled.inspection), at=AT
    )


def grade_for_calibration(sampled):
    inspection, act = begin_calibration(sampled)
    case, by = act().cases.first(), make_user("auditor", force=inspection.force)
    return inspection, lambda: calibration_operations.grade_for_calibration(
        by=by, case=fresh(case), grade=grade_of(inspection, "good"), reason="Seen.", at=AT
    )


def close_calibration(sampled):
    inspection, act = begin_calibration(sampled)
    exercise = act()
    return inspection, lambda: calibration_operations.close_calibration(
        by=exercise.opened_by, exercise=fresh(exercise), version=1, at=AT
    )


def take_to_paper(sampled):
    inspection, audit = _started(sampled)
    return inspection, lambda: operations.take_to_paper(by=audit.auditor, audit=fresh(audit), at=AT)


def add_question(sampled):
    inspection = make_inspection(name="Inspection 2022")
    by = make_user("coordinator", force=inspection.force)
    return inspection, lambda: own_question(as_it_is_now(inspection), by)


def withdraw_question(sampled):
    inspection, act = add_question(sampled)
    question = act()
    return inspection, lambda: tool_operations.withdraw_question(
        by=question.added_by, inspection=as_it_is_now(inspection), question=question, version=1, at=AT
    )


def put_to_use(sampled):
    inspection, act = add_question(sampled)
    by = act().added_by
    return inspection, lambda: tool_operations.put_to_use(by=by, inspection=as_it_is_now(inspection), at=AT)


def grade_as_inspector(sampled):
    by, grade = make_user("inspector", force=sampled.force), grade_of(sampled.inspection, "good")
    return sampled.inspection, lambda: inspector_operations.grade_as_inspector(
        by=by, case=fresh(sampled.cases[0]), grade=grade, reason="Seen.", at=AT
    )


def grade_further_case(sampled):
    inspection, act = grade_as_inspector(sampled)
    given = {"by": act().by, "grade": grade_of(inspection, "good"), "reason": "Seen.", "at": AT}
    kind = sampled.cases[0].case_type
    return inspection, lambda: inspector_operations.grade_further_case(
        inspection=as_it_is_now(inspection), reference="FN9999/21", case_type=kind, **given
    )


def correct_inspector_grading(sampled):
    inspection, act = grade_as_inspector(sampled)
    row, worse = act(), grade_of(inspection, "inadequate")
    return inspection, lambda: inspector_operations.correct_inspector_grading(
        by=row.by, grading=fresh(row), grade=worse, reason="Read again.", at=AT
    )


def import_grades(sampled):
    data = f"case,grade\n{sampled.cases[0].code},good\n".encode()
    document = as_it_is(io.BytesIO(data), "list.csv", extension="csv", media_type="text/csv")
    return sampled.inspection, lambda: inspector_operations.import_grades(
        by=sampled.coordinator, inspection=sampled.inspection, document=document, table=read_csv(data), at=AT
    )


def record_finding(sampled):
    inspection, audit = _started(sampled)
    return inspection, lambda: finding_operations.record_finding(
        by=audit.auditor, audit=fresh(audit), text="Plans are kept in e-mail.", area=None, at=AT
    )


def raise_action_from_finding(sampled):
    inspection, audit = _started(sampled)
    finding = finding_operations.record_finding(by=audit.auditor, audit=audit, text="x", area=None, at=AT)
    asked = {"title": "Keep plans on the system", "owner": audit.auditor, "due_date": TODAY, "on": TODAY, "at": AT}
    return inspection, lambda: finding_operations.raise_action_from_finding(
        by=audit.auditor, finding=fresh(finding), version=1, **asked
    )


def allocate_cases(sampled):
    make_user("auditor", force=sampled.force)
    return sampled.inspection, lambda: allocation_operations.allocate_cases(
        by=sampled.coordinator, inspection=sampled.inspection, on=TODAY, at=AT
    )


def declare_conflict(sampled):
    inspection, audit = _started(sampled)
    return inspection, lambda: allocation_operations.declare_conflict(
        by=audit.auditor, audit=fresh(audit), reason="Mine.", at=AT
    )


def describe_auditor(sampled):
    inspection = make_inspection(name="Inspection 2022")
    user = make_user("auditor", force=inspection.force)
    said = {"version": 0, "team": "Team 1", "specialisms": [], "share": None}
    return inspection, lambda: allocation_operations.describe_auditor(by=user, inspection=inspection, user=user, **said)


def ask_second_grading(sampled):
    inspection, audit = _started(sampled)
    make_user("auditor", force=inspection.force)
    return inspection, lambda: allocation_operations.ask_second_grading(
        by=audit.allocated_by, case=fresh(audit.case), on=TODAY, at=AT
    )


def ask_second_at_extremes(sampled):
    sampled = drawn_sample(make_inspection(name="Inspection 2022"), cases=1, extremes=True)
    hand_in(give(sampled, sampled.cases[0], make_user("auditor", force=sampled.force)))
    make_user("auditor", force=sampled.force)
    return sampled.inspection, lambda: allocation_operations.ask_second_at_extremes(
        by=sampled.coordinator, case=fresh(sampled.cases[0]), on=TODAY, at=AT
    )


def allocate_case(sampled):
    inspection, audit = _started(sampled)
    other = make_user("auditor", force=inspection.force)
    return inspection, lambda: allocation_operations.allocate_case(
        by=audit.allocated_by, case=fresh(audit.case), capacity=Capacity.FIRST, auditor=other, on=TODAY, at=AT
    )


def end_audits_of_replaced(sampled):
    inspection, audit = _started(sampled)
    return inspection, lambda: allocation_operations.end_audits_of_replaced(
        by=audit.allocated_by, case=fresh(audit.case), at=AT
    )


def import_extract(sampled):
    inspection = make_inspection(name="Inspection 2022")
    by, data = make_user("coordinator", force=inspection.force), make_extract()
    return inspection, lambda: samples.import_extract(
        by=by, inspection=inspection, file_name="extract.csv", data=data, at=NOW
    )


def keep_frame(sampled):
    inspection = make_inspection(name="Inspection 2022")
    by, data = make_user("coordinator", force=inspection.force), make_extract()

    def act():
        with check_extract(io.BytesIO(data), "csv", mapping=None, **samples.types_of(inspection)) as checked:
            samples.keep_frame(
                by=by, inspection=inspection, file_name="extract.csv", sha256="0" * 64, checked=checked, at=NOW
            )

    return inspection, act


def _brought(sampled):
    inspection = make_inspection(name="Inspection 2022")
    by, data = make_user("coordinator", force=inspection.force), make_extract()
    document = as_it_is(io.BytesIO(data), "extract.csv", extension="csv", media_type="text/csv")
    brought = {"by": by, "inspection": inspection, "document": document, "look": look(document.file, "csv"), "at": NOW}
    return inspection, by, lambda: extract_operations.bring_extract(**brought)


def bring_extract(sampled):
    inspection, _, bring = _brought(sampled)
    return inspection, bring


def start_import(sampled):
    inspection, by, bring = _brought(sampled)
    extract = bring()
    mapping = own_columns(extract.header)
    return inspection, lambda: extract_operations.start_import(by=by, extract=fresh(extract), mapping=mapping, now=NOW)


def put_aside(sampled):
    inspection, by, bring = _brought(sampled)
    extract = bring()
    return inspection, lambda: extract_operations.put_aside(by=by, extract=fresh(extract), at=NOW)


def freeze_frame(sampled):
    inspection = make_inspection(name="Inspection 2022")
    frame = make_frame(inspection, frozen=False)
    return inspection, lambda: samples.freeze_frame(by=frame.imported_by, frame=fresh(frame), version=1, at=NOW)


def discard_frame(sampled):
    inspection = make_inspection(name="Inspection 2022")
    frame = make_frame(inspection, frozen=False)
    return inspection, lambda: samples.discard_frame(by=frame.imported_by, frame=fresh(frame), version=1, at=NOW)


def fix_plan(sampled):
    inspection = make_inspection(name="Inspection 2022")
    frame = make_frame(inspection)
    plan = {"sizes": {"missing": 2}, "second_grading_percent": 20}
    return inspection, lambda: samples.fix_plan(by=frame.imported_by, frame=fresh(frame), at=NOW, **plan)


def draw_sample(sampled):
    inspection = make_inspection(name="Inspection 2022")
    sample = make_plan(inspection)
    return inspection, lambda: samples.draw_sample(by=sample.plan_fixed_by, sample=fresh(sample), seed="123456", at=NOW)


def set_aside(sampled):
    left = sampled.sample.frame.candidates.filter(case=None).values_list("pk", flat=True)[:1]
    return sampled.inspection, lambda: set_aside_operations.set_aside(
        by=sampled.coordinator, inspection=sampled.inspection, candidates=left, reason="Graded by all.", at=AT
    )


def replace_case(sampled):
    return sampled.inspection, lambda: samples.replace_case(
        by=sampled.coordinator, case=fresh(sampled.cases[0]), version=1, reason="Sealed.", at=AT
    )


def write_feedback(sampled):
    hand_in(give(sampled, sampled.cases[0], make_user("auditor", force=sampled.force)))
    said = {"to": "team", "good": "A clear log.", "learn": ""}
    return sampled.inspection, lambda: feedback_operations.write_feedback(
        by=sampled.coordinator, case=fresh(sampled.cases[0]), version=0, at=AT, **said
    )


def release_feedback(sampled):
    inspection, act = write_feedback(sampled)
    row = act()
    return inspection, lambda: feedback_operations.release_feedback(
        by=row.written_by, case=fresh(row.case), feedback=row, version=1, at=AT
    )


def acknowledge_feedback(sampled):
    inspection, act = release_feedback(sampled)
    row = act()
    return inspection, lambda: feedback_operations.acknowledge_feedback(
        by=row.written_by, case=fresh(row.case), feedback=row, version=2, reply="", at=AT
    )


def send_feedback(sampled):
    inspection, act = release_feedback(sampled)
    row = act()
    return inspection, lambda: feedback_operations.send_feedback(
        by=row.written_by, feedback=fresh(row), to="", at=AT, now=NOW
    )


ACTS = {
    "audits.allocation_operations": (
        allocate_cases,
        declare_conflict,
        describe_auditor,
        ask_second_grading,
        ask_second_at_extremes,
        allocate_case,
        end_audits_of_replaced,
    ),
    "audits.calibration_operations": (begin_calibration, grade_for_calibration, close_calibration),
    "audits.correction_operations": (correct_grading,),
    "audits.feedback_operations": (write_feedback, release_feedback, acknowledge_feedback, send_feedback),
    "audits.finding_operations": (record_finding, raise_action_from_finding),
    "audits.operations": (
        record_answer,
        record_answers,
        record_notes,
        take_to_paper,
        submit_audit,
        moderate,
    ),
    "audits.inspector_operations": (
        grade_as_inspector,
        grade_further_case,
        correct_inspector_grading,
        import_grades,
    ),
    "audits.tool_operations": (add_question, withdraw_question, put_to_use),
    "cases.extract_operations": (bring_extract, start_import, put_aside),
    "cases.set_aside_operations": (set_aside,),
    "cases.operations": (import_extract, keep_frame, freeze_frame, discard_frame, fix_plan, draw_sample, replace_case),
}


def close(inspection):
    Inspection.objects.filter(pk=inspection.pk).update(closed_at=AT)
    inspection.refresh_from_db()


def test_every_writing_operation_is_listed():
    refusing = {f"{module}.{act.__name__}" for module, acts in ACTS.items() for act in acts}

    assert sorted(writing_operations()) == sorted([*refusing, *GOES_ON])


@pytest.mark.parametrize("arrange", [act for acts in ACTS.values() for act in acts], ids=lambda act: act.__name__)
def test_what_is_done_in_an_open_inspection_is_refused_in_a_closed_one(sampled, arrange):
    inspection, act = arrange(sampled)
    with transaction.atomic():
        act()
        transaction.set_rollback(True)
    close(inspection)

    with pytest.raises(InspectionClosed):
        act()


def test_a_concern_is_raised_and_seen_to_after_the_inspection_was_closed(sampled):
    inspection, audit = _started(sampled)
    close(inspection)
    one, other = (make_user("coordinator", force=inspection.force) for _ in range(2))

    concern = concern_operations.raise_concern(
        by=audit.auditor, case=fresh(audit.case), audit=fresh(audit), text="Not seen since May.", at=AT, now=NOW
    )
    concern = concern_operations.acknowledge_concern(by=one, concern=concern, version=1, at=AT)
    concern = concern_operations.resolve_concern(by=one, concern=concern, version=2, done="Seen and safe.", at=AT)
    concern = concern_operations.return_concern(by=other, concern=concern, version=3, at=AT)
    concern = concern_operations.resolve_concern(by=one, concern=concern, version=4, done="Seen again.", at=AT)
    concern = concern_operations.close_concern(by=other, concern=concern, version=5, at=AT)

    assert concern.state == "closed"


# On the pages, the refusal stands where the person is.


def test_an_audit_of_a_closed_inspection_is_read_and_takes_no_answer(sampled):
    inspection, audit = _started(sampled)
    close(inspection)
    client = client_of(audit.auditor)
    question = operations.questions_of(audit).filter(kind="scale").first().pk
    page = reverse("audits:audit", args=[inspection.ref, audit.pk])
    posted = {f"q{question}": "no", f"t{question}": "Not on the record.", f"v{question}": "0"}

    seen = client.get(page)
    answered = client.post(reverse("audits:answer", args=[inspection.ref, audit.pk]), posted)
    noted = client.post(reverse("audits:note", args=[inspection.ref, audit.pk]), {"version": 1, "strengths": "x"})
    saved = client.post(reverse("audits:save", args=[inspection.ref, audit.pk]), {**posted, "version": 1})

    assert (seen.status_code, seen.context["is_open"]) == (200, False)
    assert [(response.status_code, list(response.json())) for response in (answered, noted)] == [(403, ["error"])] * 2
    assert saved.status_code == 409
    assert "Inspection 2021 is closed. Nothing was saved." in saved.content.decode()
    assert "Not on the record." in saved.content.decode()
    assert Answer.objects.count() == 0


def test_allocating_in_a_closed_inspection_is_refused_on_the_page():
    sampled = drawn_sample(cases=1)
    make_user("auditor", force=sampled.force)
    close(sampled.inspection)
    client = client_of(sampled.coordinator)

    response = client.post(reverse("audits:allocation", args=[sampled.inspection.ref]), {"way": "equal"}, follow=True)

    assert [str(message) for message in response.context["messages"]] == ["Inspection 2021 is closed."]
    assert Audit.objects.count() == 0


@pytest.mark.parametrize(
    ("arrange", "role", "address", "posted", "model"),
    [
        (moderate, "moderator", "audits:moderate", {"reason": "Seen."}, None),
        (grade_as_inspector, "inspector", "audits:grade-as-inspector", {"reason": "Seen."}, Grading),
    ],
)
def test_a_grade_in_a_closed_inspection_is_refused_beside_the_form(sampled, arrange, role, address, posted, model):
    inspection, _ = arrange(sampled)
    before = Grading.objects.count()
    close(inspection)
    client = client_of(make_user(role, force=inspection.force))
    path = reverse(address, args=[inspection.ref, sampled.cases[0].code])
    criterion = client.get(path).context["form"].fields.get("criterion")
    posted = {**posted, "grade": grade_of(inspection, "good").pk}
    posted |= {"criterion": criterion.queryset.first().pk} if criterion else {}

    response = client.post(path, posted)

    assert response.context["form"].non_field_errors() == ["Inspection 2021 is closed."]
    assert Grading.objects.count() == before


def test_a_finding_in_a_closed_inspection_is_refused_beside_the_form(sampled):
    inspection, audit = _started(sampled)
    close(inspection)

    response = client_of(audit.auditor).post(
        reverse("audits:record-finding", args=[inspection.ref, audit.pk]), {"text": "Plans in e-mail."}
    )

    assert (response.status_code, response.context["finding_form"].errors["text"]) == (
        409,
        ["Inspection 2021 is closed."],
    )
    assert Finding.objects.count() == 0


def test_a_plan_in_a_closed_inspection_is_refused_beside_the_form():
    inspection = make_inspection()
    frame = make_frame(inspection)
    close(inspection)
    keys = inspection.programme.case_types.values_list("key", flat=True)
    path = reverse("cases:plan", args=[inspection.ref])
    client = client_of(frame.imported_by)
    fields = client.get(path).context["form"].initial or {}
    posted = dict.fromkeys(client.get(path).context["form"].fields, 1) | fields | {"spread": "type"}

    response = client.post(path, posted)

    assert response.context["form"].non_field_errors() == ["Inspection 2021 is closed."]
    assert (len(keys), Frame.objects.get(inspection=inspection).samples.count()) == (9, 0)


def test_the_concern_panel_of_a_closed_inspection_still_works(sampled):
    inspection, audit = _started(sampled)
    close(inspection)

    response = client_of(audit.auditor).post(
        reverse("audits:raise-concern", args=[inspection.ref, audit.pk]), {"text": "Not seen since May."}
    )

    assert (response.status_code, Concern.objects.count()) == (302, 1)
