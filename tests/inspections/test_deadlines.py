"""Day counting: the inspectorate's and the statute's, as tables."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncpi.inspections.deadlines import (
    Counting,
    DateNeeded,
    Roll,
    Rule,
    Standing,
    UnknownAnchor,
    add_months,
    days_left,
    due_date,
    last_day,
    milestone_dates,
    recommendation_date,
    rolled,
    standing,
)

DAYS = st.dates(date(2014, 1, 1), date(2060, 12, 31))
PUBLISHED = date(2022, 8, 5)


@pytest.mark.parametrize(
    ("anchor", "counting", "days", "expected"),
    [
        (date(2022, 8, 5), Counting.BEGINNING_WITH, 56, date(2022, 9, 29)),  # s.55 Police Act 1996: publication + 55
        (date(2022, 8, 5), Counting.AFTER, 42, date(2022, 9, 16)),  # six weeks of publication
        (date(2022, 8, 5), Counting.BEGINNING_WITH, 1, date(2022, 8, 5)),
        (date(2022, 8, 5), Counting.AFTER, 0, date(2022, 8, 5)),
        (date(2021, 7, 5), Counting.AFTER, 11, date(2021, 7, 16)),  # two weeks of fieldwork, Monday to Friday
        (date(2021, 7, 5), Counting.BEFORE, 28, date(2021, 6, 7)),
        (date(2024, 1, 31), Counting.AFTER, 29, date(2024, 2, 29)),
        (date(2023, 12, 31), Counting.BEGINNING_WITH, 2, date(2024, 1, 1)),
    ],
)
def test_days_are_counted_as_the_convention_says(anchor, counting, days, expected):
    assert last_day(anchor, counting=counting, days=days) == expected


@pytest.mark.parametrize(
    ("anchor", "counting", "months", "expected"),
    [
        (date(2022, 8, 5), Counting.AFTER, 3, date(2022, 11, 5)),
        (date(2022, 8, 5), Counting.AFTER, 6, date(2023, 2, 5)),
        (date(2022, 8, 5), Counting.BEGINNING_WITH, 3, date(2022, 11, 4)),
        (date(2022, 11, 30), Counting.AFTER, 3, date(2023, 2, 28)),
        (date(2023, 11, 30), Counting.AFTER, 3, date(2024, 2, 29)),
        (date(2022, 11, 30), Counting.BEGINNING_WITH, 3, date(2023, 2, 28)),
        (date(2022, 11, 28), Counting.BEGINNING_WITH, 3, date(2023, 2, 27)),
        (date(2023, 3, 1), Counting.BEGINNING_WITH, 1, date(2023, 3, 31)),
        (date(2023, 8, 31), Counting.AFTER, 6, date(2024, 2, 29)),
        (date(2023, 2, 28), Counting.AFTER, 6, date(2023, 8, 28)),
        (date(2023, 5, 31), Counting.BEFORE, 3, date(2023, 2, 28)),
    ],
)
def test_months_end_on_the_corresponding_date_or_the_last_day_of_a_shorter_month(anchor, counting, months, expected):
    assert last_day(anchor, counting=counting, months=months) == expected


@pytest.mark.parametrize(
    ("day", "roll", "expected"),
    [
        (date(2021, 7, 2), Roll.EARLIER, date(2021, 7, 2)),  # a Friday stays
        (date(2021, 7, 3), Roll.EARLIER, date(2021, 7, 2)),
        (date(2021, 7, 4), Roll.EARLIER, date(2021, 7, 2)),
        (date(2021, 7, 3), Roll.LATER, date(2021, 7, 5)),
        (date(2021, 7, 4), Roll.LATER, date(2021, 7, 5)),
        (date(2021, 7, 4), Roll.NONE, date(2021, 7, 4)),
    ],
)
def test_a_weekend_moves_as_the_rule_says(day, roll, expected):
    assert rolled(day, roll) == expected


@pytest.mark.parametrize("period", [{}, {"days": 1, "months": 1}])
def test_a_period_of_both_or_neither_is_refused(period):
    with pytest.raises(ValueError, match="either days or months"):
        last_day(PUBLISHED, counting=Counting.AFTER, **period)


@pytest.mark.parametrize("period", [{"days": 0}, {"months": 0}])
def test_a_period_that_begins_with_a_day_cannot_be_empty(period):
    with pytest.raises(ValueError, match="lasts at least that day"):
        last_day(PUBLISHED, counting=Counting.BEGINNING_WITH, **period)


@given(DAYS, st.integers(1, 400))
def test_beginning_with_a_day_ends_one_day_before_counting_after_it(anchor, days):
    with_it = last_day(anchor, counting=Counting.BEGINNING_WITH, days=days)

    assert with_it + timedelta(days=1) == last_day(anchor, counting=Counting.AFTER, days=days)


@given(DAYS, st.integers(1, 36))
def test_months_always_end_in_the_month_so_many_on(anchor, months):
    for counting in (Counting.AFTER, Counting.BEGINNING_WITH):
        end = last_day(anchor, counting=counting, months=months)
        gone = (end.year - anchor.year) * 12 + end.month - anchor.month

        assert gone == months or (gone == months - 1 and anchor.day == 1 and (end + timedelta(days=1)).day == 1)


@given(DAYS, st.integers(-36, 36))
def test_adding_months_never_passes_the_corresponding_day(anchor, months):
    end = add_months(anchor, months)

    assert end.day == anchor.day or (end.day < anchor.day and (end + timedelta(days=1)).day == 1)


@given(DAYS, st.sampled_from([Roll.EARLIER, Roll.LATER]))
def test_a_rolled_day_is_a_weekday_at_most_two_days_off(day, roll):
    moved = rolled(day, roll)

    assert moved.weekday() < 5
    assert abs((moved - day).days) <= 2


def test_a_rule_without_a_period_or_an_anchor_has_no_date():
    assert due_date(Rule("immediately", "publication"), PUBLISHED) is None
    assert due_date(Rule("action_plan", "publication", days=42), None) is None


RULES = (
    Rule("self_assessment_return", "fieldwork_start", Counting.BEFORE, days=28, roll=Roll.EARLIER),
    Rule("fieldwork_end", "fieldwork_start", days=11),
    Rule("feedback", "fieldwork_end", days=0),
    Rule("pcc_comment", "publication", Counting.BEGINNING_WITH, days=56),
)


def test_milestones_follow_from_the_dates_of_the_inspection():
    found = milestone_dates(RULES, {"fieldwork_start": date(2021, 7, 5), "publication": None})

    assert found == {
        "self_assessment_return": date(2021, 6, 7),
        "fieldwork_end": date(2021, 7, 16),
        "feedback": date(2021, 7, 16),
        "pcc_comment": None,
    }


def test_a_date_set_by_hand_stands_and_moves_what_counts_from_it():
    found = milestone_dates(
        RULES,
        {"fieldwork_start": date(2021, 7, 5), "fieldwork_end": date(2021, 7, 14), "publication": date(2021, 12, 22)},
    )

    assert found["fieldwork_end"] == date(2021, 7, 14)
    assert found["feedback"] == date(2021, 7, 14)
    assert found["pcc_comment"] == date(2022, 2, 15)


def test_an_anchor_that_nobody_knows_is_refused():
    with pytest.raises(UnknownAnchor, match="briefing counts from midsummer, which is not known"):
        milestone_dates([Rule("briefing", "midsummer", days=1)], {"notice": None})


def test_deadlines_in_a_circle_are_refused():
    rules = [Rule("a", "b", days=1), Rule("b", "a", days=1)]

    with pytest.raises(UnknownAnchor, match="a counts from itself: a > b > a"):
        milestone_dates(rules, {})


@pytest.mark.parametrize(
    ("rule", "published", "stated", "expected"),
    [
        (Rule("immediately", "publication"), PUBLISHED, None, None),
        (Rule("within_3_months", "publication", months=3), PUBLISHED, None, date(2022, 11, 5)),
        (Rule("within_6_months", "publication", months=6), date(2014, 8, 29), None, date(2015, 2, 28)),
        (Rule("within_6_months", "publication", months=6), None, None, None),
        (Rule("within_3_months", "publication", months=3), PUBLISHED, date(2022, 12, 1), date(2022, 12, 1)),
        (Rule("fixed_date", "publication"), PUBLISHED, date(2015, 11, 30), date(2015, 11, 30)),
    ],
)
def test_a_recommendation_is_due_as_its_deadline_says(rule, published, stated, expected):
    assert recommendation_date(rule, published=published, stated=stated) == expected


def test_a_fixed_date_without_its_date_is_refused():
    with pytest.raises(DateNeeded):
        recommendation_date(Rule("fixed_date", "publication"), published=PUBLISHED)


ON = date(2022, 9, 29)


@pytest.mark.parametrize(
    ("given_dates", "expected"),
    [
        ({"due": date(2022, 9, 28)}, Standing.OVERDUE),
        ({"due": date(2022, 9, 29)}, Standing.DUE_SOON),  # the last day is still in time
        ({"due": date(2022, 10, 13)}, Standing.DUE_SOON),
        ({"due": date(2022, 10, 14)}, Standing.AHEAD),
        ({"due": date(2022, 10, 1), "soon_days": 1}, Standing.AHEAD),
        ({"due": None}, Standing.NO_DATE),
        ({"due": None, "at_once": True}, Standing.AT_ONCE),
        ({"due": date(2022, 9, 1), "done": date(2022, 9, 20)}, Standing.DONE),
        ({"due": date(2022, 9, 1), "done": date(2022, 9, 30)}, Standing.OVERDUE),  # done after the day asked about
    ],
)
def test_where_a_thing_stands_on_a_day(given_dates, expected):
    assert standing(on=ON, **given_dates) == expected


def test_days_left_turn_negative_after_the_last_day():
    assert [days_left(date(2022, 9, day), ON) for day in (30, 29, 28)] == [1, 0, -1]
