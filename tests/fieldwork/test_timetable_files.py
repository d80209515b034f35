"""What is taken away of a timetable is what was shown, and it is written down."""

import io

import pytest
from django.urls import reverse
from icalendar import Calendar
from openpyxl import load_workbook

from ncpi.accounts.models import JournalEntry
from ncpi.fieldwork.models import Invitation, Reply, Session
from ncpi.fieldwork.operations import invitations
from tests import worlds
from tests.factories import NOW, client_of, make_force, make_inspection, make_user
from tests.fieldwork import makers


def build():
    inspection = make_inspection(make_force())
    by = make_user("coordinator", force=inspection.force)
    makers.make_inspector(inspection, by=by)
    for number, unit in enumerate(("Response", "Custody"), start=1):
        person = makers.make_person(inspection.force, by=by, number=number, unit=unit)
        makers.make_session(inspection, by=by, number=number, fixed=[person], title=f"=HYPERLINK({number})")
    timetable = makers.publish(makers.make_timetable(inspection, by=by), by=by, at=NOW.replace(microsecond=123456))
    row = Invitation.objects.get(person__unit="Custody")
    invitations.answer(by=None, invitation=row, version=row.version, reply=Reply.DECLINED, at=NOW)
    return {"timetable": timetable, "by": by, "inspector": make_user("inspector", force=inspection.force)}


made = worlds.copies(build)


@pytest.fixture
def world(made, db):
    return made()


def take(world, who, kind, query=""):
    timetable = world["timetable"]
    address = reverse(f"fieldwork:timetable-{kind}", args=[timetable.inspection.ref, timetable.number])
    return client_of(world[who]).get(f"{address}?{query}")


def rows_of(response, sheet):
    book = load_workbook(io.BytesIO(response.content))
    return [list(row) for row in book[sheet].iter_rows(values_only=True)]


def test_a_workbook_has_the_sessions_that_were_shown_and_no_formulas(world):
    response = take(world, "by", "xlsx", "unit=Custody&by=list")

    sessions, people = rows_of(response, "Sessions"), rows_of(response, "People")
    assert [row[4:6] for row in sessions] == [["Session", "Title"], ["S2", "'=HYPERLINK(2)"]]
    assert [row[5:] for row in people] == [
        ["Name", "Unit", "Answer"],
        ["Response Constable 2", "Custody", "Declined"],
    ]
    line = JournalEntry.objects.get(verb="exported")
    assert (line.by, line.detail) == (world["by"], "workbook, version 1, unit=Custody, 1 sessions")


def test_an_inspector_sees_who_comes_but_not_what_they_answered(world):
    workbook = take(world, "inspector", "xlsx")
    page = client_of(world["inspector"]).get(
        reverse("fieldwork:timetable", args=[world["timetable"].inspection.ref, world["timetable"].number])
    )

    assert rows_of(workbook, "People")[0] == ["Day", "From", "To", "Session", "Title", "Name", "Unit"]
    assert [block.marks for block in page.context["shown"].blocks] == [(), ()]
    assert "eclined" not in page.text


def test_the_meeting_link_is_for_those_who_lead_it_and_those_who_run_the_fieldwork(world):
    link, timetable = "https://meet.example/2", world["timetable"]
    Session.objects.filter(reference="S2").update(link=link)
    people = world | {"lead": make_user("lead", force=timetable.inspection.force)}
    page = reverse("fieldwork:timetable", args=[timetable.inspection.ref, timetable.number])

    found = {
        who: (
            rows_of(take(people, who, "xlsx"), "Sessions")[0][-1],
            link.encode() in take(people, who, "ics").content,
            f'href="{link}"' in client_of(people[who]).get(page, {"by": "inspector"}).text,
        )
        for who in ("by", "inspector", "lead")
    }

    assert found == {"by": ("Link", True, True), "inspector": ("Link", True, True), "lead": ("Notes", False, False)}


def test_a_calendar_names_who_leads_and_nobody_who_comes(world):
    response = take(world, "inspector", "ics")

    events = Calendar.from_ical(response.content).walk("VEVENT")
    assert sorted(str(event["summary"]) for event in events) == ["=HYPERLINK(1)", "=HYPERLINK(2)"]
    assert {str(event["description"]) for event in events} == {"Briefing, 1 person\nInspector 1"}
    assert b"Response Constable" not in response.content


def test_the_paper_has_a_landscape_page_a_week_and_is_tagged(world):
    response = take(world, "by", "pdf")

    assert (response.content[:5], response["Content-Type"]) == (b"%PDF-", "application/pdf")
    assert response.content.count(b"/MediaBox[0 0 841.8898 595.2756]") == 2
    assert b"<pdfuaid:part>1</pdfuaid:part>" in response.content


def test_a_timetable_of_another_force_cannot_be_taken(world):
    stranger = make_user("coordinator", force=make_force("Wolden Police"))

    response = take({**world, "stranger": stranger}, "stranger", "pdf")

    assert (response.status_code, JournalEntry.objects.filter(verb="exported").count()) == (404, 0)
