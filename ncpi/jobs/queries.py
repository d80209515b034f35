"""How the background work stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from ncpi.jobs.models import Job, Mail, State


@dataclass(frozen=True)
class Queue:
    """The whole queue in numbers; it names nobody's work."""

    waiting: int
    running: int
    failed: int
    oldest_age: timedelta | None
    mail_waiting: int


def queue(*, at: datetime) -> Queue:
    """Count what waits, runs and failed, and say how long the oldest has waited."""
    counts = Job.objects.aggregate(
        waiting=Count("pk", filter=Q(state=State.QUEUED)),
        running=Count("pk", filter=Q(state__in=[State.SENT, State.RUNNING])),
        failed=Count("pk", filter=Q(state=State.FAILED)),
        oldest=Min("due_at", filter=Q(state=State.QUEUED, due_at__lte=at)),
    )
    return Queue(
        waiting=counts["waiting"],
        running=counts["running"],
        failed=counts["failed"],
        oldest_age=at - counts["oldest"] if counts["oldest"] else None,
        mail_waiting=Mail.objects.filter(sent_at=None).count(),
    )


def jobs_of(force_ids: QuerySet[Any]) -> QuerySet[Job]:
    """Return the jobs of some forces, newest first."""
    return Job.objects.filter(force_id__in=force_ids).select_related("by", "force").order_by("-created_at", "-pk")


def last_done(force_ids: QuerySet[Any], *, kind: str) -> Job | None:
    """Return the last job of a kind that ended well."""
    return jobs_of(force_ids).filter(kind=kind, state=State.DONE).order_by("-finished_at", "-pk").first()
