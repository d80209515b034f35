"""What goes in, through the pages: files, rotas, sessions, coverage."""

import io
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook

from ncpi.accounts.models import JournalEntry
from ncpi.fieldwork import problem_queries
from ncpi.fieldwork.models import Duty, Person, Rota, Session
from ncpi.fieldwork.operations import people, sessions
from ncpi.fieldwork.operations.sessions import Wanted
from tests import worlds
from tests.factories import NOW, client_of, make_inspection, make_user
from tests.fieldwork import makers
from tests.fieldwork.visits import address, said, upload

pytestmark = pytest.mark.django_db
PEOPLE = [
    ["reference", "name", "band", "unit", "email", "manager"],
    ["P1", "Response Sergeant 1", "sergeant", "Response", "p1@fenshire.example", None],
    ["P2", "Response Constable 2", "constable", "Response", "p2@fenshire.example", "P1"],
]
TIMES = [
    ["person", "kind", "date", "start", "end"],
    ["P1", "duty", datetime(2021, 7, 5), time(7), time(17)],
    ["P2", "duty", date(2021, 7, 5), "22:00", "07:00"],
]
GROUP = {
    "reference": "S2", "title": "Group", "minutes": 90, "size": 2, "units": 1, "inspectors_needed": 2,
    "specialism": "digital", "priority": 3,
    "preferences": {"from": "10:00", "to": "15:00", "dates": ["2021-07-06", "2021-07-07"]},
}  # fmt: skip
ROTA = {
    "pattern": "2 x 07:00-17:00, off", "first": "2021-07-05", "until": "2021-07-10", "starts_on": 1,
    "band": "", "names": "",
}  # fmt: skip


class World:
    def __init__(self):
        self.inspection = make_inspection()
        self.by = make_user("coordinator", force=self.inspection.force)


made = worlds.copies(World)


@pytest.fixture
def world(made, db):
    return made()


@pytest.fixture
def client(world):
    return client_of(world.by)


