"""People, duties and sessions from tables: all or nothing, every mistake by row and column."""

from datetime import UTC, date, datetime, time

import pytest

from ncpi.fieldwork import duty_rows, people_rows, rota_rows, session_rows
from ncpi.fieldwork.cells import RowsRefused
from ncpi.fieldwork.duty_rows import ONLY_PARTNERS_OFFER, DutyRow, read_duties
from ncpi.fieldwork.people_rows import PersonRow, read_people
from ncpi.fieldwork.session_rows import KnownPerson, SessionRow, read_sessions
from ncpi.fieldwork.views.imports import columns_of
from ncpi.lib import tables

PEOPLE = "reference,name,band,unit,email,job_title,organisation,manager,max_sessions\n"
DUTIES = "person,kind,date,start,end,to_date,every_days,until,note\n"
SESSIONS = (
    "reference,title,kind,minutes,inspectors,specialism,fixed,pool,size,areas,after,windows,"
    "prefer_from,prefer_to,priority\n"
)
KNOWN = {
    "P1": KnownPerson("Response", "constable"),
    "P2": KnownPerson("Response", "sergeant"),
    "P3": KnownPerson("Hub", "staff"),
}
BANDS = {key: one.band for key, one in KNOWN.items()} | {"P4": "partner"}


def table(text: str) -> tables.Table:
    return tables.read_csv(text.encode())


def sessions_of(text: str):
    return read_sessions(
        table(SESSIONS + text), kinds={"interview": 60, "focus_group": 90}, people=KNOWN, areas=["referral"]
    )


def refusal(read, *args, **kwargs) -> list[str]:
    with pytest.raises(RowsRefused) as refused:
        read(*args, **kwargs)
    return [str(problem) for problem in refused.value.problems]


def test_people_are_read_with_their_managers():
    text = PEOPLE + (
        "P1,Response Sergeant 1,sergeant,Response,p1@fenshire.example,Sergeant,Fenshire,,3\n"
        "P2,Response Constable 2,Constable,Response,p2@fenshire.example,,,P1,\n"
    )

    people = read_people(table(text))

    assert people == (
        PersonRow(
            "P1", "Response Sergeant 1", "Sergeant", "sergeant", "Response", "Fenshire", "", "p1@fenshire.example", 3
        ),
        PersonRow("P2", "Response Constable 2", "", "constable", "Response", "", "P1", "p2@fenshire.example", 2),
    )


def test_every_mistake_in_people_is_named_by_row_and_column():
    text = PEOPLE + (
        "P1,Response Sergeant 1,king,Response,not-an-address,,,P9,many\n"
        ",Nobody,staff,,p2@fenshire.example,,,,\n"
        "p1,Again,staff,Hub,p3@fenshire.example,,,,\n"
    )

    found = refusal(read_people, table(text))

    assert found == [
        "Row 2, column band: must be one of chief, constable, inspector, partner, sergeant, staff, superintendent.",
        "Row 2, column email: is not an e-mail address.",
        "Row 2, column manager: is nobody's reference.",
        "Row 2, column max_sessions: must be a whole number from 0 to 20.",
        "Row 3, column reference: is empty.",
        "Row 3, column unit: is empty.",
        "Row 4, column reference: is the same as on row 2.",
    ]


def test_managers_who_manage_each_other_are_refused():
    text = (
        PEOPLE
        + "P1,A,staff,Hub,a@f.example,,,P2,\nP2,B,staff,Hub,b@f.example,,,P1,\nP3,C,staff,Hub,c@f.example,,,P3,\n"
    )

    found = refusal(read_people, table(text))

    assert found == [
        "Row 2, column manager: leads back to the same person.",
        "Row 3, column manager: leads back to the same person.",
        "Row 4, column manager: is the person's own reference.",
    ]


def test_a_manager_already_known_is_accepted():
    people = read_people(table(PEOPLE + "P2,B,staff,Hub,b@f.example,,,P1,\n"), known={"P1": None})

    assert people[0].manager == "P1"


def test_unknown_and_missing_columns_are_named():
    found = refusal(read_people, table("reference,name,colour\nP1,A,red\n"))

    assert found == [
        "Row 1, column band: is missing.",
        "Row 1, column colour: is not a column of this file (those are reference, name, band, unit, email, job_title, "
        "organisation, manager, max_sessions).",
        "Row 1, column email: is missing.",
        "Row 1, column unit: is missing.",
    ]


