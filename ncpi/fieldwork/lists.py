"""The lists of people and of sessions as tables, in the columns in which the imports take them back."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from ncpi.fieldwork import people_rows, session_rows
from ncpi.fieldwork.models import Part, Person, Session
from ncpi.lib import dates

PEOPLE = (*people_rows.COLUMNS.required, *people_rows.COLUMNS.optional)
SESSIONS = (*session_rows.COLUMNS.required, *session_rows.COLUMNS.optional)
# Who may be asked to what is for those who run the fieldwork.
FOR_MANAGERS = ("fixed", "pool")


def people_lines(rows: Iterable[Person]) -> Iterable[Sequence[Any]]:
    """Return people as lines under `PEOPLE`."""
    for row in rows:
        told = {
            "manager": row.line_manager.reference if row.line_manager else "",
            **{name: getattr(row, name) for name in PEOPLE if name != "manager"},
        }
        yield [told[name] for name in PEOPLE]


def session_header(*, can_manage: bool) -> list[str]:
    return [name for name in SESSIONS if can_manage or name not in FOR_MANAGERS]


def session_lines(rows: QuerySet[Session], *, can_manage: bool) -> Iterable[Sequence[Any]]:
    """Return sessions as lines under `session_header`, in a number of queries that does not grow with them."""
    whole = rows.prefetch_related("candidates__person", "windows", "after", "criteria__area")
    header = session_header(can_manage=can_manage)
    for row in whole:
        told = _session(row)
        yield [told[name] for name in header]


def _session(row: Session) -> dict[str, Any]:
    parts = sorted((one.part, one.person.reference) for one in row.candidates.all())
    windows = sorted((dates.to_local(one.during.lower), dates.to_local(one.during.upper)) for one in row.windows.all())
    return {
        **{name: getattr(row, name) for name in ("reference", "title", "minutes", "specialism", "size", "units")},
        **{name: getattr(row, name) for name in ("priority", "link")},
        "kind": row.kind.key,
        "inspectors": row.inspectors_needed,
        "fixed": _between(key for part, key in parts if part == Part.FIXED),
        "pool": _between(key for part, key in parts if part == Part.POOL),
        "areas": _between(sorted(one.key for one in row.areas.all())),
        "criteria": _between(sorted(f"{one.area.key}/{one.key}" for one in row.criteria.all())),
        "after": _between(sorted(one.reference for one in row.after.all())),
        "windows": _between(f"{start:%Y-%m-%d %H:%M}-{end:%H:%M}" for start, end in windows),
        "prefer_from": row.preferences.get("from", ""),
        "prefer_to": row.preferences.get("to", ""),
        "prefer_dates": _between(row.preferences.get("dates", [])),
    }


def _between(words: Iterable[str]) -> str:
    return "; ".join(words)
