"""The fortnight as people read it, as tables: cells, lunch, idle time, weeks, and what somebody asked to see."""

from datetime import date, datetime, time, timedelta

import pytest

from ncpi.fieldwork import fortnight as rule
from ncpi.fieldwork import grids, week_papers
from ncpi.fieldwork.fortnight import By, Choice, Fortnight, Team
from ncpi.fieldwork.grids import Attendee, Block, Day
from ncpi.fieldwork.week_papers import Letters
from ncpi.lib.dates import LONDON, minutes_in_words

RULES = Day(time(9), time(17), 30, time(11, 30), time(14, 30), 60)
MONDAY, NEXT_MONDAY = date(2021, 7, 5), date(2021, 7, 12)


def block(number, start, end, *, day=MONDAY, inspectors=(1,), units=("Response",)):
    starts, ends = (datetime.combine(day, time.fromisoformat(clock), LONDON) for clock in (start, end))
    people = tuple(Attendee(number * 10 + at, f"Person {number}{at}", unit) for at, unit in enumerate(units))
    led = tuple((key, f"Inspector {key}") for key in inspectors)
    return Block(number, f"S{number}", f"Session {number}", "Interview", False, starts, ends, led, people)


def filled(blocks, away=(), rules=RULES):
    one = grids.column(rules, inspector=1, day=MONDAY, label="Inspector 1", blocks=blocks, away=away)
    return [f"{cell.starts:%H:%M} {cell.fill}" + (f" {cell.idle}" if cell.idle else "") for cell in one.cells]


@pytest.mark.parametrize(
    ("sessions", "away", "expected"),
    [
        ([], [], ["09:00 free"]),
        ([("09:00", "10:00")], [], ["09:00 session", "10:00 free", "11:30 lunch", "12:30 free"]),
        # The gap after a session is no idle time; what is beyond it is.
        (
            [("09:00", "10:00"), ("11:00", "12:00")],
            [],
            ["09:00 session", "10:00 idle 30", "11:00 session", "12:00 free", "12:30 lunch", "13:30 free"],
        ),
        (
            [("10:00", "11:00"), ("14:00", "15:00")],
            [],
            [
                "09:00 free",
                "10:00 session",
                "11:00 free",
                "11:30 lunch",
                "12:30 idle 90",
                "14:00 session",
                "15:00 free",
            ],
        ),
        # No hour is left for lunch.
        (
            [("11:00", "12:45"), ("13:30", "15:00")],
            [],
            ["09:00 free", "11:00 session", "12:45 idle 15", "13:30 session", "15:00 free"],
        ),
        ([], [(0, 12 * 60)], ["09:00 away", "12:00 free"]),
        # What an absence came to after the session was placed stands beside it, not over it.
        ([("10:00", "11:00")], [(9 * 60, 17 * 60)], ["09:00 away", "10:00 session", "11:00 away"]),
    ],
)
def test_a_column_is_cut_into_what_fills_it(sessions, away, expected):
    blocks = [block(number, *times) for number, times in enumerate(sessions, start=1)]

    found = filled(blocks, away)

    assert found == expected


def test_every_row_of_a_time_grid_is_filled_by_cells_that_span_it():
    blocks = [block(1, "09:00", "10:00"), block(2, "10:45", "12:00")]
    columns = [
        grids.column(RULES, inspector=1, day=MONDAY, label="Inspector 1", blocks=blocks),
        grids.column(RULES, inspector=2, day=MONDAY, label="Inspector 2", blocks=[]),
    ]

    table = grids.time_grid(RULES, key="day", title="Monday", columns=columns)

    spans = [sum(cell.rows for row in table.rows for one, cell in row.cells if one is wanted) for wanted in columns]
    assert (table.step, len(table.rows), spans) == (15, 32, [32, 32])
    assert [f"{row.clock:%H:%M}" for row in table.rows if row.is_hour][:2] == ["09:00", "10:00"]


def test_a_session_set_by_hand_off_the_quarter_makes_the_lines_finer():
    columns = [grids.column(RULES, inspector=1, day=MONDAY, label="", blocks=[block(1, "09:05", "10:00")])]

    table = grids.time_grid(RULES, key="day", title="Monday", columns=columns)

    assert table.step == 5


def test_a_session_outside_the_open_hours_widens_the_day():
    widened = grids.widened(RULES, [block(1, "07:30", "08:30"), block(2, "17:00", "18:15")])

    assert (widened.opens, widened.closes) == (time(7), time(19))


