"""When people can and cannot be asked, from a table: all of it, or none of it with everything wrong named.

person       the reference of a person
kind         duty, offered (by a partner), agreed (to come in on a rest day), leave, court, training, rest or busy
date         first day, 2021-07-05 or 05/07/2021
start, end   clock times in London; an end at or before the start is the next morning
to_date      last day of one unbroken stretch (leave); otherwise empty
every_days   the same again after this many days ...
until        ... up to and including this day
note         free text
agreed_by    for agreed: who agreed that they come in
agreed_date  for agreed: when
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ncpi.fieldwork.cells import Cells, Columns, Span, refuse_if_wrong, rows_of
from ncpi.lib import dates, tables

COLUMNS = Columns(
    required=("person", "kind", "date", "start", "end"),
    optional=("to_date", "every_days", "until", "note", "agreed_by", "agreed_date"),
)
KINDS = ("duty", "offered", "agreed", "leave", "court", "training", "rest", "busy")
ONLY_PARTNERS_OFFER = (
    "is only for partner agencies. For a rest day use “agreed” and say who agreed that the person comes in, and when."
)
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
    agreed_by: str = ""
    agreed_date: date | None = None


def read_duties(table: tables.Table, *, known: Mapping[str, str]) -> tuple[DutyRow, ...]:
    """Read duties, repeats written out, of people who are known; `known` is each one's rank band by reference."""
    rows = rows_of(table, COLUMNS)
    duties: list[DutyRow] = []
    for row in rows:
        duties += _duties(row, known)
    refuse_overlaps(rows, duties, column="date")
    refuse_if_wrong(rows)
    return tuple(duties)


def rota(first: date, until: date, every_days: int, start: time, end: time) -> Iterator[tuple[datetime, datetime]]:
    """Yield the shifts of a rota; a clock time that does not exist or stands twice is refused (LocalTimeError)."""
    day = first
    while day <= until:
        yield dates.day_span(day, start, end)
        day += timedelta(days=every_days)


def _duties(row: Cells, known: Mapping[str, str]) -> list[DutyRow]:
    person = row.text("person", 40, required=True)
    if person and person not in known:
        row.note("person", "is nobody's reference.")
    kind, note = row.choice("kind", KINDS), row.text("note", 200)
    if kind == "offered" and known.get(person, "partner") != "partner":
        row.note("kind", ONLY_PARTNERS_OFFER)
    mark = _agreement(row, kind)
    first, start, end = row.day("date"), row.clock("start"), row.clock("end")
    if first is None or start is None or end is None:
        return []
    return [DutyRow(row.row, person, kind, *span, note, *mark) for span in _spans(row, kind, first, start, end)]


def _agreement(row: Cells, kind: str) -> tuple[str, date | None]:
    """Return who agreed and when; nobody is called in on a rest day without it."""
    if kind == "agreed":
        return row.text("agreed_by", 120, required=True), row.day("agreed_date")
    for column in ("agreed_by", "agreed_date"):
        if row.values.get(column):
            row.note(column, "is only for the kind “agreed”.")
    return "", None


def _spans(row: Cells, kind: str, first: date, start: time, end: time) -> list[Span]:
    last, until = row.day("to_date", required=False), row.day("until", required=False)
    if last is not None:
        if until is not None or row.values.get("every_days"):
            row.note("to_date", "cannot stand together with a rota.")
        span = row.span("start", first, start, last, end, end_column="to_date")
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
        row.note("start" if str(error).startswith(f"{start:%H:%M}") else "end", str(error))
        return []


def refuse_overlaps(rows: Sequence[Cells], duties: Sequence[DutyRow], *, column: str) -> None:
    """Note, at its row, everything that overlaps another time of the same person and kind."""
    by_number = {row.row: row for row in rows}
    ordered = sorted(duties, key=lambda one: (one.person, one.kind, one.starts_at))
    noted: set[int] = set()
    for before, after in zip(ordered, ordered[1:], strict=False):
        same = (before.person, before.kind) == (after.person, after.kind)
        if same and after.starts_at < before.ends_at and after.row not in noted:
            noted.add(after.row)
            by_number[after.row].note(column, f"overlaps the same person's {after.kind} of row {before.row}.")
