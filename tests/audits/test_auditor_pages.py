import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audits import operations
from audits.models import Answer, Audit, Capacity, Concern, Finding, Grading
from ncpi.accounts.models import JournalEntry
from ncpi.inspections.models import Force
from tests import worlds
from tests.audits.factories import AT, drawn_sample, fill, give, grade_of, hand_in, two_gradings
from tests.factories import TODAY, client_of, make_force, make_user

pytestmark = pytest.mark.django_db


drawn = worlds.copies(lambda: drawn_sample(cases=3))


@pytest.fixture
def sampled(drawn, db):
    return drawn()


@pytest.fixture
def auditor(sampled):
    return make_user("auditor", force=sampled.force)


@pytest.fixture
def audit(sampled, auditor):
    return give(sampled, sampled.cases[0], auditor)


@pytest.fixture
def client(auditor):
    return client_of(auditor)


def address(audit, name="audit"):
    return reverse(f"audits:{name}", args=[audit.inspection.ref, audit.pk])


def queries_of(client, url):
    client.get(url)  # the first request of a session notes when it was seen
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def _without_token(response):
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", response.content)


def page_of(audit, **changes):
    """Return what the whole page posts."""
    posted = {"version": audit.version, "strengths": "", "learning": "", "grade": "", "grade_reason": ""}
    for question in operations.questions_of(audit):
        value = "" if question.kind == "text" else "yes"
        posted |= {f"q{question.pk}": value, f"t{question.pk}": "In words.", f"v{question.pk}": "0"}
    return posted | changes


# My cases


def test_my_cases_shows_the_next_case_and_nobody_elses(sampled, auditor, client):
    for case in sampled.cases[:2]:
        give(sampled, case, auditor)
    other = give(sampled, sampled.cases[2], make_user("auditor", force=sampled.force))

    response = client.get(reverse("audits:my-cases", args=[sampled.inspection.ref]))

    assert response.context["next"].case == sampled.cases[0]
    assert [audit.case for audit in response.context["to_do"]] == sampled.cases[:2]
    assert other.case.code not in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_my_cases_asks_as_much_for_three_as_for_one(sampled, auditor, client, count):
    for case in sampled.cases[:count]:
        give(sampled, case, auditor)

    assert queries_of(client, reverse("audits:my-cases", args=[sampled.inspection.ref])) == 5


# The audit page


def test_the_page_of_an_audit_asks_six_questions_of_the_database_and_one_more_where_there_is_a_concern(audit, client):
    empty = queries_of(client, address(audit))

    fill(audit)
    full = queries_of(client, address(audit))
    client.post(address(audit, "raise-concern"), {"text": "Nobody has seen the child."})

    assert [empty, full, queries_of(client, address(audit))] == [6, 6, 7]


def test_every_form_and_link_of_the_page_leads_to_where_it_says(audit, client):
    body = client.get(address(audit)).content.decode()

    names = ["answer", "note", "save", "raise-concern", "record-finding", "conflict", "take-to-paper"]
    assert [name for name in names if f'"{address(audit, name)}"' not in body] == []


def test_each_form_of_each_reading_of_the_page_has_a_key_of_its_own(audit, client):
    keys = [
        re.findall(r'name="once" value="([0-9a-f-]{36})"', client.get(address(audit)).content.decode()) for _ in "ab"
    ]

    assert [len(keys[0]), len(keys[1]), len({*keys[0], *keys[1]})] == [4, 4, 8]


def test_reading_an_audit_leaves_a_line_in_the_journal(audit, auditor, client):
    client.get(address(audit))

    entry = JournalEntry.objects.get(verb="read", subject_type="audits.audit")
    assert (entry.by, entry.subject_id, entry.subject) == (auditor, audit.pk, f"Audit {audit.pk}")


def test_reading_an_audit_changes_nothing_of_it(audit, client):
    client.get(address(audit))

    audit.refresh_from_db()
    assert (audit.state, audit.version) == ("allocated", 1)


