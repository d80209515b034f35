"""Handing the audits' figures to the Board's room: counts leave, cases do not."""

from datetime import datetime
from typing import Any

from django.db import transaction

from audits.figure_counts import all_figures
from audits.figure_queries import next_overdue, published_breakdowns, terms_of
from audits.figures import Share
from cases.queries import is_erased
from ncpi.board import operations as board
from ncpi.board import queries as board_queries
from ncpi.board.figures import Basis, FigureValue
from ncpi.inspections.models import Inspection

SOURCE = "case audits"


@transaction.atomic
def publish_figures(*, by: Any, inspection: Any, as_at: datetime) -> int:
    """Publish the figures of one inspection as they are; only what differs from the last time is added.

    Where nothing has changed since then that a figure depends on, nothing is counted.
    """
    terms = terms_of(inspection)
    if board_queries.stands(inspection, source=SOURCE, terms=terms, at=as_at) or is_erased(inspection):
        # What was published stands; of what was erased there is nothing left to count it from.
        return 0
    # One publication at a time: what may be shown depends on what was.
    Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk)
    # Before the counting: what changes meanwhile is counted the next time, if it was not now.
    basis = Basis(board_queries.changes_of(inspection), terms, next_overdue(inspection, as_at))
    before = published_breakdowns(inspection)
    values = [_value(share) for share in all_figures(inspection, at=as_at, before=before)]
    return board.publish_figures(by=by, inspection=inspection, source=SOURCE, figures=values, as_at=as_at, basis=basis)


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
