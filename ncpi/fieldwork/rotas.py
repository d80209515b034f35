"""Shift patterns: the days of a rota in their order, repeated from a first to a last day.

A pattern is written day by day, between commas or on lines of their own: `2 x 07:00-17:00, 2 x 22:00-07:00, 4 x off`.
A shift that ends at or before its start ends the next morning. Clock times are London's, so that a shift over a night
on which the clocks change is an hour longer or shorter; one that would begin or end at a time which does not exist, or
exists twice, is refused (Summer Time Act 1972).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ncpi.lib import dates

MOST_DAYS = 84
LONGEST = timedelta(days=400)
MOST_SHIFTS = 60_000
LONGEST_TEXT = 400
EXAMPLE = "2 x 07:00-17:00, 2 x 14:00-00:00, 2 x 22:00-07:00, 4 x off"

_PART = re.compile(r"(?:(\d{1,2})\s*[x×*]\s*)?(?:(off|rest)|(\d{1,2}:\d\d)\s*[-–]\s*(\d{1,2}:\d\d))", re.IGNORECASE)


class BadPattern(ValueError):
    """What was written is no shift pattern; the message says what to put right."""


class BadRota(ValueError):
    """The first day, the last day and the pattern do not fit each other; `field` is the one to put right."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Shift:
    start: time
    end: time

    @property
    def crosses_midnight(self) -> bool:
        return self.end <= self.start

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


Pattern = tuple[Shift | None, ...]


def read_pattern(text: str) -> Pattern:
    """Read a pattern day by day; None is a day off."""
    days: list[Shift | None] = []
    for part in (part.strip() for part in re.split(r"[,;\n]", text)):
        if part:
            days += _days_of(part)
        if len(days) > MOST_DAYS:
            raise BadPattern(f"A pattern repeats after {MOST_DAYS} days at most.")
    if not any(days):
        raise BadPattern(f"Write at least one shift, such as {EXAMPLE}.")
    _refuse_overlaps(days)
    return tuple(days)


def written(pattern: Pattern) -> str:
    """Write a pattern in the shortest way; reading it again gives the same."""
    runs: list[tuple[str, int]] = []
    for day in pattern:
        word = "off" if day is None else str(day)
        if runs and runs[-1][0] == word:
            runs[-1] = (word, runs[-1][1] + 1)
        else:
            runs.append((word, 1))
    return ", ".join(word if count == 1 else f"{count} x {word}" for word, count in runs)


@dataclass(frozen=True, slots=True)
class Written:
    """A rota as somebody wrote it: `starts_on` is the day of the pattern that falls on the first day, from 1."""

    pattern: Pattern
    first: date
    until: date
    starts_on: int = 1

    def shifts(self) -> Iterator[tuple[datetime, datetime]]:
        """Yield every shift; LocalTimeError names the day on which the clocks make one impossible."""
        for offset in range((self.until - self.first).days + 1):
            shift = self.pattern[(offset + self.starts_on - 1) % len(self.pattern)]
            if shift is not None:
                yield dates.day_span(self.first + timedelta(days=offset), shift.start, shift.end)


def check(rota: Written) -> None:
    """Raise BadRota when the days do not fit the pattern."""
    if rota.until < rota.first:
        raise BadRota("until", "The last day must be on or after the first.")
    if rota.until - rota.first > LONGEST:
        raise BadRota("until", f"A rota runs for {LONGEST.days} days at most.")
    if not 1 <= rota.starts_on <= len(rota.pattern):
        raise BadRota(
            "starts_on", f"The pattern has {len(rota.pattern)} days, so it cannot start on day {rota.starts_on}."
        )


def _days_of(part: str) -> list[Shift | None]:
    found = _PART.fullmatch(part)
    if found is None:
        raise BadPattern(f"“{part[:40]}” is neither a shift such as 07:00-17:00 nor “off”.")
    count, off, start, end = found.groups()
    number = int(count or 1)
    if number < 1:
        raise BadPattern(f"“{part[:40]}” is no day at all.")
    return [None if off else Shift(_clock(start), _clock(end))] * number


def _clock(text: str) -> time:
    hour, _, minute = text.partition(":")
    if int(hour) > 23 or int(minute) > 59:
        raise BadPattern(f"{text} is not a time of day. Midnight is 00:00.")
    return time(int(hour), int(minute))


def _refuse_overlaps(days: list[Shift | None]) -> None:
    for number, shift in enumerate(days):
        following = days[(number + 1) % len(days)]
        if shift and following and shift.crosses_midnight and following.start < shift.end:
            after = (number + 1) % len(days) + 1
            raise BadPattern(f"Day {after} of the pattern begins before the shift of day {number + 1} has ended.")