def test_a_header_without_rows_is_refused():
    assert refusal(read_people, table(PEOPLE)) == ["The file has a header and no rows."]


def test_a_night_shift_ends_the_next_morning():
    duties = read_duties(table(DUTIES + "P1,duty,05/07/2021,22:00,07:00,,,,Nights\n"), known=BANDS)

    assert duties == (
        DutyRow(2, "P1", "duty", datetime(2021, 7, 5, 21, tzinfo=UTC), datetime(2021, 7, 6, 6, tzinfo=UTC), "Nights"),
    )


def test_a_rota_is_written_out_to_its_last_day():
    duties = read_duties(table(DUTIES + "P1,duty,2021-07-05,07:00,17:00,,7,2021-07-19,\n"), known=BANDS)

    assert [one.starts_at.day for one in duties] == [5, 12, 19]


def test_a_rota_keeps_its_clock_time_across_the_end_of_summer():
    duties = read_duties(table(DUTIES + "P1,duty,2027-10-29,07:00,17:00,,2,2027-11-02,\n"), known=BANDS)

    assert [one.starts_at.hour for one in duties] == [6, 7, 7]


def test_leave_lasts_from_its_first_to_its_last_day():
    duties = read_duties(table(DUTIES + "P1,leave,2021-07-05,00:00,23:59,2021-07-09,,,\n"), known=BANDS)

    assert (duties[0].starts_at, duties[0].ends_at) == (
        datetime(2021, 7, 4, 23, tzinfo=UTC),
        datetime(2021, 7, 9, 22, 59, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("P9,duty,2021-07-05,07:00,17:00,,,,", "Row 2, column person: is nobody's reference."),
        (
            "P1,dozing,2021-07-05,07:00,17:00,,,,",
            "Row 2, column kind: must be one of agreed, busy, court, duty, leave, offered, rest, training.",
        ),
        ("P1,duty,5 July,07:00,17:00,,,,", "Row 2, column date: must be a date such as 2021-07-05 or 05/07/2021."),
        ("P1,duty,2021-07-05,7am,17:00,,,,", "Row 2, column start: must be a time such as 09:30."),
        (
            "P1,duty,2027-03-28,01:30,09:00,,,,",
            "Row 2, column start: 01:30 on 28 March 2027 does not exist: the clocks go forward. "
            "Choose a time before 01:00 or from 02:00.",
        ),
        (
            "P1,duty,2027-10-31,01:30,09:00,,,,",
            "Row 2, column start: 01:30 on 31 October 2027 happens twice: the clocks go back. "
            "Choose a time before 01:00 or from 02:00.",
        ),
        ("P1,leave,2021-07-05,07:00,17:00,2021-07-01,,,", "Row 2, column to_date: The end must be after the start."),
        ("P1,duty,2021-07-05,07:00,17:00,2021-07-07,,,", "Row 2, column to_date: makes a shift longer than 24 hours."),
        (
            "P1,leave,2021-07-05,07:00,17:00,2021-07-07,7,2021-07-19,",
            "Row 2, column to_date: cannot stand together with a rota.",
        ),
        ("P1,duty,2021-07-05,07:00,17:00,,7,,", "Row 2, column until: and every_days stand together or not at all."),
        (
            "P1,duty,2021-07-05,07:00,17:00,,7,2021-07-01,",
            "Row 2, column until: must be on or after the date and within 400 repeats.",
        ),
    ],
)
def test_a_mistake_in_a_duty_is_named_by_row_and_column(row, problem):
    assert refusal(read_duties, table(DUTIES + row + "\n"), known=BANDS) == [problem]


def test_two_duties_of_one_person_that_overlap_are_refused():
    text = (
        DUTIES
        + "P1,duty,2021-07-05,07:00,17:00,,,,\nP2,duty,2021-07-05,08:00,16:00,,,,\nP1,duty,2021-07-05,16:00,18:00,,,,\n"
    )

    assert refusal(read_duties, table(text), known=BANDS) == [
        "Row 4, column date: overlaps the same person's duty of row 2."
    ]


