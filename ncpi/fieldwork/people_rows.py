"""People who can be asked, from a table: all of it, or none of it with everything wrong named.

reference     the force's own number for the person; stands once
name          as their invitation says it
band          constable, sergeant, inspector, superintendent, chief, staff or partner
unit          the team or department they work in
email         where their invitations go
job_title     what they do
organisation  for partners: the agency they come from
manager       the reference of their line manager, in this table or already known
max_sessions  how often they may be asked; 2 when empty
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ncpi.fieldwork.cells import Cells, Columns, refuse_if_wrong, refuse_repeats, rows_of
from ncpi.lib import tables

COLUMNS = Columns(
    required=("reference", "name", "band", "unit", "email"),
    optional=("job_title", "organisation", "manager", "max_sessions"),
)
BANDS = ("constable", "sergeant", "inspector", "superintendent", "chief", "staff", "partner")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}")


@dataclass(frozen=True, slots=True)
class PersonRow:
    reference: str
    name: str
    job_title: str
    band: str
    unit: str
    organisation: str
    manager: str
    email: str
    max_sessions: int


def read_people(table: tables.Table, *, known: Mapping[str, str | None] | None = None) -> tuple[PersonRow, ...]:
    """Read people; `known` are references already there, each with its manager's; rows change or name them."""
    known = known or {}
    rows = rows_of(table, COLUMNS)
    people = tuple(_person(row) for row in rows)
    refuse_repeats(rows, "reference")
    spelled = {key.casefold(): key for key in (*known, *(person.reference for person in people))}
    stored = {key: manager or "" for key, manager in known.items()}
    managers = stored | {person.reference: person.manager for person in people}
    for row, person in zip(rows, people, strict=True):
        if not person.manager:
            continue
        if person.manager not in spelled.values():
            row.note("manager", "is nobody's reference.")
        elif person.manager == person.reference:
            row.note("manager", "is the person's own reference.")
        elif _goes_round(person.reference, managers):
            row.note("manager", "leads back to the same person.")
    refuse_if_wrong(rows)
    return people


def _person(row: Cells) -> PersonRow:
    email = row.text("email", 254, required=True)
    if email and not _EMAIL.fullmatch(email):
        row.note("email", "is not an e-mail address.")
    return PersonRow(
        reference=row.text("reference", 40, required=True),
        name=row.text("name", 120, required=True),
        job_title=row.text("job_title", 120),
        band=row.choice("band", BANDS),
        unit=row.text("unit", 120, required=True),
        organisation=row.text("organisation", 120),
        manager=row.text("manager", 40),
        email=email,
        max_sessions=row.number("max_sessions", 0, 20, default=2),
    )


def _goes_round(start: str, managers: Mapping[str, str]) -> bool:
    at, seen = managers.get(start, ""), set()
    while at and at not in seen:
        if at == start:
            return True
        seen.add(at)
        at = managers.get(at, "")
    return False
