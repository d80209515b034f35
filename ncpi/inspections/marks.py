"""Marking an inspection as changed, so that nothing is compiled that did not change."""

from datetime import datetime

from ncpi.inspections.models import ChangeMark


def mark_changed(*, inspection_id: int, at: datetime) -> None:
    """Note in the current transaction that something a summary is made of has changed; one statement."""
    ChangeMark.objects.bulk_create(
        [ChangeMark(inspection_id=inspection_id, changed_at=at)],
        update_conflicts=True,
        unique_fields=["inspection"],
        update_fields=["changed_at"],
    )
