"""This child may not be safe now: raise, acknowledge, act, close. Each step is stored before anybody is told.

All of it works in a closed inspection too: closing ends the paperwork, and a child who may not be safe is no
paperwork.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from audits import concern_clock
from audits.models import Audit, Concern, ConcernState
from cases.models import Case
from ncpi.accounts import journal
from ncpi.accounts.access import colleagues
from ncpi.accounts.permissions import Permission
from ncpi.inspections.marks import mark_changed
from ncpi.jobs.operations import queue_mail
from ncpi.lib.versions import swap

_BODY = """A concern has been raised that a child may not be safe now.

Open it and acknowledge it by {due}: {address}

Sign in to read it. This message says nothing of the case on purpose.
"""


class NotInThatState(Exception):
    """The concern has moved on since the page was opened."""


class SamePerson(Exception):
    """A second person has to close a concern."""


@transaction.atomic
def raise_concern(*, by: Any, case: Case, audit: Audit | None, text: str, at: datetime, now: datetime) -> Concern:
    """Raise a concern and queue its messages in the same transaction, so that neither is there without the other.

    `at` is the force's time and runs the concern's clock; `now` is the time by which messages are sent.
    """
    concern = Concern.objects.create(
        inspection_id=case.inspection_id,
        case=case,
        audit=audit,
        text=text,
        raised_by=by,
        raised_at=at,
        due_at=concern_clock.acknowledge_by(at),
    )
    journal.record(by=by, verb="raised", subject=concern, force=case.inspection.force)
    mark_changed(inspection_id=case.inspection_id, at=at)
    _tell_handlers(concern, now)
    return concern


def _tell_handlers(concern: Concern, now: datetime) -> None:
    inspection = concern.inspection
    address = settings.BASE_URL + reverse("audits:concern", args=[inspection.ref, concern.pk])
    due = timezone.localtime(concern.due_at).strftime("%H:%M on %d %B %Y")
    for person in colleagues(inspection.force, Permission.CONCERN_HANDLE):
        queue_mail(
            key=f"concern-{concern.pk}-{person.pk}",
            to=person.email,
            subject="Urgent: a concern about a child's safety",
            body=_BODY.format(due=due, address=address),
            at=now,
        )


@transaction.atomic
def acknowledge_concern(*, by: Any, concern: Concern, version: int, at: datetime) -> Concern:
    """Take a concern on: somebody is now seeing to the child."""
    _require(concern, ConcernState.RAISED)
    swap(
        concern,
        version=version,
        state=ConcernState.ACKNOWLEDGED,
        acknowledged_by=by,
        acknowledged_at=at,
        due_at=concern_clock.act_by(at),
    )
    return _done(by, "acknowledged", concern, at)


@transaction.atomic
def resolve_concern(*, by: Any, concern: Concern, version: int, done: str, at: datetime) -> Concern:
    """Say what was done for the child; a second person still has to look."""
    _require(concern, ConcernState.ACKNOWLEDGED)
    swap(
        concern,
        version=version,
        state=ConcernState.RESOLVED,
        done=done,
        resolved_by=by,
        resolved_at=at,
        due_at=concern_clock.close_by(at),
    )
    return _done(by, "acted on", concern, at)


@transaction.atomic
def close_concern(*, by: Any, concern: Concern, version: int, at: datetime) -> Concern:
    """Close a concern after somebody else acted on it."""
    _require(concern, ConcernState.RESOLVED)
    if concern.resolved_by_id == by.pk:
        raise SamePerson("You said what was done, so somebody else has to look and close it.")
    swap(concern, version=version, state=ConcernState.CLOSED, closed_by=by, closed_at=at)
    return _done(by, "closed", concern, at)


@transaction.atomic
def return_concern(*, by: Any, concern: Concern, version: int, at: datetime) -> Concern:
    """Send a concern back because what was done is not enough; the clock for acting starts again."""
    _require(concern, ConcernState.RESOLVED)
    if concern.resolved_by_id == by.pk:
        raise SamePerson("You said what was done, so somebody else has to look at it.")
    swap(concern, version=version, state=ConcernState.ACKNOWLEDGED, due_at=concern_clock.act_by(at))
    return _done(by, "returned", concern, at)


def _require(concern: Concern, state: str) -> None:
    if concern.state != state:
        raise NotInThatState("Somebody has moved this concern on since you opened it.")


def _done(by: Any, verb: str, concern: Concern, at: datetime) -> Concern:
    journal.record(by=by, verb=verb, subject=concern, force=concern.inspection.force)
    mark_changed(inspection_id=concern.inspection_id, at=at)
    return concern