def workbook(rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def team(world, count):
    return [
        makers.make_person(world.inspection.force, by=world.by, number=number, times=[])
        for number in range(1, count + 1)
    ]


def test_people_and_times_are_imported_from_workbooks_and_the_same_again_changes_nothing(client, world):
    where = {name: address(f"{name}-import", world.inspection) for name in ("people", "duties")}
    files = {"people": workbook(PEOPLE), "duties": workbook(TIMES)}

    for name in ("people", "duties", "people", "duties"):
        response = upload(client, where[name], files[name], name=f"{name}.XLSX")

    assert said(response) == [
        "2 people added.",
        "2 new times imported.",
        "0 people added, 2 already as the file says.",
        "Every time in the file was there already.",
    ]
    assert Person.objects.get(reference="P2").line_manager.reference == "P1"
    assert {one.during.lower.isoformat() for one in Duty.objects.all()} == {
        "2021-07-05T06:00:00+00:00",
        "2021-07-05T21:00:00+00:00",
    }


def test_a_mistake_in_a_workbook_is_named_by_row_and_column_and_nothing_is_imported(client, world):
    rows = [*PEOPLE, ["P3", "Response Constable 3", "king", "Response", "p3@fenshire.example", "P9"]]

    response = upload(client, address("people-import", world.inspection), workbook(rows), name="people.xlsx")

    assert response.context["problems"] == [
        "Row 4, column band: must be one of chief, constable, inspector, partner, sergeant, staff, superintendent.",
        "Row 4, column manager: is nobody's reference.",
    ]
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("people.xlsx", b"reference,name", "The file is not the Office document that its name says."),
        ("people.csv", workbook(PEOPLE), "The file is a workbook or an archive. Save it as CSV first."),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(client, world, name, content, error):
    response = upload(client, address("people-import", world.inspection), content, name=name)

    assert response.context["form"].errors["file"] == [error]


def test_an_import_changes_who_is_known_and_somebody_who_has_the_old_form_open_is_told(client, world):
    upload(client, address("people-import", world.inspection), workbook(PEOPLE), name="people.xlsx")
    rows = [PEOPLE[0], PEOPLE[1], [*PEOPLE[2][:3], "Custody", *PEOPLE[2][4:]]]

    response = upload(client, address("people-import", world.inspection), workbook(rows), name="people.xlsx")

    assert said(response)[-1] == "0 people added, 1 changed, 1 already as the file says."
    assert [(one.unit, one.version) for one in Person.objects.order_by("reference")] == [
        ("Response", 1),
        ("Custody", 2),
    ]


def test_sessions_of_the_same_file_again_are_as_they_were_and_a_changed_row_changes_one(client, world):
    team(world, 3)
    kind = world.inspection.programme.session_kinds.order_by("order").first()
    header = "reference,title,kind,pool,size,units,windows,prefer_dates,after\n"
    rows = (
        f"S1,Briefing,{kind.key},P1,1,,,,\nS2,Group,{kind.key},unit:Response,2,1,2021-07-05 09:00-12:00,2021-07-05,S1\n"
    )
    where = address("sessions-import", world.inspection)

    for text in (rows, rows, rows.replace("Group", "Focus group")):
        response = upload(client, where, header + text)

    assert said(response) == [
        "2 sessions added.",
        "0 sessions added, 2 already as the file says.",
        "0 sessions added, 1 changed, 1 already as the file says.",
    ]
    group = Session.objects.get(reference="S2")
    assert (group.title, group.version, group.candidates.count(), group.windows.count()) == ("Focus group", 2, 3, 1)
    assert list(group.after.values_list("reference", flat=True)) == ["S1"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_sessions_taken_away_and_imported_again_change_nothing(client, world, kind):
    people, inspection = team(world, 4), world.inspection
    area = inspection.programme.areas.order_by("order").last()
    first = makers.make_session(inspection, by=world.by, fixed=people[:1], link="https://meet.example/1?of=a%20b")
    sessions.want_session(
        by=world.by,
        inspection=inspection,
        kind=inspection.programme.session_kinds.order_by("order").last(),
        wanted=Wanted(
            fixed=people[:1],
            pool=people[1:],
            windows=[makers.hours("09:00", "12:00"), makers.hours("14:00", "16:00")],
            criteria=[area.criteria.order_by("order").first()],
            after=[first],
        ),
        at=NOW,
        **GROUP,
    )

    taken = client.get(address("sessions", inspection), {"format": kind})
    response = upload(client, address("sessions-import", inspection), taken.content, name=f"sessions.{kind}")

    assert said(response) == ["0 sessions added, 2 already as the file says."]
    assert taken["Content-Disposition"] == f'attachment; filename="sessions-{inspection.ref}.{kind}"'


def test_a_link_is_changed_by_a_file_that_has_the_column_and_left_by_one_that_has_not(client, world):
    person = team(world, 1)[0]
    session = makers.make_session(world.inspection, by=world.by, fixed=[person], link="https://meet.example/1")
    where, row = address("sessions-import", world.inspection), f"S1,{session.title},{session.kind.key},60,P1"
    links = []

    for header, link in (("", ""), (",link", ",https://meet.example/2"), (",link", ",")):
        upload(client, where, f"reference,title,kind,minutes,fixed{header}\n{row}{link}\n")
        links.append(Session.objects.get().link)

    assert links == ["https://meet.example/1", "https://meet.example/2", ""]


def test_the_empty_file_of_an_import_has_its_columns_and_is_refused_for_having_no_rows(client, world):
    where = address("sessions-import", world.inspection)

    empty = client.get(where, {"format": "xlsx"})
    response = upload(client, where, empty.content, name="sessions.xlsx")

    assert response.context["problems"] == ["The file has a header and no rows."]
    assert empty["Content-Disposition"] == 'attachment; filename="sessions-to-fill-in.xlsx"'


def test_only_a_co_ordinator_takes_away_who_may_be_asked(client, world):
    makers.make_session(world.inspection, by=world.by, fixed=team(world, 1))
    inspector = client_of(make_user("inspector", force=world.inspection.force))

    headers = [
        one.get(address("sessions", world.inspection), {"format": "csv"}).content.decode("utf-8-sig").splitlines()[0]
        for one in (client, inspector)
    ]

    assert set(headers[0].split(",")) - set(headers[1].split(",")) == {"fixed", "pool"}


def test_a_cancelled_session_is_not_wanted_again_by_a_file(client, world):
    person = team(world, 1)[0]
    session = makers.make_session(world.inspection, by=world.by, fixed=[person])
    sessions.cancel_session(by=world.by, session=session, version=1, at=NOW)

    response = upload(
        client,
        address("sessions-import", world.inspection),
        f"reference,title,kind,fixed\nS1,Again,{session.kind.key},P1\n",
    )

    assert response.context["problems"] == ["These sessions were cancelled or have taken place: S1."]


def test_a_rota_is_entered_for_a_unit_and_shown_in_its_calendar(client, world):
    team(world, 2)

    entered = client.post(address("rota-enter", world.inspection), ROTA | {"units": ["Response"]})
    calendar = client.get(address("rotas", world.inspection), {"unit": "Response"}).context["calendar"]

    assert said(entered) == ["Rota entered for 2 people: 8 shifts."]
    assert [[len(day.marks) for day in row.days[:7]] for row in calendar.rows] == [[1, 1, 0, 1, 1, 0, 0]] * 2


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"units": []}, "units", "Nobody is chosen. Choose a unit, or name somebody."),
        ({"names": "P9"}, "names", "Nobody here has the reference P9."),
        ({"pattern": "nights"}, "pattern", "“nights” is neither a shift such as 07:00-17:00 nor “off”."),
        ({"until": "2021-07-01"}, "until", "The last day must be on or after the first."),
        (
            {"pattern": "01:30-09:00", "first": "2027-03-27", "until": "2027-03-28"},
            "pattern",
            "01:30 on 28 March 2027 does not exist: the clocks go forward. Choose a time before 01:00 or from 02:00.",
        ),
    ],
)
def test_what_is_wrong_with_a_rota_stands_beside_its_field_and_what_was_typed_is_kept(
    client, world, change, field, message
):
    team(world, 1)

    response = client.post(address("rota-enter", world.inspection), ROTA | {"units": ["Response"]} | change)

    assert response.context["form"].errors[field] == [message]
    assert response.context["form"]["pattern"].value() == (ROTA | change)["pattern"]
    assert not Rota.objects.exists()