@pytest.mark.parametrize("role", ["auditor", "moderator", "coordinator", "chief_officer", "inspector"])
def test_nobody_else_finds_the_audit(sampled, audit, role):
    response = client_of(make_user(role, force=sampled.force)).get(address(audit))

    assert response.status_code == (404 if role == "auditor" else 403)


def test_an_auditor_of_another_force_finds_nothing(audit):
    stranger = client_of(make_user("auditor", force=make_force("Wolden Police")))

    denied = stranger.get(address(audit))
    missing = stranger.get(address(audit).replace(str(audit.pk), "999999"))

    assert (denied.status_code, _without_token(denied)) == (404, _without_token(missing))


def test_the_second_auditor_sees_nothing_of_the_first(sampled, audit):
    second = give(sampled, sampled.cases[0], make_user("auditor", force=sampled.force), Capacity.SECOND)
    fill(audit)
    changes = {"grade": grade_of(sampled.inspection, "inadequate"), "grade_reason": "A reason of the first."}
    operations.record_notes(by=audit.auditor, audit=audit, version=1, changes=changes, at=AT)

    body = client_of(second.auditor).get(address(second)).content.decode()

    assert "A reason of the first." not in body
    assert "In words." not in body
    assert " checked" not in body


def test_text_from_the_database_is_shown_as_text(audit, client):
    question = operations.questions_of(audit).filter(kind="scale").first()
    operations.record_answer(
        by=audit.auditor, ref=audit.inspection.ref, audit_id=audit.pk, question_id=question.pk,
        value="no", text="</textarea><script>alert(1)</script>", version=0, on=TODAY, now=AT,
    )  # fmt: skip

    body = client.get(address(audit)).content.decode()

    assert "<script>alert(1)" not in body
    assert "&lt;/textarea&gt;&lt;script&gt;alert(1)" in body


def test_the_reason_of_an_earlier_moderation_stands_at_its_question(sampled, audit, client):
    others = [make_user("auditor", force=sampled.force) for _ in range(2)]
    two_gradings(sampled, sampled.cases[1], "good", "inadequate", auditors=others)
    question = operations.questions_of(audit).filter(kind="scale").first()
    operations.moderate(
        by=make_user("moderator", force=sampled.force), case=sampled.cases[1],
        grade=grade_of(sampled.inspection, "inadequate"), reason="Seen means seen alone.",
        criterion_key="C20-INI-1", question=question, at=AT,
    )  # fmt: skip

    assert "Seen means seen alone." in client.get(address(audit)).content.decode()


# Autosave


def send(client, audit, question, **changes):
    posted = {f"q{question.pk}": "yes", f"t{question.pk}": "", f"v{question.pk}": "0"} | changes
    return client.post(address(audit, "answer"), posted)


def test_an_answer_is_kept_in_three_queries_with_its_version(audit, client):
    question = operations.questions_of(audit).filter(kind="scale").first()
    client.get(address(audit))

    with CaptureQueriesContext(connection) as captured:
        response = send(client, audit, question)

    assert response.json() == {"version": 1, "doubts": []}
    assert len(captured) == 3
    assert Answer.objects.get().value == "yes"


def test_a_name_in_a_comment_is_kept_and_gently_warned_of(audit, client):
    question = operations.questions_of(audit).filter(kind="scale").first()

    response = send(client, audit, question, **{f"t{question.pk}": "John was seen."})

    assert response.json()["doubts"] == [
        "“John” looks like a name. Write who it is to the child instead, such as “the mother”."
    ]
    assert Answer.objects.get().text == "John was seen."


def test_an_answer_changed_in_another_window_is_refused(audit, client):
    question = operations.questions_of(audit).filter(kind="scale").first()
    send(client, audit, question)

    response = send(client, audit, question, **{f"q{question.pk}": "no"})

    assert (response.status_code, Answer.objects.get().value) == (409, "yes")


@pytest.mark.parametrize("posted", [{}, {"q1": "yes", "q2": "yes"}, {"q1": "yes", "v1": "x"}, {"qx": "yes"}])
def test_an_autosave_that_is_no_single_answer_is_refused(audit, client, posted):
    assert client.post(address(audit, "answer"), posted).status_code == 400


