"""Two people at once, with threads and a real database; the control shows that the test bites."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from ncpi.actions.models import Action
from ncpi.lib.versions import StaleVersion
from ncpi.selfassessment import assignment_operations, gap_operations, operations, queries, thread_operations
from ncpi.selfassessment.models import Judgement, Signature
from ncpi.selfassessment.signing import STATEMENT
from tests.factories import NOW, TODAY, agree_all, judge, make_inspection, make_self_assessment, make_user

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, ROUNDS = 8, 25


@pytest.fixture
def people():
    inspection = make_inspection()
    force = inspection.force
    return {
        "inspection": inspection,
        **{role: make_user(role, force=force) for role in ("lead", "reviewer", "chief_officer")},
    }


@pytest.fixture
def judgements(people):
    return make_self_assessment(people["inspection"])


def race(act, *, writers=WRITERS):
    """Run `act(number)` in as many threads at once; return what each answered or raised."""
    barrier, answers = Barrier(writers), [None] * writers

    def run(number):
        try:
            barrier.wait(60)
            answers[number] = act(number)
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return answers


def read(pk):
    return Judgement.objects.select_related("inspection__force", "inspection__programme").get(pk=pk)


def save_by_swap(row, text, lead):
    texts = {"narrative": text, "impact": "", "gaps": "", "plan": ""}
    operations.save_judgement(by=lead, judgement=row, version=row.version, grade=None, texts=texts, at=NOW)


def save_naively(row, text, lead):
    row.narrative = text
    row.save()


def acknowledged_and_kept(judgement, save, lead):
    """Let writers add a line each, several times; return the lines acknowledged and the lines that are there."""
    acknowledged = []

    def write(number):
        for turn in range(ROUNDS):
            row = read(judgement.pk)
            line = f"{number}.{turn}"
            try:
                save(row, f"{row.narrative}{line}\n", lead)
            except StaleVersion:
                continue
            acknowledged.append(line)

    errors = [answer for answer in race(write) if answer is not None]
    assert errors == []
    return sorted(acknowledged), sorted(read(judgement.pk).narrative.split())


def test_of_two_hundred_racing_saves_nothing_that_was_acknowledged_is_lost(judgements, people):
    acknowledged, kept = acknowledged_and_kept(judgements[0], save_by_swap, people["lead"])

    assert kept == acknowledged
    assert len(kept) >= ROUNDS


def test_control_without_the_guard_racing_saves_are_lost(judgements, people):
    acknowledged, kept = acknowledged_and_kept(judgements[0], save_naively, people["lead"])

    assert len(acknowledged) == WRITERS * ROUNDS == 200
    assert len(kept) < len(acknowledged)


def test_of_two_reviewers_at_once_one_decides(judgements, people):
    lead, row = people["lead"], judgements[0]
    grade = row.inspection.programme.grades.get(key="good")
    texts = {"narrative": "x", "impact": "", "gaps": "", "plan": ""}
    operations.save_and_send(by=lead, judgement=row, version=1, grade=grade, texts=texts, at=NOW)

    def decide(number):
        found = read(row.pk)
        if number % 2:
            operations.agree(by=people["reviewer"], judgement=found, version=3, at=NOW)
        else:
            operations.return_judgement(by=people["reviewer"], judgement=found, version=3, reason="Why?", at=NOW)

    answers = race(decide)

    assert [answer for answer in answers if answer is None] == [None]
    assert row.steps.exclude(step="sent").count() == 1


def test_of_many_signatures_at_once_one_stands(judgements, people):
    area, inspection = judgements[0].criterion.area, people["inspection"]
    rows = [row for row in judgements if row.criterion.area_id == area.pk]
    agree_all(rows, lead=people["lead"], reviewer=people["reviewer"])
    digest = queries.scope_to_sign(inspection, area).digest

    def sign(number):
        operations.sign(
            by=people["chief_officer"], inspection=inspection, area=area, shown_digest=digest, name=f"Officer {number}",
            statement=STATEMENT, at=NOW,
        )  # fmt: skip

    answers = race(sign, writers=4)

    assert answers == [None] * 4
    assert (Signature.objects.count(), Signature.objects.standing().count()) == (4, 1)


def test_signing_while_somebody_edits_signs_what_was_shown_or_nothing(judgements, people):
    area, inspection = judgements[0].criterion.area, people["inspection"]
    rows = [row for row in judgements if row.criterion.area_id == area.pk]
    agree_all(rows, lead=people["lead"], reviewer=people["reviewer"])
    shown = queries.scope_to_sign(inspection, area)

    def act(number):
        if number % 2:
            row = read(rows[number].pk)
            texts = {"narrative": f"Edit {number}", "impact": "", "gaps": "", "plan": ""}
            operations.save_judgement(
                by=people["lead"], judgement=row, version=row.version, grade=row.grade, texts=texts, at=NOW
            )
            return "edited"
        try:
            operations.sign(
                by=people["chief_officer"], inspection=inspection, area=area, shown_digest=shown.digest, name="DCC",
                statement=STATEMENT, at=NOW,
            )  # fmt: skip
        except (operations.ChangedWhileOpen, operations.NotPossibleNow) as refusal:
            return type(refusal).__name__
        return "signed"

    answers = race(act, writers=4)

    assert answers[1::2] == ["edited", "edited"]
    assert set(answers[::2]) <= {"signed", "ChangedWhileOpen", "NotPossibleNow"}
    assert set(Signature.objects.values_list("signed_state", flat=True)) <= {shown.text}
    now = queries.scope_to_sign(inspection, area).digest
    assert {queries.status_now(row, now).value for row in Signature.objects.standing()} <= {"stale"}


def test_a_question_asked_while_a_reviewer_agrees_is_seen_or_comes_after(judgements, people):
    lead, row = people["lead"], judgements[0]
    grade = row.inspection.programme.grades.get(key="good")
    texts = {"narrative": "x", "impact": "", "gaps": "", "plan": ""}
    operations.save_and_send(by=lead, judgement=row, version=1, grade=grade, texts=texts, at=NOW)

    def act(number):
        if number % 2:
            thread_operations.start_thread(
                by=lead, judgement=read(row.pk), kind="question", text=f"Question {number}?", at=NOW
            )
            return "asked"
        try:
            operations.agree(by=people["reviewer"], judgement=read(row.pk), version=3, at=NOW)
        except (operations.QuestionsOpen, operations.NotPossibleNow, StaleVersion) as refusal:
            return type(refusal).__name__
        return "agreed"

    answers = race(act, writers=4)

    assert answers[1::2] == ["asked", "asked"]
    assert set(answers[::2]) <= {"agreed", "QuestionsOpen", "NotPossibleNow", "StaleVersion"}
    assert (read(row.pk).state == "agreed") == ("agreed" in answers)


def test_of_many_who_turn_one_gap_into_an_action_one_makes_it(judgements, people):
    lead, row = people["lead"], judgements[0]
    versions = {row.pk: row.version}
    assignment_operations.assign(by=lead, inspection=people["inspection"], versions=versions, changes={"lead": lead})
    judge(read(row.pk), by=lead)

    def act(number):
        found = Judgement.objects.select_related(
            "inspection__force", "inspection__programme", "criterion__area", "grade", "lead"
        ).get(pk=row.pk)
        return gap_operations.act_on_gap(by=lead, judgement=found, rule="no_evidence", on=TODAY, at=NOW).pk

    answers = race(act)

    assert (len(set(answers)), Action.objects.count()) == (1, 1)
