"""The force's own questions in versions of the tool, and working on paper."""

from datetime import timedelta

import pytest
from django.urls import reverse

from audits import operations, page_parts, tool_operations
from audits.models import Answer, Audit, AuditState, Tool
from tests import worlds
from tests.audits.factories import AT, drawn_sample, give, hand_in, own_question
from tests.factories import TODAY, client_of, make_force, make_inspection, make_user

pytestmark = pytest.mark.django_db


drawn = worlds.copies(lambda: drawn_sample(cases=2, asks=False))


@pytest.fixture
def sampled(drawn, db):
    return drawn()


@pytest.fixture
def auditor(sampled):
    return make_user("auditor", force=sampled.force)


def put_to_use(sampled):
    return tool_operations.put_to_use(by=sampled.coordinator, inspection=sampled.inspection, at=AT)


def asked(audit):
    audit = Audit.objects.select_related("case").get(pk=audit.pk)
    return list(operations.questions_of(audit).order_by("order", "pk").values_list("ask", flat=True))


def address(sampled, name, *parts):
    return reverse(f"audits:{name}", args=[sampled.inspection.ref, *parts])


# Versions


def test_an_own_question_is_asked_once_it_is_put_to_use_and_begun_audits_keep_theirs(sampled, auditor):
    begun, waiting = (give(sampled, case, auditor) for case in sampled.cases)
    operations.record_notes(by=auditor, audit=begun, version=1, changes={"learning": "Early."}, at=AT)
    before = asked(waiting)

    own_question(sampled.inspection, sampled.coordinator)
    unused = asked(waiting)
    tool, moved = put_to_use(sampled)

    assert (unused, tool.number, moved) == (before, 2, 1)
    assert (asked(begun), asked(waiting)) == (before, [*before, "Was our prompt card used?"])


def test_an_audit_allocated_later_has_the_version_in_use_and_not_what_is_still_to_come(sampled, auditor):
    give(sampled, sampled.cases[0], auditor)
    own_question(sampled.inspection, sampled.coordinator)
    put_to_use(sampled)
    own_question(sampled.inspection, sampled.coordinator, ask="And the second card?")

    later = give(sampled, sampled.cases[1], auditor)

    assert (later.tool.number, asked(later)[-1]) == (2, "Was our prompt card used?")


