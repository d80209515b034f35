"""The whole return as it was at a moment, from the versions that the database's triggers kept.

A version is dated by PostgreSQL's clock: the moment at which the transaction that wrote it began. A demonstration
force lives at another date, so a moment of the force is moved by the force's clock offset before it is looked up; for
a real force the offset is zero. Files are not versioned but never change: those uploaded by then count.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from ncpi.actions.models import Action, ActionStatus
from ncpi.inspections.models import Inspection
from ncpi.selfassessment import canonical
from ncpi.selfassessment.models import Evidence, EvidenceFile, EvidenceLink, Judgement, JudgementState
from ncpi.selfassessment.queries.states import criterion_state, evidence_state

_MODELS: tuple[Any, ...] = (Judgement, EvidenceLink, Evidence, Action)
_KEPT: Mapping[type, Any] = {model: model.pgh_event_model for model in _MODELS}


@dataclass(frozen=True)
class AsItWas:
    """The return at a moment: its canonical form, and where each criterion stood."""

    text: str
    digest: str
    states: Mapping[str, str]
    graded: int
    files: Mapping[str, EvidenceFile]


def as_it_was(inspection: Inspection, *, at: datetime) -> AsItWas:
    """Return the whole return as it stood at a moment of the force's clock, in five queries."""
    moment = at + inspection.force.clock_offset
    rows = list(_latest(Judgement, moment, inspection=inspection).select_related("criterion", "grade"))
    pieces = {row.pgh_obj_id: row for row in _latest(Evidence, moment, inspection=inspection)}
    files = _files(inspection, at)
    evidence: dict[int, list[canonical.EvidenceState]] = defaultdict(list)
    for link in _latest(EvidenceLink, moment, judgement__inspection=inspection):
        piece = pieces.get(link.evidence_id)
        if link.removed_at is None and piece is not None and piece.withdrawn_at is None:
            evidence[link.judgement_id].append(_evidence(link, piece, files))
    actions: dict[int, list[canonical.ActionState]] = defaultdict(list)
    for row in _latest(Action, moment, inspection=inspection):
        if row.criterion_id and row.status in ActionStatus.open_states():
            actions[row.criterion_id].append(canonical.ActionState(row.pgh_obj_id, row.title, row.due_date))
    criteria = [criterion_state(row, evidence[row.pgh_obj_id], actions[row.criterion_id]) for row in rows]
    programme = f"{inspection.programme.key}/{inspection.programme.edition}"
    form = canonical.return_form(inspection=inspection.ref, programme=programme, scope="", criteria=criteria)
    text = canonical.canonical_text(form)
    return AsItWas(
        text=text,
        digest=canonical.digest_of(text),
        states={row.criterion.key: JudgementState(row.state).label for row in rows},
        graded=sum(row.grade_id is not None for row in rows),
        files={f"{number} {file.sha256}": file for number, file in files.items()},
    )


def _latest(model: type, moment: datetime, **which: Any) -> QuerySet[Any]:
    """Return each row's newest version of the moment. One row's versions are numbered in the order of its writes."""
    rows: QuerySet[Any] = _KEPT[model].objects.filter(pgh_created_at__lte=moment, **which)
    return rows.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")


def _files(inspection: Inspection, at: datetime) -> dict[int, EvidenceFile]:
    rows = EvidenceFile.objects.filter(evidence__inspection=inspection, uploaded_at__lte=at)
    return {row.evidence_id: row for row in rows.order_by("evidence_id", "-number").distinct("evidence_id")}


def _evidence(link: Any, piece: Any, files: Mapping[int, EvidenceFile]) -> canonical.EvidenceState:
    number = piece.pgh_obj_id
    sha256 = files[number].sha256 if number in files else ""
    return evidence_state(piece, number=number, shows=link.shows, sha256=sha256)
