"""When people can and cannot be asked, from a table: all of it, or none of it with everything wrong named.

person      the reference of a person
kind        duty, offered, leave, court, training, rest or busy
date        first day, 2021-07-05 or 05/07/2021
start, end  clock times in London; an end at or before the start is the next morning
to_date     last day of one unbroken stretch (leave); otherwise empty
every_days  a rota: the same again after this many days ...
until       ... up to and including this day
note        free text
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ncpi.fieldwork.cells import Cells, Columns, Span, refuse_if_wrong, rows_of
from ncpi.lib import dates, tables

COLUMNS = Columns(
    required=("person", "kind", "date", "start", "end"), optional=("to_date", "every_days", "until", "note")
)
KINDS = ("duty", "offered", "leave", "court", "training", "rest", "busy")
LONGEST_SHIFT_HOURS = 24
MOST_REPEATS = 400


@dataclass(frozen=True, slots=True)
class DutyRow:
    row: int
    person: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    note: str


def read_duties(table: tables.Table, *, known: Collection[str]) -> tuple[DutyRow, ...]:
    """Read duties of people who are known by reference, rotas written out."""
    rows = rows_of(table, COLUMNS)
    duties: list[DutyRow] = []
    for row in rows:
        duties += _duties(row, known)
    _refuse_overlaps(rows, duties)
    refuse_if_wrong(rows)
    return tuple(duties)


def rota(first: date, until: date, every_days: int, start: time, end: time) -> Iterator[tuple[datetime, datetime]]:
    """Yield the shifts of a rota; a clock time that does not exist or stands twice is refused (LocalTimeError)."""
    day = first
    while day <= until:
        yield dates.day_span(day, start, end)
        day += timedelta(days=every_days)


def _duties(row: Cells, known: Collection[str]) -> list[DutyRow]:
    person = row.text("person", 40, required=True)
    if person and person not in known:
        row.note("person", "is nobody's reference.")
    kind, note = row.choice("kind", KINDS), row.text("note", 200)
    first, start, end = row.day("date"), row.clock("start"), row.clock("end")
    if first is None or start is None or end is None:
        return []
    return [DutyRow(row.row, person, kind, *span, note) for span in _spans(row, kind, first, start, end)]


def _spans(row: Cells, kind: str, first: date, start: time, end: time) -> list[Span]:
    last, until = row.day("to_date", required=False), row.day("until", required=False)
    if last is not None:
        if until is not None or row.values.get("every_days"):
            row.note("to_date", "cannot stand together with a rota.")
        span = row.span("to_date", first, start, last, end)
        if span and kind == "duty" and dates.minutes_between(*span) > LONGEST_SHIFT_HOURS * 60:
            row.note("to_date", f"makes a shift longer than {LONGEST_SHIFT_HOURS} hours.")
        return [span] if span else []
    every = row.number("every_days", 1, 60, default=0)
    if bool(every) != (until is not None):
        row.note("until", "and every_days stand together or not at all.")
        return []
    if until is not None and (until < first or (until - first).days // every >= MOST_REPEATS):
        row.note("until", f"must be on or after the date and within {MOST_REPEATS} repeats.")
        return []
    try:
        return list(rota(first, until or first, every or 1, start, end))
    except dates.LocalTimeError as error:
        row.note("start", str(error))
        return []


def _refuse_overlaps(rows: list[Cells], duties: list[DutyRow]) -> None:
    by_number = {row.row: row for row in rows}
    ordered = sorted(duties, key=lambda one: (one.person, one.kind, one.starts_at))
    noted: set[int] = set()
    for before, after in zip(ordered, ordered[1:], strict=False):
        same = (before.person, before.kind) == (after.person, after.kind)
        if same and after.starts_at < before.ends_at and after.row not in noted:
            noted.add(after.row)
            by_number[after.row].note("date", f"overlaps the same person's {after.kind} of row {before.row}.")
