"""Who can be asked, and when; who asks, and when not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from ncpi.accounts import journal
from ncpi.fieldwork.duty_rows import DutyRow
from ncpi.fieldwork.models import Absence, Band, Duty, DutyKind, Inspector, Person
from ncpi.fieldwork.people_rows import PersonRow
from ncpi.inspections.models import Force, Inspection
from ncpi.lib import dates
from ncpi.lib.versions import swap

TYPED = ["name", "job_title", "band", "unit", "organisation", "email", "max_sessions"]


class ReferenceTaken(Exception):
    """Somebody of the force already has this reference."""


class InspectorReferenceTaken(Exception):
    """An inspector of the inspection already has this reference."""


class TimesOverlap(Exception):
    """A person has two times of one kind that overlap; the message names every row."""


class NotAPartner(Exception):
    """Only partner agencies offer times; everybody else is on duty, or agreed to come in."""


class NobodyAgreed(Exception):
    """Nobody is called in on a rest day unless it says who agreed to that, and when."""


@dataclass(frozen=True)
class Imported:
    """What became of an import's rows."""

    added: int
    changed: int
    unchanged: int
    let_go: int = 0

    def in_words(self, noun: str) -> str:
        """Say it as the page does: `2 people added, 1 changed, 87 as they were`."""
        many = {"person": "people"}.get(noun, f"{noun}s")
        parts = [f"{self.added} {noun if self.added == 1 else many} added"]
        parts += [f"{self.changed} changed"] if self.changed else []
        parts += [f"{self.unchanged} already as the file says"] if self.unchanged else []
        parts += [f"{self.let_go} of them not asked any more"] if self.let_go else []
        return ", ".join(parts)


class ManagesThemselves(Exception):
    """A person cannot be their own line manager, directly or in a circle."""


@transaction.atomic
def add_person(*, by: Any, force: Force, line_manager: Person | None = None, **fields: Any) -> Person:
    """Add somebody who can be asked; who was let go and is added again by their reference comes back."""
    gone = Person.objects.filter(force=force, reference=fields["reference"]).exclude(left_at=None).first()
    if gone is not None:
        person = swap(gone, version=gone.version, line_manager=line_manager, left_at=None, **fields)
        journal.record(by=by, verb="asks again", subject=person, force=force)
        return person
    try:
        with transaction.atomic():
            person = Person.objects.create(force=force, line_manager=line_manager, **fields)
    except IntegrityError:
        raise ReferenceTaken(f"There is already somebody with the reference {fields['reference']}.")
    journal.record(by=by, verb="added", subject=person, force=force)
    return person


@transaction.atomic
def change_person(
    *, by: Any, person: Person, version: int, line_manager: Person | None = None, **fields: Any
) -> Person:
    """Change what is known of a person; StaleVersion when somebody else did first."""
    _refuse_circle(person, line_manager)
    try:
        with transaction.atomic():
            person = swap(person, version=version, line_manager=line_manager, **fields)
    except IntegrityError:
        raise ReferenceTaken(f"There is already somebody with the reference {fields['reference']}.")
    journal.record(by=by, verb="changed", subject=person, force=person.force)
    return person


@transaction.atomic
def let_person_go(*, by: Any, person: Person, version: int, at: datetime) -> Person:
    """Stop asking somebody; what they were asked before stays on record."""
    person = swap(person, version=version, left_at=at)
    journal.record(by=by, verb="let go", subject=person, force=person.force)
    return person


@transaction.atomic
def import_people(*, by: Any, force: Force, rows: Sequence[PersonRow]) -> Imported:
    """Add people, or change those whose reference is known; who stands as the file says stays untouched.

    Who was let go stays so: a file that still lists them does not bring them back.
    """
    known = {person.reference: person for person in Person.objects.filter(force=force).select_for_update(no_key=True)}
    new = Person.objects.bulk_create(
        Person(force=force, reference=row.reference, **_typed(row)) for row in rows if row.reference not in known
    )
    everybody = known | {person.reference: person for person in new}
    managers = {row.reference: everybody[row.manager] if row.manager else None for row in rows}
    changed = [known[row.reference] for row in rows if row.reference in known and _differs(known, row)]
    typed = {row.reference: _typed(row) for row in rows}
    for person in changed:
        for name, value in typed[person.reference].items():
            setattr(person, name, value)
        person.version += 1
    for person in (*new, *changed):
        person.line_manager = managers[person.reference]
    Person.objects.bulk_update([*new, *changed], [*TYPED, "line_manager", "version"], batch_size=500)
    gone = sum(1 for row in rows if row.reference in known and known[row.reference].left_at is not None)
    done = Imported(len(new), len(changed), len(rows) - len(new) - len(changed), gone)
    journal.record(by=by, verb="imported people for", subject=force, force=force, detail=done.in_words("person"))
    return done


def _typed(row: PersonRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in TYPED}


def _differs(known: dict[str, Person], row: PersonRow) -> bool:
    person = known[row.reference]
    if any(getattr(person, name) != value for name, value in _typed(row).items()):
        return True
    if row.manager and row.manager not in known:
        return True
    return person.line_manager_id != (known[row.manager].pk if row.manager else None)


