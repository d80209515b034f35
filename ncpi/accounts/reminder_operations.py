"""Reminding people once a day of what is theirs, and letting them turn that off."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from ncpi.accounts import journal
from ncpi.accounts.models import User
from ncpi.accounts.reminders import Line, reminder_of, subject_of, text_of
from ncpi.accounts.work import WorkItem
from ncpi.jobs.models import Mail
from ncpi.jobs.operations import queue_mail


@transaction.atomic
def remind(*, by: Any, user: User, force: Any, items: Iterable[WorkItem], on: date, at: datetime) -> Mail | None:
    """Queue the person's reminder of a day in one force, or nothing when nothing presses or they turned it off.

    The day is in the mail's unique key: asked for twice, it is one mail.
    """
    if not (user.is_active and user.wants_reminders):
        return None
    lines = [
        Line(item.title, item.kind, item.inspection, item.address, item.due_date, item.waits)
        for item in items
        if item.force == force.pk
    ]
    reminder = reminder_of(lines, on=on)
    if reminder is None:
        return None
    text = text_of(
        reminder, force=force.name, on=on, base=settings.BASE_URL, home=reverse("home"),
        account=reverse("accounts:account"),
    )  # fmt: skip
    return queue_mail(
        key=f"reminder:{user.pk}:{force.pk}:{on.isoformat()}",
        to=user.email,
        subject=subject_of(reminder, force=force.name),
        body=text,
        at=at,
    )


@transaction.atomic
def set_reminders(*, by: User, wanted: bool) -> None:
    """Turn the person's own reminders on or off."""
    User.objects.filter(pk=by.pk).update(wants_reminders=wanted)
    journal.record(by=by, verb=f"turned reminders {'on' if wanted else 'off'}", subject=by, force=None)
