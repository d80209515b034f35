"""What differs between two programmes, item by item.

Items are matched by id within one programme's editions. Two different programmes share no ids for
areas and criteria, so theirs stand side by side; grades are never mapped from one to the other,
because the same word means different things in different years.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any

from ncpi.inspections.programme_content import ProgrammeFile

SECTIONS = ("grades", "areas", "criteria", "case_types", "questions", "session_kinds", "deadlines")


@dataclass(frozen=True)
class FieldChange:
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class ItemChange:
    id: str
    title: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True)
class SectionComparison:
    """One section of both: what only the first has, only the second has, what changed, how much stayed."""

    section: str
    only_first: tuple[tuple[str, str], ...]
    only_second: tuple[tuple[str, str], ...]
    changed: tuple[ItemChange, ...]
    same: int


@dataclass(frozen=True)
class Comparison:
    headline: tuple[FieldChange, ...]
    sections: tuple[SectionComparison, ...]
    grades_comparable: bool
    identical: bool


def compare(first: ProgrammeFile, second: ProgrammeFile) -> Comparison:
    """Compare two programmes, or two editions of one."""
    headline = _field_changes(
        {**asdict(first.programme), "sample": asdict(first.sample)},
        {**asdict(second.programme), "sample": asdict(second.sample)},
    )
    return Comparison(
        headline=headline,
        sections=tuple(_section(name, first, second) for name in SECTIONS),
        grades_comparable=first.grades == second.grades and first.programme.graded == second.programme.graded,
        identical=first.digest == second.digest,
    )


def _section(name: str, first: ProgrammeFile, second: ProgrammeFile) -> SectionComparison:
    before = {item.id: item for item in getattr(first, name)}
    after = {item.id: item for item in getattr(second, name)}
    shared = [key for key in before if key in after]
    changed = [
        ItemChange(key, _title(after[key]), _field_changes(asdict(before[key]), asdict(after[key])))
        for key in shared
        if before[key] != after[key]
    ]
    return SectionComparison(
        section=name,
        only_first=tuple((key, _title(item)) for key, item in before.items() if key not in after),
        only_second=tuple((key, _title(item)) for key, item in after.items() if key not in before),
        changed=tuple(changed),
        same=len(shared) - len(changed),
    )


def _title(item: Any) -> str:
    names = {field.name for field in fields(item)}
    return str(item.title if "title" in names else item.ask)


def _field_changes(before: dict[str, Any], after: dict[str, Any]) -> tuple[FieldChange, ...]:
    flat_before, flat_after = _flat(before), _flat(after)
    return tuple(
        FieldChange(key, flat_before.get(key, ""), flat_after.get(key, ""))
        for key in dict.fromkeys((*flat_before, *flat_after))
        if flat_before.get(key, "") != flat_after.get(key, "")
    )


def _flat(values: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """Nested values as readable text: "grounds.basis" -> "reports"; lists of items by their ids."""
    found: dict[str, str] = {}
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            found |= _flat(value, f"{name}.")
        elif isinstance(value, tuple | list) and value and isinstance(value[0], dict):
            for item in value:
                found |= _flat({k: v for k, v in item.items() if k != "id"}, f"{name}.{item['id']}.")
        elif isinstance(value, tuple | list):
            found[name] = "; ".join(str(item) for item in value)
        elif isinstance(value, bool):
            found[name] = "Yes" if value else "No"
        else:
            found[name] = "" if value is None else str(value)
    return found
