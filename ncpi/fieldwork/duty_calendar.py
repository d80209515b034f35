"""What stands on each day of somebody's calendar: shifts with their hours, and what keeps them away.

A shift belongs to the day on which it begins. Anything else stands on every day that it touches. Lengths are real
minutes: a shift over the night on which the clocks change is an hour longer or shorter than its clock times say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ncpi.lib import dates

SHIFTS = ("duty", "offered", "agreed")


@dataclass(frozen=True, slots=True)
class Entry:
    kind: str
    label: str
    starts_at: datetime
    ends_at: datetime
    note: str = ""

    @property
    def is_shift(self) -> bool:
        return self.kind in SHIFTS


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing in one day's cell: its clock times, unless it takes the whole day, and what they do not show."""

    kind: str
    label: str
    start: str = ""
    end: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    marks: tuple[Mark, ...]

    @property
    def is_weekend(self) -> bool:
        return self.day.weekday() >= 5


def days_from(first: date, count: int) -> list[date]:
    return [first + timedelta(days=offset) for offset in range(count)]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def calendar_of(entries: Iterable[Entry], days: Sequence[date]) -> list[Day]:
    """Put entries on their days, each day's in order of time."""
    ordered = sorted(entries, key=lambda one: (one.starts_at, one.kind))
    return [Day(day, tuple(_mark(one, day) for one in ordered if _stands_on(one, day))) for day in days]


def length_in_words(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02}" if rest else f"{hours} h"


def _stands_on(one: Entry, day: date) -> bool:
    first = dates.to_local(one.starts_at).date()
    if one.is_shift:
        return first == day
    return first <= day <= dates.to_local(one.ends_at - timedelta(minutes=1)).date()


def _mark(one: Entry, day: date) -> Mark:
    start, end = dates.to_local(one.starts_at), dates.to_local(one.ends_at)
    if one.is_shift:
        return Mark(one.kind, one.label, f"{start:%H:%M}", f"{end:%H:%M}", _remark(one))
    from_clock = start.time() if start.date() == day else time(0)
    to_clock = end.time() if end.date() == day else time(0)
    is_whole_day = from_clock <= time(0, 15) and (to_clock == time(0) or to_clock >= time(23, 45))
    if is_whole_day:
        return Mark(one.kind, one.label, remark=one.note)
    return Mark(one.kind, one.label, f"{from_clock:%H:%M}", f"{to_clock:%H:%M}", one.note)


def _remark(one: Entry) -> str:
    """Say how long a shift really is when the clocks change during it."""
    start, end = dates.to_local(one.starts_at), dates.to_local(one.ends_at)
    real = dates.minutes_between(one.starts_at, one.ends_at)
    shown = (end.replace(tzinfo=None) - start.replace(tzinfo=None)) // timedelta(minutes=1)
    if real == shown:
        return one.note
    way = "forward" if real < shown else "back"
    return f"{length_in_words(real)}: the clocks go {way}"
