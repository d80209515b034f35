from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, InternalError, connection, transaction

from audits import (
    allocation_operations,
    concern_operations,
    finding_operations,
    inspector_operations,
    operations,
    tool_operations,
)
from audits.models import Answer, Audit, Capacity, Concern, Finding, Grading, Moderation, Tool
from audits.queries import cases_to_moderate
from cases import operations as samples
from cases.hooks import CaseInUse
from cases.models import Case
from ncpi.accounts.models import JournalEntry
from ncpi.actions.models import Action
from ncpi.inspections.models import ChangeMark
from ncpi.jobs.models import Job, Mail
from ncpi.lib.versions import StaleVersion
from tests import worlds
from tests.audits.factories import AT, drawn_sample, fill, give, grade_of, hand_in, two_gradings
from tests.factories import TODAY, make_force, make_inspection, make_user

pytestmark = pytest.mark.django_db


drawn = worlds.copies(lambda: drawn_sample(cases=3, percent=50))


@pytest.fixture
def sampled(drawn, db):
    return drawn()


@pytest.fixture
def auditors(sampled):
    return [make_user("auditor", force=sampled.force) for _ in range(3)]


@pytest.fixture
def moderator(sampled):
    return make_user("moderator", force=sampled.force)


def first_scale_question(audit):
    return operations.questions_of(audit).filter(kind="scale").order_by("order", "pk").first()


def record(audit, question, value="yes", text="", version=0, by=None):
    return operations.record_answer(
        by=by or audit.auditor, ref=audit.inspection.ref, audit_id=audit.pk, question_id=question.pk,
        value=value, text=text, version=version, on=TODAY, now=AT,
    )  # fmt: skip


def allocate(sampled, **more):
    return allocation_operations.allocate_cases(
        by=sampled.coordinator, inspection=sampled.inspection, on=TODAY, at=AT, **more
    )


# The tool and allocation


def test_the_same_questions_are_the_same_tool(sampled):
    make = {"by": sampled.coordinator, "force": sampled.force, "programme": sampled.inspection.programme, "at": AT}

    one = tool_operations.make_tool(**make)
    other = tool_operations.make_tool(**make)

    assert (one.pk, Tool.objects.count(), one.number) == (other.pk, 1, 1)
    assert one.questions.count() == sampled.inspection.programme.questions.count()


def test_every_case_gets_a_first_auditor_and_the_share_a_second_who_is_another(sampled, auditors):
    made = allocate(sampled).made

    assert sorted(audit.capacity for audit in made) == ["first"] * 3 + ["second"] * 2
    assert Audit.objects.values("case", "auditor").distinct().count() == 5
    load = [Audit.objects.filter(auditor=auditor).count() for auditor in auditors]
    assert sorted(load) == [1, 2, 2]
    assert {audit.due_date for audit in made} == {TODAY + timedelta(days=14)}


def test_allocating_again_is_refused_when_nothing_is_missing(sampled, auditors):
    allocate(sampled)

    with pytest.raises(allocation_operations.NothingToAllocate):
        allocate(sampled)


def test_a_sample_without_auditors_is_refused(sampled):
    with pytest.raises(allocation_operations.NoAuditor):
        allocate(sampled)


def test_a_case_given_to_another_keeps_what_the_first_did(sampled, auditors):
    audit = give(sampled, sampled.cases[0], auditors[0])
    record(audit, first_scale_question(audit))

    other = give(sampled, sampled.cases[0], auditors[1])

    audit.refresh_from_db()
    assert (audit.ended_at, audit.ended_reason, audit.answers.count()) == (AT, "Given to another auditor", 1)
    assert Audit.objects.of(auditors[0]).count() == 0
    assert other.auditor == auditors[1]


def test_the_same_person_never_has_a_case_twice(sampled, auditors):
    give(sampled, sampled.cases[0], auditors[0])

    with pytest.raises(allocation_operations.NoAuditor):
        give(sampled, sampled.cases[0], auditors[0], Capacity.SECOND)


def test_somebody_who_does_not_audit_gets_no_case(sampled):
    with pytest.raises(allocation_operations.NoAuditor):
        give(sampled, sampled.cases[0], sampled.coordinator)


def test_an_auditor_of_another_force_gets_no_case(sampled):
    stranger = make_user("auditor", force=make_force("Wolden Police"))

    with pytest.raises(allocation_operations.NoAuditor):
        give(sampled, sampled.cases[0], stranger)


