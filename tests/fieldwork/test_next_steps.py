"""What the overview of the fieldwork says comes next, as a table."""

from dataclasses import replace
from datetime import date

import pytest

from ncpi.fieldwork.next_steps import Standing, steps, where_in_words
from ncpi.lib.dates import working_days

START, END = date(2021, 7, 5), date(2021, 7, 16)
READY = Standing(
    starts=START,
    ends=END,
    people=90,
    people_without_times=0,
    inspectors=6,
    wanted=24,
    uncovered=0,
    versions=1,
    latest_draft=0,
    unplaced=0,
    not_coming=0,
    unanswered=0,
    to_write_up=0,
)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        (
            {"people": 0, "inspectors": 0, "wanted": 0, "versions": 0},
            [
                ("Import the people who can be asked", "people-import"),
                ("Add the inspectors", "inspectors"),
                ("Say which sessions are wanted", "sessions"),
            ],
        ),
        ({"people_without_times": 1}, [("1 person has no time in these weeks: import their rotas", "people")]),
        ({"uncovered": 2}, [("No session speaks to 2 areas of the programme", "sessions")]),
        ({"versions": 0, "unplaced": 24}, [("Make the first timetable", "make")]),
        ({"latest_draft": 3, "unplaced": 2}, [("Look at version 3 and publish it", "timetable")]),
        (
            {"latest_draft": 3, "is_replan": True},
            [("See what version 3 changes, and publish it", "changes")],
        ),
        (
            {"unplaced": 1},
            [("1 session is wanted and not placed: see why, or make a new timetable", "overview")],
        ),
        (
            {"not_coming": 3, "unanswered": 1, "to_write_up": 2},
            [
                ("3 people cannot come as asked: find a stand-in, or re-plan", "replies"),
                ("1 person has not answered", "replies"),
                ("Say whether 2 sessions took place", "records"),
            ],
        ),
    ],
)
def test_what_is_missing_is_said_in_the_order_in_which_it_is_done(changed, expected):
    found = steps(replace(READY, **changed))

    assert [(one.text, one.page) for one in found] == expected


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2021, 6, 25), "Fieldwork starts in 10 days."),
        (date(2021, 7, 4), "Fieldwork starts tomorrow."),
        (START, "Day 1 of 10 of the fieldwork."),
        (date(2021, 7, 10), "Day 5 of 10 of the fieldwork."),
        (END, "Day 10 of 10 of the fieldwork."),
        (date(2021, 7, 17), "Fieldwork ended yesterday."),
        (date(2021, 7, 20), "Fieldwork ended 4 days ago."),
    ],
)
def test_where_a_day_is_in_the_fieldwork(on, words):
    assert where_in_words(START, END, on=on, days=working_days(START, 10)) == words
