"""Durable background work. A job is a row written in the transaction that asked for it; the relay hands it over."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    QUEUED = "queued", "Waiting"
    SENT = "sent", "Handed over"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"

    @classmethod
    def open_states(cls):
        return [cls.QUEUED, cls.SENT, cls.RUNNING]


class JobQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state__in=State.open_states())

    def due(self, at):
        return self.filter(state=State.QUEUED, due_at__lte=at)

    def abandoned(self, at):
        """Handed over or running, and nobody has renewed the lease."""
        return self.filter(state__in=[State.SENT, State.RUNNING], lease_until__lt=at)


class Job(models.Model):
    """One piece of background work. `key` names the work: one open job a key."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    args = models.JSONField(default=dict)
    force = models.ForeignKey("ncpi.Force", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    steps_done = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    stop_asked = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    result_address = models.CharField(max_length=300, blank=True)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="job_state_is_known"),
            models.UniqueConstraint(
                fields=["kind", "key"], condition=Q(state__in=["queued", "sent", "running"]), name="job_one_open_a_key"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="queued"), name="job_due"),
            models.Index(fields=["lease_until"], condition=Q(state__in=["sent", "running"]), name="job_leases"),
        ]

    def __str__(self):
        return f"Job {self.pk} ({self.kind})"

    @property
    def is_open(self):
        return self.state in State.open_states()

    @property
    def percent(self):
        return round(100 * self.done / self.total) if self.total else 0


class Mail(models.Model):
    """One message to one person, sent once."""

    key = models.CharField(max_length=200, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    attachment_name = models.CharField(max_length=100, blank=True)
    attachment_type = models.CharField(max_length=100, blank=True)
    attachment = models.BinaryField(default=bytes)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"Mail {self.pk}"