def test_who_audits_nowhere_gets_no_answer_kept_and_no_hint(sampled, audit):
    question = operations.questions_of(audit).first()
    other = client_of(sampled.coordinator)

    asked = [send(other, audit, question), other.post(address(audit, "answer"), {})]

    assert [response.status_code for response in asked] == [403, 403]
    assert Answer.objects.count() == 0


def test_an_auditor_whose_role_ended_today_keeps_no_answer(audit, auditor, client):
    question = operations.questions_of(audit).filter(kind="scale").first()
    auditor.memberships.update(ends_date=timezone.localdate())

    assert send(client, audit, question).status_code == 403
    assert Answer.objects.count() == 0


def test_an_answer_is_dated_by_the_clock_of_its_force(audit, client):
    Force.objects.update(is_demonstration=True, clock_offset=timedelta(days=365))
    question = operations.questions_of(audit).filter(kind="scale").first()
    before = timezone.now()

    send(client, audit, question)

    dated = Answer.objects.get().answered_at
    audit.refresh_from_db()
    assert timedelta(0) <= dated - (before - timedelta(days=365)) < timedelta(minutes=5)
    assert audit.started_at == dated


def test_an_answer_to_somebody_elses_audit_finds_nothing(sampled, audit):
    question = operations.questions_of(audit).first()
    other = client_of(make_user("auditor", force=sampled.force))

    assert send(other, audit, question).status_code == 404
    assert Answer.objects.count() == 0


def test_notes_are_kept_and_a_stale_one_is_refused(audit, client):
    notes = {"strengths": "Quick.", "learning": "", "grade": "", "grade_reason": "", "version": "1"}

    kept = client.post(address(audit, "note"), notes)
    stale = client.post(address(audit, "note"), notes | {"strengths": "Slow."})
    wrong = client.post(address(audit, "note"), notes | {"grade": "999999"})

    assert (kept.json(), stale.status_code, wrong.status_code) == ({"version": 2, "doubts": []}, 409, 400)
    assert Audit.objects.get().strengths == "Quick."


# The whole page


def test_a_page_without_script_saves_everything_at_once(audit, client):
    response = client.post(address(audit, "save"), page_of(audit, learning="Listen first."))

    audit.refresh_from_db()
    assert response.url == address(audit)
    assert (audit.learning, audit.state, audit.answers.count()) == (
        "Listen first.",
        "started",
        operations.questions_of(audit).count(),
    )


def test_handing_in_what_is_incomplete_says_what_is_missing_and_keeps_the_rest(audit, client):
    question = operations.questions_of(audit).filter(kind="scale").order_by("order").first()
    posted = page_of(audit, submit="1", **{f"q{question.pk}": ""})

    response = client.post(address(audit, "save"), posted)

    assert [error.message for error in response.context["errors"]] == [
        "Question 1: Answer this question.",
        "Choose a grade.",
        "Write the reason for the grade.",
    ]
    assert response.context["errors"][0].href == f"#question-{question.pk}"
    assert (Grading.objects.count(), audit.answers.exclude(value="").count() > 10) == (0, True)


def test_a_complete_audit_is_handed_in(audit, client):
    grade = grade_of(audit.inspection, "good")
    posted = page_of(audit, submit="1", grade=grade.pk, grade_reason="Seen and heard.")

    response = client.post(address(audit, "save"), posted)

    assert response.url == reverse("audits:my-cases", args=[audit.inspection.ref])
    assert Grading.objects.get(capacity="first").grade == grade


def test_a_name_is_asked_about_before_handing_in_and_may_be_none(audit, client):
    grade = grade_of(audit.inspection, "good")
    posted = page_of(audit, grade=grade.pk, grade_reason="Mrs Okafor was told.")

    asked = client.post(address(audit, "save"), posted | {"submit": "1"})
    audit.refresh_from_db()
    posted = page_of(audit, grade=grade.pk, grade_reason="Mrs Okafor was told.", version=audit.version)
    done = client.post(address(audit, "save"), posted | {"no_names": "1"})

    assert [doubt.excerpt for doubt in asked.context["doubts"]] == ["Mrs Okafor"]
    assert (done.status_code, Grading.objects.filter(capacity="first").count()) == (302, 1)


