"""When somebody is reminded of their session: once, on the morning of the last working day before it."""

from datetime import date, timedelta


def reminded_until(on: date) -> date:
    """Return the last day whose sessions are reminded of on this day: the next working day."""
    day = on + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day
