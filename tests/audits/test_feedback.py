"""Feedback to the people who ran a case."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audits import feedback_operations
from audits.feedback_queries import REMIND_AFTER, feedback_list
from audits.models import Audit, Capacity, Feedback, FeedbackLink
from ncpi.accounts.models import JournalEntry
from ncpi.jobs.models import Mail
from ncpi.lib.versions import StaleVersion
from tests import worlds
from tests.audits.factories import AT, drawn_sample, give, graded, hand_in, two_gradings
from tests.factories import client_of, make_force, make_user

pytestmark = pytest.mark.django_db

SAID = {"to": "team", "good": "A clear log.", "learn": "Read the history first."}


drawn = worlds.copies(lambda: drawn_sample(cases=3))


@pytest.fixture
def sampled(drawn, db):
    return drawn()


@pytest.fixture
def auditors(sampled):
    return [make_user("auditor", force=sampled.force) for _ in range(2)]


@pytest.fixture
def case(sampled, auditors):
    """A case of the sample with a final grade."""
    hand_in(give(sampled, sampled.cases[0], auditors[0]))
    return sampled.cases[0]


def write(sampled, case, *, version=0, **changes):
    return feedback_operations.write_feedback(
        by=sampled.coordinator, case=case, version=version, at=AT, **{**SAID, **changes}
    )


def page(sampled, case):
    return reverse("audits:feedback", args=[sampled.inspection.ref, case.code])


def test_only_a_case_with_a_final_grade_is_there_to_give_feedback_on(sampled, auditors, case):
    two_gradings(sampled, sampled.cases[1], "good", "inadequate", auditors=auditors)
    give(sampled, sampled.cases[2], auditors[0])

    assert [row.code for row in feedback_list(sampled.inspection)] == [case.code]


def test_a_second_grading_that_is_asked_for_later_makes_the_grade_open_again(sampled, auditors, case):
    draft = write(sampled, case)
    give(sampled, case, auditors[1], Capacity.SECOND)

    with pytest.raises(feedback_operations.NotNow, match="not final"):
        feedback_operations.release_feedback(by=sampled.coordinator, case=case, feedback=draft, version=1, at=AT)

    assert [(row.is_final, row.feedback_state) for row in feedback_list(sampled.inspection)] == [(False, "draft")]


def test_a_corrected_grading_makes_the_grade_open_again(sampled, auditors, case):
    first = case.gradings.get(capacity=Capacity.FIRST)

    graded(sampled, case, Capacity.FIRST, "inadequate", by=auditors[0], corrects=first)

    assert list(feedback_list(sampled.inspection)) == []


def test_released_feedback_no_longer_changes(sampled, case):
    draft = write(sampled, case)
    released = feedback_operations.release_feedback(by=sampled.coordinator, case=case, feedback=draft, version=1, at=AT)

    with pytest.raises(feedback_operations.NotNow):
        write(sampled, case, version=2, good="Other words.")
    with pytest.raises(feedback_operations.NotNow):
        feedback_operations.release_feedback(by=sampled.coordinator, case=case, feedback=released, version=2, at=AT)

    assert Feedback.objects.get().good == "A clear log."


def test_empty_feedback_is_not_released_and_a_draft_is_not_acknowledged(sampled, case):
    draft = write(sampled, case, good="", learn="")

    with pytest.raises(feedback_operations.NotNow, match="Say what"):
        feedback_operations.release_feedback(by=sampled.coordinator, case=case, feedback=draft, version=1, at=AT)
    with pytest.raises(feedback_operations.NotNow, match="Only feedback"):
        feedback_operations.acknowledge_feedback(
            by=sampled.coordinator, case=case, feedback=draft, version=1, reply="", at=AT
        )


def test_two_people_who_write_at_once_overwrite_nothing(sampled, case):
    write(sampled, case)

    with pytest.raises(StaleVersion):
        write(sampled, case, version=0, good="Mine.")

    shown = client_of(sampled.coordinator).post(page(sampled, case), {**SAID, "good": "Mine.", "version": 0})
    assert (shown.status_code, "Mine." in shown.content.decode(), Feedback.objects.get().good) == (
        409,
        True,
        "A clear log.",
    )


def test_the_form_starts_from_the_auditors_words_and_goes_out_read_and_acknowledged(sampled, case):
    Audit.objects.update(strengths="Quick contact.", learning="Write down the child's words.")
    client = client_of(sampled.coordinator)

    start = client.get(page(sampled, case)).context["form"].initial
    client.post(page(sampled, case), {**SAID, "version": 0, "release": "1"})
    acknowledge = reverse("audits:acknowledge-feedback", args=[sampled.inspection.ref, case.code])
    client.post(acknowledge, {"version": 2, "reply": "Talked through."})
    twice = client.post(acknowledge, {"version": 3, "reply": "Again."})

    row = Feedback.objects.get()
    assert (start["good"], start["learn"]) == ("Quick contact.", "Write down the child's words.")
    assert (row.state, row.reply, row.acknowledged_by, twice.status_code) == (
        "acknowledged",
        "Talked through.",
        sampled.coordinator,
        409,
    )
    verbs = JournalEntry.objects.filter(subject_type="audits.feedback").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["wrote", "released", "handed on"]


def test_what_looks_like_a_name_is_pointed_out_and_nothing_goes_out_until_somebody_has_looked(sampled, case):
    client = client_of(sampled.coordinator)
    named = {**SAID, "good": "PC Hannah Archer saw the child alone.", "version": 0, "release": "1"}

    warned = client.post(page(sampled, case), named)
    held = Feedback.objects.get()
    client.post(page(sampled, case), {**named, "version": held.version, "no_names": "on"})

    assert [doubt.field for doubt in warned.context["doubts"]] == ["What was good"]
    assert (held.state, Feedback.objects.get().state) == ("draft", "released")


def test_feedback_of_another_force_does_not_exist(sampled, case):
    stranger = make_user("coordinator", force=make_force("Wolden Police"))

    assert client_of(stranger).get(page(sampled, case)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_three_as_for_one(sampled, auditors, count):
    for case in sampled.cases[:count]:
        hand_in(give(sampled, case, auditors[0]))
    client, url = (
        client_of(sampled.coordinator),
        reverse("audits:feedback-list", args=[sampled.inspection.ref]),
    )
    client.get(url)  # the first request of a session notes when it was seen

    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200

    assert len(captured) == 6


# The link


@pytest.fixture
def released(sampled, case):
    draft = write(sampled, case)
    return feedback_operations.release_feedback(by=sampled.coordinator, case=case, feedback=draft, version=1, at=AT)


def send(sampled, case, to=""):
    client = client_of(sampled.coordinator)
    client.post(reverse("audits:send-feedback", args=[sampled.inspection.ref, case.code]), {"to": to})
    address = client.get(page(sampled, case)).context["address"]
    return urlsplit(address).path


def test_whoever_has_the_link_reads_the_feedback_and_its_reference_and_acknowledges_it_once(sampled, case, released):
    address = send(sampled, case, "response.team@fenshire.example")
    mail = Mail.objects.get()

    shown = Client().get(address)
    named = Client().post(address, {"reply": "PC Hannah Archer will take it up."})
    held = Feedback.objects.get().state
    Client().post(address, {"reply": "Talked through in the team."})
    twice = Client().post(address, {"reply": "Again."}, follow=True)

    body = shown.content.decode()
    told = [case.candidate.reference, "A clear log.", "Read the history first."]
    kept = [case.code, case.case_type.title, case.candidate.district, case.candidate.team, sampled.coordinator.name]
    assert ([text in body for text in told], [text in body for text in kept]) == ([True] * 3, [False] * 5)
    assert (mail.to, address in mail.body, case.candidate.reference in mail.body) == (
        "response.team@fenshire.example", True, False,
    )  # fmt: skip
    assert (list(named.context["form"].errors), held) == (["reply"], "released")
    row = Feedback.objects.get()
    assert (row.state, row.reply, row.acknowledged_by, row.is_by_link) == (
        "acknowledged", "Talked through in the team.", None, True,
    )  # fmt: skip
    assert "This feedback was acknowledged already." in twice.content.decode()
    verbs = JournalEntry.objects.filter(subject_type="audits.feedback").order_by("pk").values_list("verb", flat=True)
    assert [verb for verb in verbs if "link" in verb] == ["read by a link", "acknowledged by a link", "read by a link"]


@pytest.mark.parametrize("how", ["revoked", "renewed", "ended", "wrong"])
def test_a_link_that_is_over_opens_nothing(sampled, case, released, how):
    address = send(sampled, case)
    if how == "revoked":
        where = reverse("audits:revoke-feedback-link", args=[sampled.inspection.ref, case.code])
        client_of(sampled.coordinator).post(where)
    if how == "renewed":
        send(sampled, case)
    if how == "ended":
        FeedbackLink.objects.update(ends_at=AT)

    answer = Client().get(address + ("x" if how == "wrong" else ""))

    assert (answer.status_code, "A clear log." in answer.content.decode()) == (404, False)


def test_what_nobody_acknowledged_for_a_week_is_pointed_out_to_the_sender(sampled, case, released):
    client, url = client_of(sampled.coordinator), reverse("audits:feedback-list", args=[sampled.inspection.ref])
    Feedback.objects.update(released_at=timezone.now() - timedelta(days=1))
    before = client.get(url).context["late"]

    Feedback.objects.update(released_at=timezone.now() - REMIND_AFTER)
    late = client.get(url).context["late"]
    send(sampled, case)

    assert (before, late, client.get(url).context["late"]) == (set(), {case.pk}, set())
