"""Marking an inspection as changed, so that nothing is compiled that did not change."""

from datetime import datetime
from typing import Any

from django.db import connection

from ncpi.accounts import journal

# The ORM's own "insert or update" can only take the new moment, and of two writers the later to commit may be the one
# who looked at the clock first.
_MARK = """
INSERT INTO ncpi_changemark (inspection_id, changed_at, changes) VALUES (%(inspection)s, %(changed_at)s, 1)
ON CONFLICT (inspection_id) DO UPDATE SET changes = ncpi_changemark.changes + 1,
    changed_at = greatest(ncpi_changemark.changed_at, EXCLUDED.changed_at)
"""


def mark_changed(*, inspection_id: int, at: datetime) -> None:
    """Note in the current transaction that something a summary is made of has changed; a mark never moves back.

    Each change is counted as well: two may carry the same moment, and the later to commit the earlier one.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MARK, {"inspection": inspection_id, "changed_at": at})


def record_change(
    *,
    by: Any,
    verb: str,
    subject: Any,
    inspection: Any,
    at: datetime,
    detail: str = "",
    beside: str = "",
    values: dict[str, Any] | None = None,
) -> None:
    """Write the journal's line and the mark in one statement, and with them `beside`, one more that takes `values`."""
    line = journal.line(by=by, verb=verb, subject=subject, force=inspection.force, detail=detail)
    also = f", beside AS ({beside})" if beside else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH mark AS ({_MARK}){also} {journal.LINE}",
            {**line, "inspection": inspection.pk, "changed_at": at, **(values or {})},
        )
