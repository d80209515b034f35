"""Somebody else comes in a person's place: a new version that changes this one seat, published at once."""

from datetime import datetime
from typing import Any

from django.db import transaction

from ncpi.accounts import journal
from ncpi.fieldwork import clashes, problem_queries
from ncpi.fieldwork.models import (
    Invitation,
    Part,
    Person,
    PlacementPerson,
    Reply,
    SessionPerson,
    Timetable,
)
from ncpi.fieldwork.operations import changes, timetables
from ncpi.fieldwork.queries import published_of
from ncpi.fieldwork.reply_queries import stand_ins_of
from ncpi.inspections.models import Inspection
from ncpi.lib.versions import swap


class CannotStandIn(Exception):
    """Nobody who may come was meant, a rule of the timetable is against it, or the answer has changed."""


@transaction.atomic
def accept_stand_in(
    *, by: Any, inspection: Inspection, invitation: Invitation, version: int, at: datetime, now: datetime
) -> Timetable:
    """Let the stand-in come: nobody else's session changes, and only these two are told."""
    # The lock keeps what is published still between the rules' answer and the new version.
    Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk)
    if invitation.during.lower <= at:
        raise CannotStandIn("The session has begun.")
    coming = _coming(inspection, _proposal(invitation))
    published = published_of(inspection)
    if published is None:
        raise CannotStandIn("No timetable is published.")
    leaving = invitation.person
    swap(invitation, version=version, reply=Reply.DECLINED, handled_at=at)
    _name_instead(invitation.session_id, leaving, coming)
    journal.record(by=by, verb="accepted a stand-in for", subject=invitation, force=inspection.force)
    # What others declined meanwhile is for the next timetable, and does not keep these two waiting.
    problem, plan = problem_queries.problem_of(inspection), problem_queries.plan_of(published)
    known = [one.key for one in clashes.clashes_in(problem, plan)]
    draft = changes.start_draft(by=by, timetable=published, at=at)
    seat = PlacementPerson.objects.filter(timetable=draft, placement__session=invitation.session_id, person=leaving)
    seat.update(person=coming)
    try:
        return timetables.publish(by=by, timetable=draft, at=at, now=now, tell=True, catches_up=False, known=known)
    except timetables.OutOfDate as error:
        raise CannotStandIn(str(error))


@transaction.atomic
def refuse_stand_in(
    *, by: Any, inspection: Inspection, invitation: Invitation, version: int, at: datetime
) -> Invitation:
    """Take the answer as a plain no: the next timetable asks somebody else, or finds another time."""
    invitation = swap(_proposal(invitation), version=version, reply=Reply.DECLINED, handled_at=at)
    journal.record(by=by, verb="refused a stand-in for", subject=invitation, force=inspection.force)
    return invitation


def _proposal(invitation: Invitation) -> Invitation:
    if invitation.reply != Reply.STAND_IN or invitation.handled_at is not None:
        raise CannotStandIn("There is no stand-in to decide on. The answer has changed.")
    return invitation


def _coming(inspection: Inspection, invitation: Invitation) -> Person:
    found = stand_ins_of(inspection, [invitation])[invitation.pk]
    if found.person is None:
        raise CannotStandIn("Nobody who may come to this session has that reference or e-mail address.")
    if found.obstacles:
        raise CannotStandIn(f"{found.person.name} {', and '.join(found.obstacles)}.")
    return found.person


def _name_instead(session: int, leaving: Person, coming: Person) -> None:
    """Where the other was named for the session, the stand-in is named from now on."""
    named = SessionPerson.objects.filter(session=session, person=leaving, part=Part.FIXED)
    if named.exists():
        SessionPerson.objects.filter(session=session, person=coming).delete()
        named.update(person=coming)
