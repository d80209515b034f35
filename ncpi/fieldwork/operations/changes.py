"""Changing a draft by hand, and taking all, some or none of what a re-plan proposes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import IntegrityError, transaction

from ncpi.accounts import journal
from ncpi.fieldwork import clashes, problem_queries, queries
from ncpi.fieldwork.clashes import Clash
from ncpi.fieldwork.models import (
    Placement,
    PlacementInspector,
    PlacementPerson,
    Session,
    Timetable,
    TimetableState,
)
from ncpi.fieldwork.operations.timetables import next_number, place
from ncpi.fieldwork.problem import Placement as Place
from ncpi.fieldwork.problem import Plan, Problem
from ncpi.fieldwork.rooms import rooms_of
from ncpi.inspections.models import Inspection
from ncpi.lib import dates
from ncpi.lib.versions import StaleVersion, swap

BY_HAND = "by hand"


class NotADraft(Exception):
    """Only a draft is changed; what is published stays what people were told."""


class Clashing(Exception):
    """The change breaks rules that were not accepted; nothing was saved."""

    def __init__(self, found: list[Clash]) -> None:
        super().__init__("; ".join(one.words.removesuffix(".") for one in found) + ".")
        self.clashes = found


class NotPlaced(Exception):
    """The session is not in this version."""


class StillOverrides(Exception):
    """What breaks a rule on purpose stays pinned until it breaks none."""


@dataclass(frozen=True)
class Override:
    """Why a rule may be broken here, and which clashes the person saw when they said so."""

    reason: str = ""
    seen: frozenset[str] = frozenset()

    def covers(self, found: Iterable[Clash]) -> bool:
        return all(not one.is_firm and self.reason and one.code in self.seen for one in found)


@transaction.atomic
def start_draft(*, by: Any, timetable: Timetable, at: datetime) -> Timetable:
    """Make a draft that begins as a copy of any version, pins and overrides included."""
    inspection = _locked(timetable)
    plan = problem_queries.plan_of(timetable)
    marked = {str(row.session_id): row for row in Placement.objects.filter(timetable=timetable)}
    row = Timetable.objects.create(
        inspection=inspection,
        number=next_number(inspection),
        based_on=timetable,
        outcome=BY_HAND,
        unplaced=timetable.unplaced,
        made_at=at,
    )
    place(row, plan, marked, queries.arrangement_of(inspection).rooms)
    journal.record(
        by=by, verb="made", subject=row, force=inspection.force, detail=f"a copy of version {timetable.number}"
    )
    return row


@transaction.atomic
def move(
    *,
    by: Any,
    timetable: Timetable,
    session: Session,
    version: int,
    to: Place,
    override: Override = Override(),
    at: datetime,
) -> Placement:
    """Put a session at another time, or with others; what clashes is refused unless it was seen and has a reason.

    The draft's lock makes hand changes wait for each other, so that clashes are those of the state that is changed.
    """
    inspection = _locked_draft(timetable)
    key = str(session.pk)
    problem = problem_queries.problem_of(inspection, at=at)
    row = Placement.objects.filter(timetable=timetable, session=session).first()
    if (row.version if row else 0) != version:
        raise StaleVersion(row or Placement(timetable=timetable, session=session, version=0))
    plan = clashes.moved_to(problem, problem_queries.plan_of(timetable), key, to)
    found = clashes.clashes_with(problem, plan, key)
    if not override.covers(found):
        raise Clashing(found)
    row = _write(timetable, session, row, plan[key], found, override)
    _settle(timetable, problem, plan)
    row.refresh_from_db()
    journal.record(
        by=by, verb="moved a session in", subject=timetable, force=inspection.force, detail=_told(session, row)
    )
    return row


@transaction.atomic
def pin(*, by: Any, timetable: Timetable, session: Session, version: int, is_pinned: bool) -> Placement:
    """Keep a session where it is through every re-plan, or let it go; what overrides a rule stays pinned."""
    inspection = _locked_draft(timetable)
    row = Placement.objects.filter(timetable=timetable, session=session).first()
    if row is None:
        raise NotPlaced(f"{session.title} is not in this version.")
    if not is_pinned and row.excused:
        raise StillOverrides(f"{session.title} overrides a rule. Move it to where it breaks none, then unpin it.")
    row = swap(row, version=version, is_pinned=is_pinned)
    verb = "pinned" if is_pinned else "unpinned"
    journal.record(
        by=by, verb=f"{verb} a session in", subject=timetable, force=inspection.force, detail=session.reference
    )
    return row


@transaction.atomic
def take_out(*, by: Any, timetable: Timetable, session: Session, version: int, at: datetime) -> None:
    """Leave a session out of a draft; it waits there to be placed again."""
    inspection = _locked_draft(timetable)
    written = Placement.objects.filter(timetable=timetable, session=session, version=version).delete()[0]
    if not written:
        row = Placement.objects.filter(timetable=timetable, session=session).first()
        raise StaleVersion(row or Placement(timetable=timetable, session=session, version=0))
    problem = problem_queries.problem_of(inspection, at=at)
    _settle(timetable, problem, problem_queries.plan_of(timetable))
    journal.record(
        by=by, verb="took a session out of", subject=timetable, force=inspection.force, detail=session.reference
    )


@transaction.atomic
def accept_some(*, by: Any, timetable: Timetable, sessions: Collection[int], version: int, at: datetime) -> Timetable:
    """Keep of a draft only what it changes for these sessions; everything else goes back to what is published.

    Refused when they break a rule together that what is published does not break as things are now.
    """
    inspection = _locked_draft(timetable)
    base = queries.published_of(inspection)
    before = problem_queries.plan_of(base) if base else {}
    proposed = problem_queries.plan_of(timetable)
    kept = {str(pk) for pk in sessions}
    problem = problem_queries.problem_of(inspection, at=at)
    wanted = {session.id for session in problem.sessions}
    plan = {key: one for key, one in before.items() if key not in kept and key in wanted}
    plan |= {key: one for key, one in proposed.items() if key in kept}
    known = {clash.key for clash in clashes.clashes_in(problem, before)}
    excused = {key: one for key, one in (problem_queries.excuses_of(base) if base else {}).items() if key not in kept}
    excused |= {key: one for key, one in problem_queries.excuses_of(timetable).items() if key in kept}
    allowed = chain.from_iterable(excused.values())
    found = [one for one in clashes.clashes_in(problem, plan, allowed) if one.key not in known]
    if found:
        raise Clashing(found)
    row = swap(timetable, version=version, outcome=BY_HAND)
    marked = {str(one.session_id): one for one in Placement.objects.filter(timetable=base)} if base else {}
    marked |= {
        str(one.session_id): one for one in Placement.objects.filter(timetable=row) if str(one.session_id) in kept
    }
    Placement.objects.filter(timetable=row).delete()
    place(row, plan, marked, problem.rules.rooms)
    _settle(row, problem, plan)
    journal.record(
        by=by, verb="accepted changes of", subject=row, force=inspection.force, detail=f"{len(kept)} sessions"
    )
    return row


@transaction.atomic
def discard(*, by: Any, timetable: Timetable, version: int) -> Timetable:
    """Put a draft aside; what is published stays in force."""
    inspection = _locked_draft(timetable)
    row = swap(timetable, version=version, state=TimetableState.DISCARDED)
    journal.record(by=by, verb="discarded", subject=row, force=inspection.force)
    return row


def _locked(timetable: Timetable) -> Inspection:
    rows = Inspection.objects.select_for_update(no_key=True, of=["self"]).select_related("force")
    return rows.get(pk=timetable.inspection_id)


def _locked_draft(timetable: Timetable) -> Inspection:
    inspection = _locked(timetable)
    timetable.refresh_from_db()
    if timetable.state != TimetableState.DRAFT:
        state = timetable.get_state_display().lower()
        raise NotADraft(f"Version {timetable.number} is {state}. Start a draft from it to change anything.")
    return inspection


def _write(
    timetable: Timetable, session: Session, row: Placement | None, one: Place, found: list[Clash], override: Override
) -> Placement:
    values: dict[str, Any] = {
        "during": (one.starts_at, one.ends_at),
        "room": None,
        "override_reason": override.reason if found else "",
        "excused": [_excuse(clash) for clash in found],
        # What breaks a rule on purpose would be the first thing that a re-plan puts right.
        "is_pinned": bool(found) or (row is not None and row.is_pinned and not row.excused),
    }
    try:
        with transaction.atomic():
            if row is None:
                row = Placement.objects.create(timetable=timetable, session=session, **values)
            else:
                row.people.all().delete()
                row.inspectors.all().delete()
                row = swap(row, version=row.version, **values)
            _seat(row, one)
    except IntegrityError:
        raise Clashing([Clash("person overlap", "session", str(session.pk), "Somebody would be in two sessions.")])
    return row


def _seat(row: Placement, one: Place) -> None:
    during = (one.starts_at, one.ends_at)
    PlacementPerson.objects.bulk_create(
        PlacementPerson(placement=row, timetable_id=row.timetable_id, person_id=int(key), during=during)
        for key in one.people
    )
    PlacementInspector.objects.bulk_create(
        PlacementInspector(placement=row, timetable_id=row.timetable_id, inspector_id=int(key), during=during)
        for key in one.inspectors
    )


def _settle(timetable: Timetable, problem: Problem, plan: Plan) -> None:
    """After a change by hand: rooms, overrides that no longer override anything, what is left out, and no proof."""
    _give_rooms(timetable, plan, problem.rules.rooms)
    _drop_idle_overrides(timetable, problem, plan)
    known = {one["session"]: one for one in timetable.unplaced}
    said = ["Left out by hand, or new since this version was made."]
    unplaced = [
        known.get(int(one.id), {"session": int(one.id), "title": one.label, "reasons": said})
        for one in problem.sessions
        if one.id not in plan
    ]
    swap(timetable, version=timetable.version, unplaced=unplaced, outcome=BY_HAND, cost={}, bound={})


def _give_rooms(timetable: Timetable, plan: Plan, rooms: int | None) -> None:
    numbers = rooms_of({key: (one.starts_at, one.ends_at) for key, one in plan.items()}, rooms)
    rows = list(Placement.objects.filter(timetable=timetable).order_by("pk"))
    changed = [row for row in rows if row.room != numbers.get(str(row.session_id))]
    # Two that exchange rooms would meet in one for a moment: all leave theirs before any takes another.
    Placement.objects.filter(pk__in=[row.pk for row in changed]).update(room=None)
    for row in changed:
        row.room = numbers.get(str(row.session_id))
    Placement.objects.bulk_update(changed, ["room"])


def _drop_idle_overrides(timetable: Timetable, problem: Problem, plan: Plan) -> None:
    kept = clashes.still_broken(problem, plan, problem_queries.excuses_of(timetable))
    for row in Placement.objects.filter(timetable=timetable).exclude(excused=[]):
        keys = kept[str(row.session_id)]
        excused = [one for one in row.excused if (one["rule"], one["kind"], one["subject"]) in keys]
        if len(excused) < len(row.excused):
            row.excused = excused
            row.override_reason = row.override_reason if excused else ""
            row.save(update_fields=["excused", "override_reason"])


def _excuse(clash: Clash) -> dict[str, str]:
    return {"rule": clash.rule, "kind": clash.kind, "subject": clash.subject, "words": clash.words}


def _told(session: Session, row: Placement) -> str:
    """Say what was done without anybody's name: the session's reference, its time, the rules set aside and why."""
    said = f"{session.reference} to {dates.in_words(row.during.lower)}"
    if row.excused:
        rules = ", ".join(sorted({one["rule"] for one in row.excused}))
        said += f", in spite of {rules}: {row.override_reason}"
    return said