def test_an_audit_handed_in_is_not_given_away(sampled, auditors):
    hand_in(give(sampled, sampled.cases[0], auditors[0]))

    with pytest.raises(allocation_operations.NothingToAllocate):
        give(sampled, sampled.cases[0], auditors[1])


def test_a_chosen_case_is_graded_a_second_time_by_another(sampled, auditors):
    first = give(sampled, sampled.cases[0], auditors[0])

    second = allocation_operations.ask_second_grading(by=sampled.coordinator, case=sampled.cases[0], on=TODAY, at=AT)

    assert (second.capacity, second.auditor != first.auditor) == ("second", True)
    with pytest.raises(allocation_operations.NothingToAllocate):
        allocation_operations.ask_second_grading(by=sampled.coordinator, case=sampled.cases[0], on=TODAY, at=AT)


def test_a_replaced_case_is_taken_back_from_its_auditor(sampled, auditors):
    audit = give(sampled, sampled.cases[0], auditors[0])
    case = sampled.cases[0]

    samples.replace_case(by=sampled.coordinator, case=case, version=case.version, reason="Sealed.", at=AT)

    audit.refresh_from_db()
    assert audit.ended_reason == "The case left the sample"


def test_an_audited_case_cannot_leave_the_sample(sampled, auditors):
    hand_in(give(sampled, sampled.cases[0], auditors[0]), "inadequate")
    case = Case.objects.get(pk=sampled.cases[0].pk)

    with pytest.raises(CaseInUse):
        samples.replace_case(by=sampled.coordinator, case=case, version=case.version, reason="Bad for us.", at=AT)


# Answering


def test_an_answer_is_kept_with_its_version_and_begins_the_audit(sampled, auditors):
    audit = give(sampled, sampled.cases[0], auditors[0])
    question = first_scale_question(audit)

    versions = [record(audit, question), record(audit, question, "no", "Nothing there.", 1)]

    audit.refresh_from_db()
    answer = Answer.objects.get()
    assert versions == [1, 2]
    assert (answer.value, answer.text, answer.version) == ("no", "Nothing there.", 2)
    assert (audit.state, audit.started_at, audit.version) == ("started", AT, 1)


def test_every_version_of_an_answer_is_kept_in_its_history(sampled, auditors):
    audit = give(sampled, sampled.cases[0], auditors[0])
    question = first_scale_question(audit)

    record(audit, question)
    record(audit, question, "no", "", 1)

    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM audits_answerevent ORDER BY pgh_id")
        assert [row[0] for row in cursor.fetchall()] == ["yes", "no"]


@pytest.mark.parametrize("version", [0, 2, 99])
def test_an_answer_changed_in_another_window_is_not_overwritten(sampled, auditors, version):
    audit = give(sampled, sampled.cases[0], auditors[0])
    question = first_scale_question(audit)
    record(audit, question, "partly")

    with pytest.raises(operations.StaleAnswer):
        record(audit, question, "no", "", version)

    assert Answer.objects.get().value == "partly"


def test_an_answer_that_was_never_there_has_no_later_version(sampled, auditors):
    audit = give(sampled, sampled.cases[0], auditors[0])

    with pytest.raises(operations.StaleAnswer):
        record(audit, first_scale_question(audit), version=3)


@pytest.mark.parametrize("who", ["another auditor", "coordinator", "stranger"])
def test_nobody_answers_in_somebody_elses_audit(sampled, auditors, who):
    audit = give(sampled, sampled.cases[0], auditors[0])
    by = {
        "another auditor": auditors[1],
        "coordinator": sampled.coordinator,
        "stranger": make_user("auditor", force=make_force("Wolden Police")),
    }[who]

    with pytest.raises(operations.NotYours):
        record(audit, first_scale_question(audit), by=by)

    assert Answer.objects.count() == 0


def test_a_question_of_another_case_type_and_an_answer_of_another_kind_are_refused(sampled, auditors):
    audit = give(sampled, sampled.cases[0], auditors[0])
    other_type = audit.tool.questions.filter(case_type__key="custody").first()
    recorded = audit.tool.questions.filter(kind="completeness").first()

    for question, value in [(other_type, "yes"), (recorded, "partly"), (first_scale_question(audit), "perhaps")]:
        with pytest.raises(operations.NotYours):
            record(audit, question, value)


