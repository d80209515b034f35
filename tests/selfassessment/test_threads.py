"""Questions and comments: each operation with its exits, then the pages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ncpi.accounts.models import JournalEntry
from ncpi.inspections import operations as inspections
from ncpi.lib.clocks import Clock
from ncpi.lib.versions import StaleVersion
from ncpi.selfassessment import assignment_operations, operations, queries, thread_operations
from ncpi.selfassessment.thread_models import Mention, Presence, Remark, Thread
from ncpi.selfassessment.work import my_work
from tests import worlds
from tests.factories import NOW, TODAY, client_of, judge, make_force, make_user
from tests.selfassessment.acts import address, fresh
from tests.selfassessment.world import World

pytestmark = pytest.mark.django_db
CLOCK = Clock(offset=timedelta(0), at=NOW, on=TODAY)
LATER = NOW + timedelta(hours=1)


def build():
    world = World()
    assignment_operations.assign(
        by=world.people["coordinator"], inspection=world.inspection,
        versions={row.pk: 1 for row in world.judgements[:3]}, changes={"lead": world.people["lead"]},
    )  # fmt: skip
    world.judgements[:3] = map(fresh, world.judgements[:3])
    return world


begun = worlds.copies(build)


def ask(judgement, by, text="How do you know?", kind="question", tell=(), at=NOW):
    return thread_operations.start_thread(by=by, judgement=judgement, kind=kind, text=text, tell=tell, at=at)


def answer(thread, by, text="From the count of June.", tell=()):
    return thread_operations.reply(by=by, thread=thread, text=text, tell=tell, at=LATER)


def in_review(judgement, people):
    saved = fresh(judge(judgement, by=people["lead"]))
    return fresh(operations.send_for_review(by=people["lead"], judgement=saved, version=saved.version, at=NOW))


def close(inspection, by):
    inspections.close_inspection(by=by, inspection=inspection, version=inspection.version, at=NOW)
    inspection.refresh_from_db()


def told(thread):
    return list(Mention.objects.filter(remark__thread=thread).order_by("pk").values_list("person__name", flat=True))


# Starting


def test_a_question_is_kept_with_who_was_named_and_who_was_chosen(judgement, people):
    thread = ask(
        judgement, people["reviewer"], " How do you know, @the lead? ", tell=[people["coordinator"].pk]
    )  # fmt: skip

    said = thread.remarks.get()
    assert (thread.kind, thread.is_open, said.text) == ("question", True, "How do you know, @the lead?")
    assert told(thread) == ["The coordinator", "The lead"]
    assert JournalEntry.objects.filter(verb="asked", subject=f"Thread {thread.pk}").count() == 1


@pytest.mark.parametrize("text", ["", " \n ", "x" * 5_001])
def test_nothing_and_too_much_are_refused(judgement, people, text):
    with pytest.raises(operations.NotPossibleNow):
        ask(judgement, people["reviewer"], text)

    assert Thread.objects.count() == 0


@pytest.mark.parametrize("who", ["stranger", "inspector", "auditor"])
def test_nobody_is_told_who_cannot_read_drafts_here(judgement, people, who):
    stranger = make_user("lead", force=make_force("Wolden Police"), name="The stranger")
    person = stranger if who == "stranger" else people[who]

    with pytest.raises(thread_operations.NobodyOfThatName) as by_name:
        ask(judgement, people["reviewer"], f"Is that so, @{person.name}?")
    with pytest.raises(thread_operations.NobodyOfThatName):
        ask(judgement, people["reviewer"], tell=[person.pk])

    assert str(by_name.value) == (
        "Nobody who can read this is called “The”. Choose somebody from the list, or write the name as the list has it."
    )
    assert (Thread.objects.count(), Mention.objects.count()) == (0, 0)


def test_a_name_that_two_colleagues_have_has_to_be_chosen(judgement, people, force):
    make_user("reviewer", force=force, name="the LEAD")

    with pytest.raises(thread_operations.NobodyOfThatName, match="More than one colleague is called"):
        ask(judgement, people["reviewer"], "Is that so, @The lead?")


def test_more_people_than_a_remark_may_tell_are_refused(judgement, people, force):
    crowd = [make_user("lead", force=force).pk for _ in range(21)]

    with pytest.raises(operations.NotPossibleNow, match="Tell 20 people at most; this names 21"):
        ask(judgement, people["reviewer"], tell=crowd)


def test_a_closed_inspection_takes_no_questions(judgement, people):
    close(judgement.inspection, people["coordinator"])

    with pytest.raises(inspections.InspectionClosed):
        ask(judgement, people["reviewer"])


# Answering


def test_an_answer_stands_under_the_question(judgement, people):
    thread = ask(judgement, people["reviewer"])

    answer(thread, people["lead"], "From the count of June, @the reviewer.")

    talk = queries.talk_of(judgement)
    assert [(row.by.name, row.text, row.told) for row in talk[0].remarks] == [
        ("The reviewer", "How do you know?", None),
        ("The lead", "From the count of June, @the reviewer.", ["The reviewer"]),
    ]


def test_a_resolved_thread_takes_no_answer(judgement, people):
    thread = ask(judgement, people["reviewer"])
    thread_operations.resolve(by=people["reviewer"], thread=thread, version=1, at=LATER)

    with pytest.raises(operations.NotPossibleNow, match="Somebody resolved this meanwhile"):
        answer(thread, people["lead"])


def test_a_closed_inspection_takes_no_answers(judgement, people):
    thread = ask(judgement, people["reviewer"])
    close(judgement.inspection, people["coordinator"])

    with pytest.raises(inspections.InspectionClosed):
        answer(thread, people["lead"])


def test_what_was_said_is_never_changed(judgement, people):
    said = ask(judgement, people["reviewer"]).remarks.get()

    with pytest.raises(Exception, match="kept_as_said"):
        Remark.objects.filter(pk=said.pk).update(text="Something else")


# Settling


def test_who_asked_resolves_the_question(judgement, people):
    thread = ask(judgement, people["coordinator"])

    thread_operations.resolve(by=people["coordinator"], thread=thread, version=1, at=LATER)

    thread.refresh_from_db()
    assert (thread.is_open, thread.resolved_by, thread.resolved_at) == (False, people["coordinator"], LATER)


def test_a_reviewer_resolves_somebody_elses_question(judgement, people):
    thread = ask(judgement, people["coordinator"])

    assert not thread_operations.resolve(by=people["reviewer"], thread=thread, version=1, at=LATER).is_open


def test_who_has_to_answer_a_question_does_not_resolve_it(judgement, people):
    thread = ask(judgement, people["reviewer"])

    with pytest.raises(thread_operations.NotYoursToResolve):
        thread_operations.resolve(by=people["lead"], thread=thread, version=1, at=LATER)


def test_a_lead_who_also_reviews_does_not_resolve_a_question_to_them(judgement, people, force):
    both = make_user("lead", "reviewer", force=force)
    versions = {judgement.pk: judgement.version}
    assignment_operations.assign(
        by=people["coordinator"], inspection=judgement.inspection, versions=versions, changes={"lead": both}
    )
    thread = ask(fresh(judgement), people["coordinator"])

    with pytest.raises(thread_operations.NotYoursToResolve):
        thread_operations.resolve(by=both, thread=thread, version=1, at=LATER)


def test_anybody_who_reads_drafts_resolves_a_comment(judgement, people):
    thread = ask(judgement, people["reviewer"], kind="comment")

    assert not thread_operations.resolve(by=people["lead"], thread=thread, version=1, at=LATER).is_open


def test_resolving_twice_is_refused(judgement, people):
    thread = ask(judgement, people["reviewer"])
    resolved = thread_operations.resolve(by=people["reviewer"], thread=thread, version=1, at=LATER)

    with pytest.raises(operations.NotPossibleNow):
        thread_operations.resolve(by=people["reviewer"], thread=resolved, version=2, at=LATER)


def test_resolving_over_a_change_that_was_not_seen_is_refused(judgement, people):
    thread = ask(judgement, people["reviewer"])
    seen = Thread.objects.select_related("judgement__inspection__force").get(pk=thread.pk)
    resolved = thread_operations.resolve(by=people["reviewer"], thread=thread, version=1, at=LATER)
    thread_operations.reopen(by=people["lead"], thread=resolved, version=2, at=LATER)

    with pytest.raises(StaleVersion):
        thread_operations.resolve(by=people["reviewer"], thread=seen, version=1, at=LATER)


def test_a_resolved_question_is_opened_again(judgement, people):
    thread = ask(judgement, people["reviewer"])
    resolved = thread_operations.resolve(by=people["reviewer"], thread=thread, version=1, at=LATER)

    opened = thread_operations.reopen(by=people["lead"], thread=resolved, version=2, at=LATER)

    assert (opened.is_open, opened.resolved_by, opened.version) == (True, None, 3)


def test_opening_what_is_open_is_refused(judgement, people):
    with pytest.raises(operations.NotPossibleNow):
        thread_operations.reopen(by=people["lead"], thread=ask(judgement, people["reviewer"]), version=1, at=LATER)


@pytest.mark.parametrize("act", ["resolve", "reopen"])
def test_nothing_is_settled_in_a_closed_inspection(judgement, people, act):
    thread = ask(judgement, people["reviewer"])
    close(judgement.inspection, people["coordinator"])

    with pytest.raises(inspections.InspectionClosed):
        getattr(thread_operations, act)(by=people["reviewer"], thread=thread, version=1, at=LATER)


# What an open question stops


def test_an_open_question_keeps_a_judgement_from_being_agreed(judgement, people):
    row = in_review(judgement, people)
    thread = ask(row, people["coordinator"])
    ask(row, people["coordinator"], kind="comment")

    with pytest.raises(operations.QuestionsOpen) as refusal:
        operations.agree(by=people["reviewer"], judgement=row, version=row.version, at=NOW)

    assert str(refusal.value) == "1 question is still open. Resolve it, then agree."
    thread_operations.resolve(by=people["reviewer"], thread=thread, version=1, at=LATER)
    assert operations.agree(by=people["reviewer"], judgement=row, version=row.version, at=NOW).state == "agreed"


def test_an_open_question_does_not_keep_a_judgement_from_being_returned(judgement, people):
    row = in_review(judgement, people)
    ask(row, people["reviewer"])

    returned = operations.return_judgement(
        by=people["reviewer"], judgement=row, version=row.version, reason="See the question.", at=NOW
    )

    assert returned.state == "returned"


# Work lists, and what was said to somebody


def notes(user):
    return [item.note for item in my_work(user, clock=CLOCK) if item.kind in ("Question", "Comment")]


def test_a_question_is_with_the_lead_until_they_answer_and_then_with_who_asked(judgement, people):
    thread = ask(judgement, people["reviewer"])
    before = (notes(people["lead"]), notes(people["reviewer"]))

    answer(thread, people["lead"])

    assert before == (["A question waits for your answer"], [])
    assert (notes(people["lead"]), notes(people["reviewer"])) == ([], ["Answered: resolve it, or ask on"])


def test_who_is_named_has_it_until_they_have_spoken_or_it_is_resolved(judgement, people):
    thread = ask(judgement, people["reviewer"], kind="comment", tell=[people["coordinator"].pk])
    first = notes(people["coordinator"])
    answer(thread, people["coordinator"])
    spoken = notes(people["coordinator"])
    answer(thread, people["reviewer"], "And now, @the coordinator?")
    again = notes(people["coordinator"])

    thread_operations.resolve(by=people["reviewer"], thread=thread, version=1, at=LATER)

    named = ["A colleague named you in a comment"]
    assert (first, spoken, again, notes(people["coordinator"])) == (named, [], named, [])
    assert notes(people["lead"]) == []


def test_a_person_who_left_the_force_has_none_of_it(judgement, people):
    ask(judgement, people["reviewer"], tell=[people["coordinator"].pk])
    people["coordinator"].memberships.update(ends_date=timezone.localdate())

    assert notes(people["coordinator"]) == []


def test_what_was_said_to_me_is_what_was_said_by_others_to_me_or_where_i_hold_or_spoke(judgements, people):
    mine, other = judgements[0], judgements[5]
    ask(mine, people["reviewer"], "On what the lead holds.")
    named = ask(other, people["reviewer"], "To the coordinator.", kind="comment", tell=[people["coordinator"].pk])
    ask(other, people["reviewer"], "To nobody.")

    def said(who, show=""):
        rows = queries.said_to(people[who], mine.inspection, show=show)
        return [(row.text, row.is_to_me) for row in rows]

    assert said("lead") == [("On what the lead holds.", False)]
    assert said("coordinator") == [("To the coordinator.", True)]
    assert said("coordinator", "questions") == []
    assert said("reviewer", "all") == []
    answer(named, people["coordinator"], "Noted.")
    thread_operations.resolve(by=people["reviewer"], thread=named, version=1, at=LATER)
    assert (said("reviewer"), said("reviewer", "all")) == ([], [("Noted.", False)])


@pytest.mark.parametrize("rows", [1, 3])
def test_what_was_said_takes_the_same_few_queries(judgements, people, rows, django_assert_num_queries):
    for row in judgements[:rows]:
        ask(row, people["reviewer"])
    client = client_of(people["lead"])
    client.get(address("said", judgements[0]))

    with django_assert_num_queries(6):
        client.get(address("said", judgements[0]))


# The pages


def post(client, name, judgement, data, **kwargs):
    return client.post(address(name, judgement, **kwargs), data)


def test_asking_leads_back_to_the_threads(judgement, people):
    client = client_of(people["reviewer"])

    response = post(
        client, "start-thread", judgement,
        {"kind": "question", "text": "How?\r\nWhy?", "tell": people["lead"].pk},
    )  # fmt: skip

    thread = Thread.objects.get()
    assert (response.status_code, response["Location"]) == (302, address("talk", judgement))
    assert (thread.remarks.get().text, told(thread)) == ("How?\nWhy?", ["The lead"])


def test_asking_twice_with_one_form_asks_once(judgement, people):
    client = client_of(people["reviewer"])
    data = {"kind": "question", "text": "How?", "tell": "", "once": "6e1b2f9e-5a4c-4f0e-9a3f-0d6f3f1f8a11"}

    answers = [post(client, "start-thread", judgement, data) for _ in range(2)]

    assert [(row.status_code, row["Location"]) for row in answers] == [(302, address("talk", judgement))] * 2
    assert Thread.objects.count() == 1


def test_a_name_that_nobody_has_is_said_and_the_text_is_kept(judgement, people):
    page = post(
        client_of(people["reviewer"]), "start-thread", judgement, {"kind": "comment", "text": "@nobody?", "tell": ""}
    )

    form = page.context["start_form"]
    assert (page.status_code, form["text"].value(), Thread.objects.count()) == (200, "@nobody?", 0)
    assert form.errors["text"] == [
        "Nobody who can read this is called “nobody”. Choose somebody from the list, or write the name as the list "
        "has it."
    ]


def test_somebody_of_another_force_cannot_be_chosen(judgement, people):
    stranger = make_user("lead", force=make_force("Wolden Police"))

    page = post(
        client_of(people["reviewer"]), "start-thread", judgement,
        {"kind": "comment", "text": "See this.", "tell": stranger.pk},
    )  # fmt: skip

    assert page.context["start_form"].errors["tell"] == ["That person cannot read this. Choose from the list."]
    assert page.context["start_form"]["text"].value() == "See this."


def test_a_reply_to_what_was_resolved_meanwhile_is_kept_on_the_page(judgement, people):
    thread = ask(judgement, people["reviewer"])
    thread_operations.resolve(by=people["reviewer"], thread=thread, version=1, at=LATER)

    page = post(client_of(people["lead"]), "reply", judgement, {"text": "My answer.", "tell": ""}, pk=thread.pk)

    assert page.status_code == 200
    assert page.content.decode().count("My answer.") == 1
    assert thread.remarks.count() == 1


def test_a_reply_is_posted(judgement, people):
    thread = ask(judgement, people["reviewer"])

    response = post(client_of(people["lead"]), "reply", judgement, {"text": "So.", "tell": ""}, pk=thread.pk)

    assert response["Location"] == address("talk", judgement)
    assert list(thread.remarks.order_by("pk").values_list("text", "by__name")) == [
        ("How do you know?", "The reviewer"),
        ("So.", "The lead"),
    ]


def test_the_button_resolves_and_reopens(judgement, people):
    thread, client = ask(judgement, people["reviewer"]), client_of(people["reviewer"])

    post(client, "settle-thread", judgement, {"to": "resolve", "version": 1}, pk=thread.pk)
    resolved = Thread.objects.get().is_open
    post(client, "settle-thread", judgement, {"to": "reopen", "version": 2}, pk=thread.pk)

    assert (resolved, Thread.objects.get().is_open) == (False, True)


@pytest.mark.parametrize(
    ("who", "version", "says"),
    [
        ("lead", 1, "A question is resolved by the person who asked it, or by a reviewer."),
        ("reviewer", "x", "Somebody else resolved or reopened this meanwhile. This is how it is now."),
    ],
)
def test_a_button_that_may_not_settle_says_why(judgement, people, who, version, says):
    thread, client = ask(judgement, people["reviewer"]), client_of(people[who])

    post(client, "settle-thread", judgement, {"to": "resolve", "version": version}, pk=thread.pk)

    page = client.get(address("talk", judgement))
    assert [str(message) for message in page.context["messages"]] == [says]
    assert Thread.objects.get().is_open


def test_a_thread_of_another_force_is_not_there(judgement, people):
    thread = ask(judgement, people["reviewer"])
    stranger = client_of(make_user("lead", force=make_force("Wolden Police")))

    assert post(stranger, "reply", judgement, {"text": "Hm.", "tell": ""}, pk=thread.pk).status_code == 404
    assert stranger.get(address("talk", judgement)).status_code == 404


def test_the_review_page_says_that_questions_are_open(judgement, people):
    row = in_review(judgement, people)
    ask(row, people["coordinator"])
    client = client_of(people["reviewer"])

    page = client.get(address("review", row))
    refused = client.post(address("review", row), {"decision": "agree", "text": "", "version": row.version})

    assert page.content.decode().count("1 open question.") == 1
    assert refused.context["form"].non_field_errors() == ["1 question is still open. Resolve it, then agree."]


def test_a_part_is_given_to_a_page_that_asks_for_it(judgement, people):
    ask(judgement, people["reviewer"])
    client = client_of(people["lead"])

    part = client.get(address("talk", judgement), headers={"HX-Request": "true"}).content.decode()

    assert (part.count("<h1"), part.count('id="talk"'), part.count("How do you know?")) == (0, 1, 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_threads_take_the_same_few_queries(judgement, people, rows, django_assert_num_queries):
    for number in range(rows):
        answer(ask(judgement, people["reviewer"], f"Question {number}?"), people["lead"])
    client = client_of(people["lead"])
    client.get(address("talk", judgement))

    with django_assert_num_queries(6):
        client.get(address("talk", judgement))


# Who else is there


def here(user, judgement):
    page = client_of(user).post(address("here", judgement))
    return page.content.decode().count("this page open now")


def test_each_sees_that_the_other_is_there(judgement, people):
    first = here(people["lead"], judgement)
    page = client_of(people["coordinator"]).post(address("here", judgement)).content.decode()

    assert (first, page.count("The lead has this page open now.")) == (0, 1)
    assert here(people["lead"], judgement) == 1


def test_who_was_there_two_minutes_ago_has_left(judgement, people):
    thread_operations.be_here(
        by=people["coordinator"], judgement_id=judgement.pk, at=timezone.now() - timedelta(minutes=2, seconds=1)
    )

    assert here(people["lead"], judgement) == 0
    assert Presence.objects.count() == 2


@pytest.mark.parametrize("others", [1, 3])
def test_being_there_takes_two_queries_beside_the_session(judgement, people, force, others, django_assert_num_queries):
    for _ in range(others):
        thread_operations.be_here(by=make_user("lead", force=force), judgement_id=judgement.pk, at=timezone.now())
    client = client_of(people["lead"])
    client.post(address("here", judgement))

    with django_assert_num_queries(4):
        client.post(address("here", judgement))


def test_an_address_of_no_criterion_is_not_there(judgement, people):
    where = reverse("selfassessment:here", args=[judgement.inspection.ref, "no-such-criterion"])

    assert client_of(people["lead"]).post(where).status_code == 404
