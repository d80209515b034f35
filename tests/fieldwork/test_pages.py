"""The fieldwork through the browser's eyes: happy, refused, wrong force."""

from datetime import time

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from ncpi.accounts.models import JournalEntry
from ncpi.fieldwork import problem_queries, work
from ncpi.fieldwork.models import Duty, Invitation, Person, Session
from ncpi.fieldwork.operations import changes, invitations
from ncpi.fieldwork.problem import Lunch, Rules
from ncpi.jobs.models import Job
from ncpi.lib.clocks import Clock
from tests import worlds
from tests.factories import NOW, client_of, make_force, make_inspection, make_user
from tests.fieldwork import makers
from tests.fieldwork.visits import address, said, upload

pytestmark = pytest.mark.django_db


def make_world():
    force = make_force()
    # The pages read the clock: the force's stands before its fieldwork.
    force.clock_offset, force.is_demonstration = timezone.now() - NOW, True
    force.save(update_fields=["clock_offset", "is_demonstration"])
    return {"inspection": make_inspection(force), "by": make_user("coordinator", force=force)}


made = worlds.copies(make_world)


@pytest.fixture
def world(made, db):
    return made()


@pytest.fixture
def inspection(world):
    return world["inspection"]


@pytest.fixture
def by(world):
    return world["by"]


@pytest.fixture
def client(by):
    return client_of(by)


@pytest.mark.parametrize("name", ["overview", "people", "sessions", "replies", "inspectors"])
@pytest.mark.parametrize("count", [1, 3])
def test_a_list_asks_as_many_questions_for_three_rows_as_for_one(
    client, inspection, by, name, count, django_assert_num_queries
):
    makers.make_fieldwork(inspection, by=by, count=count)
    makers.publish(makers.make_timetable(inspection, by=by), by=by)
    client.get(address(name, inspection))
    wanted = {"overview": 11, "people": 7, "sessions": 8, "replies": 11, "inspectors": 6}[name]

    with django_assert_num_queries(wanted):
        response = client.get(address(name, inspection), {"show": "all"})

    assert response.status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_a_timetable_asks_as_many_questions_for_three_sessions_as_for_one(
    client, inspection, by, count, django_assert_num_queries
):
    makers.make_fieldwork(inspection, by=by, count=count)
    timetable = makers.make_timetable(inspection, by=by)
    client.get(address("timetable", inspection, number=timetable.number))

    with django_assert_num_queries(12):
        response = client.get(address("timetable", inspection, number=timetable.number))

    assert len(response.context["whole"].blocks) == count


def test_a_person_is_added_and_given_a_time(client, inspection):
    fields = {
        "reference": "P1",
        "name": "Response Sergeant 1",
        "band": "sergeant",
        "unit": "Response",
        "email": "p1@fenshire.example",
        "max_sessions": 2,
    }
    client.post(address("person-add", inspection), fields)
    person = Person.objects.get()
    time = {
        "kind": "duty",
        "start_date": "2021-07-05",
        "start": "22:00",
        "end_date": "2021-07-06",
        "end": "07:00",
    }

    response = client.post(address("person", inspection, pk=person.pk), time)

    assert said(response)[-1] == "Time added."
    assert Duty.objects.get().during.lower.isoformat() == "2021-07-05T21:00:00+00:00"


def test_a_time_that_the_clocks_skip_is_refused_and_nothing_typed_is_lost(client, inspection, by):
    person = makers.make_person(inspection.force, by=by, times=[])
    time = {"kind": "duty", "start_date": "2027-03-28", "start": "01:30", "end_date": "2027-03-28", "end": "09:00"}

    response = client.post(address("person", inspection, pk=person.pk), time)

    assert response.context["form"].errors["start"] == [
        "01:30 on 28 March 2027 does not exist: the clocks go forward. Choose a time before 01:00 or from 02:00."
    ]
    assert response.context["form"]["start"].value() == "01:30"
    assert not Duty.objects.exists()


def test_a_stale_change_of_a_person_is_refused_and_keeps_the_text(client, inspection, by):
    person = makers.make_person(inspection.force, by=by)
    where = address("person-change", inspection, pk=person.pk)
    fields = {
        "reference": "P1",
        "name": "Response Constable 1",
        "band": "constable",
        "unit": "Neighbourhood",
        "email": "p1@fenshire.example",
        "max_sessions": 2,
        "version": person.version,
    }
    client.post(where, fields | {"unit": "Control room"})

    response = client.post(where, fields)

    assert response.status_code == 409
    assert response.context["conflict"] == [("Unit", "Control room", "Neighbourhood")]
    assert response.context["form"]["unit"].value() == "Neighbourhood"
    assert Person.objects.get().unit == "Control room"