def test_a_stale_page_shows_both_texts_and_keeps_the_typed_one(audit, client):
    question = operations.questions_of(audit).filter(kind="scale").order_by("order").first()
    send(client, audit, question, **{f"q{question.pk}": "no"})
    send(client, audit, question, **{f"q{question.pk}": "partly", f"v{question.pk}": "1"})

    stale = client.post(address(audit, "save"), page_of(audit))
    again = client.post(address(audit, "save"), page_of(audit, **{f"v{question.pk}": "2"}))

    assert (stale.status_code, stale.context["conflict"]) == (409, [(question.ask, "partly", "yes In words.")])
    assert f'name="v{question.pk}" value="2"' in stale.content.decode()
    assert (again.status_code, Answer.objects.get(question=question).value) == (302, "yes")


def test_stale_notes_show_both_texts(audit, client):
    operations.record_notes(by=audit.auditor, audit=audit, version=1, changes={"learning": "Theirs."}, at=AT)

    stale = client.post(address(audit, "save"), page_of(audit, version=1, learning="Mine."))

    assert (stale.status_code, stale.context["conflict"]) == (409, [("What to learn", "Theirs.", "Mine.")])
    assert ">Mine.</textarea>" in stale.content.decode()


def test_an_audit_handed_in_can_be_read_and_not_saved(audit, client):
    hand_in(audit)

    page = client.get(address(audit))
    refused = client.post(address(audit, "save"), page_of(audit, learning="Later thought."))

    assert page.context["is_open"] is False
    assert refused.url == reverse("audits:my-cases", args=[audit.inspection.ref])
    assert Audit.objects.get().learning == ""


# Concern and finding


def test_a_concern_is_raised_from_the_audit_page_whatever_its_state(audit, client):
    response = client.post(address(audit, "raise-concern"), {"text": "Not seen for five weeks."})

    concern = Concern.objects.get()
    assert (response.url, concern.case, concern.audit) == (address(audit), audit.case, audit)


def test_a_concern_can_still_be_raised_after_handing_in(audit, client):
    hand_in(audit)

    client.post(address(audit, "raise-concern"), {"text": "I have thought of it again."})

    assert Concern.objects.count() == 1


def test_an_overdue_concern_is_overdue_on_the_audit_page_until_it_is_closed(audit, client):
    client.post(address(audit, "raise-concern"), {"text": "Not seen for five weeks."})
    shown = []

    for changes in ({}, {"due_at": AT - timedelta(days=1)}, {"state": "closed"}):
        closed = {"closed_by": make_user("coordinator", force=audit.inspection.force), "closed_at": AT}
        Concern.objects.update(**changes, **(closed if "state" in changes else {}))
        page = client.get(address(audit)).content.decode()
        shown.append((page.count("Overdue"), page.count('class="ncpi-unsafe" role="status"')))

    assert shown == [(0, 1), (1, 1), (0, 0)]


def test_a_concern_posted_twice_is_raised_once(audit, client):
    posted = {"text": "Not seen.", "once": "4c9a1c88-4c5f-4f52-9d4b-2f4c6a5b8a11"}

    answers = [client.post(address(audit, "raise-concern"), posted).url for _ in range(2)]

    assert (answers, Concern.objects.count()) == ([address(audit)] * 2, 1)


@pytest.mark.parametrize(("name", "model"), [("raise-concern", Concern), ("record-finding", Finding)])
def test_an_empty_text_is_asked_for_again(audit, client, name, model):
    response = client.post(address(audit, name), {"text": " "})

    assert (response.status_code, model.objects.count()) == (200, 0)
    assert "govuk-error-message" in response.content.decode()


def test_a_finding_is_recorded(audit, client):
    client.post(address(audit, "record-finding"), {"text": "Plans are kept in e-mail."})

    assert Finding.objects.get().audit == audit
