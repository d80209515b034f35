"""Grades and how two of them became one. Nothing here ever changes; a correction is a new row."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from audits.models.audits import Audit, Capacity
from audits.models.tools import FINAL, ToolQuestion
from cases.models import Case
from ncpi.inspections.models import Grade, Inspection

USER = settings.AUTH_USER_MODEL


class GradingQuerySet(models.QuerySet):
    def standing(self):
        """Gradings that no later one corrects."""
        return self.filter(corrected_by=None)


@pgtrigger.register(FINAL)
class Grading(models.Model):
    """One grade of one case by one person in one capacity. Never changed; a correction is a new row."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="gradings")
    audit = models.OneToOneField(Audit, null=True, on_delete=models.PROTECT, related_name="grading")
    capacity = models.CharField(max_length=20, choices=Capacity)
    grade = models.ForeignKey(Grade, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")

    objects = GradingQuerySet.as_manager()

    class Privacy:
        fields = {
            "inspection": "open",
            "case": "child",
            "audit": "open",
            "capacity": "open",
            "grade": "child",
            "reason": "child",
            "by": "open",
            "at": "open",
            "corrects": "open",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "capacity"], condition=Q(corrects=None), name="grading_one_a_capacity"
            ),
            models.CheckConstraint(condition=Q(capacity__in=Capacity.values), name="grading_capacity_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="grading_has_a_reason"),
        ]
        indexes = [models.Index(fields=["inspection", "capacity"], name="grading_by_inspection")]

    def __str__(self):
        return f"Grading {self.pk}"


class Rule(models.TextChoices):
    SINGLE = "single", "One grading only"
    EQUAL = "equal", "Both gradings are equal"
    SAME_SIDE = "same_side", "One step apart on the same side of good"
    MODERATED = "moderated", "Decided by a moderator"


@pgtrigger.register(FINAL)
class Moderation(models.Model):
    """How two gradings became one: by rule, or by a moderator with a reason."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="moderations")
    first = models.ForeignKey(Grading, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Grading, null=True, on_delete=models.PROTECT, related_name="+")
    agreed = models.OneToOneField(Grading, on_delete=models.PROTECT, related_name="moderation")
    rule = models.CharField(max_length=20, choices=Rule)
    reason = models.TextField(blank=True)
    criterion_key = models.CharField(max_length=60, blank=True)
    question = models.ForeignKey(ToolQuestion, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Privacy:
        fields = {
            "inspection": "open",
            "case": "child",
            "first": "open",
            "second": "open",
            "agreed": "open",
            "rule": "open",
            "reason": "child",
            "criterion_key": "open",
            "question": "open",
            "by": "open",
            "at": "open",
        }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rule__in=Rule.values), name="moderation_rule_is_known"),
            models.CheckConstraint(
                condition=~Q(rule="moderated") | (~Q(reason="") & ~Q(criterion_key="")),
                name="moderation_has_reason_and_criterion",
            ),
        ]

    def __str__(self):
        return f"Moderation {self.pk}"
