"""Asking people, and hearing from them."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse

from ncpi.accounts import journal
from ncpi.fieldwork import calendars
from ncpi.fieldwork import invitation_wording as wording
from ncpi.fieldwork.access import digest_of, secret_of
from ncpi.fieldwork.models import Invitation, OfferedTime, Person, PersonalLink, PlacementPerson, Reply, Timetable
from ncpi.fieldwork.queries import invited, organiser_of
from ncpi.inspections.marks import mark_changed
from ncpi.inspections.models import Inspection
from ncpi.jobs import operations as jobs
from ncpi.jobs.models import Mail
from ncpi.lib import dates
from ncpi.lib.versions import swap

# What a timetable may change of an invitation.
FOLLOWING = [
    *("during", "link", "sequence", "is_cancelled", "reply", "stand_in"),
    *("replied_at", "handled_at", "told_at", "version"),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """When and where a timetable has somebody in a session."""

    during: DateTimeTZRange
    link: str


class NoLongerAsked(Exception):
    """The invitation was withdrawn or its session is over, so there is nothing to answer."""


def write(*, timetable: Timetable, at: datetime) -> list[Invitation]:
    """Bring invitations in line with a published timetable; return those that changed.

    An invitation keeps its UID for ever. Its SEQUENCE rises when it moves, meets elsewhere, is withdrawn or is given
    again.
    """
    asked = {
        (row.placement.session_id, row.person_id): Asked(row.during, row.placement.session.link)
        for row in PlacementPerson.objects.filter(timetable=timetable).select_related("placement__session")
    }
    rows = Invitation.objects.filter(session__inspection_id=timetable.inspection_id).select_for_update(no_key=True)
    known = {(row.session_id, row.person_id): row for row in rows.order_by("pk")}
    changed = [row for key, row in known.items() if _follow(row, asked.get(key), at)]
    Invitation.objects.bulk_update(changed, FOLLOWING, batch_size=500)
    OfferedTime.objects.filter(invitation__in=changed, invitation__reply=Reply.NONE).delete()
    new = Invitation.objects.bulk_create(
        Invitation(session_id=session, person_id=person, during=one.during, link=one.link, told_at=at)
        for (session, person), one in asked.items()
        if (session, person) not in known
    )
    return [*changed, *new]


@transaction.atomic
def tell(*, inspection: Inspection, invitations: Sequence[Invitation], now: datetime) -> None:
    """Queue one message for each changed invitation; the same change is never sent twice."""
    organiser = organiser_of(inspection)
    full = Invitation.objects.filter(pk__in=[row.pk for row in invitations])
    rows = list(full.select_related("person", "session__inspection").order_by("pk"))
    addresses = addresses_of(inspection=inspection, people=[row.person_id for row in rows], at=now)
    for row in rows:
        subject, body = wording.invitation(
            title=row.session.title,
            inspection=inspection.name,
            starts_at=row.during.lower,
            minutes=dates.minutes_between(row.during.lower, row.during.upper),
            address=addresses[row.person_id],
            is_cancelled=row.is_cancelled,
        )
        jobs.queue_mail(
            key=_key(row),
            to=row.person.email,
            subject=subject,
            body=body,
            at=now,
            attachment=("session.ics", _media_type(row), calendar_of(row, organiser, at=now)),
        )


def never_told(inspection: Inspection, *, at: datetime) -> list[Invitation]:
    """Return the invitations to what is to come of which no message was ever queued as they stand."""
    rows = {_key(row): row for row in invited(inspection, at=at).order_by("pk")}
    known = set(Mail.objects.filter(key__in=rows).values_list("key", flat=True))
    return [row for key, row in rows.items() if key not in known]


def _key(row: Invitation) -> str:
    return f"invitation:{row.uid}:{row.sequence}"


def _media_type(row: Invitation) -> str:
    """Return the type by which a mail program knows an invitation from a withdrawal (RFC 6047, section 2.4)."""
    return f"text/calendar; method={'CANCEL' if row.is_cancelled else 'REQUEST'}"


@transaction.atomic
def answer(*, by: Any, invitation: Invitation, version: int, reply: str, at: datetime) -> Invitation:
    """Take a person's yes or no; `by` is nobody signed in when it comes by their personal link."""
    return keep_reply(by=by, invitation=invitation, version=version, reply=reply, at=at)


@transaction.atomic
def keep_reply(
    *, by: Any, invitation: Invitation, version: int, reply: str, at: datetime, stand_in: str = ""
) -> Invitation:
    """Keep an answer in place of the one before it, whatever that offered."""
    if invitation.is_cancelled:
        raise NoLongerAsked("This session was withdrawn. You do not need to answer.")
    if invitation.during.upper <= at:
        raise NoLongerAsked("This session is over. There is nothing to answer any more.")
    invitation = swap(invitation, version=version, reply=reply, stand_in=stand_in, replied_at=at, handled_at=None)
    invitation.offered_times.all().delete()
    inspection = invitation.session.inspection
    journal.record(by=by, verb=f"answered ({Reply(reply).label.lower()})", subject=invitation, force=inspection.force)
    mark_changed(inspection_id=inspection.pk, at=at)
    return invitation


@transaction.atomic
def give_link(*, by: Any, person: Person, inspection: Inspection, at: datetime) -> str:
    """Return the secret of a new personal link and end the ones before; the secret is nowhere stored."""
    PersonalLink.objects.filter(person=person, inspection=inspection, revoked_at=None).update(revoked_at=at)
    link = _new_link(person.pk, inspection.pk, at)
    link.save()
    journal.record(by=by, verb="gave a personal link to", subject=person, force=inspection.force)
    return secret_of(link.seed)


@transaction.atomic
def addresses_of(*, inspection: Inspection, people: Iterable[int], at: datetime) -> dict[int, str]:
    """Return each person's own address: that of the link they have, or of a new one where they have none."""
    wanted = set(people)
    rows = PersonalLink.objects.filter(inspection=inspection, person__in=wanted, revoked_at=None).exclude(seed=None)
    # A link from before the service's key was changed opens nothing that can be worked out again.
    kept = {row.person_id: row for row in rows.order_by("pk") if row.digest == digest_of(secret_of(row.seed))}
    new = [_new_link(person, inspection.pk, at) for person in sorted(wanted - kept.keys())]
    links = kept | {row.person_id: row for row in PersonalLink.objects.bulk_create(new)}
    return {
        person: settings.BASE_URL + reverse("fieldwork:my-sessions", args=[secret_of(link.seed)])
        for person, link in links.items()
    }


def _new_link(person: int, inspection: int, at: datetime) -> PersonalLink:
    seed = uuid.uuid4()
    return PersonalLink(
        person_id=person, inspection_id=inspection, seed=seed, digest=digest_of(secret_of(seed)), created_at=at
    )


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


def _follow(row: Invitation, asked: Asked | None, at: datetime) -> bool:
    """Change an invitation to what the timetable says now; say whether anything changed."""
    if asked is None:
        if row.is_cancelled:
            return False
        row.is_cancelled = True
    elif not row.is_cancelled and row.during == asked.during:
        # Where it meets says nothing of whether they can come: their answer stands.
        if row.link == asked.link:
            return False
        row.link = asked.link
    else:
        row.is_cancelled, row.during, row.link, row.reply = False, asked.during, asked.link, Reply.NONE
        row.stand_in, row.replied_at, row.handled_at = "", None, None
    row.sequence += 1
    row.version += 1
    row.told_at = at
    return True
