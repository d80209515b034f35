"""Marking an inspection as changed, so that nothing is compiled that did not change."""

from datetime import datetime

from django.db import connection

# The ORM's own "insert or update" can only take the new moment, and of two writers the later to commit may be the one
# who looked at the clock first.
_MARK = """
INSERT INTO ncpi_changemark (inspection_id, changed_at) VALUES (%s, %s)
ON CONFLICT (inspection_id) DO UPDATE SET changed_at = EXCLUDED.changed_at
WHERE ncpi_changemark.changed_at < EXCLUDED.changed_at
"""


def mark_changed(*, inspection_id: int, at: datetime) -> None:
    """Note in the current transaction that something a summary is made of has changed; a mark never moves back."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [inspection_id, at])
