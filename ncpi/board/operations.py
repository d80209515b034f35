"""Publishing figures, compiling summaries, approving and releasing them, and what the Board answers."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from ncpi.accounts import journal
from ncpi.board.figures import FigureValue
from ncpi.board.models import Figure
from ncpi.inspections.models import Inspection

NUMBERS = ("numerator", "denominator", "value", "low", "high", "is_suppressed")


def _has_moved(known: Figure | None, value: FigureValue) -> bool:
    if known is None or known.is_withdrawn:
        return True
    return any(getattr(known, name) != getattr(value, name) for name in NUMBERS)


def _row(
    inspection: Inspection, value: FigureValue, known: Figure | None, *, source: str, as_at: datetime, withdrawn: bool
) -> Figure:
    """Date a figure; one that corrects a figure of the same or a later moment is dated just after that one."""
    dated = as_at if known is None or known.as_at < as_at else known.as_at + timedelta(microseconds=1)
    numbers = {} if withdrawn else {name: getattr(value, name) for name in NUMBERS}
    return Figure(
        inspection=inspection,
        measure=value.measure,
        area=value.area,
        breakdown=value.breakdown,
        is_withdrawn=withdrawn,
        as_at=dated,
        source=source,
        published_at=as_at,
        **numbers,
    )


@transaction.atomic
def publish_figures(
    *, by: Any, inspection: Inspection, source: str, figures: Iterable[FigureValue], as_at: datetime
) -> int:
    """Publish what differs from the latest figure of its key and withdraw keys that are gone; say how many rows.

    Two publishers of one inspection wait for each other on its row, so nothing is published twice.
    """
    Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk)
    latest = {
        (row.measure, row.area, row.breakdown): row
        for row in Figure.objects.filter(inspection=inspection, source=source).latest()
    }
    offered = {value.key: value for value in figures}
    rows = [
        _row(inspection, value, latest.get(key), source=source, as_at=as_at, withdrawn=False)
        for key, value in offered.items()
        if _has_moved(latest.get(key), value)
    ]
    rows += [
        _row(inspection, FigureValue(*key), known, source=source, as_at=as_at, withdrawn=True)
        for key, known in latest.items()
        if key not in offered and not known.is_withdrawn
    ]
    Figure.objects.bulk_create(rows, batch_size=500)
    if rows:
        journal.record(
            by=by, verb="published figures", subject=inspection, force=inspection.force, detail=f"{len(rows)} figures"
        )
    return len(rows)
