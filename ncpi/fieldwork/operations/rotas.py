"""Shift patterns of one person or many: entered, imported, ended by the next one, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from ncpi.accounts import journal
from ncpi.fieldwork import rotas
from ncpi.fieldwork.models import Duty, DutyKind, Person, Rota
from ncpi.fieldwork.operations.people import TimesOverlap
from ncpi.fieldwork.rota_rows import RotaRow
from ncpi.inspections.models import Force
from ncpi.lib import dates

Key = tuple[int, str, int, Any, Any]


@dataclass(frozen=True)
class Entered:
    """How many rotas were new, and how many shifts they wrote out."""

    rotas: int
    shifts: int


@transaction.atomic
def enter_rota(
    *, by: Any, force: Force, people: Sequence[Person], rota: rotas.Written, ends_earlier: bool = False
) -> Entered:
    """Give people a rota; with `ends_earlier` the rotas they have end the day before it begins.

    Who has exactly this rota keeps it. A shift that overlaps one of another rota, or one typed, refuses them all.
    """
    if ends_earlier:
        _end_before(people, rota)
    entered = _write(force, [RotaRow(0, person.reference, rota) for person in people])
    journal.record(
        by=by, verb="entered a rota for", subject=force, force=force,
        detail=f"{entered.rotas} people, {entered.shifts} shifts",
    )  # fmt: skip
    return entered


@transaction.atomic
def import_rotas(*, by: Any, force: Force, rows: Sequence[RotaRow]) -> Entered:
    """Add rotas, all or none; those already there are left as they are."""
    entered = _write(force, rows)
    journal.record(
        by=by, verb="imported rotas for", subject=force, force=force,
        detail=f"{entered.rotas} rotas, {entered.shifts} shifts",
    )  # fmt: skip
    return entered


@transaction.atomic
def remove_rota(*, by: Any, rota: Rota) -> None:
    """Take back a rota and every shift it wrote out."""
    person = rota.person
    rota.delete()
    journal.record(by=by, verb="took back a rota of", subject=person, force=person.force)


def _write(force: Force, rows: Sequence[RotaRow]) -> Entered:
    people = dict(Person.objects.filter(force=force).values_list("reference", "pk"))
    wanted = {_key(people[row.person], row.rota): row for row in rows}
    known = Rota.objects.filter(person_id__in={key[0] for key in wanted})
    for key in known.values_list("person_id", "pattern", "starts_on", "first_date", "until_date"):
        wanted.pop(key, None)
    made = Rota.objects.bulk_create(
        Rota(person_id=person, pattern=pattern, starts_on=starts_on, first_date=first, until_date=until)
        for person, pattern, starts_on, first, until in wanted
    )
    shifts = [
        Duty(person_id=rota.person_id, rota=rota, kind=DutyKind.DUTY, during=span)
        for rota, row in zip(made, wanted.values(), strict=True)
        for span in row.rota.shifts()
    ]
    try:
        with transaction.atomic():
            Duty.objects.bulk_create(shifts, batch_size=5_000)
    except IntegrityError:
        raise TimesOverlap(_clashes(list(wanted.values()), people))
    return Entered(len(made), len(shifts))


def _key(person: int, rota: rotas.Written) -> Key:
    return person, rotas.written(rota.pattern), rota.starts_on, rota.first, rota.until


def _end_before(people: Sequence[Person], rota: rotas.Written) -> None:
    """End the rotas of these people the day before another begins; one that had not begun goes altogether."""
    first = dates.combine(rota.first, time(0))
    theirs = Rota.objects.filter(person__in=people, until_date__gte=rota.first)
    # The same rota entered twice is left alone, as it is without ending any.
    same = {
        "pattern": rotas.written(rota.pattern), "starts_on": rota.starts_on,
        "first_date": rota.first, "until_date": rota.until,
    }  # fmt: skip
    theirs = theirs.exclude(**same)
    Duty.objects.filter(rota__in=theirs, during__startswith__gte=first).delete()
    theirs.filter(first_date__gte=rota.first).delete()
    theirs.update(until_date=rota.first - timedelta(days=1))


def _clashes(rows: Sequence[RotaRow], people: dict[str, int]) -> str:
    """Name, a row or person each, the first shift that overlaps one already there."""
    held: dict[int, list[tuple[datetime, datetime]]] = {}
    ids = [people[row.person] for row in rows]
    for person, during in Duty.objects.filter(person_id__in=ids, kind=DutyKind.DUTY).values_list("person_id", "during"):
        held.setdefault(person, []).append((during.lower, during.upper))
    said = []
    for row in rows:
        clash = _first_clash(row.rota, held.get(people[row.person], []))
        if clash is not None:
            start = dates.to_local(clash)
            where = f"Row {row.row}: " if row.row else ""
            said.append(f"{where}{row.person} is on duty already at {start.day} {start:%B %Y %H:%M}.")
    return "\n".join(said) or "Somebody else changed these people's times at the same moment. Try again."


def _first_clash(rota: rotas.Written, held: Sequence[tuple[datetime, datetime]]) -> datetime | None:
    for start, end in rota.shifts():
        for lower, upper in held:
            if start < upper and lower < end:
                return max(start, lower)
    return None