@transaction.atomic
def add_duty(
    *,
    by: Any,
    person: Person,
    kind: str,
    during: tuple[datetime, datetime],
    note: str = "",
    agreed_by: str = "",
    agreed_date: date | None = None,
) -> Duty:
    """Note when a person can or cannot be asked; on a rest day only when somebody agreed to it."""
    if kind == DutyKind.OFFERED and person.band != Band.PARTNER:
        raise NotAPartner(
            "Only partner agencies offer times. For a rest day choose “Agreed to come in”, and say who agreed and when."
        )
    if kind == DutyKind.AGREED and not (agreed_by and agreed_date):
        raise NobodyAgreed("Say who agreed that they come in, and when.")
    try:
        with transaction.atomic():
            duty = Duty.objects.create(
                person=person, kind=kind, during=during, note=note, agreed_by=agreed_by, agreed_date=agreed_date
            )
    except IntegrityError:
        raise TimesOverlap("This overlaps another time of the same kind.")
    journal.record(by=by, verb="noted a time of", subject=person, force=person.force)
    return duty


@transaction.atomic
def remove_duty(*, by: Any, duty: Duty) -> None:
    """Take back a time."""
    person = duty.person
    duty.delete()
    journal.record(by=by, verb="took back a time of", subject=person, force=person.force)


@transaction.atomic
def import_duties(*, by: Any, force: Force, rows: Sequence[DutyRow]) -> int:
    """Add times, all or none; those already there are left as they are. Return how many were new."""
    people = dict(Person.objects.filter(force=force).values_list("reference", "pk"))
    known = set(Duty.objects.filter(person__force=force).values_list("person_id", "kind", "during"))
    seen = {(person, kind, during.lower, during.upper) for person, kind, during in known}
    new = [row for row in rows if (people[row.person], row.kind, row.starts_at, row.ends_at) not in seen]
    try:
        with transaction.atomic():
            Duty.objects.bulk_create(
                Duty(
                    person_id=people[row.person],
                    kind=row.kind,
                    during=(row.starts_at, row.ends_at),
                    note=row.note,
                    agreed_by=row.agreed_by,
                    agreed_date=row.agreed_date,
                )
                for row in new
            )
    except IntegrityError:
        raise TimesOverlap(_overlaps(new, people, seen))
    journal.record(by=by, verb="imported times for", subject=force, force=force, detail=f"{len(new)} new times")
    return len(new)


@transaction.atomic
def add_inspector(*, by: Any, inspection: Inspection, **fields: Any) -> Inspector:
    """Add one of the inspection team."""
    try:
        with transaction.atomic():
            inspector = Inspector.objects.create(inspection=inspection, **fields)
    except IntegrityError:
        raise InspectorReferenceTaken(f"There is already an inspector with the reference {fields['reference']}.")
    journal.record(by=by, verb="added", subject=inspector, force=inspection.force)
    return inspector


@transaction.atomic
def change_inspector(*, by: Any, inspector: Inspector, version: int, **fields: Any) -> Inspector:
    """Change what is known of an inspector; StaleVersion when somebody else did first."""
    try:
        with transaction.atomic():
            inspector = swap(inspector, version=version, **fields)
    except IntegrityError:
        raise InspectorReferenceTaken(f"There is already an inspector with the reference {fields['reference']}.")
    journal.record(by=by, verb="changed", subject=inspector, force=inspector.inspection.force)
    return inspector


@transaction.atomic
def add_absence(*, by: Any, inspector: Inspector, during: tuple[datetime, datetime], reason: str = "") -> Absence:
    """Note when an inspector is not there."""
    absence = Absence.objects.create(inspector=inspector, during=during, reason=reason)
    journal.record(by=by, verb="noted an absence of", subject=inspector, force=inspector.inspection.force)
    return absence


@transaction.atomic
def remove_absence(*, by: Any, absence: Absence) -> None:
    """Take back an absence."""
    inspector = absence.inspector
    absence.delete()
    journal.record(by=by, verb="took back an absence of", subject=inspector, force=inspector.inspection.force)


def _refuse_circle(person: Person, manager: Person | None) -> None:
    seen = {person.pk}
    while manager is not None:
        if manager.pk in seen:
            raise ManagesThemselves("A person cannot be their own line manager, nor their manager's.")
        seen.add(manager.pk)
        manager = manager.line_manager


def _overlaps(rows: Sequence[DutyRow], people: dict[str, int], seen: set[tuple[Any, ...]]) -> str:
    clashes = [
        f"Row {row.row}: {row.person} already has {row.kind} that overlaps {_when(row)}."
        for row in rows
        if any(
            (people[row.person], row.kind) == (person, kind) and row.starts_at < upper and lower < row.ends_at
            for person, kind, lower, upper in seen
        )
    ]
    return "\n".join(clashes) or "Somebody else changed these people's times at the same moment. Try again."


def _when(row: DutyRow) -> str:
    start = dates.to_local(row.starts_at)
    return f"{start.day} {start:%B %Y %H:%M}"
