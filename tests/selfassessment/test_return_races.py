"""Two people submit at once, or submit while others edit and withdraw; the control shows that the test bites."""

from threading import Barrier

import pytest
from django.db import IntegrityError

from ncpi.lib.versions import StaleVersion
from ncpi.selfassessment import operations, queries
from ncpi.selfassessment.models import Signature
from ncpi.selfassessment.return_models import SubmittedReturn
from ncpi.selfassessment.return_operations import NotSigned, SubmittedAlready
from tests.factories import NOW, judge, make_agreed, make_inspection, make_user
from tests.selfassessment.acts import change, fresh, sign, submit
from tests.selfassessment.test_races import race

pytestmark = pytest.mark.django_db(transaction=True)
SUBMITTERS, TRIES = 4, 60
REFUSALS = (operations.ChangedWhileOpen, operations.NotPossibleNow, NotSigned, SubmittedAlready, StaleVersion)


@pytest.fixture
def people():
    inspection = make_inspection()
    roles = ("coordinator", "lead", "reviewer", "chief_officer")
    return {"inspection": inspection, **{role: make_user(role, force=inspection.force) for role in roles}}


@pytest.fixture
def judgements(people):
    return make_agreed(people["inspection"], lead=people["lead"])


def numbers():
    return list(SubmittedReturn.objects.order_by("pk").values_list("number", flat=True))


def test_of_many_who_submit_one_state_at_once_one_gets_a_number(judgements, people):
    sign(people["inspection"], people["chief_officer"])

    answers = race(lambda number: submit(people["inspection"], people["coordinator"]), writers=SUBMITTERS)

    refused = [answer for answer in answers if isinstance(answer, SubmittedAlready)]
    assert (numbers(), len(refused)) == ([1], SUBMITTERS - 1)


def test_control_without_the_lock_two_reach_for_one_number(judgements, people):
    signature, barrier = sign(people["inspection"], people["chief_officer"]), Barrier(SUBMITTERS)

    def submit_without_lock(_):
        found = queries.next_return(people["inspection"])
        barrier.wait(60)
        SubmittedReturn.objects.create(
            inspection=people["inspection"], number=found.former.number + 1 if found.former else 1,
            state=found.scope.text, digest=found.scope.digest, signature=signature,
            submitted_by=people["coordinator"], submitted_at=NOW,
        )  # fmt: skip

    answers = race(submit_without_lock, writers=SUBMITTERS)

    assert [type(answer) for answer in answers].count(IntegrityError) == SUBMITTERS - 1


def test_people_who_change_sign_and_submit_at_once_each_find_their_text_in_a_return_of_its_own_number(
    judgements, people
):
    def until_it_is_submitted(number):
        change(judgements[number], people, narrative=f"Text of person {number}.")
        for _ in range(TRIES):
            try:
                sign(people["inspection"], people["chief_officer"])
                submit(people["inspection"], people["coordinator"])
            except REFUSALS:
                pass
            last = queries.latest_return(people["inspection"])
            if last and f"Text of person {number}." in last.state:
                return last.number
        return None

    answers = race(until_it_is_submitted, writers=SUBMITTERS)

    rows = list(SubmittedReturn.objects.order_by("number").select_related("signature"))
    assert all(isinstance(answer, int) for answer in answers), answers
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert all(row.digest == row.signature.digest and row.state == row.signature.signed_state for row in rows)
    assert all(one.digest != other.digest for one, other in zip(rows, rows[1:], strict=False))


def test_what_is_edited_while_it_is_submitted_is_in_no_return(judgements, people):
    signature = sign(people["inspection"], people["chief_officer"])

    def act(number):
        if number % 2:
            judge(fresh(judgements[number]), by=people["lead"], narrative=f"Edit {number}")
            return "edited"
        try:
            return submit(people["inspection"], people["coordinator"]).digest
        except REFUSALS as refusal:
            return type(refusal).__name__

    answers = race(act, writers=SUBMITTERS)

    assert answers[1::2] == ["edited"] * (SUBMITTERS // 2)
    assert set(answers[::2]) <= {signature.digest, "ChangedWhileOpen", "NotSigned", "SubmittedAlready"}
    assert set(SubmittedReturn.objects.values_list("state", flat=True)) <= {signature.signed_state}


def test_a_signature_withdrawn_at_the_same_moment_was_either_first_or_too_late(judgements, people):
    signature = sign(people["inspection"], people["chief_officer"])

    def act(number):
        try:
            if number:
                return submit(people["inspection"], people["coordinator"]).number
            return operations.withdraw_signature(
                by=people["chief_officer"], signature=Signature.objects.get(pk=signature.pk), version=1,
                reason="Too early.", at=NOW,
            ).pk  # fmt: skip
        except REFUSALS as refusal:
            return type(refusal).__name__

    answers = race(act, writers=2)

    assert answers[0] == signature.pk
    assert (answers[1], numbers()) in [(1, [1]), ("NotSigned", [])]
