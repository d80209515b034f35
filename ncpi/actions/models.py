"""What was asked of the force, what it undertook, what shows it, and whether it worked."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from ncpi.accounts.access import forces_granting
from ncpi.inspections.models import Area, Basis, Criterion, Force, Inspection
from ncpi.lib.versions import VersionedModel

USER = settings.AUTH_USER_MODEL


@pghistory.track()
class Report(VersionedModel):
    """The document in which something was asked. `force` is whose tracker it is in, `about` whom it was written of."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="reports")
    title = models.CharField(max_length=250)
    publisher = models.CharField(max_length=150, default="HMICFRS")
    about = models.CharField(max_length=150, blank=True)
    published_date = models.DateField(null=True, blank=True)
    source_address = models.URLField(max_length=500, blank=True)

    def __str__(self):
        return f"Report {self.pk}"


class RecommendationKind(models.TextChoices):
    RECOMMENDATION = "recommendation", "Recommendation"
    CAUSE_OF_CONCERN = "cause_of_concern", "Cause of concern"
    ACCELERATED_CAUSE_OF_CONCERN = "accelerated_cause_of_concern", "Accelerated cause of concern"
    AREA_FOR_IMPROVEMENT = "area_for_improvement", "Area for improvement"
    IMPROVEMENT_AREA = "improvement_area", "Improvement area (as reported)"


class RecommendationStatus(models.TextChoices):
    """The inspectorate's own register words."""

    AWAITING_REVIEW = "awaiting_review", "Awaiting review"
    WILL_BE_PROGRESSED = "will_be_progressed", "Will be progressed"
    BEING_PROGRESSED = "being_progressed", "Being progressed"
    COMPLETE = "complete", "Complete"
    SUPERSEDED = "superseded", "Superseded by a later inspection"

    @classmethod
    def open_states(cls):
        return [cls.AWAITING_REVIEW, cls.WILL_BE_PROGRESSED, cls.BEING_PROGRESSED]


class RecommendationQuerySet(models.QuerySet):
    def visible_to(self, user, permission):
        return self.filter(force_id__in=forces_granting(user, permission))

    def open(self):
        return self.filter(status__in=RecommendationStatus.open_states())

    def overdue(self, on):
        return self.open().filter(due_date__lt=on)


@pghistory.track()
class Recommendation(VersionedModel):
    """One numbered thing that a report asks for, with its deadline kind and date."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="recommendations")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="recommendations")
    inspection = models.ForeignKey(Inspection, null=True, on_delete=models.PROTECT, related_name="recommendations")
    number = models.CharField(max_length=40)
    text = models.TextField()
    kind = models.CharField(max_length=30, choices=RecommendationKind, default=RecommendationKind.RECOMMENDATION)
    theme = models.CharField(max_length=60, blank=True)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    deadline_kind = models.CharField(max_length=40, blank=True)
    deadline_basis = models.CharField(max_length=20, blank=True)
    due_date = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=10, choices=Basis, blank=True)
    source_address = models.URLField(max_length=500, blank=True)
    owner = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=RecommendationStatus, default=RecommendationStatus.AWAITING_REVIEW)
    repeats = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="repeated_by")

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="recommendation_number_once_a_report"),
            models.CheckConstraint(
                condition=Q(kind__in=RecommendationKind.values), name="recommendation_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=RecommendationStatus.values), name="recommendation_status_is_known"
            ),
        ]

    def __str__(self):
        return f"Recommendation {self.number}"

    @property
    def is_open(self):
        return self.status in RecommendationStatus.open_states()

    def is_overdue(self, on):
        return self.is_open and self.due_date is not None and self.due_date < on


class StatusEntry(models.Model):
    """One dated step in a recommendation's trail."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="trail")
    status = models.CharField(max_length=20, choices=RecommendationStatus)
    on_date = models.DateField()
    comment = models.TextField(blank=True)
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=RecommendationStatus.values), name="status_entry_status_is_known"
            )
        ]

    def __str__(self):
        return f"Status entry {self.pk}"


class ActionStatus(models.TextChoices):
    OPEN = "open", "Not started"
    IN_PROGRESS = "in_progress", "In progress"
    PROVING = "proving", "Done, effect being tested"
    CLOSED = "closed", "Closed"
    NOT_ADOPTED = "not_adopted", "Not adopted"

    @classmethod
    def open_states(cls):
        return [cls.OPEN, cls.IN_PROGRESS, cls.PROVING]


class ActionQuerySet(models.QuerySet):
    def visible_to(self, user, permission):
        return self.filter(inspection__force_id__in=forces_granting(user, permission))

    def open(self):
        return self.filter(status__in=ActionStatus.open_states())

    def overdue(self, on):
        return self.open().filter(due_date__lt=on)


@pghistory.track()
class Action(VersionedModel):
    """What the force undertook. A recommendation or a criterion may be behind it."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="actions")
    recommendation = models.ForeignKey(
        Recommendation, null=True, blank=True, on_delete=models.PROTECT, related_name="actions"
    )
    criterion = models.ForeignKey(Criterion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    detail = models.TextField(blank=True)
    next_step = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="actions")
    raised_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    raised_date = models.DateField()
    due_date = models.DateField()
    status = models.CharField(max_length=20, choices=ActionStatus, default=ActionStatus.OPEN)
    closed_date = models.DateField(null=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ActionStatus.values), name="action_status_is_known"),
            models.CheckConstraint(
                condition=Q(status="closed", closed_date__isnull=False)
                | (~Q(status="closed") & Q(closed_date__isnull=True)),
                name="action_closed_has_a_date",
            ),
        ]

    def __str__(self):
        return f"Action {self.pk}"

    @property
    def is_open(self):
        return self.status in ActionStatus.open_states()

    def is_overdue(self, on):
        return self.is_open and self.due_date < on


class ActionUpdate(models.Model):
    """What an owner reported, and when."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="updates")
    text = models.TextField()
    status = models.CharField(max_length=20, choices=ActionStatus)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self):
        return f"Action update {self.pk}"


class DateChange(models.Model):
    """A due date that moved, and why."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="date_changes")
    old_date = models.DateField()
    new_date = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self):
        return f"Date change {self.pk}"


class Proof(models.Model):
    """What shows that the action was done: words, a link, or a document."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="proofs")
    text = models.TextField()
    link = models.URLField(max_length=500, blank=True)
    stored_name = models.CharField(max_length=100, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self):
        return f"Proof {self.pk}"


class Closure(models.Model):
    """A second person's decision whether the action worked."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="closures")
    worked = models.BooleanField()
    test_of_effect = models.TextField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self):
        return f"Closure {self.pk}"
