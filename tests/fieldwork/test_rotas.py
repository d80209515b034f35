"""Shift patterns written out, their calendars, and rotas entered for one person or many."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from ncpi.fieldwork import duty_calendar, free_time, problem_queries, rotas
from ncpi.fieldwork.cells import RowsRefused
from ncpi.fieldwork.models import Duty, Rota
from ncpi.fieldwork.operations import rotas as operations
from ncpi.fieldwork.operations.people import TimesOverlap
from ncpi.fieldwork.problem import Person, Problem, Span
from ncpi.fieldwork.rota_rows import read_rotas
from ncpi.lib import dates, tables
from tests.factories import make_inspection, make_user
from tests.fieldwork import makers

TEAM = "2 x 07:00-17:00, 2 x 22:00-07:00, 3 x off"


def rota(pattern, first, until, starts_on=1):
    return rotas.Written(rotas.read_pattern(pattern), date.fromisoformat(first), date.fromisoformat(until), starts_on)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "days", "written"),
    [
        ("07:00-17:00", 1, "07:00-17:00"),
        ("2 x 7:00-17:00, 4 x off", 6, "2 x 07:00-17:00, 4 x off"),
        ("07:00-17:00\n07:00 – 17:00;rest", 3, "2 x 07:00-17:00, off"),
        (rotas.EXAMPLE, 10, "2 x 07:00-17:00, 2 x 14:00-00:00, 2 x 22:00-07:00, 4 x off"),
    ],
)
def test_a_pattern_is_read_day_by_day_and_written_in_the_shortest_way(text, days, written):
    pattern = rotas.read_pattern(text)

    assert (len(pattern), rotas.written(pattern)) == (days, written)
    assert rotas.read_pattern(written) == pattern


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"Write at least one shift, such as {rotas.EXAMPLE}."),
        ("3 x off", f"Write at least one shift, such as {rotas.EXAMPLE}."),
        ("earlies", "“earlies” is neither a shift such as 07:00-17:00 nor “off”."),
        ("07:00-24:00", "24:00 is not a time of day. Midnight is 00:00."),
        ("0 x 07:00-17:00, off", "“0 x 07:00-17:00” is no day at all."),
        ("85 x 07:00-17:00", "A pattern repeats after 84 days at most."),
        ("22:00-07:00, 06:00-14:00", "Day 2 of the pattern begins before the shift of day 1 has ended."),
        ("06:00-14:00, 22:00-07:00", "Day 1 of the pattern begins before the shift of day 2 has ended."),
    ],
)
def test_what_is_no_pattern_is_refused_in_words(text, message):
    with pytest.raises(rotas.BadPattern) as refused:
        rotas.read_pattern(text)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("change", "field"),
    [({"until": "2027-01-03"}, "until"), ({"until": "2028-06-01"}, "until"), ({"starts_on": 8}, "starts_on")],
)
def test_days_that_do_not_fit_the_pattern_are_refused_at_their_field(change, field):
    values = {"first": "2027-01-04", "until": "2027-02-04", "starts_on": 1} | change

    with pytest.raises(rotas.BadRota) as refused:
        rotas.check(rota(TEAM, **values))

    assert refused.value.field == field


def test_teams_on_one_pattern_begin_it_on_different_days():
    first = list(rota(TEAM, "2027-06-07", "2027-06-10", starts_on=3).shifts())

    assert first == [
        (utc("2027-06-07 21:00"), utc("2027-06-08 06:00")),
        (utc("2027-06-08 21:00"), utc("2027-06-09 06:00")),
    ]


@pytest.mark.parametrize(
    ("first", "until", "expected"),
    [
        (
            "2027-03-26",
            "2027-03-29",
            [("2027-03-26 22:00", "2027-03-27 07:00", 540), ("2027-03-27 22:00", "2027-03-28 06:00", 480),
             ("2027-03-28 21:00", "2027-03-29 06:00", 540), ("2027-03-29 21:00", "2027-03-30 06:00", 540)],
        ),
        (
            "2027-10-29",
            "2027-11-01",
            [("2027-10-29 21:00", "2027-10-30 06:00", 540), ("2027-10-30 21:00", "2027-10-31 07:00", 600),
             ("2027-10-31 22:00", "2027-11-01 07:00", 540), ("2027-11-01 22:00", "2027-11-02 07:00", 540)],
        ),
    ],
)  # fmt: skip
def test_night_shifts_keep_their_clock_times_and_are_as_long_as_the_night_is(first, until, expected):
    shifts = list(rota("22:00-07:00", first, until).shifts())

    found = [(start, end, dates.minutes_between(start, end)) for start, end in shifts]
    assert found == [(utc(start), utc(end), minutes) for start, end, minutes in expected]


@pytest.mark.parametrize(
    ("pattern", "day", "message"),
    [
        ("17:00-01:30", "2027-03-27", "01:30 on 28 March 2027 does not exist: the clocks go forward."),
        ("01:30-09:00", "2027-10-31", "01:30 on 31 October 2027 happens twice: the clocks go back."),
    ],
)
def test_a_shift_that_begins_or_ends_at_no_one_moment_is_refused(pattern, day, message):
    with pytest.raises(dates.LocalTimeError, match=message):
        list(rota(pattern, day, day).shifts())


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("P9,07:00-17:00,2027-01-04,2027-01-10,", "Row 2, column person: is nobody's reference."),
        (
            "P1,nights,2027-01-04,2027-01-10,",
            "Row 2, column pattern: “nights” is neither a shift such as 07:00-17:00 nor “off”.",
        ),
        ("P1,07:00-17:00,2027-01-04,2027-01-01,", "Row 2, column until: The last day must be on or after the first."),
        (
            "P1,07:00-17:00,2027-01-04,2027-01-10,2",
            "Row 2, column starts_on: The pattern has 1 days, so it cannot start on day 2.",
        ),
        (
            "P1,01:30-09:00,2027-03-27,2027-03-29,",
            "Row 2, column pattern: 01:30 on 28 March 2027 does not exist: the clocks go forward. "
            "Choose a time before 01:00 or from 02:00.",
        ),
    ],
)  # fmt: skip
def test_a_mistake_in_a_rota_is_named_by_row_and_column(row, problem):
    assert refusal(row) == [problem]


def test_rotas_of_one_person_that_overlap_in_one_file_are_named():
    found = refusal("P1,07:00-17:00,2027-01-04,2027-01-10,\nP1,16:00-18:00,2027-01-08,2027-01-09,")

    assert found == ["Row 3, column first: overlaps the same person's duty of row 2."]


def refusal(rows):
    table = tables.read_csv(f"person,pattern,first,until,starts_on\n{rows}\n".encode())
    with pytest.raises(RowsRefused) as refused:
        read_rotas(table, known=["P1"])
    return [str(problem) for problem in refused.value.problems]


def test_a_calendar_shows_a_shift_on_its_first_day_and_leave_on_each_and_says_when_the_clocks_change():
    (night,) = rota("22:00-07:00", "2027-03-27", "2027-03-27").shifts()
    leave = utc("2027-03-28 23:00"), utc("2027-03-30 11:00")
    entries = [duty_calendar.Entry("duty", "On duty", *night), duty_calendar.Entry("leave", "Leave", *leave)]

    days = duty_calendar.calendar_of(entries, duty_calendar.days_from(date(2027, 3, 27), 4))

    assert [[(mark.label, mark.start, mark.end, mark.remark) for mark in day.marks] for day in days] == [
        [("On duty", "22:00", "07:00", "8 h: the clocks go forward")],
        [],
        [("Leave", "", "", "")],
        [("Leave", "00:00", "12:00", "")],
    ]


@pytest.mark.parametrize(
    ("night", "free_from"), [("2027-03-27", "2027-03-28 17:00"), ("2027-10-30", "2027-10-31 18:00")]
)
def test_eleven_real_hours_pass_after_a_night_on_which_the_clocks_change(night, free_from):
    (shift,) = rota("22:00-07:00", night, night).shifts()
    day = Span(*dates.span(date.fromisoformat(night) + timedelta(days=1), time(8), utc(free_from).date(), time(22)))
    person = Person("P1", duty=(Span(*shift), day))

    free = free_time.person_spans(person, Problem((day,), (person,), (), ()))

    assert [free_time.to_moment(start) for start, _ in free][-1] == utc(free_from)


@pytest.mark.django_db
class TestEntering:
    @pytest.fixture
    def inspection(self):
        return make_inspection()

    @pytest.fixture
    def by(self, inspection):
        return make_user("coordinator", force=inspection.force)

    @pytest.fixture
    def team(self, inspection, by):
        return [makers.make_person(inspection.force, by=by, number=number, times=[]) for number in (1, 2)]

    def enter(self, inspection, by, people, pattern="07:00-17:00", first="2021-07-05", until="2021-07-09", **more):
        return operations.enter_rota(
            by=by, force=inspection.force, people=people, rota=rota(pattern, first, until), **more
        )

    def test_many_are_given_a_rota_at_once_and_the_same_again_changes_nothing(self, inspection, by, team):
        first, second = (self.enter(inspection, by, team) for _ in range(2))

        people = problem_queries.problem_of(inspection).people
        assert (first, second) == (operations.Entered(2, 10), operations.Entered(0, 0))
        assert [len(one.duty) for one in people] == [5, 5]

    def test_a_shift_that_overlaps_another_refuses_the_rota_for_all_and_names_who(self, inspection, by, team):
        self.enter(inspection, by, team[:1])

        with pytest.raises(TimesOverlap, match=r"^P1 is on duty already at 9 July 2021 12:00\.$"):
            self.enter(inspection, by, team, "12:00-20:00", "2021-07-09", "2021-07-12")

        assert Rota.objects.count() == 1

    def test_a_new_rota_ends_the_one_before_it_and_a_rota_not_begun_goes(self, inspection, by, team):
        person = team[0]
        self.enter(inspection, by, [person], first="2021-07-01", until="2021-07-20")
        self.enter(inspection, by, [person], first="2021-08-01", until="2021-08-02")

        self.enter(inspection, by, [person], "12:00-20:00", "2021-07-12", "2021-07-30", ends_earlier=True)

        kept = Rota.objects.order_by("first_date").values_list("first_date", "until_date")
        assert list(kept) == [(date(2021, 7, 1), date(2021, 7, 11)), (date(2021, 7, 12), date(2021, 7, 30))]
        assert Duty.objects.filter(person=person).count() == 11 + 19

    def test_taking_a_rota_back_takes_its_shifts_and_nothing_else(self, inspection, by, team):
        makers.people.add_duty(by=by, person=team[0], kind="leave", during=makers.hours())
        self.enter(inspection, by, team)

        operations.remove_rota(by=by, rota=Rota.objects.select_related("person__force").get(person=team[0]))

        assert sorted(Duty.objects.values_list("person__reference", "kind").distinct()) == [
            ("P1", "leave"),
            ("P2", "duty"),
        ]
