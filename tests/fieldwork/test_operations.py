"""What people do in the fieldwork: one test for each way out."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ncpi.accounts.models import JournalEntry
from ncpi.fieldwork import calendars, problem_queries, timetable
from ncpi.fieldwork.models import (
    Arrangement,
    Duty,
    Invitation,
    Person,
    PlacementInspector,
    PlacementPerson,
    Session,
    SessionPerson,
    Timetable,
)
from ncpi.fieldwork.operations import invitations, people, sessions, timetables
from ncpi.fieldwork.operations.sessions import Wanted
from ncpi.fieldwork.people_rows import PersonRow
from ncpi.fieldwork.work import my_work, tile
from ncpi.inspections.models import ChangeMark
from ncpi.jobs.models import Job, Mail
from ncpi.lib.clocks import Clock
from ncpi.lib.versions import StaleVersion
from tests import worlds
from tests.factories import NOW, TODAY, make_inspection, make_user
from tests.fieldwork import makers

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def make_world():
    inspection = make_inspection()
    return {"inspection": inspection, "by": make_user("coordinator", force=inspection.force)}


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
def clock(inspection):
    return Clock(offset=inspection.force.clock_offset, at=NOW, on=TODAY)


def test_adding_somebody_is_journalled_without_their_name(inspection, by):
    person = makers.make_person(inspection.force, by=by, times=[])

    entry = JournalEntry.objects.get(verb="added", subject_type="ncpi.person")
    assert (entry.by, entry.subject) == (by, "Person P1")
    assert person.name not in entry.subject


def test_a_reference_is_given_once(inspection, by):
    makers.make_person(inspection.force, by=by)

    with pytest.raises(people.ReferenceTaken, match="There is already somebody with the reference P1"):
        makers.make_person(inspection.force, by=by)


def test_a_stale_change_of_a_person_changes_nothing(inspection, by):
    person = makers.make_person(inspection.force, by=by)
    people.change_person(by=by, person=person, version=1, unit="Hub")

    with pytest.raises(StaleVersion):
        people.change_person(by=by, person=person, version=1, unit="Custody")

    assert Person.objects.get().unit == "Hub"


def test_managers_in_a_circle_are_refused(inspection, by):
    boss = makers.make_person(inspection.force, by=by, number=1)
    person = makers.make_person(inspection.force, by=by, number=2, line_manager=boss)

    with pytest.raises(people.ManagesThemselves):
        people.change_person(by=by, person=boss, version=boss.version, line_manager=person)


def test_somebody_let_go_is_asked_no_more(inspection, by):
    person = makers.make_fieldwork(inspection, by=by)[0]

    people.let_person_go(by=by, person=person, version=person.version, at=NOW)

    assert problem_queries.problem_of(inspection).people == ()


def test_somebody_let_go_comes_back_when_added_again_and_not_by_a_file(inspection, by):
    person = makers.make_person(inspection.force, by=by)
    people.let_person_go(by=by, person=person, version=person.version, at=NOW)
    row = PersonRow("P1", "Response Constable 1", "", "constable", "Hub", "", "", "p1@fenshire.example", 2)

    imported = people.import_people(by=by, force=inspection.force, rows=[row])
    is_gone = Person.objects.get().left_at is not None
    back = makers.make_person(inspection.force, by=by, times=[])

    assert imported.in_words("person") == "0 people added, 1 changed, 1 of them not asked any more"
    assert is_gone
    assert (back.pk, back.left_at) == (person.pk, None)


def test_two_duties_at_once_are_refused_by_the_database(inspection, by):
    person = makers.make_person(inspection.force, by=by)

    with pytest.raises(people.TimesOverlap):
        people.add_duty(by=by, person=person, kind="duty", during=makers.hours("16:00", "18:00"))

    assert Duty.objects.count() == 1


def test_leave_during_duty_is_kept_and_leaves_no_time(inspection, by):
    person = makers.make_fieldwork(inspection, by=by)[0]

    people.add_duty(by=by, person=person, kind="leave", during=makers.hours())

    made = makers.make_timetable(inspection, by=by)
    assert made.unplaced[0]["reasons"] == [
        "Interview 1: Response Constable 1 is never free for 60 minutes in its windows "
        "(duty, leave and rest after shifts counted).",
        "Interview 1: the times of Response Constable 1 alone cannot be met in the fortnight.",
        "Interview 1: enough would be Response Constable 1 to be free on Monday 5 July at 08:00.",
    ]


def test_a_rest_day_stays_one_but_for_the_time_that_was_agreed_to(inspection, by):
    person = makers.make_person(inspection.force, by=by)
    day = makers.MONDAY + timedelta(days=1)
    tuesday = makers.hours("10:00", "12:00", day)
    people.add_duty(by=by, person=person, kind="rest", during=makers.hours("00:00", "23:00", day))

    people.add_duty(
        by=by, person=person, kind="agreed", during=tuesday, agreed_by="Response Constable 1", agreed_date=TODAY
    )

    (one,) = problem_queries.problem_of(inspection).people
    assert [(span.starts_at, span.ends_at) for span in one.offered] == [makers.hours(), tuesday]
    assert [(span.starts_at, span.ends_at) for span in one.busy] == [
        makers.hours("00:00", "10:00", day),
        makers.hours("12:00", "23:00", day),
    ]


@pytest.mark.parametrize(("kind", "refusal"), [("offered", people.NotAPartner), ("agreed", people.NobodyAgreed)])
def test_nobody_is_called_in_on_a_rest_day_who_did_not_agree(inspection, by, kind, refusal):
    person = makers.make_person(inspection.force, by=by, times=[])

    with pytest.raises(refusal):
        people.add_duty(by=by, person=person, kind=kind, during=makers.hours())

    assert not Duty.objects.exists()


def test_rules_saved_by_two_at_once_are_not_overwritten(inspection, by):
    sessions.arrange(by=by, inspection=inspection, version=0, rooms=2)

    with pytest.raises(StaleVersion):
        sessions.arrange(by=by, inspection=inspection, version=0, rooms=5)

    assert Arrangement.objects.get().rooms == 2


def test_a_session_marks_the_inspection_as_changed(inspection, by):
    person = makers.make_person(inspection.force, by=by)
    ChangeMark.objects.all().delete()

    makers.make_session(inspection, by=by, fixed=[person])

    assert ChangeMark.objects.get(inspection=inspection).changed_at == NOW


def test_more_wanted_than_the_pool_has_is_refused(inspection, by):
    person = makers.make_person(inspection.force, by=by)

    with pytest.raises(sessions.TooFewInPool, match="2 people are wanted, but the pool has 1"):
        makers.make_session(inspection, by=by, pool=[person], size=2)


def test_sessions_after_each_other_are_refused(inspection, by):
    person = makers.make_person(inspection.force, by=by)
    first = makers.make_session(inspection, by=by, number=1, fixed=[person])
    second = makers.make_session(inspection, by=by, number=2, fixed=[person])
    sessions.change_session(
        by=by, session=second, version=1, wanted=Wanted(fixed=[person], after=[first]), at=NOW, title="Second"
    )

    with pytest.raises(sessions.WaitsForItself):
        sessions.change_session(
            by=by, session=first, version=1, wanted=Wanted(fixed=[person], after=[second]), at=NOW, title="First"
        )


def test_a_cancelled_session_is_not_placed(inspection, by):
    makers.make_fieldwork(inspection, by=by, count=2)
    session = Session.objects.order_by("reference").first()

    sessions.cancel_session(by=by, session=session, version=session.version, at=NOW)

    assert [one.name for one in problem_queries.problem_of(inspection).sessions] == ["Interview 2"]


def test_a_timetable_is_kept_with_its_proof(inspection, by):
    makers.make_fieldwork(inspection, by=by, count=2)

    made = makers.make_timetable(inspection, by=by)

    assert (made.number, made.state, made.outcome, made.cost) == (1, "draft", "optimal", made.bound)
    assert PlacementPerson.objects.filter(timetable=made).count() == 2
    assert PlacementInspector.objects.filter(timetable=made).count() == 2


def test_a_broken_solution_is_never_kept(inspection, by):
    makers.make_fieldwork(inspection, by=by)
    problem = problem_queries.problem_of(inspection)
    solution = timetable.solve(problem)
    (key, one), *_ = solution.sessions.items()
    broken = replace(solution, sessions={key: replace(one, people=())})

    with pytest.raises(timetables.BrokenTimetable):
        timetables.save_timetable(by=by, inspection=inspection, problem=problem, solution=broken, job=None, at=NOW)

    assert not Timetable.objects.exists()


def test_a_job_delivered_twice_keeps_one_timetable(inspection, by):
    makers.make_fieldwork(inspection, by=by)
    job = timetables.ask_for_timetable(by=by, inspection=inspection, now=NOW)

    first, second = (
        timetables.make_timetable(by=by, inspection=inspection, at=NOW, job=job, seconds=5) for _ in range(2)
    )

    assert first == second
    assert Timetable.objects.count() == 1


def test_the_database_refuses_one_person_in_two_places(inspection, by):
    makers.make_fieldwork(inspection, by=by, count=2)
    made = makers.make_timetable(inspection, by=by)
    first, second = PlacementPerson.objects.filter(timetable=made)

    with pytest.raises(IntegrityError, match="placement_person_is_in_one_place"), transaction.atomic():
        PlacementPerson.objects.filter(pk=second.pk).update(person=first.person, during=first.during)


def test_the_database_refuses_one_inspector_in_two_places(inspection, by):
    makers.make_fieldwork(inspection, by=by, count=2)
    made = makers.make_timetable(inspection, by=by)
    first, second = PlacementInspector.objects.filter(timetable=made)

    with pytest.raises(IntegrityError, match="placement_inspector_is_in_one_place"), transaction.atomic():
        PlacementInspector.objects.filter(pk=second.pk).update(during=first.during)


def test_a_version_is_published_once(inspection, by):
    makers.make_fieldwork(inspection, by=by)
    made = makers.publish(makers.make_timetable(inspection, by=by), by=by)

    with pytest.raises(timetables.AlreadyPublished, match="Version 1 is published already"):
        makers.publish(made, by=by)


def test_a_version_that_no_longer_holds_is_not_published(inspection, by):
    person = makers.make_fieldwork(inspection, by=by)[0]
    made = makers.make_timetable(inspection, by=by)
    people.add_duty(by=by, person=person, kind="court", during=makers.hours())

    with pytest.raises(timetables.OutOfDate) as refusal:
        makers.publish(made, by=by)

    assert str(refusal.value) == (
        "This version breaks rules as things are now: Response Constable 1 is elsewhere. "
        "Change it by hand or make a new one."
    )
    assert Timetable.objects.get().state == "draft"


def test_publishing_again_moves_only_what_must_and_keeps_the_calendar_entry(inspection, by):
    first, _ = makers.make_fieldwork(inspection, by=by, count=2)
    makers.publish(makers.make_timetable(inspection, by=by), by=by)
    before = {row.person_id: row for row in Invitation.objects.all()}
    invitations.answer(by=None, invitation=before[first.pk], version=1, reply="accepted", at=NOW)
    people.add_duty(
        by=by,
        person=first,
        kind="court",
        during=(before[first.pk].during.lower, before[first.pk].during.upper),
    )

    made = makers.publish(makers.make_timetable(inspection, by=by), by=by, at=LATER)

    after = {row.person_id: row for row in Invitation.objects.all()}
    moved, kept = after.pop(first.pk), after.popitem()[1]
    old = before.pop(first.pk)
    assert (made.cost["told_again"], made.cost["moved"]) == (1, 1)
    assert (moved.uid, moved.sequence, moved.reply, moved.told_at) == (old.uid, 1, "none", LATER)
    assert moved.during != old.during
    assert (kept.sequence, kept.told_at) == (0, NOW)
    assert Timetable.objects.filter(state="published").get() == made


def test_a_cancelled_session_withdraws_its_invitations(inspection, by):
    makers.make_fieldwork(inspection, by=by, count=2)
    makers.publish(makers.make_timetable(inspection, by=by), by=by, tell=True)
    session = Session.objects.order_by("reference").first()
    sessions.cancel_session(by=by, session=session, version=session.version, at=NOW)

    makers.publish(makers.make_timetable(inspection, by=by), by=by, tell=True)

    withdrawn = Invitation.objects.get(session=session)
    mail = Mail.objects.order_by("pk")[2:].get()
    assert (withdrawn.is_cancelled, withdrawn.sequence) == (True, 1)
    assert mail.subject == "Withdrawn: Interview 1"
    assert b"METHOD:CANCEL" in bytes(mail.attachment)


def test_who_was_not_told_of_a_version_hears_of_it_with_the_next_that_is_sent_and_once(inspection, by):
    makers.make_fieldwork(inspection, by=by, count=2)
    told = []

    for tell in (False, True, True):
        makers.publish(makers.make_timetable(inspection, by=by), by=by, tell=tell)
        told.append(Mail.objects.count())

    assert told == [0, 2, 2]


def test_an_invitation_is_mailed_once_with_nobody_elses_name(inspection, by):
    first, second = makers.make_fieldwork(inspection, by=by, count=2)
    makers.publish(makers.make_timetable(inspection, by=by), by=by, tell=True)
    rows = list(Invitation.objects.all())

    invitations.tell(inspection=inspection, invitations=rows, now=timezone.now())

    mail = Mail.objects.get(to=first.email)
    said = mail.subject + mail.body + bytes(mail.attachment).decode()
    assert Mail.objects.count() == 2
    assert first.name in said
    assert [name for name in (second.name, second.email, by.name, "Inspector 1") if name in said] == []


def test_an_answer_after_withdrawal_is_refused(inspection, by):
    makers.make_fieldwork(inspection, by=by)
    makers.publish(makers.make_timetable(inspection, by=by), by=by)
    Invitation.objects.update(is_cancelled=True)

    with pytest.raises(invitations.NoLongerAsked):
        invitations.answer(by=None, invitation=Invitation.objects.get(), version=1, reply="accepted", at=NOW)


def test_the_calendar_of_an_invitation_is_for_its_person_alone(inspection, by):
    person = makers.make_fieldwork(inspection, by=by)[0]
    makers.publish(makers.make_timetable(inspection, by=by), by=by)

    data = invitations.calendar_of(
        Invitation.objects.select_related("person", "session__inspection").get(),
        calendars.Address("c@f.example"),
        at=NOW,
    )

    assert f"mailto:{person.email}" in data.decode().replace("\r\n ", "")


def test_the_work_list_names_what_was_declined_and_what_waits(inspection, by, clock):
    makers.make_fieldwork(inspection, by=by, count=2)
    draft = my_work(by, clock=clock) or makers.make_timetable(inspection, by=by)
    waiting = my_work(by, clock=clock)
    makers.publish(draft, by=by)
    invitations.answer(by=None, invitation=Invitation.objects.first(), version=1, reply="declined", at=NOW)

    declined = my_work(by, clock=clock)

    assert [item.title for item in waiting] == ["Publish version 1 of the timetable"]
    assert [(item.urgency, item.title) for item in declined] == [(0, "1 person cannot come")]


def test_a_participant_finds_their_invitation_on_their_work_list(inspection, by, clock):
    user = make_user("auditor", force=inspection.force)
    person = makers.make_person(inspection.force, by=by, user=user)
    makers.make_inspector(inspection, by=by)
    makers.make_session(inspection, by=by, fixed=[person])
    makers.publish(makers.make_timetable(inspection, by=by), by=by)

    work = my_work(user, clock=clock)

    assert [item.title for item in work] == ["Say whether you can come: Interview 1"]


def test_the_tile_counts_what_is_published(inspection, by, clock):
    makers.make_fieldwork(inspection, by=by, count=2)
    before = tile(inspection, {"fieldwork.view"}, clock=clock)
    makers.publish(makers.make_timetable(inspection, by=by), by=by)

    after = tile(inspection, {"fieldwork.view"}, clock=clock)

    assert (before.count, after.count, after.is_warning) == ("0 of 2", "2 of 2", False)
    assert tile(inspection, set(), clock=clock) is None


def test_asking_twice_makes_one_job(inspection, by):
    makers.make_fieldwork(inspection, by=by)

    first, second = (timetables.ask_for_timetable(by=by, inspection=inspection, now=NOW) for _ in range(2))

    assert first == second
    assert Job.objects.count() == 1


def test_a_session_person_stands_once(inspection, by):
    person = makers.make_person(inspection.force, by=by)
    session = makers.make_session(inspection, by=by, fixed=[person])

    with pytest.raises(IntegrityError, match="session_person_once"), transaction.atomic():
        SessionPerson.objects.create(session=session, person=person, part="pool")
