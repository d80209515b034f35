"""Rows as the canonical form states them: as they stand now, or as a version of them stood."""

from collections.abc import Iterable
from typing import Any

from ncpi.selfassessment import canonical


def criterion_state(
    row: Any, evidence: Iterable[canonical.EvidenceState], actions: Iterable[canonical.ActionState]
) -> canonical.CriterionState:
    return canonical.CriterionState(
        key=row.criterion.key,
        title=row.criterion.title,
        grade=row.grade.label if row.grade else "",
        **{name: getattr(row, name) for name in canonical.TEXTS},
        evidence=tuple(evidence),
        actions=tuple(actions),
    )


def evidence_state(piece: Any, *, number: int, shows: str, sha256: str) -> canonical.EvidenceState:
    return canonical.EvidenceState(
        number=number,
        shows=shows,
        title=piece.title,
        kind=piece.get_kind_display(),
        period_from_date=piece.period_from_date,
        period_to_date=piece.period_to_date,
        marking=piece.get_marking_display(),
        link=piece.link,
        file=sha256,
    )