def test_a_rota_that_overlaps_is_refused_whole_and_says_who_is_on_duty(client, world):
    team(world, 2)
    client.post(address("rota-enter", world.inspection), ROTA | {"names": "P2"})

    response = client.post(
        address("rota-enter", world.inspection), ROTA | {"units": ["Response"], "pattern": "12:00-20:00"}
    )

    assert response.context["form"].non_field_errors() == ["P2 is on duty already at 5 July 2021 12:00."]
    assert Rota.objects.count() == 1


def test_rotas_are_imported_and_taken_back(client, world):
    person = team(world, 1)[0]
    text = 'person,pattern,first,until,starts_on\nP1,"2 x 07:00-17:00, off",2021-07-05,2021-07-10,3\n'

    imported = upload(client, address("rotas-import", world.inspection), text)
    again = upload(client, address("rotas-import", world.inspection), text)
    page = client.get(address("person-rota", world.inspection, pk=person.pk))
    rota = Rota.objects.get()
    client.post(address("rota-remove", world.inspection, pk=person.pk, rota=rota.pk))

    assert said(again) == ["Rota entered for 1 person: 4 shifts.", "Every one of these rotas was there already."]
    assert list(page.context["rotas"]) == [rota]
    assert imported.status_code == 302
    assert not Duty.objects.exists()


def test_coming_in_on_a_rest_day_is_kept_only_with_who_agreed_and_when(client, world):
    person = team(world, 1)[0]
    time_of = {
        "kind": "agreed", "start_date": "2021-07-05", "start": "09:00", "end_date": "2021-07-05", "end": "12:00",
    }  # fmt: skip
    where = address("person", world.inspection, pk=person.pk)

    refused = client.post(where, time_of)
    client.post(where, time_of | {"agreed_by": person.name, "agreed_date": "2021-06-30"})

    assert refused.context["form"].errors["agreed_by"] == ["Say who agreed that they come in, and when."]
    assert f"agreed by {person.name} on 30 June 2021" in client.get(where).content.decode()