def test_people_times_and_sessions_are_imported(client, inspection):
    kind = inspection.programme.session_kinds.order_by("order").first()
    upload(
        client,
        address("people-import", inspection),
        "reference,name,band,unit,email\nP1,Response Constable 1,constable,Response,p1@fenshire.example\n",
    )
    duties = upload(
        client,
        address("duties-import", inspection),
        "person,kind,date,start,end,every_days,until\nP1,duty,2021-07-05,07:00,17:00,1,2021-07-09\n",
    )
    sessions = upload(
        client,
        address("sessions-import", inspection),
        f"reference,title,kind,fixed\nS1,Interview,{kind.key},P1\n",
    )

    assert said(duties) == ["1 person added.", "5 new times imported."]
    assert said(sessions)[-1] == "1 session added."
    assert Session.objects.get().candidates.get().person.reference == "P1"
    assert list(Session.objects.get().areas.order_by("pk")) == list(kind.areas.order_by("pk"))


def test_the_same_times_twice_are_said_to_be_there_already(client, inspection, by):
    makers.make_person(inspection.force, by=by, times=[])
    text = "person,kind,date,start,end\nP1,duty,2021-07-05,07:00,17:00\n"
    upload(client, address("duties-import", inspection), text)

    response = upload(client, address("duties-import", inspection), text)

    assert said(response)[-1] == "Every time in the file was there already."
    assert Duty.objects.count() == 1


def test_times_that_overlap_stored_ones_are_named_by_row_and_nothing_is_imported(client, inspection, by):
    makers.make_person(inspection.force, by=by)
    text = "person,kind,date,start,end\nP1,duty,2021-07-06,07:00,17:00\nP1,duty,2021-07-05,16:00,18:00\n"

    response = upload(client, address("duties-import", inspection), text)

    assert response.context["problems"] == ["Row 3: P1 already has duty that overlaps 5 July 2021 16:00."]
    assert Duty.objects.count() == 1


def test_a_file_with_a_mistake_imports_nothing_and_names_it(client, inspection):
    response = upload(
        client,
        address("people-import", inspection),
        "reference,name,band,unit,email\nP1,A,constable,Response,p1@f.example\nP2,B,king,Response,p2@f.example\n",
    )

    assert response.context["problems"] == [
        "Row 3, column band: must be one of chief, constable, inspector, partner, sergeant, staff, superintendent."
    ]
    assert not Person.objects.exists()


def test_a_session_is_wanted_from_the_form(client, inspection, by):
    person = makers.make_person(inspection.force, by=by)
    kind = inspection.programme.session_kinds.order_by("order").first()
    fields = {
        "reference": "S1",
        "title": "Group",
        "kind": kind.pk,
        "minutes": 60,
        "inspectors_needed": 1,
        "size": 1,
        "pool_units": ["Response"],
        "priority": 2,
        "windows": "2021-07-05 09:00-12:00",
        "prefer_from": "09:30",
    }

    response = client.post(address("session-add", inspection), fields)

    session = Session.objects.get()
    assert said(response) == ["Session added. The next timetable places it."]
    assert [(one.person, one.part) for one in session.candidates.all()] == [(person, "pool")]
    assert session.preferences == {"from": "09:30"}
    assert session.windows.count() == 1


def test_a_changed_session_shows_what_is_stored(client, inspection, by):
    person = makers.make_person(inspection.force, by=by)
    session = makers.make_session(inspection, by=by, fixed=[person])

    form = client.get(address("session", inspection, pk=session.pk)).context["form"]

    assert (form["fixed"].value(), form["title"].value(), form["version"].value()) == ("P1", "Interview 1", 1)


def test_the_rules_are_kept_for_the_next_timetable(client, inspection):
    fields = {
        "opens": "09:00",
        "closes": "16:00",
        "lunch_from": "12:00",
        "lunch_to": "14:00",
        "lunch_minutes": 45,
        "inspector_gap_minutes": 15,
        "inspector_sessions_a_day": 3,
        "person_gap_minutes": 15,
        "person_sessions_a_day": 1,
        "rooms": "",
        "version": 0,
    }

    response = client.post(address("arrangement", inspection), fields)

    assert said(response) == ["Rules saved. The next timetable keeps them."]
    assert problem_queries.problem_of(inspection).rules == Rules(
        inspector_gap_minutes=15,
        person_gap_minutes=15,
        lunch=Lunch(45, time(12), time(14)),
        inspector_sessions_a_day=3,
        person_sessions_a_day=1,
        rooms=None,
    )


