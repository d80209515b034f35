"""After a session: what may be written down when, who came, what follows, and what no note may hold."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from ncpi.actions.models import Action
from ncpi.board import queries as board
from ncpi.fieldwork import record_queries, work
from ncpi.fieldwork.models import Session
from ncpi.fieldwork.notes import doubts_of
from ncpi.fieldwork.operations import records
from ncpi.fieldwork.record_models import Attendance, SessionRecord
from ncpi.lib.clocks import Clock
from ncpi.lib.versions import StaleVersion
from tests import worlds
from tests.factories import NOW, client_of, make_force, make_inspection, make_user
from tests.fieldwork import makers
from tests.fieldwork.visits import said, upload

AFTER = datetime(2021, 7, 5, 17, tzinfo=UTC)


def build():
    inspection = make_inspection(make_force())
    by = make_user("coordinator", force=inspection.force)
    makers.make_inspector(inspection, by=by)
    people = [makers.make_person(inspection.force, by=by, number=number) for number in (1, 2, 3)]
    session = makers.make_session(inspection, by=by, pool=people, size=2, title="Response officers")
    makers.publish(makers.make_timetable(inspection, by=by), by=by)
    return {"inspection": inspection, "by": by, "session": session, "owner": make_user("lead", force=inspection.force)}


made = worlds.copies(build)


@pytest.fixture
def world(made, db):
    return made()


def placed(world):
    return [one.person_id for one in record_queries.placement_of(world["session"]).people.all()]


def write(world, *, version=0, took_place=True, at=AFTER, **fields):
    return records.record_session(
        by=world["by"], session=world["session"], version=version, took_place=took_place, at=at, **fields
    )


def address(world, name="record"):
    return reverse(f"fieldwork:{name}", args=[world["inspection"].ref, world["session"].pk])


def test_a_session_is_written_up_with_who_came_and_who_came_in_their_place(world):
    first, second = placed(world)
    (third,) = set(world["session"].candidates.values_list("person_id", flat=True)) - {first, second}

    record = write(world, came=[first, third], note="Send the rota of June.")

    found = dict(Attendance.objects.filter(record=record).values_list("person_id", "came"))
    assert found == {first: True, second: False, third: True}
    assert (record.took_place, record.note, record.recorded_at) == (True, "Send the rota of June.", AFTER)


def test_a_record_is_corrected_and_a_stale_one_is_refused(world):
    first, _ = placed(world)
    record = write(world, came=[first])

    corrected = write(world, version=record.version, took_place=False, reason="The line was down.")

    assert (corrected.took_place, corrected.attendance.filter(came=True).count()) == (False, 0)
    with pytest.raises(StaleVersion):
        write(world, version=1)
    with pytest.raises(StaleVersion):
        write(world, version=0)


def test_nothing_is_written_up_before_its_time(world):
    with pytest.raises(records.NotYet):
        write(world, at=NOW)

    assert SessionRecord.objects.count() == 0


def test_an_action_follows_once_and_the_session_keeps_the_pointer(world):
    record = write(world, came=placed(world))
    values = {"title": "Send the rota", "owner": world["owner"], "due_date": date(2021, 7, 20)}

    action = records.follow_up(
        by=world["by"], record=record, version=record.version, on=date(2021, 7, 5), at=AFTER, **values
    )

    record.refresh_from_db()
    assert (record.action, action.title, action.detail) == (action, "Send the rota", "")
    with pytest.raises(records.HasFollowUp):
        records.follow_up(by=world["by"], record=record, version=record.version, on=NOW.date(), at=AFTER, **values)


def test_a_session_that_did_not_take_place_is_wanted_again_as_another(world):
    record = write(world, took_place=False, reason="An inspector was called away.")

    again = records.want_again(by=world["by"], record=record, version=record.version, at=AFTER)

    record.refresh_from_db()
    assert (again.reference, again.title, again.size, again.candidates.count()) == ("S1-2", "Response officers", 2, 3)
    assert record.again == again
    with pytest.raises(records.NotToRepeat):
        records.want_again(by=world["by"], record=record, version=record.version, at=AFTER)
    with pytest.raises(records.NotToRepeat):
        write(world, version=record.version)


def test_the_database_wants_a_reason_for_what_did_not_take_place(world):
    with pytest.raises(IntegrityError, match="session_record_says_why_not"), transaction.atomic():
        SessionRecord.objects.create(
            session=world["session"], took_place=False, recorded_by=world["by"], recorded_at=AFTER
        )


def test_what_is_over_waits_on_the_coordinators_work_list_until_it_is_written_up(world):
    offset = world["inspection"].force.clock_offset
    before, after = Clock(offset, NOW, NOW.date()), Clock(offset, AFTER, AFTER.date())

    assert [item.title for item in work.my_work(world["by"], clock=before) if "took place" in item.title] == []
    assert [
        (item.title, item.address) for item in work.my_work(world["by"], clock=after) if "took place" in item.title
    ] == [("Say whether 1 session took place", reverse("fieldwork:records", args=[world["inspection"].ref]))]
    write(world)
    assert [item.title for item in work.my_work(world["by"], clock=after) if "took place" in item.title] == []
    held = record_queries.held_of(world["inspection"], at=AFTER)
    assert (held.took_place, held.did_not, held.open, held.over) == (1, 0, 0, 1)


def test_what_took_place_is_neither_cancelled_nor_changed_by_a_file(world):
    write(world)
    session, client = world["session"], client_of(world["by"])
    row = f"reference,title,kind,fixed\n{session.reference},Another,{session.kind.key},P1\n"

    page = client.get(reverse("fieldwork:session", args=[world["inspection"].ref, session.pk]))
    refused = client.post(address(world, "session-cancel"))
    imported = upload(client, reverse("fieldwork:sessions-import", args=[world["inspection"].ref]), row)

    assert page.context["can_cancel"] is False
    assert said(refused) == ["Response officers took place, so it cannot be cancelled any more."]
    assert imported.context["problems"] == [f"These sessions were cancelled or have taken place: {session.reference}."]
    assert Session.objects.get().state == "wanted"


@pytest.mark.parametrize(("took_place", "held"), [(True, 1), (False, 0)])
def test_what_took_place_is_counted_for_the_summary(world, took_place, held):
    write(world, took_place=took_place, reason="" if took_place else "The line was down.")

    counted = board.state_of(world["inspection"], as_at=AFTER, on=AFTER.date()).fieldwork

    assert (counted.sessions_held, counted.sessions_placed, counted.sessions_wanted) == (held, 1, 1)


def test_a_note_with_a_mark_of_a_person_is_refused_and_kept(world):
    client = client_of(world["by"])

    response = client.post(
        address(world), {"took_place": "yes", "version": 0, "came": placed(world), "note": "Ring 01223 555123 back."}
    )

    assert response.context["form"].errors == {"note": ["“01223 555123” looks like a telephone number. Leave it out."]}
    assert "Ring 01223 555123 back." in response.text
    assert SessionRecord.objects.count() == 0


def test_what_may_be_a_name_is_read_again_and_then_kept(world):
    client = client_of(world["by"])
    fields = {"took_place": "yes", "version": 0, "came": placed(world), "note": "Thank Sergeant Bridge for the room."}

    first = client.post(address(world), fields)
    second = client.post(address(world), fields | {"is_checked": "on"})

    assert first.context["form"].errors == {"note": ["“Sergeant Bridge” looks like a name. Read it again."]}
    assert (second.status_code, SessionRecord.objects.get().note) == (302, "Thank Sergeant Bridge for the room.")


def test_why_it_did_not_take_place_must_be_said(world):
    response = client_of(world["by"]).post(address(world), {"took_place": "no", "version": 0})

    assert response.context["form"].errors == {"reason": ["Say why it did not take place."]}


def test_an_action_is_raised_from_the_page_in_one_step(world):
    client = client_of(world["by"])
    record = write(world)
    fields = {"version": record.version, "title": "Send the rota", "owner": world["owner"].pk}

    refused = client.post(address(world, "record-action"), fields | {"due_date": "2021-06-01"})
    raised = client.post(address(world, "record-action"), fields | {"due_date": "2099-07-20"})

    assert refused.context["action_form"].errors == {"due_date": ["The action cannot be due before today."]}
    assert (raised.status_code, Action.objects.get().title) == (302, "Send the rota")


def test_what_went_as_planned_is_written_up_in_one_step_and_once(world):
    client = client_of(world["by"])

    first = client.post(address(world, "record-as-planned"))
    second = client.post(address(world, "record-as-planned"), follow=True)

    assert (first.status_code, Attendance.objects.filter(came=True).count()) == (302, 2)
    assert [str(one) for one in second.context["messages"]][
        -1
    ] == "Somebody else saved this while you were working on it."


def test_a_lead_reads_the_notes_and_an_inspector_does_not(world):
    write(world, note="Send the rota of June.")
    where = reverse("fieldwork:records", args=[world["inspection"].ref])
    inspector = make_user("inspector", force=world["inspection"].force)

    assert "Send the rota of June." in client_of(world["owner"]).get(where).text
    assert client_of(inspector).get(where).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_many_questions_for_three_sessions_as_for_one(world, count, django_assert_num_queries):
    for number in range(2, count + 1):
        person = makers.make_person(world["inspection"].force, by=world["by"], number=number + 5)
        makers.make_session(world["inspection"], by=world["by"], number=number, fixed=[person])
    if count > 1:
        makers.publish(makers.make_timetable(world["inspection"], by=world["by"]), by=world["by"])
    client = client_of(world["by"])
    where = reverse("fieldwork:records", args=[world["inspection"].ref])
    client.get(where)

    with django_assert_num_queries(7):
        response = client.get(where)

    assert len(response.context["listing"].page) == count == Session.objects.count()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Send the policy on strip searches by Friday.", []),
        ("Child protection training is late; the team said so.", []),
        ("The girl said that her uncle hit her.", [("what was said about a child", False)]),
        ("Her daughter was hurt at home.", [("what was said about a child", False)]),
        ("Ask Mrs Holt for the list.", [("a name", False)]),
        ("The child's NHS number is 943 476 5919.", [("an NHS number", True)]),
        ("Born 3/4/2012.", [("a date of birth", True)]),
    ],
)
def test_a_note_is_read_for_what_it_may_not_hold(text, found):
    assert [(one.says, one.is_refused) for one in doubts_of({"note": text})] == found