def test_sessions_are_read_with_pool_windows_and_order():
    text = (
        "S1,Interview 1,interview,,,,P3,,,,,,,,\n"
        "S2,Response group,focus_group,,2,digital,,unit:Response;P3,2,referral,S1,"
        "2021-07-06 09:00-12:00;2021-07-05 13:00-17:00,09:30,12:00,3\n"
    )

    sessions = sessions_of(text)

    assert sessions == (
        SessionRow("S1", "Interview 1", "interview", 60, 1, "", ("P3",), (), 0, (), (), (), None, None, 1),
        SessionRow(
            *(
                "S2",
                "Response group",
                "focus_group",
                90,
                2,
                "digital",
                (),
                ("P1", "P2", "P3"),
                2,
                ("referral",),
                ("S1",),
            ),
            (
                (datetime(2021, 7, 5, 12, tzinfo=UTC), datetime(2021, 7, 5, 16, tzinfo=UTC)),
                (datetime(2021, 7, 6, 8, tzinfo=UTC), datetime(2021, 7, 6, 11, tzinfo=UTC)),
            ),
            *(time(9, 30), time(12), 3),
        ),
    )


def test_a_pool_can_be_one_band_of_a_unit():
    assert sessions_of("S1,A,focus_group,,,,,unit:Response/sergeant,1,,,,,,\n")[0].pool == ("P2",)


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        ("S1,A,party,,,,P1,,,,,,,,", ["Row 2, column kind: must be one of focus_group, interview."]),
        ("S1,A,interview,5,,,P1,,,,,,,,", ["Row 2, column minutes: must be a whole number from 15 to 480."]),
        (
            "S1,A,interview,,,,P8,,,,,,,,",
            [
                "Row 2, column fixed: names P8, which is nobody's reference.",
            ],
        ),
        ("S1,A,interview,,,,,,,,,,,,", ["Row 2, column fixed: is empty, and so is size: nobody would come."]),
        ("S1,A,focus_group,,,,,P1;P8,1,,,,,,", ["Row 2, column pool: names P8, which is nobody's reference."]),
        ("S1,A,focus_group,,,,,P1,2,,,,,,", ["Row 2, column size: is 2, but the pool has 1."]),
        (
            "S1,A,focus_group,,,,,P1;unit:Moon,1,,,,,,",
            ["Row 2, column pool: names unit:Moon, in which there is nobody."],
        ),
        (
            "S1,A,interview,,,,P1,,,cooking,,,,,",
            ["Row 2, column areas: names cooking, which the programme does not have."],
        ),
        ("S1,A,interview,,,,P1,,,,S7,,,,", ["Row 2, column after: names S7, which is no session's reference."]),
        ("S1,A,interview,,,,P1,,,,S1,,,,", ["Row 2, column after: is the session itself."]),
        (
            "S1,A,interview,,,,P1,,,,,Monday,,,",
            [
                "Row 2, column windows: must hold windows such as 2021-07-05 09:00-12:00, between semicolons.",
            ],
        ),
        (
            "S1,A,interview,,,,P1,,,,,2021-07-05 12:00-09:00,,,",
            [
                "Row 2, column windows: The end must be after the start.",
            ],
        ),
        (
            "S1,A,interview,,,,P1,,,,,2021-07-05 09:00-12:00;2021-07-05 11:00-13:00,,,",
            [
                "Row 2, column windows: has windows that overlap.",
            ],
        ),
        ("S1,A,interview,,,,P1,,,,,,12:00,09:00,", ["Row 2, column prefer_to: must be after prefer_from."]),
    ],
)
def test_a_mistake_in_a_session_is_named_by_row_and_column(row, problems):
    assert refusal(sessions_of, row + "\n") == problems


def test_sessions_that_wait_for_each_other_are_refused():
    text = "S1,A,interview,,,,P1,,,,S2,,,,\nS2,B,interview,,,,P1,,,,S1,,,,\nS3,C,interview,,,,P1,,,,,,,,\n"

    assert refusal(sessions_of, text) == [
        "Row 2, column after: leads back to the same session.",
        "Row 3, column after: leads back to the same session.",
    ]