def test_an_audit_handed_in_no_longer_changes(sampled, auditors):
    audit = hand_in(give(sampled, sampled.cases[0], auditors[0]))
    question = first_scale_question(audit)

    with pytest.raises(operations.NotYours):
        record(audit, question, "no", "", 1)
    with pytest.raises(operations.NotYours):
        operations.record_notes(by=audit.auditor, audit=audit, version=audit.version, changes={"learning": "x"}, at=AT)
    with pytest.raises(operations.NotYours):
        operations.record_answers(by=audit.auditor, audit=audit, typed={}, at=AT)


def test_a_whole_page_of_answers_keeps_what_changed_and_refuses_what_is_stale(sampled, auditors):
    audit = give(sampled, sampled.cases[0], auditors[0])
    one, two = operations.questions_of(audit).filter(kind="scale").order_by("order", "pk")[:2]
    record(audit, one, "yes")
    record(audit, one, "partly", "", 1)

    changed = operations.record_answers(
        by=audit.auditor,
        audit=audit,
        typed={one.pk: operations.Typed("partly", "", 0), two.pk: operations.Typed("no", "", 0)},
        at=AT,
    )
    with pytest.raises(operations.StaleAnswers) as stale:
        operations.record_answers(by=audit.auditor, audit=audit, typed={one.pk: operations.Typed("no", "", 1)}, at=AT)

    assert changed == 1
    assert [answer.value for answer in stale.value.answers] == ["partly"]
    assert Answer.objects.get(question=one).value == "partly"


def test_a_stale_note_is_refused_and_an_equal_one_changes_nothing(sampled, auditors):
    audit = give(sampled, sampled.cases[0], auditors[0])
    saved = operations.record_notes(by=audit.auditor, audit=audit, version=1, changes={"learning": "One."}, at=AT)

    again = operations.record_notes(by=audit.auditor, audit=saved, version=1, changes={"learning": "One."}, at=AT)
    with pytest.raises(StaleVersion):
        operations.record_notes(by=audit.auditor, audit=saved, version=1, changes={"learning": "Two."}, at=AT)

    assert (again.version, Audit.objects.get().learning) == (2, "One.")


# Handing in and settling


def test_an_incomplete_audit_is_refused_with_what_is_missing(sampled, auditors):
    audit = give(sampled, sampled.cases[0], auditors[0])

    with pytest.raises(operations.NotComplete) as error:
        operations.submit_audit(by=audit.auditor, audit=audit, version=audit.version, at=AT)

    required = operations.questions_of(audit).filter(is_required=True).count()
    assert len(error.value.blocks) == required + 2
    assert Grading.objects.count() == 0


def test_a_single_grading_settles_its_case_and_marks_the_inspection(sampled, auditors):
    audit = hand_in(give(sampled, sampled.cases[0], auditors[0]), "requires_improvement")

    moderation = Moderation.objects.get()
    assert (moderation.rule, moderation.agreed.grade.key, moderation.agreed.by) == (
        "single",
        "requires_improvement",
        auditors[0],
    )
    assert Grading.objects.get(capacity="first").audit == audit
    assert ChangeMark.objects.get().changed_at == AT


def test_a_case_awaiting_its_second_grading_is_not_settled(sampled, auditors):
    first = give(sampled, sampled.cases[0], auditors[0])
    give(sampled, sampled.cases[0], auditors[1], Capacity.SECOND)

    hand_in(first)

    assert Moderation.objects.count() == 0


@pytest.mark.parametrize(
    ("first", "second", "rule", "agreed"),
    [
        ("good", "good", "equal", "good"),
        ("requires_improvement", "inadequate", "same_side", "inadequate"),
        ("inadequate", "requires_improvement", "same_side", "inadequate"),
    ],
)
def test_gradings_that_agree_by_rule_are_settled_without_a_moderator(sampled, auditors, first, second, rule, agreed):
    two_gradings(sampled, sampled.cases[0], first, second, auditors=auditors)

    moderation = Moderation.objects.get()
    assert (moderation.rule, moderation.agreed.grade.key) == (rule, agreed)
    assert cases_to_moderate().count() == 0


def settle(case, by, grade="inadequate"):
    case = Case.objects.select_related("inspection__force").get(pk=case.pk)
    return operations.moderate(
        by=by, case=case, grade=grade_of(case.inspection, grade), reason="Nobody saw the child.",
        criterion_key="C20-INI-1", question=None, at=AT,
    )  # fmt: skip