def test_everything_that_can_be_typed_of_a_session_and_an_inspector_reaches_the_problem(client, world):
    first, second = team(world, 2)
    criterion = world.inspection.programme.areas.order_by("order").first().criteria.order_by("order").first()
    kind = world.inspection.programme.session_kinds.order_by("order").first()
    inspector = {"reference": "I1", "name": "Inspector 1", "specialisms": "digital; custody", "max_a_day": 3}
    client.post(address("inspector-add", world.inspection), inspector)
    row = world.inspection.inspectors.get()
    people.add_absence(by=world.by, inspector=row, during=makers.hours(), reason="Leave")
    makers.make_session(world.inspection, by=world.by, number=1, fixed=[first])
    fields = {
        "reference": "S2", "title": "Group", "kind": kind.pk, "minutes": 45, "inspectors_needed": 1,
        "specialism": "digital", "fixed": "P1", "size": 1, "units": 1, "pool_people": "P2", "after": "S1",
        "windows": "2021-07-05 09:00-12:00", "prefer_dates": "05/07/2021", "prefer_from": "09:30", "prefer_to": "11:30",
        "priority": 4, "criteria": [criterion.pk],
    }  # fmt: skip

    response = client.post(address("session-add", world.inspection), fields)

    problem = problem_queries.problem_of(world.inspection)
    one = next(session for session in problem.sessions if session.name == "Group")
    assert said(response)[-1] == "Session added. The next timetable places it."
    assert (one.minutes, one.inspectors, one.specialism, one.size, one.units, one.priority) == (
        45,
        1,
        "digital",
        1,
        1,
        4,
    )
    assert (one.fixed, one.pool) == ((str(first.pk),), (str(second.pk),))
    assert one.prefer == problem_queries.parts.Prefer(time(9, 30), time(11, 30), frozenset({makers.MONDAY}))
    assert [(span.starts_at, span.ends_at) for span in one.windows] == [makers.hours("09:00", "12:00")]
    assert list(one.after) == [str(Session.objects.get(reference="S1").pk)]
    assert list(Session.objects.get(reference="S2").areas.all()) == [criterion.area]
    (who,) = problem.inspectors
    assert (who.specialisms, who.max_a_day) == (frozenset({"digital", "custody"}), 3)
    assert [(span.starts_at, span.why) for span in who.busy] == [(makers.hours()[0], "Leave")]


def test_more_units_than_people_are_refused_beside_the_field(client, world):
    team(world, 2)
    kind = world.inspection.programme.session_kinds.order_by("order").first()
    fields = {
        "reference": "S1", "title": "Group", "kind": kind.pk, "minutes": 60, "inspectors_needed": 1, "size": 2,
        "units": 3, "pool_units": ["Response"], "priority": 1,
    }  # fmt: skip

    response = client.post(address("session-add", world.inspection), fields)

    assert response.context["form"].errors["units"] == ["Cannot be more than the people who are chosen."]


def test_the_coverage_page_says_which_criteria_no_session_speaks_to(client, world):
    person = team(world, 1)[0]
    session = makers.make_session(world.inspection, by=world.by, fixed=[person])
    area = session.areas.order_by("order").first()
    first = area.criteria.order_by("order").first()
    session.areas.set([area])
    session.criteria.set([first])

    page = client.get(address("coverage", world.inspection))
    rows = client.get(address("coverage", world.inspection), {"format": "csv"}).content.decode("utf-8-sig").splitlines()

    coverage = page.context["coverage"]
    assert coverage.covered == 1
    assert first not in [one.criterion for one in coverage.uncovered]
    assert len(coverage.uncovered) == coverage.total - 1
    assert [line.split(",")[-1] for line in rows].count("S1") == 1
    assert JournalEntry.objects.filter(verb="exported").values_list("detail").get() == ("coverage of the criteria",)


@pytest.mark.parametrize(("name", "queries"), [("rotas", 8), ("coverage", 9)])
@pytest.mark.parametrize("count", [1, 3])
def test_a_page_asks_as_many_questions_for_three_rows_as_for_one(
    client, world, name, queries, count, django_assert_num_queries
):
    makers.make_fieldwork(world.inspection, by=world.by, count=count)
    client.get(address(name, world.inspection))

    with django_assert_num_queries(queries):
        response = client.get(address(name, world.inspection))

    assert response.status_code == 200