def test_criteria_units_and_preferred_days_of_a_session_are_read():
    text = (
        "reference,title,kind,pool,size,units,areas,criteria,prefer_dates\n"
        "S1,A,focus_group,P1;P2;P3,2,2,,referral/risk,06/07/2021;2021-07-05\n"
    )

    (session,) = read_sessions(
        table(text), kinds={"focus_group": 60}, people=KNOWN, areas=["referral"], criteria=["referral/risk"]
    )

    assert (session.units, session.criteria) == (2, ("referral/risk",))
    assert session.prefer_dates == (date(2021, 7, 5), date(2021, 7, 6))


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ("3,,", "Row 2, column units: is 3, but only 2 are chosen."),
        ("1,referral/luck,", "Row 2, column criteria: names referral/luck, which the programme does not have."),
        (
            "1,,Tuesday",
            "Row 2, column prefer_dates: holds Tuesday, which is not a date such as 2021-07-05 or 05/07/2021.",
        ),
    ],
)
def test_a_mistake_in_what_a_session_speaks_to_or_prefers_is_named(cells, problem):
    text = f"reference,title,kind,pool,size,units,criteria,prefer_dates\nS1,A,focus_group,P1;P2;P3,2,{cells}\n"

    found = refusal(read_sessions, table(text), kinds={"focus_group": 60}, people=KNOWN, criteria=["referral/risk"])

    assert found == [problem]


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        ("http://meet.example/1", "must be one whole address that begins with https://."),
        ("javascript:alert(1)", "must be one whole address that begins with https://."),
        ("meet.example/1", "must be one whole address that begins with https://."),
        ("https:///1", "must be one whole address that begins with https://."),
        ("https://meet.example:0x/1", "must be one whole address that begins with https://."),
        ("https://meet.example/1 https://meet.example/2", "must be one whole address that begins with https://."),
        ("https://user:word@meet.example/1", "must not hold a name or password before the address of the meeting."),
        ("https://meet.example/" + "1" * 480, "is longer than 500 characters."),
    ],
)
def test_a_link_that_must_not_be_sent_is_named(link, problem):
    text = f"reference,title,kind,fixed,link\nS1,A,interview,P1,{link}\n"

    found = refusal(read_sessions, table(text), kinds={"interview": 60}, people=KNOWN)

    assert found == [f"Row 2, column link: {problem}"]


def test_a_link_is_read_and_without_its_column_nothing_is_said_of_it():
    header, row = "reference,title,kind,fixed", "S1,A,interview,P1"
    files = [
        f"{header}\n{row}\n",
        f"{header},link\n{row},\n",
        f"{header},link\n{row}, https://meet.example/j/1?p=x#a \n",
    ]

    links = [read_sessions(table(one), kinds={"interview": 60}, people=KNOWN)[0].link for one in files]

    assert links == [None, "", "https://meet.example/j/1?p=x#a"]


def test_a_circle_of_order_through_sessions_already_there_is_refused():
    text = "reference,title,kind,fixed,after\nS2,B,interview,P1,S1\n"

    found = refusal(
        read_sessions, table(text), kinds={"interview": 60}, people=KNOWN, known={"S1": {"S3"}, "S3": {"S2"}}
    )

    assert found == ["Row 2, column after: leads back to the same session."]


def test_a_circle_of_managers_through_people_already_there_is_refused():
    found = refusal(read_people, table(PEOPLE + "P2,B,staff,Hub,b@f.example,,,P1,\n"), known={"P1": "P2", "P2": None})

    assert found == ["Row 2, column manager: leads back to the same person."]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ("P1,offered,,", f"Row 2, column kind: {ONLY_PARTNERS_OFFER}"),
        ("P1,agreed,,2021-06-30", "Row 2, column agreed_by: is empty."),
        (
            "P1,agreed,Response Constable 1,",
            "Row 2, column agreed_date: must be a date such as 2021-07-05 or 05/07/2021.",
        ),
        ("P1,duty,Response Constable 1,", "Row 2, column agreed_by: is only for the kind “agreed”."),
    ],
)
def test_a_rest_day_is_asked_for_only_with_who_agreed_and_when(cells, problem):
    text = f"person,kind,agreed_by,agreed_date,date,start,end\n{cells},2021-07-05,09:00,12:00\n"

    assert refusal(read_duties, table(text), known=BANDS) == [problem]


def test_partners_offer_and_officers_agree():
    text = (
        "person,kind,agreed_by,agreed_date,date,start,end\n"
        "P4,offered,,,2021-07-05,09:00:00,12:00:00\n"
        "P1,agreed,Response Constable 1,30/06/2021,2021-07-06,09:00,12:00\n"
    )

    duties = read_duties(table(text), known=BANDS)

    assert [(one.kind, one.agreed_by, one.agreed_date) for one in duties] == [
        ("offered", "", None),
        ("agreed", "Response Constable 1", date(2021, 6, 30)),
    ]


@pytest.mark.parametrize("rule", [people_rows, rota_rows, duty_rows, session_rows], ids=lambda rule: rule.__name__)
def test_the_import_page_explains_every_column(rule):
    said = {name for names, _ in columns_of(rule) for name in names.split(", ")}

    assert said == {*rule.COLUMNS.required, *rule.COLUMNS.optional}
