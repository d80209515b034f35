"""The sessions that are wanted, and how the fortnight is run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from ncpi.accounts import journal
from ncpi.fieldwork.cells import Span
from ncpi.fieldwork.models import Arrangement, Part, Person, Session, SessionPerson, SessionState, SessionWindow
from ncpi.fieldwork.record_models import SessionRecord
from ncpi.inspections.marks import mark_changed
from ncpi.inspections.models import Area, Criterion, Inspection, SessionKind
from ncpi.lib.versions import StaleVersion, swap


class SessionReferenceTaken(Exception):
    """A session of the inspection already has this reference."""


class TooFewInPool(Exception):
    """More people are wanted than the pool has."""


class WaitsForItself(Exception):
    """Sessions would have to come after each other in a circle."""


class TookPlace(Exception):
    """What took place stays on record."""


@dataclass(frozen=True)
class Wanted:
    """Who must come, who may be chosen, when it may be, what it speaks to and what it follows.

    Without areas and criteria it speaks to what its kind does.
    """

    fixed: Sequence[Person] = ()
    pool: Sequence[Person] = ()
    windows: Sequence[Span] = ()
    areas: Sequence[Area] = ()
    criteria: Sequence[Criterion] = ()
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
    if took_place(session):
        raise TookPlace(f"{session.title} took place, so it cannot be cancelled any more.")
    session = swap(session, version=version, state=SessionState.CANCELLED)
    journal.record(by=by, verb="cancelled", subject=session, force=session.inspection.force)
    mark_changed(inspection_id=session.inspection_id, at=at)
    return session


def took_place(session: Session) -> bool:
    return SessionRecord.objects.filter(session=session, took_place=True).exists()


def preferences(earliest: Any, latest: Any, days: Iterable[date] = ()) -> dict[str, Any]:
    """Return preferred clock times and days as they are stored."""
    times = {"from": earliest, "to": latest}
    stored: dict[str, Any] = {key: f"{clock:%H:%M}" for key, clock in times.items() if clock is not None}
    written = [day.isoformat() for day in days]
    return stored | ({"dates": written} if written else {})


def _attach(session: Session, wanted: Wanted) -> None:
    SessionPerson.objects.bulk_create(
        SessionPerson(session=session, person=person, part=part)
        for part, people in ((Part.FIXED, wanted.fixed), (Part.POOL, wanted.pool))
        for person in people
    )
    SessionWindow.objects.bulk_create(SessionWindow(session=session, during=during) for during in wanted.windows)
    if wanted.areas or wanted.criteria:
        session.areas.set({*(area.pk for area in wanted.areas), *(one.area_id for one in wanted.criteria)})
        session.criteria.set(wanted.criteria)
    else:
        session.areas.set(session.kind.areas.all())
        session.criteria.set(session.kind.criteria.all())
    session.after.set(wanted.after)


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
