"""Sessions from a table: new ones added, known ones changed to what the table says, all or none."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from ncpi.accounts import journal
from ncpi.fieldwork.models import Part, Person, Session, SessionPerson, SessionState, SessionWindow
from ncpi.fieldwork.operations.people import Imported
from ncpi.fieldwork.operations.sessions import preferences
from ncpi.fieldwork.queries import criterion_words
from ncpi.fieldwork.record_models import SessionRecord
from ncpi.fieldwork.session_rows import SessionRow
from ncpi.inspections.marks import mark_changed
from ncpi.inspections.models import Criterion, Inspection, SessionKind

# What belongs to a session besides its own columns, as comparable sets.
Parts = dict[str, frozenset[Any]]
NAMES = (Part.FIXED.value, Part.POOL.value, "windows", "areas", "criteria", "after")


class NoLongerWanted(Exception):
    """A row names a session that was cancelled or took place."""


@transaction.atomic
def import_sessions(*, by: Any, inspection: Inspection, rows: Sequence[SessionRow], at: datetime) -> Imported:
    """Add sessions, or change those whose reference is known; what stands as the table says is left alone."""
    stored = {
        row.reference: row for row in Session.objects.filter(inspection=inspection).select_for_update(no_key=True)
    }
    _refuse_ended(stored, rows)
    reading = _Reading(inspection)
    fields = {row.reference: reading.fields(row) for row in rows}
    new = Session.objects.bulk_create(
        Session(inspection=inspection, reference=key, **one) for key, one in fields.items() if key not in stored
    )
    everything = {key: row.pk for key, row in stored.items()} | {row.reference: row.pk for row in new}
    parts = {row.reference: reading.parts(row, everything) for row in rows}
    attached = _attached(inspection)
    changed = [
        stored[key]
        for key, one in fields.items()
        if key in stored and not (_says(stored[key], one) and attached[stored[key].pk] == parts[key])
    ]
    for session in changed:
        for name, value in fields[session.reference].items():
            setattr(session, name, value)
        session.version += 1
    Session.objects.bulk_update(changed, [*next(iter(fields.values()), {}), "version"])
    _detach(changed)
    _attach([(session, parts[session.reference]) for session in (*new, *changed)])
    done = Imported(len(new), len(changed), len(rows) - len(new) - len(changed))
    journal.record(
        by=by, verb="imported sessions for", subject=inspection, force=inspection.force, detail=done.in_words("session")
    )
    mark_changed(inspection_id=inspection.pk, at=at)
    return done


def _refuse_ended(stored: dict[str, Session], rows: Sequence[SessionRow]) -> None:
    known = [stored[row.reference] for row in rows if row.reference in stored]
    held = set(SessionRecord.objects.filter(session__in=known, took_place=True).values_list("session_id", flat=True))
    ended = [one.reference for one in known if one.state != SessionState.WANTED or one.pk in held]
    if ended:
        raise NoLongerWanted(f"These sessions were cancelled or have taken place: {', '.join(ended)}.")


class _Reading:
    """Turns a row's words into the ids of the inspection's own people, kinds, areas and criteria."""

    def __init__(self, inspection: Inspection) -> None:
        self.kinds = {
            kind.key: kind for kind in inspection.programme.session_kinds.prefetch_related("areas", "criteria")
        }
        self.people = dict(Person.objects.filter(force_id=inspection.force_id).values_list("reference", "pk"))
        self.areas = dict(inspection.programme.areas.values_list("key", "pk"))
        self.criteria = criterion_words(inspection)
        rows = Criterion.objects.filter(area__programme_id=inspection.programme_id)
        self.area_of = dict(rows.values_list("pk", "area_id"))

    def fields(self, row: SessionRow) -> dict[str, Any]:
        return {
            "kind": self.kinds[row.kind],
            "title": row.title,
            "minutes": row.minutes,
            "size": row.size,
            "units": row.units,
            "inspectors_needed": row.inspectors,
            "specialism": row.specialism,
            "priority": row.priority,
            "preferences": preferences(row.prefer_from, row.prefer_to, row.prefer_dates),
            **({} if row.link is None else {"link": row.link}),
        }

    def parts(self, row: SessionRow, sessions: dict[str, int]) -> Parts:
        areas, criteria = self._spoken_to(row, self.kinds[row.kind])
        return {
            Part.FIXED.value: frozenset(self.people[key] for key in row.fixed),
            Part.POOL.value: frozenset(self.people[key] for key in row.pool),
            "windows": frozenset(row.windows),
            "areas": areas,
            "criteria": criteria,
            "after": frozenset(sessions[key] for key in row.after),
        }

    def _spoken_to(self, row: SessionRow, kind: SessionKind) -> tuple[frozenset[int], frozenset[int]]:
        if not row.areas and not row.criteria:
            return frozenset(one.pk for one in kind.areas.all()), frozenset(one.pk for one in kind.criteria.all())
        criteria = frozenset(self.criteria[key] for key in row.criteria)
        return frozenset({*(self.areas[key] for key in row.areas), *(self.area_of[pk] for pk in criteria)}), criteria


def _says(session: Session, fields: dict[str, Any]) -> bool:
    return all(getattr(session, name) == value for name, value in fields.items() if name != "kind") and (
        session.kind_id == fields["kind"].pk
    )


def _attached(inspection: Inspection) -> dict[int, Parts]:
    found: dict[int, dict[str, set[Any]]] = defaultdict(lambda: {name: set() for name in NAMES})
    of = {"session__inspection": inspection}
    for session, part, person in SessionPerson.objects.filter(**of).values_list("session_id", "part", "person_id"):
        found[session][part].add(person)
    for session, during in SessionWindow.objects.filter(**of).values_list("session_id", "during"):
        found[session]["windows"].add((during.lower, during.upper))
    for session, area in Session.areas.through.objects.filter(**of).values_list("session_id", "area_id"):
        found[session]["areas"].add(area)
    for session, one in Session.criteria.through.objects.filter(**of).values_list("session_id", "criterion_id"):
        found[session]["criteria"].add(one)
    links = Session.after.through.objects.filter(from_session__inspection=inspection)
    for later, earlier in links.values_list("from_session_id", "to_session_id"):
        found[later]["after"].add(earlier)
    frozen = {key: {name: frozenset(one) for name, one in parts.items()} for key, parts in found.items()}
    return defaultdict(lambda: {name: frozenset() for name in NAMES}, frozen)


def _detach(sessions: Iterable[Session]) -> None:
    ids = [session.pk for session in sessions]
    SessionPerson.objects.filter(session__in=ids).delete()
    SessionWindow.objects.filter(session__in=ids).delete()
    Session.areas.through.objects.filter(session__in=ids).delete()
    Session.criteria.through.objects.filter(session__in=ids).delete()
    Session.after.through.objects.filter(from_session__in=ids).delete()


def _attach(pairs: Sequence[tuple[Session, Parts]]) -> None:
    SessionPerson.objects.bulk_create(
        SessionPerson(session=session, person_id=person, part=part)
        for session, parts in pairs
        for part in (Part.FIXED, Part.POOL)
        for person in sorted(parts[part.value])
    )
    SessionWindow.objects.bulk_create(
        SessionWindow(session=session, during=during) for session, parts in pairs for during in sorted(parts["windows"])
    )
    areas, criteria = Session.areas.through, Session.criteria.through
    areas.objects.bulk_create(
        areas(session_id=session.pk, area_id=one) for session, parts in pairs for one in sorted(parts["areas"])
    )
    criteria.objects.bulk_create(
        criteria(session_id=session.pk, criterion_id=one)
        for session, parts in pairs
        for one in sorted(parts["criteria"])
    )
    Session.after.through.objects.bulk_create(
        Session.after.through(from_session_id=session.pk, to_session_id=one)
        for session, parts in pairs
        for one in sorted(parts["after"])
    )
