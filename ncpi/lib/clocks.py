"""What time it is for a force. Read here, at the edge, and passed on as `on=` and `at=`.

A demonstration force lives at its own date (the inspection of the seed paper was in July 2021), so its clock runs
behind by a fixed offset. Every real force has the offset zero.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone


@dataclass(frozen=True)
class Clock:
    """The moment and the local day, for all forces whose clock has this offset."""

    offset: timedelta
    at: datetime
    on: date


def clock_at(offset: timedelta) -> Clock:
    """Read the clock of the forces with this offset."""
    at = timezone.now() - offset
    return Clock(offset=offset, at=at, on=timezone.localdate(at))


def clock_of(force: Any) -> Clock:
    """Read the clock of one force."""
    return clock_at(force.clock_offset)
