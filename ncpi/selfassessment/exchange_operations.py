"""Bringing a workbook back: kept as a proposal, read by the person, applied whole or not at all."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from ncpi.accounts import journal
from ncpi.inspections.models import Inspection
from ncpi.inspections.operations import refuse_closed
from ncpi.lib.versions import StaleVersion
from ncpi.selfassessment import operations
from ncpi.selfassessment.canonical import TEXTS
from ncpi.selfassessment.models import Judgement, Proposal
from ncpi.selfassessment.operations import NotPossibleNow
from ncpi.selfassessment.proposals import Line, Outcome, Row
from ncpi.selfassessment.queries import exchange

KEPT = timedelta(days=2)
CHANGED = "Something was saved while you were reading. Look at the changes again, then apply them."


class ChangedSincePreview(Exception):
    """What would be applied is no longer what the page showed."""


@transaction.atomic
def bring_back(
    *, by: Any, inspection: Inspection, rows: Iterable[Row], file_name: str, sha256: str, at: datetime
) -> Proposal:
    """Keep what a workbook says until the person has looked at it; it takes the place of what waited before."""
    refuse_closed(inspection)
    proposal, _ = Proposal.objects.update_or_create(
        inspection=inspection,
        user=by,
        defaults={
            "file_name": file_name,
            "sha256": sha256,
            "rows": [row.as_json() for row in rows],
            "made_at": at,
            "expires_at": at + KEPT,
        },
    )
    journal.record(by=by, verb="brought back workbook", subject=proposal, force=inspection.force, detail=sha256)
    return proposal


@transaction.atomic
def apply_proposal(*, by: Any, proposal: Proposal, shown: str, takes: Iterable[str], at: datetime) -> tuple[int, int]:
    """Save what the page showed (`shown` is its digest) and say how many cells of how many criteria changed.

    All or nothing: each judgement is swapped over the version that was compared, and if one of them was saved
    meanwhile nothing is written. `takes` names the cells in conflict for which the person chose the workbook's text.
    """
    inspection = proposal.inspection
    refuse_closed(inspection)
    # Two tabs applying one proposal: the lock lets one after the other, and the second finds nothing.
    if not Proposal.objects.select_for_update().filter(pk=proposal.pk, sha256=proposal.sha256).exists():
        raise NotPossibleNow("This workbook was applied or put aside already.")
    comparison, judgements = exchange.compared(proposal)
    if comparison.digest != shown:
        raise ChangedSincePreview(CHANGED)
    taken = frozenset(takes)
    cells = 0
    changed = [line for line in comparison.lines if _applied(line, taken)]
    grades = {grade.label: grade for grade in exchange.grades_of(inspection)} if changed else {}
    for line in changed:
        judgement, values = judgements[line.row.key], line.values(taken)
        judgement.inspection = inspection
        _save(by, judgement, line.saved.version, grades.get(values["grade"]), values, at)
        cells += _applied(line, taken)
    if not cells:
        raise NotPossibleNow("Nothing is chosen that would change anything.")
    detail = f"{cells} cells of {len(changed)} criteria from {proposal.sha256}"
    journal.record(by=by, verb="applied workbook", subject=proposal, force=inspection.force, detail=detail)
    Proposal.objects.filter(pk=proposal.pk).delete()
    return cells, len(changed)


@transaction.atomic
def put_aside(*, by: Any, proposal: Proposal) -> None:
    """Forget a proposal without applying it."""
    force = proposal.inspection.force
    journal.record(by=by, verb="put workbook aside", subject=proposal, force=force, detail=proposal.sha256)
    Proposal.objects.filter(pk=proposal.pk).delete()


@transaction.atomic
def forget_expired_proposals(*, at: datetime) -> int:
    """Forget what nobody applied in time; what the workbook said is still in the workbook."""
    return Proposal.objects.filter(expires_at__lte=at).delete()[0]


def _applied(line: Line, taken: frozenset[str]) -> int:
    """Count the cells of a line that are to be saved."""
    wanted = (
        cell.outcome == Outcome.CHANGE or (cell.outcome == Outcome.CONFLICT and cell.cell in taken)
        for cell in line.cells
    )
    return sum(wanted)


def _save(by: Any, judgement: Judgement, version: int, grade: Any, values: Mapping[str, str], at: datetime) -> None:
    """Save one judgement by the room's own rule; what the person typed on its page and did not save stays theirs."""
    texts = {name: values[name] for name in TEXTS}
    try:
        operations.save_judgement(
            by=by, judgement=judgement, version=version, grade=grade, texts=texts, at=at, forgets_draft=False
        )
    except StaleVersion:
        raise ChangedSincePreview(CHANGED)
