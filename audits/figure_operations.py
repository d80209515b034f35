"""Handing the audits' figures to the Board's room: counts leave, cases do not."""

from datetime import datetime
from typing import Any

from django.db import transaction

from audits.figure_counts import all_figures
from audits.figure_queries import published_breakdowns
from audits.figures import Share
from cases.queries import is_erased
from ncpi.board import operations as board
from ncpi.board.figures import FigureValue
from ncpi.inspections.models import Inspection

SOURCE = "case audits"


@transaction.atomic
def publish_figures(*, by: Any, inspection: Any, as_at: datetime) -> int:
    """Publish the figures of one inspection as they are; only what differs from the last time is added."""
    if is_erased(inspection):
        # What was published stands; there is nothing left to count it from.
        return 0
    # One publication at a time: what may be shown depends on what was.
    Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk)
    before = published_breakdowns(inspection)
    values = [_value(share) for share in all_figures(inspection, at=as_at, before=before)]
    return board.publish_figures(by=by, inspection=inspection, source=SOURCE, figures=values, as_at=as_at)


def _value(share: Share) -> FigureValue:
    return FigureValue(
        measure=share.measure,
        area=share.area,
        breakdown=share.breakdown,
        numerator=share.numerator,
        denominator=share.denominator,
        value=share.value,
        low=share.low,
        high=share.high,
        is_suppressed=share.is_held_back,
    )
