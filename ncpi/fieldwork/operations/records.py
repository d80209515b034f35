"""After a session: whether it took place, who came, what follows."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction

from ncpi.accounts import journal
from ncpi.actions.models import Action
from ncpi.actions.operations import raise_action
from ncpi.fieldwork import record_queries
from ncpi.fieldwork.models import Part, Session
from ncpi.fieldwork.operations.sessions import Wanted, want_session
from ncpi.fieldwork.record_models import Attendance, SessionRecord
from ncpi.inspections.marks import mark_changed
from ncpi.inspections.operations import refuse_closed
from ncpi.lib.versions import StaleVersion, swap

COPIED = ("title", "minutes", "size", "inspectors_needed", "specialism", "priority", "link", "preferences", "units")


class NotYet(Exception):
    """The session is not in the published timetable, or its time has not come."""


class HasFollowUp(Exception):
    """An action has been raised from this session already."""


class NotToRepeat(Exception):
    """The session took place, or is wanted again already."""


@transaction.atomic
def record_session(
    *,
    by: Any,
    session: Session,
    version: int,
    took_place: bool,
    reason: str = "",
    note: str = "",
    came: Collection[int] = (),
    at: datetime,
) -> SessionRecord:
    """Write down what became of a session; version 0 means that nobody has yet. `came` are people by number."""
    refuse_closed(session.inspection)
    placement = record_queries.placement_of(session)
    if placement is None or placement.during.lower > at:
        raise NotYet("This can be written down once the session's time in the published timetable has come.")
    fields = {
        "took_place": took_place,
        "reason": "" if took_place else reason,
        "note": note,
        "recorded_by": by,
        "recorded_at": at,
    }
    row = SessionRecord.objects.filter(session=session).first()
    if row is None and version == 0:
        row, is_new = SessionRecord.objects.get_or_create(session=session, defaults=fields)
        if not is_new:
            raise StaleVersion(row)
    elif row is None:
        raise StaleVersion(SessionRecord(session=session))
    else:
        if took_place and row.again_id is not None:
            raise NotToRepeat("The session is wanted again, so it did not take place.")
        row = swap(row, version=version, **fields)
    asked = {one.person_id for one in placement.people.all()}
    _attend(row, asked, set(came) if took_place else set())
    journal.record(by=by, verb="recorded", subject=row, force=session.inspection.force)
    mark_changed(inspection_id=session.inspection_id, at=at)
    return row


@transaction.atomic
def follow_up(
    *, by: Any, record: SessionRecord, version: int, title: str, owner: Any, due_date: date, on: date, at: datetime
) -> Action:
    """Raise an action from a session, with a title written for everybody; the session keeps the pointer to it."""
    if record.action_id is not None:
        raise HasFollowUp("An action was raised from this session already.")
    inspection = record.session.inspection
    action = raise_action(by=by, inspection=inspection, title=title, owner=owner, due_date=due_date, on=on, at=at)
    swap(record, version=version, action=action)
    journal.record(by=by, verb="raised an action from", subject=record, force=inspection.force)
    return action


@transaction.atomic
def want_again(*, by: Any, record: SessionRecord, version: int, at: datetime) -> Session:
    """Want a session that did not take place once more: a new one with the same people, for the next timetable."""
    session = record.session
    refuse_closed(session.inspection)
    if record.took_place or record.again_id is not None:
        raise NotToRepeat("The session took place, or is wanted again already.")
    asked = list(session.candidates.filter(person__left_at=None).select_related("person").order_by("pk"))
    again = want_session(
        by=by,
        inspection=session.inspection,
        kind=session.kind,
        wanted=Wanted(
            fixed=[one.person for one in asked if one.part == Part.FIXED],
            pool=[one.person for one in asked if one.part == Part.POOL],
            windows=[(one.during.lower, one.during.upper) for one in session.windows.all() if one.during.upper > at],
            areas=list(session.areas.all()),
            after=list(session.after.all()),
        ),
        at=at,
        reference=_free_reference(session),
        **{name: getattr(session, name) for name in COPIED},
    )
    again.criteria.set(session.criteria.all())
    swap(record, version=version, again=again)
    journal.record(by=by, verb="wanted again", subject=session, force=session.inspection.force)
    return again


def _attend(record: SessionRecord, asked: set[int], came: set[int]) -> None:
    """Bring the attendance in line: one row for everybody who was asked or came."""
    known = {row.person_id: row for row in Attendance.objects.filter(record=record)}
    Attendance.objects.filter(pk__in=[row.pk for person, row in known.items() if person not in asked | came]).delete()
    for person in sorted(asked | came):
        row = known.get(person)
        if row is None:
            Attendance.objects.create(record=record, person_id=person, came=person in came)
        elif row.came != (person in came):
            row.came = person in came
            row.save(update_fields=["came"])


def _free_reference(session: Session) -> str:
    taken = set(Session.objects.filter(inspection=session.inspection).values_list("reference", flat=True))
    stem = session.reference[:36]
    return next(name for number in range(2, len(taken) + 3) if (name := f"{stem}-{number}") not in taken)