def test_asking_for_a_timetable_queues_one_job_and_shows_it(client, inspection, by):
    makers.make_fieldwork(inspection, by=by)

    client.post(address("make", inspection))
    client.post(address("make", inspection))
    page = client.get(address("overview", inspection))

    assert Job.objects.get(kind="solve_timetable").args == {"inspection": inspection.pk}
    assert page.context["job"].state == "queued"


def test_without_sessions_no_timetable_is_asked_for(client, inspection):
    response = client.post(address("make", inspection))

    assert said(response) == ["Add at least one session and one inspector first."]
    assert not Job.objects.exists()


def test_publishing_invites_everybody_placed_and_tells_them(client, inspection, by):
    makers.make_fieldwork(inspection, by=by, count=2)
    timetable = makers.make_timetable(inspection, by=by)

    response = client.post(address("publish", inspection, number=1), {"tell": "on"})

    timetable.refresh_from_db()
    assert said(response) == ["Version 1 published."]
    assert (timetable.state, timetable.published_by) == ("published", by)
    assert Invitation.objects.count() == 2
    assert Job.objects.filter(kind="send_mail").count() == 2


def test_a_persons_calendar_downloads(client, inspection, by):
    person = makers.make_fieldwork(inspection, by=by)[0]
    makers.publish(makers.make_timetable(inspection, by=by), by=by)

    response = client.get(address("person-calendar", inspection, pk=person.pk))

    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert response["Content-Disposition"] == 'attachment; filename="sessions.ics"'
    assert event["SUMMARY"] == "Interview 1"
    assert event["DTSTART"].dt == Invitation.objects.get().during.lower


def test_a_personal_link_shows_only_the_persons_own_sessions(client, inspection, by):
    first, second = makers.make_fieldwork(inspection, by=by, count=2)
    makers.publish(makers.make_timetable(inspection, by=by), by=by)
    secret = invitations.give_link(by=by, person=first, inspection=inspection, at=NOW)
    from django.test import Client

    page = Client().get(reverse("fieldwork:my-sessions", args=[secret]))

    assert [row.person for row, _ in page.context["invitations"]] == [first]
    assert "Interview 1" in page.content.decode()
    assert second.name not in page.content.decode()
    assert "Interview 2" not in page.content.decode()


def test_a_personal_link_takes_the_answer(inspection, by):
    person = makers.make_fieldwork(inspection, by=by)[0]
    makers.publish(makers.make_timetable(inspection, by=by), by=by)
    secret = invitations.give_link(by=by, person=person, inspection=inspection, at=NOW)
    invitation = Invitation.objects.get()
    from django.test import Client

    Client().post(
        reverse("fieldwork:my-sessions-answer", args=[secret, invitation.uid]),
        {"reply": "declined", "version": invitation.version},
    )

    invitation.refresh_from_db()
    assert invitation.reply == "declined"


def test_a_revoked_link_opens_nothing(client, inspection, by):
    person = makers.make_fieldwork(inspection, by=by)[0]
    secret = invitations.give_link(by=by, person=person, inspection=inspection, at=NOW)
    where = reverse("fieldwork:my-sessions", args=[secret])
    assert client.get(where).status_code == 200

    client.post(address("person-link-revoke", inspection, pk=person.pk))

    assert client.get(where).status_code == 404


def test_a_new_link_is_shown_once_and_ends_the_old_one(client, inspection, by):
    person = makers.make_person(inspection.force, by=by)
    old = invitations.give_link(by=by, person=person, inspection=inspection, at=NOW)

    client.post(address("person-link", inspection, pk=person.pk))
    first, second = (client.get(address("person", inspection, pk=person.pk)) for _ in range(2))

    assert client.get(first.context["secret"]).status_code == 200
    assert second.context["secret"] == ""
    assert client.get(reverse("fieldwork:my-sessions", args=[old])).status_code == 404


