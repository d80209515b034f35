"""Clock times in London and the moments they name."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncpi.lib import dates


def test_a_summer_time_is_an_hour_behind_in_utc():
    assert dates.combine(date(2021, 7, 5), time(9)) == datetime(2021, 7, 5, 8, tzinfo=UTC)


def test_a_winter_time_is_the_same_in_utc():
    assert dates.combine(date(2021, 12, 6), time(9)) == datetime(2021, 12, 6, 9, tzinfo=UTC)


@pytest.mark.parametrize("clock", [time(1), time(1, 30), time(1, 59)])
def test_a_time_that_the_clocks_skip_is_refused_with_its_reason(clock):
    with pytest.raises(dates.NonexistentTime) as refusal:
        dates.combine(date(2027, 3, 28), clock)

    assert str(refusal.value) == (
        f"{clock:%H:%M} on 28 March 2027 does not exist: the clocks go forward. "
        "Choose a time before 01:00 or from 02:00."
    )


@pytest.mark.parametrize("clock", [time(1), time(1, 30), time(1, 59)])
@pytest.mark.parametrize("fold", [0, 1])
def test_a_time_that_the_clocks_show_twice_is_refused_with_its_reason(clock, fold):
    with pytest.raises(dates.AmbiguousTime) as refusal:
        dates.combine(date(2027, 10, 31), clock.replace(fold=fold))

    assert str(refusal.value) == (
        f"{clock:%H:%M} on 31 October 2027 happens twice: the clocks go back. Choose a time before 01:00 or from 02:00."
    )


@pytest.mark.parametrize(
    ("day", "clock", "utc"),
    [
        (date(2027, 3, 28), time(0, 59), datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (date(2027, 3, 28), time(2), datetime(2027, 3, 28, 1, tzinfo=UTC)),
        (date(2027, 10, 31), time(0, 59), datetime(2027, 10, 30, 23, 59, tzinfo=UTC)),
        (date(2027, 10, 31), time(2), datetime(2027, 10, 31, 2, tzinfo=UTC)),
    ],
)
def test_the_times_beside_a_clock_change_are_accepted(day, clock, utc):
    assert dates.combine(day, clock) == utc


@pytest.mark.parametrize(
    ("day", "real"),
    [(date(2027, 3, 27), 8 * 60), (date(2027, 10, 30), 10 * 60), (date(2027, 7, 3), 9 * 60)],
)
def test_a_night_shift_lasts_its_real_minutes(day, real):
    starts_at, ends_at = dates.day_span(day, time(22), time(7))

    assert dates.minutes_between(starts_at, ends_at) == real
    assert dates.minutes_between(dates.to_local(starts_at), dates.to_local(ends_at)) == real


def test_minutes_are_added_across_a_clock_change():
    moment = dates.combine(date(2027, 10, 31), time(0, 30))

    assert dates.to_local(dates.plus_minutes(moment, 180)).time() == time(2, 30)


def test_a_range_that_ends_when_it_starts_is_refused():
    with pytest.raises(dates.EmptyRange, match=r"The end must be after the start\."):
        dates.span(date(2021, 7, 5), time(9), date(2021, 7, 5), time(9))


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(dates.LocalTimeError, match=r"A moment needs a time zone\."):
        dates.to_local(datetime(2021, 7, 5, 9))


def test_ranges_that_touch_or_overlap_become_one():
    hour = [datetime(2021, 7, 5, hour, tzinfo=UTC) for hour in range(24)]

    joined = dates.merged([(hour[9], hour[10]), (hour[1], hour[3]), (hour[2], hour[4]), (hour[4], hour[5])])

    assert joined == [(hour[1], hour[5]), (hour[9], hour[10])]


def test_working_days_leave_out_weekends():
    days = dates.working_days(date(2021, 7, 9), 3)

    assert days == [date(2021, 7, 9), date(2021, 7, 12), date(2021, 7, 13)]


@given(st.datetimes(min_value=datetime(1996, 1, 1), max_value=datetime(2060, 1, 1)))
def test_a_clock_time_goes_to_a_moment_and_back_unless_it_is_refused(naive):
    try:
        moment = dates.from_local(naive)
    except dates.LocalTimeError:
        assert naive.weekday() == 6
        assert naive.month in (3, 10)
        assert naive.hour == 1
    else:
        assert dates.to_local(moment).replace(tzinfo=None) == naive
        assert moment.utcoffset() == timedelta(0)
