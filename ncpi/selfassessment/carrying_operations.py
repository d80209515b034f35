"""Bringing last inspection's return forward: marked as carried over until a person has touched or confirmed it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from ncpi.inspections.marks import record_change
from ncpi.inspections.models import Inspection
from ncpi.inspections.operations import refuse_closed
from ncpi.lib.versions import StaleVersion, swap
from ncpi.selfassessment import queries
from ncpi.selfassessment.models import Judgement, JudgementState
from ncpi.selfassessment.operations import NotPossibleNow


@transaction.atomic
def bring_forward(*, by: Any, judgement: Judgement, version: int, key: str, at: datetime) -> Judgement:
    """Bring one criterion of the last return, which a person chose, into a judgement that nobody has begun."""
    inspection = judgement.inspection
    refuse_closed(inspection)
    source = queries.source_of(inspection)
    if source is None or key not in source.criteria:
        raise NotPossibleNow("The last inspection says nothing on that criterion.")
    if judgement.state != JudgementState.NOT_STARTED:
        raise NotPossibleNow("This judgement has been begun. What is written is never replaced by something older.")
    brought = _bring(by, judgement, version, source, source.criteria[key], at)
    _note(by, "brought forward", brought, inspection, at, detail=f"{key} of {source.inspection.ref}")
    return brought


@transaction.atomic
def bring_all_forward(*, by: Any, inspection: Inspection, at: datetime) -> int:
    """Bring forward every criterion of the same key that is still not started; say how many.

    One that somebody begins at the same moment is left to them.
    """
    refuse_closed(inspection)
    source = queries.source_of(inspection)
    if source is None:
        raise NotPossibleNow("There is no earlier inspection with a self-assessment to bring forward.")
    brought = 0
    for row in queries.not_started(inspection):
        key = source.match(row.criterion.key)
        if key:
            row.inspection = inspection
            try:
                _bring(by, row, row.version, source, source.criteria[key], at)
            except StaleVersion:
                continue
            brought += 1
    if not brought:
        raise NotPossibleNow("Nothing was brought forward: no criterion that is not started has its like there.")
    _note(by, "brought forward", inspection, inspection, at, detail=f"{brought} criteria of {source.inspection.ref}")
    return brought


@transaction.atomic
def confirm_carried(*, by: Any, judgement: Judgement, version: int, at: datetime) -> Judgement:
    """Say that what was carried over still holds as it is."""
    inspection = judgement.inspection
    refuse_closed(inspection)
    if judgement.carried_from_id is None:
        raise NotPossibleNow("Nothing here is waiting to be confirmed.")
    confirmed = swap(judgement, version=version, carried_from=None, saved_by=by, saved_at=at)
    _note(by, "confirmed what was carried over", confirmed, inspection, at)
    return confirmed


def _bring(
    by: Any, judgement: Judgement, version: int, source: queries.Source, earlier: queries.Earlier, at: datetime
) -> Judgement:
    grade = queries.grade_carried(source, earlier.grade, judgement.inspection.programme)
    return swap(
        judgement, version=version, state=JudgementState.DRAFTING, grade=grade, **earlier.texts,
        carried_from=earlier.judgement, saved_by=by, saved_at=at,
    )  # fmt: skip


def _note(by: Any, verb: str, subject: Any, inspection: Inspection, at: datetime, *, detail: str = "") -> None:
    record_change(by=by, verb=verb, subject=subject, inspection=inspection, at=at, detail=detail)
