"""Times of day in England and Wales: from what a person typed to a moment, and back.

A clock time on the last Sunday of March may not exist and one on the last Sunday of October exists twice
(Summer Time Act 1972). Both are refused: a guess would move somebody's interview by an hour.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_ADVICE = "Choose a time before 01:00 or from 02:00."


class LocalTimeError(ValueError):
    """A clock time that does not name exactly one moment."""


class NonexistentTime(LocalTimeError):
    """The clocks skip this time."""


class AmbiguousTime(LocalTimeError):
    """The clocks show this time twice."""


class EmptyRange(ValueError):
    """A range ends when it starts, or before."""


def combine(day: date, clock: time) -> datetime:
    """Return the moment in UTC that London's clocks show as `clock` on `day`."""
    early = datetime.combine(day, clock.replace(tzinfo=None, fold=0), tzinfo=LONDON)
    late = early.replace(fold=1)
    if early.utcoffset() == late.utcoffset():
        return early.astimezone(UTC)
    said = f"{clock:%H:%M} on {day.day} {day:%B %Y}"
    if early.utcoffset() < late.utcoffset():  # type: ignore[operator]
        raise NonexistentTime(f"{said} does not exist: the clocks go forward. {_ADVICE}")
    raise AmbiguousTime(f"{said} happens twice: the clocks go back. {_ADVICE}")


def from_local(naive: datetime) -> datetime:
    """Return the moment in UTC of a London clock time without a zone."""
    return combine(naive.date(), naive.time())


def to_local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise LocalTimeError("A moment needs a time zone.")
    return moment.astimezone(LONDON)


def in_words(moment: datetime) -> str:
    """Write a moment as people say it: Tuesday 6 July 10:00."""
    local = to_local(moment)
    return f"{local:%A} {local.day} {local:%B} {local:%H:%M}"


def span(start_day: date, start: time, end_day: date, end: time) -> tuple[datetime, datetime]:
    """Return a half-open range in UTC from two London clock times."""
    lower, upper = combine(start_day, start), combine(end_day, end)
    if upper <= lower:
        raise EmptyRange("The end must be after the start.")
    return lower, upper


def day_span(day: date, start: time, end: time) -> tuple[datetime, datetime]:
    """Return the range of a shift that starts on `day`; an end at or before the start is the next morning."""
    return span(day, start, day + timedelta(days=1) if end <= start else day, end)


def minutes_between(start: datetime, end: datetime) -> int:
    """Return real minutes; subtracting two London datetimes would lose the hour of a clock change."""
    return int((end.astimezone(UTC) - start.astimezone(UTC)).total_seconds() // 60)


def plus_minutes(moment: datetime, minutes: int) -> datetime:
    return moment.astimezone(UTC) + timedelta(minutes=minutes)


def minutes_in_words(minutes: int) -> str:
    """Write minutes as `45 min`, `2 h` or `1 h 15 min`."""
    hours, rest = divmod(minutes, 60)
    return " ".join([*([f"{hours} h"] if hours else []), *([f"{rest} min"] if rest or not hours else [])])


def merged(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Return spans in order, those that touch or overlap made one."""
    joined: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def without(
    spans: Iterable[tuple[datetime, datetime]], taken: Iterable[tuple[datetime, datetime]]
) -> list[tuple[datetime, datetime]]:
    """Return what is left of spans when others are taken out of them."""
    left = list(spans)
    for lower, upper in taken:
        pieces = [piece for start, end in left for piece in ((start, min(end, lower)), (max(start, upper), end))]
        left = [(start, end) for start, end in pieces if start < end]
    return left


def working_days(first: date, count: int) -> list[date]:
    """Return `count` days from `first`, Saturdays and Sundays left out."""
    days: list[date] = []
    day = first
    while len(days) < count:
        if day.weekday() < 5:
            days.append(day)
        day += timedelta(days=1)
    return days
