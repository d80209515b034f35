"""Changing a draft by hand, re-planning with what is pinned, and accepting all, some or none."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from ncpi.accounts.models import JournalEntry
from ncpi.fieldwork import problem_queries
from ncpi.fieldwork.clashes import Clash
from ncpi.fieldwork.models import Invitation, Placement, Session
from ncpi.fieldwork.operations import changes, people, sessions, timetables
from ncpi.fieldwork.operations.changes import Override
from ncpi.jobs.models import Mail
from ncpi.lib.versions import StaleVersion
from tests import worlds
from tests.factories import NOW, make_inspection, make_user
from tests.fieldwork import makers

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def make_world():
    """A draft of two sessions, each with a person of its own, the second on duty from half past ten."""
    inspection = make_inspection()
    by = make_user("coordinator", force=inspection.force)
    makers.make_inspector(inspection, by=by)
    for number, start in ((1, "09:00"), (2, "10:30")):
        person = makers.make_person(inspection.force, by=by, number=number, times=[makers.hours(start)])
        makers.make_session(inspection, by=by, number=number, fixed=[person])
    return {"by": by, "draft": makers.make_timetable(inspection, by=by)}


made = worlds.copies(make_world)


@pytest.fixture
def world(made, db):
    return made()


@pytest.fixture
def by(world):
    return world["by"]


@pytest.fixture
def draft(world):
    return world["draft"]


def session_of(draft, number=1):
    return Session.objects.get(inspection=draft.inspection, reference=f"S{number}")


def placed(draft, number=1):
    return Placement.objects.get(timetable=draft, session=session_of(draft, number))


def place_at(draft, start, end, number=1, **fields):
    """Return the place of a session at another time of the first Monday."""
    return replace(problem_queries.plan_of(draft)[str(session_of(draft, number).pk)], **_times(start, end), **fields)


def _times(start, end):
    starts_at, ends_at = makers.hours(start, end)
    return {"starts_at": starts_at, "ends_at": ends_at}


NOTHING = Override()


def move(draft, to, *, by, number=1, override=NOTHING, version=None):
    version = placed(draft, number).version if version is None else version
    session = session_of(draft, number)
    return changes.move(by=by, timetable=draft, session=session, version=version, to=to, override=override, at=NOW)


def early(draft):
    """An override of a duty that starts at nine, by somebody who saw the clash."""
    person = placed(draft).people.get().person_id
    return Override("The only hour before court", frozenset({f"duty|person|{person}"}))


def test_a_move_is_kept_with_its_room_and_the_proof_is_given_up(draft, by):
    sessions.arrange(by=by, inspection=draft.inspection, version=0, rooms=1)

    moved = move(draft, place_at(draft, "15:00", "16:00"), by=by)

    draft.refresh_from_db()
    assert (moved.during.lower, moved.room, moved.version) == (makers.hours("15:00")[0], 1, 2)
    assert moved.people.get().during == moved.inspectors.get().during == moved.during
    assert (draft.outcome, draft.cost, draft.bound) == ("by hand", {}, {})
    assert JournalEntry.objects.get(verb="moved a session in").detail == "S1 to Monday 5 July 15:00"


def test_a_stale_move_changes_nothing_and_shows_what_is_kept(draft, by):
    move(draft, place_at(draft, "15:00", "16:00"), by=by)

    with pytest.raises(StaleVersion) as refusal:
        move(draft, place_at(draft, "16:00", "17:00"), by=by, version=1)

    assert refusal.value.row.during.lower == makers.hours("15:00")[0]


def test_a_clash_is_refused_with_its_rule(draft, by):
    with pytest.raises(changes.Clashing) as refusal:
        move(draft, place_at(draft, "08:00", "09:00"), by=by)

    assert [(clash.rule, clash.words) for clash in refusal.value.clashes] == [
        ("duty", "Response Constable 1 is not on duty.")
    ]
    assert placed(draft).version == 1


@pytest.mark.parametrize("reason", ["", "Agreed with her"])
def test_a_reason_covers_only_what_was_seen(draft, by, reason):
    seen = frozenset({"rest|person|1"}) if reason else early(draft).seen

    with pytest.raises(changes.Clashing):
        move(draft, place_at(draft, "08:00", "09:00"), by=by, override=Override(reason, seen))


def test_an_override_stays_marked_pinned_and_in_the_journal_and_can_be_published(draft, by):
    moved = move(draft, place_at(draft, "08:00", "09:00"), by=by, override=early(draft))

    made = makers.publish(draft, by=by)

    assert (moved.is_pinned, moved.override_reason) == (True, "The only hour before court")
    assert [one["rule"] for one in moved.excused] == ["duty"]
    assert JournalEntry.objects.get(verb="moved a session in").detail == (
        "S1 to Monday 5 July 08:00, in spite of duty: The only hour before court"
    )
    assert made.state == "published"


def test_an_override_is_forgotten_where_the_session_breaks_no_rule(draft, by):
    move(draft, place_at(draft, "08:00", "09:00"), by=by, override=early(draft))
    with pytest.raises(changes.StillOverrides):
        changes.pin(by=by, timetable=draft, session=session_of(draft), version=2, is_pinned=False)

    moved = move(draft, place_at(draft, "15:00", "16:00"), by=by)

    assert (moved.excused, moved.override_reason, moved.is_pinned) == ([], "", False)


def test_nobody_overrides_a_double_booking(draft, by):
    other = problem_queries.plan_of(draft)[str(session_of(draft, 2).pk)]
    to = replace(other, people=(str(placed(draft).people.get().person_id),))
    inspector = Clash("inspector overlap", "inspector", other.inspectors[0], "")

    with pytest.raises(changes.Clashing) as refusal:
        move(draft, to, by=by, override=Override("Please", frozenset({inspector.code})))

    assert [(clash.rule, clash.is_firm) for clash in refusal.value.clashes] == [("inspector overlap", True)]


def test_only_a_draft_is_changed_and_a_copy_of_what_is_published_is_one(draft, by):
    move(draft, place_at(draft, "08:00", "09:00"), by=by, override=early(draft))
    made = makers.publish(draft, by=by)
    with pytest.raises(changes.NotADraft, match="Version 1 is published"):
        move(made, place_at(made, "15:00", "16:00"), by=by)

    copy = changes.start_draft(by=by, timetable=made, at=NOW)

    assert (copy.number, copy.state, copy.based_on) == (2, "draft", made)
    assert problem_queries.plan_of(copy) == problem_queries.plan_of(made)
    assert [placed(copy).is_pinned, placed(copy, 2).is_pinned] == [True, False]


def test_a_session_taken_out_waits_and_is_placed_again(draft, by):
    was = problem_queries.plan_of(draft)[str(session_of(draft).pk)]
    changes.take_out(by=by, timetable=draft, session=session_of(draft), version=1, at=NOW)
    draft.refresh_from_db()
    waiting = draft.unplaced

    move(draft, was, by=by, version=0)

    draft.refresh_from_db()
    assert [one["title"] for one in waiting] == ["Interview 1"]
    assert (draft.unplaced, problem_queries.plan_of(draft)[str(session_of(draft).pk)]) == ([], was)
    with pytest.raises(StaleVersion):
        changes.take_out(by=by, timetable=draft, session=session_of(draft), version=9, at=NOW)


def test_a_pinned_session_is_where_it_was_in_the_next_timetable(draft, by):
    move(draft, place_at(draft, "16:00", "17:00"), by=by)
    changes.pin(by=by, timetable=draft, session=session_of(draft), version=2, is_pinned=True)

    made = makers.make_timetable(draft.inspection, by=by)

    assert (placed(made).during.lower, placed(made).is_pinned) == (makers.hours("16:00", "17:00")[0], True)
    assert placed(made, 2).is_pinned is False
    with pytest.raises(changes.NotPlaced):
        changes.pin(by=by, timetable=made, session=other_session(made, by), version=1, is_pinned=True)


def other_session(made, by):
    return makers.make_session(made.inspection, by=by, number=3, fixed=[placed(made).people.get().person])


def test_a_pin_that_no_longer_holds_stays_and_keeps_the_version_from_being_published(draft, by):
    changes.pin(by=by, timetable=draft, session=session_of(draft), version=1, is_pinned=True)
    person = placed(draft).people.get().person
    people.add_duty(by=by, person=person, kind="court", during=makers.hours())

    made = makers.make_timetable(draft.inspection, by=by)

    assert placed(made).during == placed(draft).during
    with pytest.raises(timetables.OutOfDate, match="Response Constable 1 is elsewhere"):
        makers.publish(made, by=by)


def test_the_database_refuses_two_sessions_in_one_room(draft):
    Placement.objects.filter(timetable=draft).update(room=None, during=makers.hours("10:00", "11:00"))

    with pytest.raises(IntegrityError, match="placement_room_is_used_once"), transaction.atomic():
        Placement.objects.filter(timetable=draft).update(room=1)


def test_the_database_wants_a_reason_for_every_override(draft):
    with pytest.raises(IntegrityError, match="placement_override_has_a_reason"), transaction.atomic():
        Placement.objects.filter(timetable=draft).update(excused=[{"rule": "rest"}])


# --- a re-plan ---


@pytest.fixture
def replanned(draft, by):
    """Version 1 published; then each person is at court at the time of their session; version 2 moves both."""
    made = makers.publish(draft, by=by)
    for number in (1, 2):
        row = placed(made, number)
        during = (row.during.lower, row.during.upper)
        people.add_duty(by=by, person=row.people.get().person, kind="court", during=during)
    return makers.make_timetable(made.inspection, by=by)


def test_accepting_all_keeps_the_draft_as_it_is(replanned, by):
    proposed = problem_queries.plan_of(replanned)
    every = [int(key) for key in proposed]

    kept = changes.accept_some(by=by, timetable=replanned, sessions=every, version=replanned.version, at=NOW)

    assert problem_queries.plan_of(kept) == proposed
    with pytest.raises(StaleVersion):
        changes.accept_some(by=by, timetable=kept, sessions=every, version=1, at=NOW)


def test_a_replan_begins_from_what_is_published_and_is_proved(replanned):
    assert (replanned.based_on.number, replanned.cost["moved"], replanned.cost) == (1, 2, replanned.bound)


def test_accepting_some_that_break_a_rule_together_is_refused_with_the_rule(replanned, by):
    first = session_of(replanned)

    with pytest.raises(changes.Clashing) as refusal:
        changes.accept_some(by=by, timetable=replanned, sessions=[first.pk], version=replanned.version, at=NOW)

    assert str(refusal.value) == (
        "Inspector 1 is in two sessions at once: Interview 1 (Monday 5 July 10:00), Interview 2 (Monday 5 July 10:30)."
    )


def test_accepting_some_keeps_only_those_and_the_rest_as_published(replanned, by):
    before = problem_queries.plan_of(replanned.based_on)
    third = makers.make_person(replanned.inspection.force, by=by, number=3)
    makers.make_session(replanned.inspection, by=by, number=3, fixed=[third])
    again = makers.make_timetable(replanned.inspection, by=by)
    proposed = problem_queries.plan_of(again)
    added = session_of(again, 3)

    kept = changes.accept_some(by=by, timetable=again, sessions=[added.pk], version=again.version, at=NOW)

    assert problem_queries.plan_of(kept) == before | {str(added.pk): proposed[str(added.pk)]}
    assert (kept.outcome, placed(kept, 3).version) == ("by hand", 1)


def test_accepting_none_discards_the_draft_and_the_next_version_starts_from_what_is_published(replanned, by):
    discarded = changes.discard(by=by, timetable=replanned, version=replanned.version)

    again = makers.make_timetable(replanned.inspection, by=by)

    assert (discarded.state, again.number, again.based_on.number) == ("discarded", 3, 1)
    with pytest.raises(changes.NotADraft):
        changes.discard(by=by, timetable=discarded, version=discarded.version)


def test_only_those_whose_own_session_changed_are_told(draft, by):
    made = makers.publish(draft, by=by, tell=True)
    copy = changes.start_draft(by=by, timetable=made, at=NOW)
    was = placed(copy, 2).people.get().person
    stand_in = makers.make_person(made.inspection.force, by=by, number=3)
    move(copy, place_at(copy, "15:00", "16:00"), by=by)
    joined = place_at(copy, "16:30", "17:00", 2, people=(str(stand_in.pk),))
    found = replace(joined, **_times("16:30", "17:30"))
    third = makers.make_person(made.inspection.force, by=by, number=4)
    makers.make_session(made.inspection, by=by, number=4, fixed=[third])
    Mail.objects.all().delete()
    seen = frozenset(clash.code for clash in clashes_of(copy, 2, found) if not clash.is_firm)
    move(copy, found, by=by, number=2, override=Override("A stand-in came", seen))

    makers.publish(copy, by=by, tell=True, at=LATER)

    told = {mail.to: bytes(mail.attachment).decode() for mail in Mail.objects.all()}
    left = Invitation.objects.get(person=was)
    assert (left.is_cancelled, left.sequence) == (True, 1)
    assert "METHOD:CANCEL" in told[was.email]
    assert "SEQUENCE:1" in told[placed(copy).people.get().person.email]
    assert "SEQUENCE:0" in told[stand_in.email]
    assert len(told) == 3


def clashes_of(copy, number, to):
    from ncpi.fieldwork import clashes

    problem = problem_queries.problem_of(copy.inspection, at=NOW)
    key = str(session_of(copy, number).pk)
    return clashes.clashes_with(problem, clashes.moved_to(problem, problem_queries.plan_of(copy), key, to), key)
