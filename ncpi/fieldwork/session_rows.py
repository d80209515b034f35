"""Sessions wanted, from a table: all of it, or none of it with everything wrong named.

reference    the session's own number; stands once
title        what people will read
kind         a session kind of the programme
minutes      length; empty takes the kind's
inspectors   how many; 1 when empty
specialism   what one of them must know
fixed        references of those who must come, between semicolons
pool         references, `unit:Response` or `unit:Response/constable`, between semicolons
size         how many of the pool
units        from at least so many units; 1 when empty
areas        areas of the programme that it speaks to, between semicolons; those of its kind when empty
criteria     such as initial-contact/risk, between semicolons; empty means every criterion of the areas
after        references of sessions that must be over first
windows      such as 2021-07-05 09:00-12:00, between semicolons; empty means any open hour
prefer_from  clock time from which it would rather lie
prefer_to    clock time by which it would rather be over
prefer_dates  days on which it would rather be, between semicolons
priority     1 when empty; more weighs more
link         where an online session meets, beginning with https://; without this column, links stay as they are
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time

from ncpi.fieldwork.cells import Cells, Columns, Span, refuse_if_wrong, refuse_repeats, rows_of
from ncpi.fieldwork.meeting_links import wrong_with
from ncpi.lib import tables

COLUMNS = Columns(
    required=("reference", "title", "kind"),
    optional=(
        *("minutes", "inspectors", "specialism", "fixed", "pool", "size", "units", "areas", "criteria", "after"),
        *("windows", "prefer_from", "prefer_to", "prefer_dates", "priority", "link"),
    ),
)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    unit: str
    band: str


@dataclass(frozen=True, slots=True)
class SessionRow:
    reference: str
    title: str
    kind: str
    minutes: int
    inspectors: int
    specialism: str
    fixed: tuple[str, ...]
    pool: tuple[str, ...]
    size: int
    areas: tuple[str, ...]
    after: tuple[str, ...]
    windows: tuple[Span, ...]
    prefer_from: time | None
    prefer_to: time | None
    priority: int
    units: int = 1
    criteria: tuple[str, ...] = ()
    prefer_dates: tuple[date, ...] = ()
    # None where the file has no such column: what is on record stays.
    link: str | None = None


def read_sessions(
    table: tables.Table,
    *,
    kinds: Mapping[str, int],
    people: Mapping[str, KnownPerson],
    areas: Collection[str] = (),
    criteria: Collection[str] = (),
    known: Mapping[str, Collection[str]] | None = None,
) -> tuple[SessionRow, ...]:
    """Read sessions; `kinds` gives each kind's usual minutes, `known` what each session already there comes after."""
    known = known or {}
    rows = rows_of(table, COLUMNS)
    sessions = tuple(_session(row, kinds, people, areas, criteria) for row in rows)
    refuse_repeats(rows, "reference")
    references = {*known, *(session.reference for session in sessions)}
    for row, session in zip(rows, sessions, strict=True):
        for key in session.after:
            if key not in references:
                row.note("after", f"names {key}, which is no session's reference.")
        if session.reference in session.after:
            row.note("after", "is the session itself.")
    _refuse_cycles(rows, sessions, known)
    refuse_if_wrong(rows)
    return sessions


def _session(
    row: Cells,
    kinds: Mapping[str, int],
    people: Mapping[str, KnownPerson],
    areas: Collection[str],
    criteria: Collection[str],
) -> SessionRow:
    kind = row.choice("kind", kinds)
    fixed, pool = _references(row, "fixed", people), _pool(row, people)
    size = row.number("size", 0, 30, default=0)
    pool = tuple(key for key in pool if key not in fixed)
    if size > len(pool):
        row.note("size", f"is {size}, but the pool has {len(pool)}.")
    if not row.values.get("fixed") and not size:
        row.note("fixed", "is empty, and so is size: nobody would come.")
    units = row.number("units", 1, 30, default=1)
    if units > max(size, 1):
        row.note("units", f"is {units}, but only {size} are chosen.")
    prefer_from, prefer_to = _preferred(row)
    return SessionRow(
        reference=row.text("reference", 40, required=True),
        title=row.text("title", 150, required=True),
        kind=kind,
        minutes=row.number("minutes", 15, 480, default=kinds.get(kind, 60)),
        inspectors=row.number("inspectors", 1, 10, default=1),
        specialism=row.text("specialism", 60),
        fixed=fixed,
        pool=pool if size else (),
        size=size,
        areas=_of_programme(row, "areas", areas),
        after=row.words("after"),
        windows=row.windows("windows"),
        prefer_from=prefer_from,
        prefer_to=prefer_to,
        priority=row.number("priority", 1, 9, default=1),
        units=units,
        criteria=_of_programme(row, "criteria", criteria),
        prefer_dates=row.days("prefer_dates"),
        link=_link(row),
    )


def _preferred(row: Cells) -> tuple[time | None, time | None]:
    earliest, latest = row.clock("prefer_from", required=False), row.clock("prefer_to", required=False)
    if earliest and latest and latest <= earliest:
        row.note("prefer_to", "must be after prefer_from.")
    return earliest, latest


def _link(row: Cells) -> str | None:
    if "link" not in row.values:
        return None
    link = row.values["link"].strip()
    if link and (wrong := wrong_with(link)):
        row.note("link", wrong)
    return link


def _of_programme(row: Cells, column: str, known: Collection[str]) -> tuple[str, ...]:
    found = row.words(column)
    for key in found:
        if key not in known:
            row.note(column, f"names {key}, which the programme does not have.")
    return found


def _references(row: Cells, column: str, people: Mapping[str, KnownPerson]) -> tuple[str, ...]:
    found = row.words(column)
    for key in found:
        if key not in people:
            row.note(column, f"names {key}, which is nobody's reference.")
    return tuple(key for key in found if key in people)


def _pool(row: Cells, people: Mapping[str, KnownPerson]) -> tuple[str, ...]:
    found: list[str] = []
    for word in row.words("pool"):
        if not word.startswith("unit:"):
            if word not in people:
                row.note("pool", f"names {word}, which is nobody's reference.")
            else:
                found.append(word)
            continue
        unit, _, band = word.removeprefix("unit:").partition("/")
        members = [key for key, one in people.items() if one.unit == unit.strip() and band.strip() in ("", one.band)]
        if not members:
            row.note("pool", f"names {word}, in which there is nobody.")
        found += members
    return tuple(dict.fromkeys(found))


def _refuse_cycles(rows: list[Cells], sessions: tuple[SessionRow, ...], known: Mapping[str, Collection[str]]) -> None:
    stored = {key: set(others) for key, others in known.items()}
    waits = stored | {session.reference: set(session.after) for session in sessions}
    while ready := {key for key, others in waits.items() if not others & waits.keys()}:
        waits = {key: others for key, others in waits.items() if key not in ready}
    for row, session in zip(rows, sessions, strict=True):
        if session.reference in waits and session.reference not in session.after:
            row.note("after", "leads back to the same session.")
