"""Asking for background work, doing it once, and getting over whatever dies in between.

    queued -> sent -> running -> done | failed
      ^---------------- lease ran out, or an error with attempts left

Anything may be delivered twice: a step is claimed by a conditional UPDATE, and finished steps are skipped.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from ncpi.jobs.models import Job, Mail, State

MAX_ATTEMPTS = 5
LEASE = timedelta(seconds=20)
BACKOFF = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=5)


@transaction.atomic
def enqueue(*, by: Any, kind: str, key: str, args: dict[str, int], force: Any, at: datetime) -> Job:
    """Write down that the work is wanted; the same work already open is returned, not doubled."""
    try:
        with transaction.atomic():
            return Job.objects.create(kind=kind, key=key, args=args, force=force, by=by, due_at=at, created_at=at)
    except IntegrityError:
        return Job.objects.open().get(kind=kind, key=key)


@transaction.atomic
def queue_mail(
    *, key: str, to: str, subject: str, body: str, at: datetime, attachment: tuple[str, str, bytes] | None = None
) -> Mail:
    """Queue one message; the same key is the same message and is sent once."""
    name, media_type, content = attachment or ("", "", b"")
    mail, is_new = Mail.objects.get_or_create(
        key=key,
        defaults={
            "to": to,
            "subject": subject,
            "body": body,
            "created_at": at,
            "attachment_name": name,
            "attachment_type": media_type,
            "attachment": content,
        },
    )
    if is_new:
        enqueue(by=None, kind="send_mail", key=key, args={"mail": mail.pk}, force=None, at=at)
    return mail


def hand_over(*, publish: Callable[..., None], at: datetime, limit: int = 20) -> int:
    """Give due jobs to the broker and say how many; a broker that is down leaves them queued.

    Two relays at once share the work: rows are locked and skipped, never waited for.
    """
    with transaction.atomic():
        jobs = list(Job.objects.due(at).select_for_update(skip_locked=True).order_by("due_at", "pk")[:limit])
        for job in jobs:
            publish(kind=job.kind, job_id=job.pk)
            Job.objects.filter(pk=job.pk).update(state=State.SENT, lease_until=at + timedelta(seconds=60))
    return len(jobs)


def take_back_abandoned(*, at: datetime) -> int:
    """Queue again what was handed over and never finished; after `MAX_ATTEMPTS` it has failed."""
    lost = Job.objects.abandoned(at)
    failed = lost.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=State.FAILED, finished_at=at, lease_token=None, error="The worker stopped each time this was tried."
    )
    return failed + lost.update(state=State.QUEUED, due_at=at, lease_token=None, lease_until=None)


def claim(*, job_id: int, step: int, at: datetime) -> Job | None:
    """Take one step of a job for this worker; `None` when it is done, held by another, or not yet its turn.

    The race is with a second delivery of the same message: the conditional UPDATE lets one through.
    """
    free = Q(state__in=[State.QUEUED, State.SENT]) | Q(state=State.RUNNING, lease_until__lt=at)
    between_steps = Q(state=State.RUNNING, lease_token=None)
    claimed = Job.objects.filter(free | between_steps, pk=job_id, steps_done=step).update(
        state=State.RUNNING,
        lease_token=uuid.uuid4(),
        lease_until=at + LEASE,
        started_at=at,
        attempts=F("attempts") + 1,
        error="",
    )
    return Job.objects.get(pk=job_id) if claimed else None


def renew(*, job: Job, at: datetime) -> bool:
    """Keep the lease; False when it was lost to another worker."""
    return bool(_held(job).update(lease_until=at + LEASE))


def report(*, job: Job, done: int, total: int, message: str, at: datetime) -> bool:
    """Publish progress and keep the lease; False when somebody asked the job to stop."""
    _held(job).update(done=done, total=total, message=message[:300], lease_until=at + LEASE)
    return not Job.objects.filter(pk=job.pk, stop_asked=True).exists()


def complete_step(*, job: Job, is_last: bool, at: datetime, address: str = "") -> None:
    """Mark the step done; the last one ends the job and says where its result is."""
    ending: dict[str, Any] = {"state": State.DONE, "finished_at": at} if is_last else {"attempts": 0}
    if address:
        ending["result_address"] = address
    _held(job).update(steps_done=F("steps_done") + 1, lease_token=None, lease_until=at + LEASE, **ending)


def fail(*, job: Job, error: str, is_final: bool, at: datetime) -> None:
    """Record what went wrong; try again later unless it is final or was tried often enough."""
    if is_final or job.attempts >= MAX_ATTEMPTS:
        _held(job).update(state=State.FAILED, error=error[:500], finished_at=at, lease_token=None)
        return
    wait = BACKOFF * 2**job.attempts
    _held(job).update(state=State.QUEUED, error=error[:500], due_at=at + wait, lease_token=None, lease_until=None)


def postpone(*, job: Job, error: str, at: datetime) -> None:
    """Try again when what is away may be back: at first every few seconds, never less often than every five minutes.

    It counts as no attempt: however long the outage, the work is done after it.
    """
    wait = min(max((at - job.created_at) / 4, BACKOFF), LONGEST_WAIT)
    again: dict[str, Any] = {"state": State.QUEUED, "attempts": 0, "due_at": at + wait}
    _held(job).update(error=error[:500], lease_token=None, lease_until=None, **again)


class NotFailed(Exception):
    """Only work that has failed can be tried again."""


@transaction.atomic
def try_again(*, job: Job, at: datetime) -> Job:
    """Queue failed work afresh; finished steps stay finished."""
    if Job.objects.open().filter(kind=job.kind, key=job.key).exists():
        raise NotFailed("The same work is already waiting or running.")
    changes: dict[str, Any] = {"state": State.QUEUED, "due_at": at, "attempts": 0, "error": "", "finished_at": None}
    if not Job.objects.filter(pk=job.pk, state=State.FAILED).update(**changes, lease_token=None, lease_until=None):
        raise NotFailed("This work has not failed.")
    job.refresh_from_db()
    return job


@transaction.atomic
def ask_to_stop(*, by: Any, job: Job) -> None:
    """Ask a running job to stop with the best it has."""
    Job.objects.filter(pk=job.pk, state__in=State.open_states()).update(stop_asked=True)


def _held(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, lease_token=job.lease_token, state=State.RUNNING)
