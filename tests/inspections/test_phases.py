"""The line of phases, from the dates of the inspection."""

from datetime import date

import pytest

from ncpi.inspections.phases import phases

DATES = {"notice": date(2021, 5, 24), "fieldwork_start": date(2021, 7, 5), "fieldwork_end": date(2021, 7, 16)}
PUBLISHED = date(2021, 12, 22)


def states(on, publication=None, closed=None):
    return [str(phase.state) for phase in phases(**DATES, publication=publication, closed=closed, on=on)]


@pytest.mark.parametrize(
    ("on", "current"),
    [
        (date(2021, 5, 23), None),
        (date(2021, 5, 24), 0),
        (date(2021, 5, 25), 1),
        (date(2021, 7, 4), 1),
        (date(2021, 7, 5), 2),
        (date(2021, 7, 16), 2),
        (date(2021, 7, 17), 3),
        (date(2021, 12, 21), 3),
        (date(2021, 12, 22), 4),
        (date(2023, 1, 1), 4),
    ],
)
def test_one_phase_is_current_and_all_before_it_are_done(on, current):
    expected = ["ahead"] * 5 if current is None else ["done"] * current + ["current"] + ["ahead"] * (4 - current)

    assert states(on, PUBLISHED) == expected


def test_without_a_publication_the_report_is_awaited_for_ever():
    assert states(date(2030, 1, 1)) == ["done", "done", "done", "current", "ahead"]


def test_a_closed_inspection_has_no_phase_left():
    assert states(date(2022, 6, 1), PUBLISHED, date(2022, 6, 1)) == ["done"] * 5
    assert states(date(2022, 5, 31), PUBLISHED, date(2022, 6, 1)) == ["done", "done", "done", "done", "current"]


def test_phases_follow_each_other_without_a_gap():
    found = phases(**DATES, publication=PUBLISHED, closed=None, on=PUBLISHED)

    assert [(phase.starts, phase.ends) for phase in found] == [
        (date(2021, 5, 24), date(2021, 5, 24)),
        (date(2021, 5, 25), date(2021, 7, 4)),
        (date(2021, 7, 5), date(2021, 7, 16)),
        (date(2021, 7, 17), date(2021, 12, 21)),
        (date(2021, 12, 22), None),
    ]
