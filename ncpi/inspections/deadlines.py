"""When things fall due: the days of an inspection and of what its report asks for.

Authority for the counting:
- police and crime commissioner's comment: 56 days *beginning with* the day of publication, so that the
  last day is publication + 55 (section 55(5A), (5B) Police Act 1996, inserted by section 37 Policing and
  Crime Act 2017);
- force's action plan: within six weeks *of* publication, so that the last day is publication + 42
  (inspectorate's methodology for post-inspection follow-up);
- months follow the corresponding date, or the last day of a month that has no such date (Dodds v Walker [1981] UKHL 3).

Everything here works on plain dates; nothing asks for today's.
"""

import calendar
import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

Date = datetime.date


class Counting(StrEnum):
    """How the first day counts."""

    AFTER = "after"  # the day after the anchor is day 1
    BEGINNING_WITH = "beginning_with"  # the anchor itself is day 1
    BEFORE = "before"  # counted back from the anchor


class Roll(StrEnum):
    """What to do when the last day is a Saturday or Sunday."""

    NONE = "none"
    EARLIER = "earlier"
    LATER = "later"


class Kind(StrEnum):
    """What a deadline is for."""

    MILESTONE = "milestone"  # a step of the inspection
    CLOCK = "clock"  # runs from publication
    RECOMMENDATION = "recommendation"  # what a recommendation may carry


class Standing(StrEnum):
    """Where a dated thing stands on a day."""

    DONE = "done"
    AT_ONCE = "at_once"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    AHEAD = "ahead"
    NO_DATE = "no_date"


class UnknownAnchor(ValueError):
    """A deadline counts from something that is neither a date of the inspection nor another deadline."""


class DateNeeded(ValueError):
    """A recommendation with a fixed date was given none."""


@dataclass(frozen=True)
class Rule:
    """A deadline of a programme, as values. Neither days nor months: no date of its own."""

    id: str
    anchor: str
    counting: Counting = Counting.AFTER
    days: int | None = None
    months: int | None = None
    roll: Roll = Roll.NONE


def add_months(start: Date, months: int) -> Date:
    """The corresponding date so many months on, or the last day of a month too short for it."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return Date(year, month + 1, min(start.day, last))


def last_day(anchor: Date, *, counting: Counting, days: int | None = None, months: int | None = None) -> Date:
    """The last day of a period of days or of months, counted as the convention says."""
    if (days is None) == (months is None):
        raise ValueError("A period has either days or months.")
    if days is not None:
        return _after_days(anchor, days, counting)
    assert months is not None
    return _after_months(anchor, months, counting)


def _after_days(anchor: Date, days: int, counting: Counting) -> Date:
    if counting is Counting.BEFORE:
        return anchor - datetime.timedelta(days=days)
    if counting is Counting.AFTER:
        return anchor + datetime.timedelta(days=days)
    if days < 1:
        raise ValueError("A period that begins with a day lasts at least that day.")
    return anchor + datetime.timedelta(days=days - 1)


def _after_months(anchor: Date, months: int, counting: Counting) -> Date:
    if counting is Counting.BEFORE:
        return add_months(anchor, -months)
    corresponding = add_months(anchor, months)
    if counting is Counting.AFTER:
        return corresponding
    if months < 1:
        raise ValueError("A period that begins with a day lasts at least that day.")
    # Where the month is too short for the corresponding date, its last day already lies before that date.
    too_short = corresponding.day != anchor.day
    return corresponding if too_short else corresponding - datetime.timedelta(days=1)


def rolled(day: Date, roll: Roll) -> Date:
    """The day itself, or the nearest weekday in the direction asked for. Knows no bank holidays."""
    weekend = day.weekday() - 4  # 1 on a Saturday, 2 on a Sunday
    if weekend < 1 or roll is Roll.NONE:
        return day
    return (
        day - datetime.timedelta(days=weekend) if roll is Roll.EARLIER else day + datetime.timedelta(days=3 - weekend)
    )


def due_date(rule: Rule, anchor: Date | None) -> Date | None:
    """The rule's date from its anchor; None while the anchor is unknown or when the rule sets no date."""
    if anchor is None or (rule.days is None and rule.months is None):
        return None
    return rolled(last_day(anchor, counting=rule.counting, days=rule.days, months=rule.months), rule.roll)


def milestone_dates(rules: Iterable[Rule], known: Mapping[str, Date | None]) -> dict[str, Date | None]:
    """Each rule's date by its id, in the order given.

    `known` holds the inspection's own dates and any date that was set by hand under the id of a rule,
    which then stands instead of the computed one and moves whatever counts from it.
    """
    by_id = {rule.id: rule for rule in rules}
    found: dict[str, Date | None] = {}

    def resolve(name: str, path: tuple[str, ...]) -> Date | None:
        if known.get(name) is not None:
            return known[name]
        if name not in by_id:
            if name not in known:
                raise UnknownAnchor(f"{path[-1]} counts from {name}, which is not known.")
            return None
        if name in path:
            raise UnknownAnchor(f"{name} counts from itself: {' > '.join((*path, name))}.")
        if name not in found:
            rule = by_id[name]
            found[name] = due_date(rule, resolve(rule.anchor, (*path, name)))
        return found[name]

    return {name: resolve(name, ()) for name in by_id}


def recommendation_date(rule: Rule, *, published: Date | None, stated: Date | None = None) -> Date | None:
    """When a recommendation is due: a stated date always wins; "immediately" has none of its own."""
    if stated is not None:
        return stated
    if rule.id == "fixed_date":
        raise DateNeeded("A recommendation with a fixed date needs that date.")
    return due_date(rule, published)


def standing(
    *, due: Date | None, on: Date, done: Date | None = None, at_once: bool = False, soon_days: int = 14
) -> Standing:
    """Where a thing stands at the end of `on`. Its last day is still in time."""
    if done is not None and done <= on:
        return Standing.DONE
    if due is None:
        return Standing.AT_ONCE if at_once else Standing.NO_DATE
    if due < on:
        return Standing.OVERDUE
    return Standing.DUE_SOON if (due - on).days <= soon_days else Standing.AHEAD


def days_left(due: Date, on: Date) -> int:
    """Whole days until the last day; negative once it has passed."""
    return (due - on).days
