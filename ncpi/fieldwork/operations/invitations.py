"""Asking people, and hearing from them."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from ncpi.accounts import journal
from ncpi.fieldwork import calendars
from ncpi.fieldwork.access import digest_of
from ncpi.fieldwork.models import Invitation, Person, PersonalLink, PlacementPerson, Reply, Timetable
from ncpi.fieldwork.queries import organiser_of
from ncpi.inspections.marks import mark_changed
from ncpi.inspections.models import Inspection
from ncpi.jobs import operations as jobs
from ncpi.lib import dates
from ncpi.lib.versions import swap


class NoLongerAsked(Exception):
    """The invitation was withdrawn, so there is nothing to answer."""


def write(*, timetable: Timetable, at: datetime) -> list[Invitation]:
    """Bring invitations in line with a published timetable; return those that changed.

    An invitation keeps its UID for ever. Its SEQUENCE rises when it moves, is withdrawn or is given again.
    """
    asked = {
        (row.placement.session_id, row.person_id): row.during
        for row in PlacementPerson.objects.filter(timetable=timetable).select_related("placement")
    }
    rows = Invitation.objects.filter(session__inspection_id=timetable.inspection_id).select_for_update(no_key=True)
    known = {(row.session_id, row.person_id): row for row in rows.order_by("pk")}
    changed = [row for key, row in known.items() if _follow(row, asked.get(key), at)]
    Invitation.objects.bulk_update(
        changed, ["during", "sequence", "is_cancelled", "reply", "told_at", "version"], batch_size=500
    )
    new = Invitation.objects.bulk_create(
        Invitation(session_id=session, person_id=person, during=during, told_at=at)
        for (session, person), during in asked.items()
        if (session, person) not in known
    )
    return [*changed, *new]


@transaction.atomic
def tell(*, inspection: Inspection, invitations: Sequence[Invitation], now: datetime) -> None:
    """Queue one message for each changed invitation; the same change is never sent twice."""
    organiser = organiser_of(inspection)
    full = Invitation.objects.filter(pk__in=[row.pk for row in invitations])
    for row in full.select_related("person", "session__inspection").order_by("pk"):
        start = dates.to_local(row.during.lower)
        when = f"{start:%A} {start.day} {start:%B} at {start:%H:%M}"
        subject = f"Withdrawn: {row.session.title}" if row.is_cancelled else f"{row.session.title}, {when}"
        said = "is withdrawn" if row.is_cancelled else f"is on {when}"
        jobs.queue_mail(
            key=f"invitation:{row.uid}:{row.sequence}",
            to=row.person.email,
            subject=subject[:200],
            body=(
                f"Your session “{row.session.title}” for {inspection.name} {said}.\n\n"
                "The attached file updates the entry in your calendar.\n"
            ),
            at=now,
            attachment=("session.ics", "text/calendar; charset=utf-8", calendar_of(row, organiser, at=now)),
        )


@transaction.atomic
def answer(*, by: Any, invitation: Invitation, version: int, reply: str, at: datetime) -> Invitation:
    """Take a person's answer; `by` is nobody signed in when it comes by their personal link."""
    if invitation.is_cancelled:
        raise NoLongerAsked("This session was withdrawn. You do not need to answer.")
    invitation = swap(invitation, version=version, reply=reply)
    inspection = invitation.session.inspection
    journal.record(by=by, verb=f"answered ({Reply(reply).label.lower()})", subject=invitation, force=inspection.force)
    mark_changed(inspection_id=inspection.pk, at=at)
    return invitation


@transaction.atomic
def give_link(*, by: Any, person: Person, inspection: Inspection, at: datetime) -> str:
    """Return the secret of a new personal link and end the ones before; only its digest is kept."""
    PersonalLink.objects.filter(person=person, inspection=inspection, revoked_at=None).update(revoked_at=at)
    secret = secrets.token_urlsafe(32)
    PersonalLink.objects.create(person=person, inspection=inspection, digest=digest_of(secret), created_at=at)
    journal.record(by=by, verb="gave a personal link to", subject=person, force=inspection.force)
    return secret


@transaction.atomic
def revoke_links(*, by: Any, person: Person, inspection: Inspection, at: datetime) -> int:
    """End a person's links; return how many were open."""
    ended = PersonalLink.objects.filter(person=person, inspection=inspection, revoked_at=None).update(revoked_at=at)
    journal.record(by=by, verb="revoked the personal link of", subject=person, force=inspection.force)
    return ended


def calendar_of(row: Invitation, organiser: calendars.Address, *, at: datetime) -> bytes:
    """Return one invitation as a calendar message."""
    attendee = calendars.Address(row.person.email, row.person.name)
    return calendars.invitation(entry_of(row), organiser=organiser, attendee=attendee, at=at)


def feed_of(rows: Iterable[Invitation], organiser: calendars.Address, *, at: datetime) -> bytes:
    """Return all of one person's invitations as a calendar."""
    return calendars.feed([entry_of(row) for row in rows], organiser=organiser, at=at, name="Fieldwork sessions")


def entry_of(row: Invitation) -> calendars.Entry:
    return calendars.Entry(
        uid=f"{row.uid}@ncpi-readiness",
        sequence=row.sequence,
        starts_at=row.during.lower,
        ends_at=row.during.upper,
        title=row.session.title,
        description=f"{row.session.inspection.name}. Your part stays between you and the inspectors.",
        link=row.session.link,
        is_cancelled=row.is_cancelled,
    )


def _follow(row: Invitation, during: DateTimeTZRange | None, at: datetime) -> bool:
    """Change an invitation to what the timetable says now; say whether anything changed."""
    if during is None:
        if row.is_cancelled:
            return False
        row.is_cancelled = True
    elif not row.is_cancelled and row.during == during:
        return False
    else:
        row.is_cancelled, row.during, row.reply = False, during, Reply.NONE
    row.sequence += 1
    row.version += 1
    row.told_at = at
    return True
