"""Every version of one judgement, who made it and when, from the database's own history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ncpi.accounts.models import User
from ncpi.lib.wording import Part, parts
from ncpi.lib.written_dates import day
from ncpi.selfassessment import canonical
from ncpi.selfassessment.models import Judgement, JudgementState, ReviewStep
from ncpi.selfassessment.queries.judgements import MATERIAL_FIELDS, VERSIONS

Fields = tuple[tuple[str, tuple[Part, ...]], ...]


@dataclass(frozen=True)
class Version:
    """One version as it read. `at` is the database's clock, told as the force's."""

    number: int
    by: str
    at: datetime
    said: Mapping[str, str]


@dataclass(frozen=True)
class Change:
    """What one version changed from the one before it."""

    version: Version
    fields: Fields


def versions(judgement: Judgement) -> list[Version]:
    """Return every version, the oldest first, in three queries."""
    rows = list(
        VERSIONS.objects.filter(pgh_obj=judgement)
        .select_related("grade", "saved_by", "lead", "reviewer", "carried_from__inspection", "pgh_context")
        .order_by("pgh_id")
    )
    steps = ReviewStep.objects.filter(judgement=judgement).select_related("by")
    reviewed = {step.judgement_version: step.by.name for step in steps}
    ids = {user for row in rows if (user := _user_of(row)) is not None}
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
    offset, saved = judgement.inspection.force.clock_offset, None
    found = []
    for row in rows:
        by = reviewed.get(row.version) or names.get(_user_of(row) or 0, "")
        if not by and row.saved_by and _saved(row) != saved:
            by = row.saved_by.name
        saved = _saved(row)
        found.append(Version(row.version, by, row.pgh_created_at - offset, _said(row)))
    return found


def changes(rows: list[Version]) -> list[Change]:
    """Return what each version changed, the newest first; versions that changed nothing to read are left out."""
    found = []
    for number, row in enumerate(rows):
        fields = _differences(rows[number - 1].said if number else {}, row.said)
        if fields:
            found.append(Change(row, fields))
    return found[::-1]


def comparison(rows: list[Version], older: int, newer: int) -> tuple[Version, Version, Fields] | None:
    """Return two versions and what differs between them, or nothing where one of them never was."""
    known = {row.number: row for row in rows}
    if older not in known or newer not in known:
        return None
    return known[older], known[newer], _differences(known[older].said, known[newer].said)


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> Fields:
    changed = [(label, before.get(label, ""), text) for label, text in after.items() if text != before.get(label, "")]
    return tuple((label, _parts(label, old, new)) for label, old, new in changed)


def _parts(label: str, old: str, new: str) -> tuple[Part, ...]:
    """Return what came and went, word by word in the texts; a state or a name is exchanged as a whole."""
    if label in canonical.TEXTS.values() or not (old and new):
        return tuple(parts(old, new))
    return Part("removed", old), Part("same", " → "), Part("added", new)


def _user_of(row: Any) -> int | None:
    """Return who was signed in when the row was written, as the request noted it."""
    user = row.pgh_context.metadata.get("user") if row.pgh_context else None
    return user if isinstance(user, int) else None


def _saved(row: Any) -> tuple[Any, ...]:
    """Return what a save writes, and assigning or reviewing does not."""
    return (row.saved_by_id, row.saved_at, *(getattr(row, name) for name in MATERIAL_FIELDS))


def _said(row: Any) -> dict[str, str]:
    return {
        "State": JudgementState(row.state).label,
        "Grade": row.grade.label if row.grade else "",
        **{label: getattr(row, name) for name, label in canonical.TEXTS.items()},
        "Carried over from": row.carried_from.inspection.name if row.carried_from else "",
        "Lead": row.lead.name if row.lead else "",
        "Reviewer": row.reviewer.name if row.reviewer else "",
        "Due": day(row.due_date),
    }
