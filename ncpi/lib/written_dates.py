"""How this house writes days, times and lengths of time. Templates have them as filters."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone


def day(value: Any) -> str:
    """Write a date as `5 July 2021`."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    if not isinstance(value, date):
        return ""
    return f"{value.day} {value:%B %Y}"


def weekday(value: Any) -> str:
    """Write a date as `Monday 5 July 2021`."""
    return f"{value:%A} {day(value)}" if isinstance(value, date) else ""


def clock(value: Any) -> str:
    """Write the local time of a moment as `18:00`."""
    return f"{timezone.localtime(value):%H:%M}" if isinstance(value, datetime) else ""


def moment(value: Any) -> str:
    """Write a moment as `12 July 2021 at 18:00`."""
    return f"{day(value)} at {clock(value)}" if isinstance(value, datetime) else ""


def days_until(value: Any, on: date | None = None) -> str:
    """Write how far off a date is, as people say it."""
    if not isinstance(value, date):
        return ""
    distance = (value - (on or timezone.localdate())).days
    if distance == 0:
        return "today"
    if abs(distance) == 1:
        return "tomorrow" if distance > 0 else "yesterday"
    return f"in {distance} days" if distance > 0 else f"{-distance} days ago"


def age(value: timedelta) -> str:
    """Write a length of time in its largest unit: `3 minutes`."""
    seconds = int(value.total_seconds())
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"
