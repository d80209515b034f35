"""What of a self-assessment is material to a signature: written down here and nowhere else.

A signature is over the SHA-256 of the canonical form of a scope (one area, or the whole return). Whatever is in
`MATERIAL` is in that form; whatever is not there (who holds a criterion, due dates, review steps, who typed it, when)
may change without touching a signature. The form is JSON with sorted keys, so the same state always has the same bytes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from ncpi.lib.digests import canonical, sha256

FORMAT = "ncpi-self-assessment/1"
TEXTS = {
    "narrative": "What we do",
    "impact": "Impact for children",
    "gaps": "Gaps",
    "plan": "Plan",
}
LONGEST_TEXT = 20_000
EVIDENCE_FIELDS = {
    "shows": "what it shows",
    "title": "title",
    "kind": "kind",
    "period": "period it speaks for",
    "marking": "marking",
    "link": "address",
    "file": "file",
}
ACTION_FIELDS = {"title": "title", "due_date": "due date"}
MATERIAL = {
    "grade": "Grade",
    **TEXTS,
    "evidence": "Evidence linked to the criterion: " + ", ".join(EVIDENCE_FIELDS.values()),
    "actions": "Open actions against the criterion: " + ", ".join(ACTION_FIELDS.values()),
}


@dataclass(frozen=True)
class EvidenceState:
    """One piece of evidence as one criterion sees it. `file` is the SHA-256 of the newest version, or empty."""

    number: int
    shows: str
    title: str
    kind: str
    period_from_date: date
    period_to_date: date
    marking: str
    link: str = ""
    file: str = ""


@dataclass(frozen=True)
class ActionState:
    number: int
    title: str
    due_date: date


@dataclass(frozen=True)
class CriterionState:
    """One criterion's judgement and what stands beside it."""

    key: str
    title: str
    grade: str = ""
    narrative: str = ""
    impact: str = ""
    gaps: str = ""
    plan: str = ""
    evidence: tuple[EvidenceState, ...] = field(default_factory=tuple)
    actions: tuple[ActionState, ...] = field(default_factory=tuple)


def return_form(
    *, inspection: str, programme: str, scope: str, criteria: Iterable[CriterionState]
) -> dict[str, object]:
    """Return the canonical form of a scope as a plain mapping; an empty scope is the whole return."""
    return {
        "format": FORMAT,
        "inspection": inspection,
        "programme": programme,
        "scope": scope,
        "criteria": {state.key: _criterion(state) for state in criteria},
    }


def canonical_text(form: dict[str, object]) -> str:
    return canonical(form).decode("utf-8")


def digest_of(text: str) -> str:
    return sha256(text.encode("utf-8"))


def _criterion(state: CriterionState) -> dict[str, object]:
    return {
        "title": state.title,
        "grade": state.grade,
        **{name: getattr(state, name) for name in TEXTS},
        "evidence": {str(row.number): _evidence(row) for row in state.evidence},
        "actions": {
            str(row.number): {"title": row.title, "due_date": row.due_date.isoformat()} for row in state.actions
        },
    }


def _evidence(row: EvidenceState) -> dict[str, str]:
    return {
        "shows": row.shows,
        "title": row.title,
        "kind": row.kind,
        "period": f"{row.period_from_date.isoformat()} to {row.period_to_date.isoformat()}",
        "marking": row.marking,
        "link": row.link,
        "file": row.file,
    }