def test_a_withdrawn_question_leaves_with_the_next_version_and_its_answers_stay(sampled, auditor):
    question = own_question(sampled.inspection, sampled.coordinator)
    audit = hand_in(give(sampled, sampled.cases[0], auditor))
    waiting = give(sampled, sampled.cases[1], auditor)

    tool_operations.withdraw_question(
        by=sampled.coordinator, inspection=sampled.inspection, question=question, version=1, at=AT
    )
    put_to_use(sampled)

    assert Answer.objects.filter(audit=audit, question__key="OWN-1").count() == 1
    assert "Was our prompt card used?" not in asked(waiting)
    assert list(Tool.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    with pytest.raises(tool_operations.Withdrawn):
        tool_operations.withdraw_question(
            by=sampled.coordinator, inspection=sampled.inspection, question=question, version=1, at=AT
        )


def test_putting_nothing_new_to_use_is_refused(sampled, auditor):
    give(sampled, sampled.cases[0], auditor)

    with pytest.raises(tool_operations.NothingNew):
        put_to_use(sampled)

    assert Tool.objects.count() == 1


def test_a_question_of_one_type_is_asked_of_no_other(sampled, auditor):
    types = sampled.inspection.programme.case_types
    own_question(sampled.inspection, sampled.coordinator, case_type=types.get(key="custody"))
    own_question(sampled.inspection, sampled.coordinator, ask="Found where?", case_type=types.get(key="missing"))

    assert asked(give(sampled, sampled.cases[0], auditor))[-1] == "Found where?"


def test_another_force_of_the_programme_is_not_asked(sampled, auditor):
    own_question(sampled.inspection, sampled.coordinator)
    other = drawn_sample(make_inspection(make_force("Wolden Police")), cases=1)

    theirs = give(other, other.cases[0], make_user("auditor", force=other.force))

    assert "Was our prompt card used?" not in asked(theirs)


# A page that was open while the questions were renewed


def test_a_page_of_the_version_before_keeps_its_answers_under_the_new_one(sampled, auditor):
    audit = give(sampled, sampled.cases[0], auditor)
    old = list(operations.questions_of(audit).filter(kind="scale").order_by("order", "pk")[:2])
    own_question(sampled.inspection, sampled.coordinator)
    put_to_use(sampled)
    audit = Audit.objects.select_related("inspection", "case").get(pk=audit.pk)

    typed = {question.pk: operations.Typed("partly", "Late.", 0) for question in old}
    operations.record_answers(by=auditor, audit=audit, typed=typed, at=AT)

    kept = Answer.objects.filter(audit=audit).order_by("question__order")
    assert [(answer.question.key, answer.question.tool.number, answer.text) for answer in kept] == [
        (question.key, 2, "Late.") for question in old
    ]


def test_a_single_answer_to_the_version_before_is_refused(sampled, auditor):
    audit = give(sampled, sampled.cases[0], auditor)
    question = operations.questions_of(audit).filter(kind="scale").first()
    own_question(sampled.inspection, sampled.coordinator)
    put_to_use(sampled)

    with pytest.raises(operations.NotYours):
        operations.record_answer(
            by=auditor, ref=sampled.inspection.ref, audit_id=audit.pk, question_id=question.pk, value="yes", text="",
            version=0, on=TODAY, now=AT,
        )  # fmt: skip


# Pages


def test_the_coordinator_adds_puts_to_use_and_withdraws(sampled, auditor):
    give(sampled, sampled.cases[0], auditor)
    client = client_of(sampled.coordinator)
    given = {"ask": "Was our card used?", "kind": "scale", "case_type": "", "follow_up": ""}

    empty = client.post(address(sampled, "add-question"), given | {"ask": ""})
    client.post(address(sampled, "add-question"), given)
    added = client.get(address(sampled, "questions")).context
    client.post(address(sampled, "put-to-use"))
    used = client.get(address(sampled, "questions")).context
    client.post(address(sampled, "withdraw-question", used["own"][0].question.pk))
    withdrawn = client.get(address(sampled, "questions")).context

    assert list(empty.context["form"].errors) == ["ask"]
    assert [(shown["own"][0].says, shown["has_news"]) for shown in (added, used, withdrawn)] == [
        ("Comes with the next version", True),
        ("In use", False),
        ("Leaves with the next version", True),
    ]
    assert [(version.number, version.waiting) for version in used["versions"]] == [(2, 1), (1, 0)]


def test_another_forces_question_cannot_be_withdrawn(sampled):
    other = make_inspection(make_force("Wolden Police"))
    question = own_question(other, make_user("coordinator", force=other.force))

    response = client_of(sampled.coordinator).post(address(sampled, "withdraw-question", question.pk))

    question.refresh_from_db()
    assert (response.status_code, question.withdrawn_at) == (404, None)


def test_a_blank_form_has_the_questions_of_the_page_under_its_numbers(sampled, auditor):
    audit = give(sampled, sampled.cases[0], auditor)

    to_form = client_of(auditor).post(address(sampled, "take-to-paper", audit.pk))
    page = client_of(auditor).get(to_form.url)

    audit.refresh_from_db()
    printed = [(row.number, row.ask) for _, rows in page.context["sections"] for row in rows]
    assert (audit.state, to_form.url) == (AuditState.STARTED, address(sampled, "blank", audit.pk))
    assert printed == list(enumerate(asked(audit), start=1))
    assert [mould.pk for mould in page_parts.asked_in(audit)] == list(
        operations.questions_of(audit).order_by("order", "pk").values_list("pk", flat=True)
    )


def test_what_was_taken_to_paper_keeps_its_questions_and_is_entered_later(sampled, auditor):
    audit = give(sampled, sampled.cases[0], auditor)
    before = asked(audit)
    operations.take_to_paper(by=auditor, audit=audit, at=AT)

    own_question(sampled.inspection, sampled.coordinator)
    put_to_use(sampled)
    done = hand_in(Audit.objects.get(pk=audit.pk), at=AT + timedelta(days=2))

    assert (asked(audit), done.state, done.started_at) == (before, AuditState.SUBMITTED, AT)


def test_nobody_takes_another_persons_audit_to_paper(sampled, auditor):
    audit = give(sampled, sampled.cases[0], auditor)
    other = make_user("auditor", force=sampled.force)

    assert client_of(other).post(address(sampled, "take-to-paper", audit.pk)).status_code == 404
    assert client_of(other).get(address(sampled, "blank", audit.pk)).status_code == 404
    with pytest.raises(operations.NotYours):
        operations.take_to_paper(by=other, audit=audit, at=AT)