@pytest.mark.parametrize("pair", [("good", "requires_improvement"), ("inadequate", "good")])
def test_gradings_across_the_line_wait_for_a_moderator_whose_decision_counts(sampled, auditors, moderator, pair):
    two_gradings(sampled, sampled.cases[0], *pair, auditors=auditors)
    waiting = [case.is_moderated for case in cases_to_moderate()]

    settle(sampled.cases[0], moderator)

    assert (waiting, [case.is_moderated for case in cases_to_moderate()]) == ([False], [True])
    assert sorted(Grading.objects.values_list("capacity", "grade__key")) == sorted(
        [("first", pair[0]), ("second", pair[1]), ("agreed", "inadequate")]
    )


def test_a_case_is_moderated_once(sampled, auditors, moderator):
    two_gradings(sampled, sampled.cases[0], "good", "inadequate", auditors=auditors)
    settle(sampled.cases[0], moderator)

    with pytest.raises(operations.NothingToModerate):
        settle(sampled.cases[0], moderator)


def test_a_case_with_one_grading_is_not_moderated(sampled, auditors, moderator):
    hand_in(give(sampled, sampled.cases[0], auditors[0]))

    with pytest.raises(operations.NothingToModerate):
        settle(sampled.cases[0], moderator)


def test_moderating_ones_own_audit_is_refused(sampled, auditors):
    two_gradings(sampled, sampled.cases[0], "good", "inadequate", auditors=auditors)

    with pytest.raises(operations.OwnAudit):
        settle(sampled.cases[0], auditors[0])


def test_a_later_second_grading_corrects_the_agreed_grade_and_changes_none(sampled, auditors):
    hand_in(give(sampled, sampled.cases[0], auditors[0]), "requires_improvement")

    hand_in(give(sampled, sampled.cases[0], auditors[1], Capacity.SECOND), "inadequate")

    agreed = Grading.objects.filter(capacity="agreed").order_by("pk")
    assert [grading.grade.key for grading in agreed] == ["requires_improvement", "inadequate"]
    assert Grading.objects.standing().get(capacity="agreed") == agreed[1]


def test_a_grading_can_never_be_changed(sampled, auditors):
    hand_in(give(sampled, sampled.cases[0], auditors[0]))

    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        Grading.objects.update(reason="Nicer.")
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        Grading.objects.filter(capacity="agreed").delete()


def test_an_inspector_grades_a_case_once_and_apart_from_the_force(sampled):
    inspector = make_user("inspector", force=sampled.force)
    grade = grade_of(sampled.inspection, "inadequate")
    given = {"by": inspector, "case": sampled.cases[0], "grade": grade, "reason": "Seen.", "at": AT}

    inspector_operations.grade_as_inspector(**given)
    with pytest.raises(inspector_operations.GradedAlready):
        inspector_operations.grade_as_inspector(**given)

    assert list(Grading.objects.values_list("capacity", flat=True)) == ["inspector"]


# Findings


def test_a_finding_becomes_an_action_whose_words_are_its_own(sampled, auditors):
    audit = give(sampled, sampled.cases[0], auditors[0])
    owner = make_user("action_owner", force=sampled.force)
    finding = finding_operations.record_finding(by=auditors[0], audit=audit, text="Plans in e-mail.", area=None, at=AT)
    given = {"by": sampled.coordinator, "finding": finding, "title": "Keep plans on the system", "owner": owner,
             "due_date": TODAY + timedelta(days=30), "on": TODAY, "at": AT}  # fmt: skip

    finding_operations.raise_action_from_finding(version=1, **given)
    with pytest.raises(finding_operations.HasAction):
        finding_operations.raise_action_from_finding(version=2, **given)

    action = Action.objects.get()
    assert (action.title, action.owner, Finding.objects.get().action_id) == (
        "Keep plans on the system",
        owner,
        action.pk,
    )


# Concerns


@pytest.fixture
def concern(sampled, auditors):
    audit = give(sampled, sampled.cases[0], auditors[0])
    make_user("chief_officer", force=sampled.force)
    return concern_operations.raise_concern(
        by=auditors[0], case=sampled.cases[0], audit=audit, text="Not seen for five weeks.", at=AT, now=AT
    )


def handler(sampled, number=0):
    return [sampled.coordinator, make_user("coordinator", force=sampled.force)][number]


def test_a_concern_tells_everybody_who_handles_them_in_the_same_transaction(sampled, concern):
    handlers = {sampled.coordinator.email, *Mail.objects.values_list("to", flat=True)}

    assert (concern.state, concern.due_at) == ("raised", AT + timedelta(hours=1))
    assert (Mail.objects.count(), Job.objects.filter(kind="send_mail").count(), len(handlers)) == (2, 2, 2)
    assert mail.outbox == []


