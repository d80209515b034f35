"""Reminding everybody once of each session that they are asked to."""

from datetime import date, datetime, time, timedelta

from django.db import transaction

from ncpi.fieldwork import invitation_wording as wording
from ncpi.fieldwork.models import Invitation, Reply
from ncpi.fieldwork.operations.invitations import addresses_of
from ncpi.fieldwork.session_reminders import reminded_until
from ncpi.inspections.models import Inspection
from ncpi.jobs import operations as jobs
from ncpi.jobs.models import Mail
from ncpi.lib import dates


@transaction.atomic
def remind_of_sessions(*, inspection: Inspection, on: date, at: datetime, now: datetime) -> int:
    """Queue a reminder for each session of the next working day, and say how many were new.

    Who was told by mail is reminded, unless they said that they cannot come. The message's key names the person and
    session alone: moved or asked again, nobody is reminded of one session twice.
    """
    end = dates.combine(reminded_until(on) + timedelta(days=1), time(0))
    due = (
        Invitation.objects.filter(session__inspection=inspection, is_cancelled=False, person__left_at=None)
        .filter(during__startswith__gt=at, during__startswith__lt=end)
        .exclude(reply__in=Reply.not_coming())
        .select_related("person", "session")
        .order_by("during", "pk")
    )
    rows = {f"session-reminder:{row.uid}": row for row in due}
    told_by = {key: f"invitation:{row.uid}:{row.sequence}" for key, row in rows.items()}
    known = set(Mail.objects.filter(key__in=[*told_by, *told_by.values()]).values_list("key", flat=True))
    new = {key: row for key, row in rows.items() if key not in known and told_by[key] in known}
    addresses = addresses_of(inspection=inspection, people=[row.person_id for row in new.values()], at=now)
    for key, row in new.items():
        subject, body = wording.reminder(
            title=row.session.title,
            inspection=inspection.name,
            starts_at=row.during.lower,
            minutes=dates.minutes_between(row.during.lower, row.during.upper),
            address=addresses[row.person_id],
        )
        jobs.queue_mail(key=key, to=row.person.email, subject=subject, body=body, at=now)
    return len(new)
