"""Rotas from a table: all of it, or none of it with everything wrong named.

person     the reference of a person
pattern    the days in order, such as 2 x 07:00-17:00, 2 x 22:00-07:00, 4 x off
first      first day of the rota, 2021-07-05 or 05/07/2021
until      last day of the rota
starts_on  which day of the pattern falls on the first day; 1 when empty
"""

from collections.abc import Collection
from dataclasses import dataclass

from ncpi.fieldwork import rotas
from ncpi.fieldwork.cells import Cells, Columns, refuse_if_wrong, rows_of
from ncpi.fieldwork.duty_rows import DutyRow, refuse_overlaps
from ncpi.lib import dates, tables

COLUMNS = Columns(required=("person", "pattern", "first", "until"), optional=("starts_on",))


@dataclass(frozen=True, slots=True)
class RotaRow:
    row: int
    person: str
    rota: rotas.Written


def read_rotas(table: tables.Table, *, known: Collection[str]) -> tuple[RotaRow, ...]:
    """Read rotas of people who are known by reference."""
    rows = rows_of(table, COLUMNS)
    found, shifts = [], []
    for row in rows:
        rota = _rota(row, known)
        if rota is not None:
            found.append(rota)
            shifts += _shifts(row, rota)
        if len(shifts) > rotas.MOST_SHIFTS:
            row.note("until", f"makes more than {rotas.MOST_SHIFTS:,} shifts in one file. Split it.")
            break
    refuse_overlaps(rows, shifts, column="first")
    refuse_if_wrong(rows)
    return tuple(found)


def _rota(row: Cells, known: Collection[str]) -> RotaRow | None:
    person = row.text("person", 40, required=True)
    if person and person not in known:
        row.note("person", "is nobody's reference.")
    pattern = _pattern(row)
    first, until = row.day("first"), row.day("until")
    starts_on = row.number("starts_on", 1, rotas.MOST_DAYS, default=1)
    if pattern is None or first is None or until is None:
        return None
    rota = rotas.Written(pattern, first, until, starts_on)
    try:
        rotas.check(rota)
    except rotas.BadRota as error:
        row.note(error.field, str(error))
        return None
    return RotaRow(row.row, person, rota)


def _pattern(row: Cells) -> rotas.Pattern | None:
    try:
        pattern = rotas.read_pattern(row.values.get("pattern", ""))
    except rotas.BadPattern as error:
        row.note("pattern", str(error))
        return None
    if len(rotas.written(pattern)) > rotas.LONGEST_TEXT:
        row.note("pattern", "is too long to keep. Write it with fewer different shifts.")
    return pattern


def _shifts(row: Cells, one: RotaRow) -> list[DutyRow]:
    try:
        return [DutyRow(row.row, one.person, "duty", *span, "") for span in one.rota.shifts()]
    except dates.LocalTimeError as error:
        row.note("pattern", str(error))
        return []
