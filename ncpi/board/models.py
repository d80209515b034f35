"""What the Board is told: published figures, the frozen readiness summary, and what the Board answered."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from ncpi.accounts.access import forces_granting
from ncpi.inspections.models import Inspection
from ncpi.jobs.models import Job
from ncpi.lib.versions import VersionedModel

USER = settings.AUTH_USER_MODEL


class FigureQuerySet(models.QuerySet):
    def visible_to(self, user, permission):
        return self.filter(inspection__force_id__in=forces_granting(user, permission))

    def latest(self):
        """The newest figure of each measure, area and breakdown of an inspection."""
        names = ["inspection_id", "measure", "area", "breakdown"]
        return self.order_by(*names, "-as_at", "-pk").distinct(*names)


@pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))
class Figure(models.Model):
    """One published number: measure, breakdown, numerator, denominator, as at, source. Append-only.

    `area` is the key of the programme's area, or empty for the whole force. `breakdown` names what is counted
    ("good", "missing"), or is empty. A figure without numbers (`is_suppressed`) was too small to publish.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="figures")
    measure = models.CharField(max_length=60)
    area = models.CharField(max_length=60, blank=True)
    breakdown = models.CharField(max_length=120, blank=True)
    numerator = models.IntegerField(null=True)
    denominator = models.IntegerField(null=True)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    is_suppressed = models.BooleanField(default=False)
    is_withdrawn = models.BooleanField(default=False)
    as_at = models.DateTimeField()
    source = models.CharField(max_length=60)
    published_at = models.DateTimeField()

    objects = FigureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_suppressed=False) | Q(numerator=None, denominator=None, value=None, low=None, high=None),
                name="figure_suppressed_has_no_number",
            ),
            models.UniqueConstraint(
                fields=["inspection", "measure", "area", "breakdown", "as_at"], name="figure_once_a_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["inspection", "measure", "area", "breakdown", "-as_at", "-id"], name="figure_latest")
        ]

    def __str__(self):
        return f"Figure {self.pk}"


class Publication(models.Model):
    """What one source's figures were last counted from: while that stands there is nothing to count again.

    `changes` is the inspection's count of changes when the counting began, `terms` everything else that decides a
    figure, and `holds_until` the moment after which time alone changes one.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="publications")
    source = models.CharField(max_length=60)
    as_at = models.DateTimeField()
    changes = models.BigIntegerField()
    terms = models.CharField(max_length=64)
    holds_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "source"], name="publication_once_a_source"),
        ]

    def __str__(self):
        return f"Publication {self.pk}"


class SummaryState(models.TextChoices):
    DRAFT = "draft", "Draft"
    APPROVED = "approved", "Approved"
    RELEASED = "released", "Released"


class SummaryQuerySet(models.QuerySet):
    def visible_to(self, user, permission):
        return self.filter(inspection__force_id__in=forces_granting(user, permission))

    def released(self):
        return self.filter(state=SummaryState.RELEASED)

    def without_content(self):
        return self.defer("content")


@pghistory.track(exclude=["content"])
class Summary(VersionedModel):
    """The frozen readiness picture at a moment. `content` holds canonical JSON; `digest` is its SHA-256."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="summaries")
    number = models.PositiveIntegerField()
    as_at = models.DateTimeField()
    content = models.TextField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=20, choices=SummaryState, default=SummaryState.DRAFT)
    covering_note = models.TextField(blank=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.PROTECT, related_name="+")
    compiled_at = models.DateTimeField()
    approved_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    released_by_title = models.CharField(max_length=120, blank=True)
    released_at = models.DateTimeField(null=True)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "number"], name="summary_number_once_an_inspection"),
            models.UniqueConstraint(fields=["inspection", "digest"], name="summary_one_a_state"),
            models.CheckConstraint(condition=Q(state__in=SummaryState.values), name="summary_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="summary_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(released_by__isnull=False, released_at__isnull=False),
                name="summary_released_by_somebody",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="frozen", fields=["inspection", "number", "as_at", "content", "digest", "compiled_at"]
            ),
        ]

    def __str__(self):
        return f"Summary {self.pk}"


@pgtrigger.register(pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete))
class SummaryChart(models.Model):
    """One picture of a summary, drawn once when it was compiled."""

    summary = models.ForeignKey(Summary, on_delete=models.PROTECT, related_name="charts")
    name = models.SlugField()
    title = models.CharField(max_length=200)
    description = models.TextField()
    svg = models.TextField()
    png = models.BinaryField()
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["summary", "name"], name="summary_chart_once")]

    def __str__(self):
        return f"Chart {self.pk}"


@pghistory.track()
class Meeting(VersionedModel):
    """The Board meeting that a paper goes to, and what stands at its head."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="meetings")
    held_date = models.DateField()
    agenda_item = models.CharField(max_length=20)
    to = models.CharField(max_length=120)
    sender = models.CharField(max_length=120)
    title = models.CharField(max_length=250)
    marking = models.CharField(max_length=60, default="Official")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "held_date"], name="meeting_once_a_day"),
        ]

    def __str__(self):
        return f"Meeting {self.pk}"


class AskKind(models.TextChoices):
    NOTE = "note", "To note"
    DECIDE = "decide", "To decide"


@pghistory.track()
class Ask(VersionedModel):
    """What the Board is asked to note or decide."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="asks")
    kind = models.CharField(max_length=10, choices=AskKind)
    text = models.CharField(max_length=500)
    order = models.PositiveSmallIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=AskKind.values), name="ask_kind_is_known")]

    def __str__(self):
        return f"Ask {self.pk}"


class ResponseKind(models.TextChoices):
    NOTED = "noted", "Noted"
    ASKED = "asked", "Asked"
    DECIDED = "decided", "Decided"


class Response(models.Model):
    """What a board member answered to a released summary."""

    summary = models.ForeignKey(Summary, on_delete=models.PROTECT, related_name="responses")
    kind = models.CharField(max_length=10, choices=ResponseKind)
    text = models.TextField(blank=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=ResponseKind.values), name="response_kind_is_known")]

    def __str__(self):
        return f"Response {self.pk}"
