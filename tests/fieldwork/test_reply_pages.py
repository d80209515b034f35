"""Replies through the pages: a participant's own, by their link, and the co-ordinator's next steps."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from ncpi.accounts.work import work_of
from ncpi.fieldwork.models import Duty, Invitation, Reply
from ncpi.fieldwork.operations import invitations
from ncpi.jobs.models import Job
from tests import worlds
from tests.factories import NOW, client_of, make_user
from tests.fieldwork import makers
from tests.fieldwork.reply_world import World
from tests.fieldwork.rfc5545 import events_of
from tests.fieldwork.visits import address, said

pytestmark = pytest.mark.django_db
TIMES = {"day_1": "2021-07-06", "start_1": "09:00", "end_1": "12:00"}
made = worlds.copies(World)


@pytest.fixture
def world(made, db):
    return made()


@pytest.fixture
def row(world):
    return world.invitation()


@pytest.fixture
def secret(world, row):
    return invitations.give_link(by=world.by, person=row.person, inspection=world.inspection, at=NOW)


def own(name, secret, *args):
    return reverse(f"fieldwork:my-sessions-{name}", args=[secret, *args])


def test_other_times_are_sent_by_link_and_shown_on_the_persons_page(world, row, secret):
    guest = Client()

    sent = guest.post(own("times", secret, row.uid), TIMES | {"version": row.version})
    page = guest.get(reverse("fieldwork:my-sessions", args=[secret])).content.decode()

    row.refresh_from_db()
    assert said(sent) == ["Thank you. Your times are with the co-ordinator."]
    assert row.reply == Reply.OTHER_TIMES
    assert "You could come 6 July 2021 at 09:00–12:00." in page


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        (
            {"day_1": "2027-03-28", "start_1": "01:30"},
            "start_1",
            "01:30 on 28 March 2027 does not exist: the clocks go forward. Choose a time before 01:00 or from 02:00.",
        ),
        (
            {"day_1": "2027-10-31", "end_1": "01:30", "start_1": "00:30"},
            "end_1",
            "01:30 on 31 October 2027 happens twice: the clocks go back. Choose a time before 01:00 or from 02:00.",
        ),
        ({"end_1": "08:00"}, "end_1", "The end must be after the start."),
        ({"day_2": "2021-07-07"}, "start_2", "Give the day and both times, or leave all three empty."),
        ({"end_1": "09:15"}, "__all__", "6 July 09:00: the session lasts 60 minutes, and this is shorter."),
    ],
)
def test_a_time_that_will_not_do_is_refused_beside_its_field_and_kept(row, secret, change, field, message):
    response = Client().post(own("times", secret, row.uid), TIMES | {"version": row.version} | change)

    assert response.context["form"].errors[field] == [message]
    assert response.context["form"]["start_1"].value() == (TIMES | change)["start_1"]
    assert Invitation.objects.get(pk=row.pk).reply == Reply.NONE


def test_a_session_that_moved_meanwhile_is_shown_as_it_is_and_what_was_typed_is_kept(row, secret):
    old = row.version
    Invitation.objects.filter(pk=row.pk).update(version=old + 1)

    response = Client().post(own("times", secret, row.uid), TIMES | {"version": old})

    assert response.status_code == 409
    assert (response.context["form"]["day_1"].value(), response.context["form"]["version"].value()) == (
        TIMES["day_1"],
        str(old + 1),
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"is_cancelled": True}, "This session was withdrawn. You do not need to answer."),
        (
            {"during": makers.hours(day=NOW.date() - timedelta(days=2))},
            "This session is over. There is nothing to answer any more.",
        ),
    ],
)
def test_a_session_that_is_withdrawn_or_over_takes_no_reply_and_has_no_button(row, secret, change, words):
    Invitation.objects.filter(pk=row.pk).update(**change)

    response = Client().post(own("stand-in", secret, row.uid), {"who": "P1", "version": row.version})
    page = Client().get(reverse("fieldwork:my-sessions", args=[secret])).text

    assert said(response) == [words]
    assert ("I can come" in page, "Focus group" in page) == (False, True)


def test_the_answer_to_a_proposal_does_not_say_whether_the_guess_was_right_and_no_page_names_another(
    world, row, secret
):
    guest = Client()
    answers = []
    for who in (world.free().email, "nobody@fenshire.example"):
        version = Invitation.objects.get(pk=row.pk).version
        answers.append(said(guest.post(own("stand-in", secret, row.uid), {"who": who, "version": version}))[-1:])
    pages = [
        guest.get(where).content.decode()
        for where in (
            reverse("fieldwork:my-sessions", args=[secret]),
            own("times", secret, row.uid),
            own("stand-in", secret, row.uid),
        )
    ]

    others = [one for one in (*world.people, world.sergeant, world.outsider) if one.pk != row.person_id]
    assert answers == [["Thank you. The co-ordinator looks whether they can come, and tells you."]] * 2
    assert [one.name for one in others for page in pages if one.name in page or one.email in page] == []


def test_somebody_with_an_account_replies_signed_in_and_nobody_replies_for_another(world, row):
    user, other = (make_user("auditor", force=world.inspection.force) for _ in range(2))
    row.person.user = user
    row.person.save(update_fields=["user"])
    where = [reverse(f"fieldwork:mine-{name}", args=[row.uid]) for name in ("times", "stand-in")]

    seen = [client_of(user).get(one).status_code for one in where]
    refused = [client_of(other).get(one).status_code for one in where]
    client_of(user).post(where[1], {"who": "P1", "version": row.version})

    assert (seen, refused) == ([200, 200], [404, 404])
    assert Invitation.objects.get(pk=row.pk).stand_in == "P1"


def test_every_reply_has_one_next_step(world, row):
    client, coming = client_of(world.by), world.free()
    named = world.invitation(world.named)
    world.offer(makers.hours("18:00", "20:00"), invitation=named)
    world.propose(coming.email, row)
    other = Invitation.objects.filter(session=world.session).exclude(pk=row.pk).get()
    invitations.answer(by=None, invitation=other, version=other.version, reply=Reply.DECLINED, at=NOW)

    rows = client.get(address("replies", world.inspection)).context["rows"]
    taken = client.post(
        address("reply-take-over", world.inspection, pk=named.pk),
        {"version": Invitation.objects.get(pk=named.pk).version},
    )
    accepted = client.post(
        address("stand-in-accept", world.inspection, pk=row.pk), {"version": Invitation.objects.get(pk=row.pk).version}
    )

    assert {one.invitation.pk: one.step for one in rows} == {
        named.pk: "times",
        row.pk: "stand_in",
        other.pk: "replan",
    }
    assert said(taken) == ["Times taken over. Re-plan to see what moves."]
    assert Duty.objects.filter(person=named.person, kind="busy").exists()
    assert said(accepted)[-1] == "Stand-in accepted. Both have been told."


def test_a_no_leads_to_the_re_plan_and_from_its_draft_on_to_what_that_changes(world, row):
    client, where = client_of(world.by), address("replies", world.inspection)
    invitations.answer(by=None, invitation=row, version=row.version, reply=Reply.DECLINED, at=NOW)

    asked = client.get(where)
    started = client.post(address("make", world.inspection))
    making = client.get(where)
    draft = makers.make_timetable(world.inspection, by=world.by)
    Job.objects.update(state="done", finished_at=NOW)
    planned = client.get(where)

    changes, overview = address("changes", world.inspection, number=draft.number), address("overview", world.inspection)
    assert [next(one.step for one in page.context["rows"] if one.invitation == row) for page in (asked, planned)] == [
        "replan",
        "planned",
    ]
    assert [f'action="{address("make", world.inspection)}"' in page.text for page in (asked, making, planned)] == [
        True,
        False,
        False,
    ]
    assert (started.url, f'href="{overview}#making"' in making.text) == (f"{overview}#making", True)
    assert f'href="{changes}"' in planned.text
    assert [one.page for one in client.get(overview).context["steps"] if one.number] == ["changes"]
    assert [one.address for one in work_of(world.by) if "Publish" in one.title] == [changes]


def test_what_is_over_asks_for_nothing_and_is_shown_when_asked_for(world, row):
    invitations.answer(by=None, invitation=row, version=row.version, reply=Reply.DECLINED, at=NOW)
    Invitation.objects.filter(pk=row.pk).update(during=makers.hours(day=NOW.date() - timedelta(days=2)))
    client, where = client_of(world.by), address("replies", world.inspection)

    to_come, everything = client.get(where), client.get(where, {"show": "all"})

    assert row.pk not in [one.invitation.pk for one in to_come.context["rows"]]
    assert to_come.context["replan"].left == frozenset()
    assert {one.invitation.pk: one.step for one in everything.context["rows"]}[row.pk] == "over"
    assert to_come.context["counts"]["over"] == 1


def test_a_stand_in_who_may_not_come_is_refused_in_words_and_by_one_press(world, row):
    client = client_of(world.by)
    row = world.propose("P6", row)

    rows = client.get(address("replies", world.inspection)).context["rows"]
    accepted = client.post(address("stand-in-accept", world.inspection, pk=row.pk), {"version": row.version})
    refused = client.post(address("stand-in-refuse", world.inspection, pk=row.pk), {"version": row.version})

    step = next(one for one in rows if one.invitation.pk == row.pk)
    assert (step.step, step.stand_in.obstacles) == ("refuse", ["is of another rank band than the others"])
    assert said(accepted) == ["Response Constable 6 is of another rank band than the others."]
    assert said(refused)[-1] == "Stand-in refused. The answer counts as declined."


def test_the_feed_of_a_link_is_a_calendar_an_independent_reader_accepts(row, secret):
    response = Client().get(own("calendar", secret))

    (event,) = events_of(response.content)
    assert (event.method, event.attendees, event.starts_at) == ("PUBLISH", [], row.during.lower)
