"""The clock of "this child may not be safe now": by when somebody answers, acts, and a second person looks.

The times are this product's own rule. The inspectorate hands such cases back to the force at once and asks what was
done; no page of it that was seen names a number of hours.
"""

from datetime import datetime, timedelta

ACKNOWLEDGE_WITHIN = timedelta(hours=1)
ACT_WITHIN = timedelta(hours=24)
CLOSE_WITHIN = timedelta(hours=72)


def acknowledge_by(raised_at: datetime) -> datetime:
    return raised_at + ACKNOWLEDGE_WITHIN


def act_by(acknowledged_at: datetime) -> datetime:
    return acknowledged_at + ACT_WITHIN


def close_by(resolved_at: datetime) -> datetime:
    return resolved_at + CLOSE_WITHIN