def test_the_message_says_nothing_of_the_case(sampled, concern):
    case = sampled.cases[0]

    for message in Mail.objects.all():
        for secret in (concern.text, case.code, case.candidate.reference, concern.raised_by.name):
            assert secret not in message.subject + message.body


def test_a_concern_undone_by_an_error_leaves_no_message(sampled, auditors):
    undo = transaction.atomic()
    undo.__enter__()
    concern_operations.raise_concern(by=auditors[0], case=sampled.cases[0], audit=None, text="x", at=AT, now=AT)

    undo.__exit__(RuntimeError, RuntimeError(), None)

    assert (Concern.objects.count(), Mail.objects.count(), Job.objects.count()) == (0, 0, 0)


def test_a_concern_is_acknowledged_acted_on_and_closed_by_a_second_person(sampled, concern):
    one, two = handler(sampled), handler(sampled, 1)
    hour = timedelta(hours=1)

    concern_operations.acknowledge_concern(by=one, concern=concern, version=1, at=AT + hour)
    acted_by = concern.due_at
    concern_operations.resolve_concern(by=one, concern=concern, version=2, done="Seen and safe.", at=AT + 2 * hour)
    concern_operations.close_concern(by=two, concern=concern, version=3, at=AT + 3 * hour)

    assert acted_by == AT + 25 * hour
    assert (concern.state, concern.acknowledged_by, concern.resolved_by, concern.closed_by) == ("closed", one, one, two)
    verbs = JournalEntry.objects.filter(subject_type="audits.concern").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["raised", "acknowledged", "acted on", "closed"]


def test_whoever_acted_does_not_close(sampled, concern):
    one = handler(sampled)
    concern_operations.acknowledge_concern(by=one, concern=concern, version=1, at=AT)
    concern_operations.resolve_concern(by=one, concern=concern, version=2, done="Seen.", at=AT)

    with pytest.raises(concern_operations.SamePerson):
        concern_operations.close_concern(by=one, concern=concern, version=3, at=AT)
    with pytest.raises(concern_operations.SamePerson):
        concern_operations.return_concern(by=one, concern=concern, version=3, at=AT)


def test_a_concern_that_is_not_settled_goes_back_with_a_new_clock(sampled, concern):
    one, two = handler(sampled), handler(sampled, 1)
    concern_operations.acknowledge_concern(by=one, concern=concern, version=1, at=AT)
    concern_operations.resolve_concern(by=one, concern=concern, version=2, done="Rang.", at=AT)

    concern_operations.return_concern(by=two, concern=concern, version=3, at=AT + timedelta(hours=5))

    assert (concern.state, concern.due_at) == ("acknowledged", AT + timedelta(hours=29))


def test_a_step_out_of_turn_is_refused(sampled, concern):
    one = handler(sampled)

    with pytest.raises(concern_operations.NotInThatState):
        concern_operations.resolve_concern(by=one, concern=concern, version=1, done="x", at=AT)
    with pytest.raises(concern_operations.NotInThatState):
        concern_operations.close_concern(by=one, concern=concern, version=1, at=AT)
    with pytest.raises(StaleVersion):
        concern_operations.acknowledge_concern(by=one, concern=concern, version=7, at=AT)


def test_a_child_who_may_not_be_safe_keeps_the_audit_open_until_a_concern_is_raised(sampled, auditors):
    audit = give(sampled, sampled.cases[0], auditors[0])
    fill(audit, value="no")
    changes = {"grade": grade_of(sampled.inspection, "inadequate"), "grade_reason": "Nobody saw the child."}
    audit = operations.record_notes(by=auditors[0], audit=audit, version=1, changes=changes, at=AT)

    with pytest.raises(operations.NotComplete) as refused:
        operations.submit_audit(by=auditors[0], audit=audit, version=2, at=AT)
    concern_operations.raise_concern(
        by=auditors[0], case=audit.case, audit=audit, text="Where is the child?", at=AT, now=AT
    )
    operations.submit_audit(by=auditors[0], audit=audit, version=2, at=AT)

    assert [block.message for block in refused.value.blocks] == [
        "The answer says that the child may not be safe. Raise a concern before handing in."
    ]
    assert Grading.objects.filter(capacity="first").count() == 1


def test_two_inspections_of_a_force_keep_their_cases_apart(sampled, auditors):
    other = drawn_sample(make_inspection(sampled.force, name="Review 2022"), cases=1)
    two_gradings(sampled, sampled.cases[0], "good", "inadequate", auditors=auditors)

    assert cases_to_moderate().filter(inspection=other.inspection).count() == 0