FORTNIGHT = Fortnight(
    blocks=(
        block(1, "09:00", "10:00", inspectors=(1, 2), units=("Response", "Custody")),
        block(2, "11:00", "12:00", inspectors=(2,), units=("Hub",)),
        block(3, "09:00", "10:00", day=NEXT_MONDAY, inspectors=(), units=("Hub",)),
    ),
    team=(Team(1, "Inspector 1"), Team(2, "Inspector 2")),
    rules=RULES,
    days=(MONDAY, date(2021, 7, 6), NEXT_MONDAY),
)


@pytest.mark.parametrize(
    ("choice", "sessions", "week"),
    [
        (Choice(), [1, 2, 3], 0),
        (Choice(week=2), [3], 2),
        (Choice(week=9), [1, 2, 3], 0),
        (Choice(inspector=1), [1], 0),
        (Choice(unit="Hub"), [2, 3], 0),
        (Choice(unit="Nobody"), [], 0),
        (Choice(person=20), [2], 0),
        # Against the clock it is one week: that of today, where none is named.
        (Choice(by=By.DAY), [3], 2),
        (Choice(by=By.INSPECTOR, week=1), [1, 2], 1),
    ],
)
def test_what_is_shown_is_what_was_asked_for(choice, sessions, week):
    found = rule.shown(FORTNIGHT, choice, on=NEXT_MONDAY)

    assert [one.session for one in found.blocks] == sessions
    assert [one.session for _, blocks in found.days for one in blocks] == sessions
    assert found.choice.week == week


def test_a_week_at_a_glance_has_a_line_for_sessions_without_an_inspector():
    found = rule.shown(FORTNIGHT, Choice(), on=MONDAY)

    assert [[line.label for line in week.lines] for week in found.glance] == [
        ["Inspector 1", "Inspector 2"],
        ["Inspector 1", "Inspector 2", "No inspector"],
    ]


def test_a_unit_has_the_sessions_of_its_people():
    found = rule.shown(FORTNIGHT, Choice(by=By.UNIT, week=1), on=MONDAY)

    assert [
        (line.label, [[one.session for one in blocks] for _, blocks in line.cells]) for line in found.glance[0].lines
    ] == [
        ("Custody", [[1], []]),
        ("Hub", [[2], []]),
        ("Response", [[1], []]),
    ]


def test_a_day_against_the_clock_has_a_column_an_inspector_and_an_inspector_a_column_a_day():
    days = rule.shown(FORTNIGHT, Choice(by=By.DAY, week=1), on=MONDAY)
    people = rule.shown(FORTNIGHT, Choice(by=By.INSPECTOR, week=1, inspector=2), on=MONDAY)

    assert [(table.title, [one.label for one in table.columns]) for table in days.tables] == [
        ("Monday 5 July", ["Inspector 1", "Inspector 2"]),
        ("Tuesday 6 July", ["Inspector 1", "Inspector 2"]),
    ]
    assert [(table.title, [one.label for one in table.columns]) for table in people.tables] == [
        ("Inspector 2", ["Monday 5 July", "Tuesday 6 July"])
    ]
    assert (days.idle, people.idle) == (30, 30)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2021, 7, 5), [(900, 1440)]),
        (date(2021, 7, 6), [(0, 1440)]),
        (date(2021, 7, 7), [(0, 600)]),
        (date(2021, 7, 8), []),
    ],
)
def test_an_absence_over_several_days_is_there_on_each(day, expected):
    away = (datetime(2021, 7, 5, 15, tzinfo=LONDON), datetime(2021, 7, 7, 10, tzinfo=LONDON))

    assert Team(1, "Inspector 1", (away,)).away_on(day) == expected


@pytest.mark.parametrize(("minutes", "words"), [(0, "0 min"), (45, "45 min"), (120, "2 h"), (75, "1 h 15 min")])
def test_minutes_are_written_as_people_say_them(minutes, words):
    assert minutes_in_words(minutes) == words


@pytest.mark.parametrize(
    ("units", "sessions", "is_first", "letters"),
    [
        (3, 5, True, Letters(80)),
        (14, 60, False, Letters(80)),
        (14, 60, True, Letters(70)),
        (14, 120, True, Letters(60, is_bare=True)),
        (40, 300, True, Letters(35, is_bare=True)),
    ],
)
def test_the_more_a_week_holds_the_smaller_its_letters_and_at_last_hours_and_titles_alone(
    units, sessions, is_first, letters
):
    names = [f"Unit {number}" for number in range(units)]
    blocks = [
        block(number, "09:00", "10:00", day=MONDAY + timedelta(days=number % 5), units=(names[number % units],))
        for number in range(sessions)
    ]
    (week,) = grids.weeks_of(MONDAY + timedelta(days=number) for number in range(5))

    assert week_papers.letters_of(grids.by_unit(week, blocks, names), is_first=is_first) == letters
