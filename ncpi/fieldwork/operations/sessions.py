"""The sessions that are wanted, and how the fortnight is run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from ncpi.accounts import journal
from ncpi.fieldwork.cells import Span
from ncpi.fieldwork.models import Arrangement, Part, Person, Session, SessionPerson, SessionState, SessionWindow
from ncpi.fieldwork.session_rows import SessionRow
from ncpi.inspections.marks import mark_changed
from ncpi.inspections.models import Area, Inspection, SessionKind
from ncpi.lib.versions import StaleVersion, swap


class SessionReferenceTaken(Exception):
    """A session of the inspection already has this reference."""


class TooFewInPool(Exception):
    """More people are wanted than the pool has."""


class WaitsForItself(Exception):
    """Sessions would have to come after each other in a circle."""


@dataclass(frozen=True)
class Wanted:
    """Who must come, who may be chosen, when it may be, what it speaks to and what it follows."""

    fixed: Sequence[Person] = ()
    pool: Sequence[Person] = ()
    windows: Sequence[Span] = ()
    areas: Sequence[Area] = ()
    after: Sequence[Session] = ()


@transaction.atomic
def arrange(*, by: Any, inspection: Inspection, version: int, **fields: Any) -> Arrangement:
    """Set open hours and rules; version 0 means that nobody has set them yet."""
    row = Arrangement.objects.filter(inspection=inspection).first()
    if row is None and version == 0:
        row, is_new = Arrangement.objects.get_or_create(inspection=inspection, defaults=fields)
        if not is_new:
            raise StaleVersion(row)
    elif row is None:
        raise StaleVersion(Arrangement(inspection=inspection))
    else:
        row = swap(row, version=version, **fields)
    journal.record(by=by, verb="changed", subject=row, force=inspection.force)
    return row


@transaction.atomic
def want_session(
    *, by: Any, inspection: Inspection, kind: SessionKind, wanted: Wanted, at: datetime, **fields: Any
) -> Session:
    """Add a session that should take place."""
    _refuse_small_pool(fields.get("size", 0), wanted)
    try:
        with transaction.atomic():
            session = Session.objects.create(inspection=inspection, kind=kind, **fields)
    except IntegrityError:
        raise SessionReferenceTaken(f"There is already a session with the reference {fields['reference']}.")
    _attach(session, wanted)
    journal.record(by=by, verb="wanted", subject=session, force=inspection.force)
    mark_changed(inspection_id=inspection.pk, at=at)
    return session


@transaction.atomic
def change_session(*, by: Any, session: Session, version: int, wanted: Wanted, at: datetime, **fields: Any) -> Session:
    """Change a session; StaleVersion when somebody else did first."""
    _refuse_small_pool(fields.get("size", session.size), wanted)
    _refuse_circle(session, wanted.after)
    try:
        with transaction.atomic():
            session = swap(session, version=version, **fields)
    except IntegrityError:
        raise SessionReferenceTaken(f"There is already a session with the reference {fields['reference']}.")
    session.candidates.all().delete()
    session.windows.all().delete()
    _attach(session, wanted)
    journal.record(by=by, verb="changed", subject=session, force=session.inspection.force)
    mark_changed(inspection_id=session.inspection_id, at=at)
    return session


@transaction.atomic
def cancel_session(*, by: Any, session: Session, version: int, at: datetime) -> Session:
    """No longer want a session; the next published timetable withdraws its invitations."""
    session = swap(session, version=version, state=SessionState.CANCELLED)
    journal.record(by=by, verb="cancelled", subject=session, force=session.inspection.force)
    mark_changed(inspection_id=session.inspection_id, at=at)
    return session


@transaction.atomic
def import_sessions(*, by: Any, inspection: Inspection, rows: Sequence[SessionRow], at: datetime) -> int:
    """Add sessions, all or none; return how many."""
    kinds = {kind.key: kind for kind in inspection.programme.session_kinds.prefetch_related("areas")}
    taken = set(Session.objects.filter(inspection=inspection).values_list("reference", flat=True))
    repeated = sorted(taken & {row.reference for row in rows})
    if repeated:
        raise SessionReferenceTaken(f"These references are already there: {', '.join(repeated)}.")
    made = Session.objects.bulk_create(
        Session(
            inspection=inspection,
            kind=kinds[row.kind],
            reference=row.reference,
            title=row.title,
            minutes=row.minutes,
            size=row.size,
            inspectors_needed=row.inspectors,
            specialism=row.specialism,
            priority=row.priority,
            preferences=preferences(row.prefer_from, row.prefer_to),
        )
        for row in rows
    )
    _attach_all(inspection, list(zip(made, rows, strict=True)))
    journal.record(
        by=by, verb="imported sessions for", subject=inspection, force=inspection.force, detail=f"{len(rows)} sessions"
    )
    mark_changed(inspection_id=inspection.pk, at=at)
    return len(made)


def preferences(earliest: Any, latest: Any) -> dict[str, str]:
    """Return preferred clock times as they are stored."""
    times = {"from": earliest, "to": latest}
    return {key: f"{clock:%H:%M}" for key, clock in times.items() if clock is not None}


def _attach(session: Session, wanted: Wanted) -> None:
    SessionPerson.objects.bulk_create(
        SessionPerson(session=session, person=person, part=part)
        for part, people in ((Part.FIXED, wanted.fixed), (Part.POOL, wanted.pool))
        for person in people
    )
    SessionWindow.objects.bulk_create(SessionWindow(session=session, during=during) for during in wanted.windows)
    session.areas.set(wanted.areas)
    session.after.set(wanted.after)


def _attach_all(inspection: Inspection, pairs: list[tuple[Session, SessionRow]]) -> None:
    people = dict(Person.objects.filter(force_id=inspection.force_id).values_list("reference", "pk"))
    areas = dict(inspection.programme.areas.values_list("key", "pk"))
    by_kind: dict[int, list[int]] = {}
    for kind_id, area_id in SessionKind.areas.through.objects.filter(
        sessionkind__programme_id=inspection.programme_id
    ).values_list("sessionkind_id", "area_id"):
        by_kind.setdefault(kind_id, []).append(area_id)
    references = dict(Session.objects.filter(inspection=inspection).values_list("reference", "pk"))
    SessionPerson.objects.bulk_create(
        SessionPerson(session=session, person_id=people[key], part=part)
        for session, row in pairs
        for part, keys in ((Part.FIXED, row.fixed), (Part.POOL, row.pool))
        for key in keys
    )
    SessionWindow.objects.bulk_create(
        SessionWindow(session=session, during=during) for session, row in pairs for during in row.windows
    )
    Session.areas.through.objects.bulk_create(
        Session.areas.through(session_id=session.pk, area_id=area)
        for session, row in pairs
        for area in ([areas[key] for key in row.areas] or by_kind.get(session.kind_id, []))
    )
    Session.after.through.objects.bulk_create(
        Session.after.through(from_session_id=session.pk, to_session_id=references[key])
        for session, row in pairs
        for key in row.after
    )


def _refuse_small_pool(size: int, wanted: Wanted) -> None:
    if size > len(wanted.pool):
        raise TooFewInPool(f"{size} people are wanted, but the pool has {len(wanted.pool)}.")


def _refuse_circle(session: Session, after: Sequence[Session]) -> None:
    links: dict[int, set[int]] = {}
    for later, earlier in Session.after.through.objects.filter(
        from_session__inspection_id=session.inspection_id
    ).values_list("from_session_id", "to_session_id"):
        links.setdefault(later, set()).add(earlier)
    links[session.pk] = {other.pk for other in after}
    waiting, seen = [*links[session.pk]], set()
    while waiting:
        one = waiting.pop()
        if one == session.pk:
            raise WaitsForItself("These sessions would have to come after each other.")
        if one not in seen:
            seen.add(one)
            waiting += links.get(one, set())