def test_a_person_with_an_account_answers_signed_in(inspection, by):
    user = make_user("auditor", force=inspection.force)
    person = makers.make_person(inspection.force, by=by, user=user)
    makers.make_inspector(inspection, by=by)
    makers.make_session(inspection, by=by, fixed=[person])
    makers.publish(makers.make_timetable(inspection, by=by), by=by)
    invitation = Invitation.objects.get()
    own = client_of(user)

    page = own.get(reverse("fieldwork:mine"))
    own.post(
        reverse("fieldwork:mine-answer", args=[invitation.uid]),
        {"reply": "accepted", "version": invitation.version},
    )

    invitation.refresh_from_db()
    assert [row for row, _ in page.context["invitations"]] == [invitation]
    assert invitation.reply == "accepted"


def test_nobody_answers_for_another(inspection, by):
    makers.make_fieldwork(inspection, by=by)
    makers.publish(makers.make_timetable(inspection, by=by), by=by)
    invitation = Invitation.objects.get()

    response = client_of(make_user("auditor", force=inspection.force)).post(
        reverse("fieldwork:mine-answer", args=[invitation.uid]), {"reply": "accepted", "version": 1}
    )

    assert response.status_code == 404
    assert Invitation.objects.get().reply == "none"


def test_an_inspector_sees_what_was_published_and_no_draft(client, inspection, by):
    makers.make_fieldwork(inspection, by=by)
    first = makers.publish(makers.make_timetable(inspection, by=by), by=by)
    changes.start_draft(by=by, timetable=first, at=NOW)
    own = client_of(make_user("inspector", force=inspection.force))
    numbered = [("timetable", 1), ("timetable", 2), ("timetable-pdf", 2), ("timetable-xlsx", 2), ("timetable-ics", 2)]
    compared = {"before": 1, "after": 2}

    found = {
        who: (
            [reader.get(address(name, inspection, number=number)).status_code for name, number in numbered],
            [one.number for one in reader.get(address("versions", inspection)).context["versions"]],
            reader.get(address("versions", inspection), compared).context["changes"] is not None,
            [one.number for one in reader.get(address("timetable", inspection, number=1)).context["versions"]],
            reader.get(address("overview", inspection)).context["overview"].latest.number,
            "Version 2" in reader.get(address("overview", inspection)).text,
        )
        for who, reader in (("force", client), ("inspector", own))
    }

    assert found == {
        "force": ([200, 200, 200, 200, 200], [2, 1], True, [2, 1], 2, True),
        "inspector": ([200, 404, 404, 404, 404], [1], False, [1], 1, False),
    }
    assert own.post(address("publish", inspection, number=2)).status_code == 403


def test_an_inspectors_own_sessions_are_one_step_from_their_first_page(inspection, by):
    own, other = make_user("inspector", force=inspection.force), make_user("inspector", force=inspection.force)
    makers.make_fieldwork(inspection, by=by, count=2)
    inspector = inspection.inspectors.get()
    form = {"reference": "I1", "name": "Inspector 1", "max_a_day": 4, "version": 1, "user": own.pk}
    client_of(by).post(address("inspector", inspection, pk=inspector.pk), form)
    draft = makers.make_timetable(inspection, by=by)
    clock = Clock(inspection.force.clock_offset, NOW, makers.MONDAY)
    before = work.my_work(own, clock=clock)
    makers.publish(draft, by=by)

    (item,) = work.my_work(own, clock=clock)
    week = client_of(own).get(item.address).context["shown"]

    assert (before, work.my_work(other, clock=clock)) == ([], [])
    assert (item.title, item.due_date) == ("Your sessions: 2 to come", makers.MONDAY)
    assert (week.choice.by, week.choice.inspector, len(week.blocks)) == ("inspector", inspector.pk, 2)


def test_another_force_finds_nothing_here(inspection, by):
    person = makers.make_fieldwork(inspection, by=by)[0]
    other = make_force("Wolden Police")
    stranger = client_of(make_user("coordinator", force=other))

    answers = [
        stranger.get(address("overview", inspection)),
        stranger.get(address("person", inspection, pk=person.pk)),
        stranger.post(address("make", inspection)),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_the_list_of_people_exports_what_is_shown(client, inspection, by):
    makers.make_person(inspection.force, by=by)
    makers.make_person(inspection.force, by=by, number=2, unit="Hub")

    response = client.get(address("people", inspection), {"unit": "Hub", "format": "csv"})

    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0].split(",")[0] == "reference"
    assert [line.split(",")[0] for line in lines[1:]] == ["P2"]
    assert JournalEntry.objects.filter(verb="exported").values_list("detail").get() == ("list of people",)
