"""What the people who ran a case are told about it."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models import Case
from ncpi.inspections.models import Inspection
from ncpi.lib.versions import VersionedModel

USER = settings.AUTH_USER_MODEL


class FeedbackState(models.TextChoices):
    DRAFT = "draft", "Draft"
    RELEASED = "released", "Released, to be handed on"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"


class FeedbackTo(models.TextChoices):
    TEAM = "team", "The team that ran the case"
    OFFICER = "officer", "The officer in the case"
    SUPERVISOR = "supervisor", "The officer's supervisor"


@pghistory.track()
class Feedback(VersionedModel):
    """What was good about a case and what to learn from it, for whoever ran it. It names nobody, them included."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="feedback")
    state = models.CharField(max_length=20, choices=FeedbackState, default=FeedbackState.DRAFT)
    to = models.CharField(max_length=20, choices=FeedbackTo, default=FeedbackTo.TEAM)
    good = models.TextField(blank=True)
    learn = models.TextField(blank=True)
    written_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    released_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)
    reply = models.TextField(blank=True)
    acknowledged_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    is_by_link = models.BooleanField(default=False, db_default=False)

    class Privacy:
        fields = {
            "inspection": "open",
            "case": "child",
            "state": "open",
            "to": "open",
            "good": "child",
            "learn": "child",
            "written_by": "open",
            "written_at": "open",
            "released_by": "open",
            "released_at": "open",
            "reply": "child",
            "acknowledged_by": "open",
            "acknowledged_at": "open",
            "is_by_link": "open",
            "version": "open",
        }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=FeedbackState.values), name="feedback_state_is_known"),
            models.CheckConstraint(condition=Q(to__in=FeedbackTo.values), name="feedback_to_is_known"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(released_by__isnull=False, released_at__isnull=False),
                name="feedback_released_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="acknowledged")
                | Q(acknowledged_at__isnull=False)
                & (Q(acknowledged_by__isnull=False, is_by_link=False) | Q(acknowledged_by=None, is_by_link=True)),
                name="feedback_acknowledged_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(good="", learn=""), name="feedback_released_says_something"
            ),
        ]

    def __str__(self):
        return f"Feedback {self.pk}"


class FeedbackLink(models.Model):
    """The secret address under which whoever ran a case reads its feedback and says so; only its digest is stored."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    feedback = models.ForeignKey(Feedback, on_delete=models.PROTECT, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    sent_to = models.EmailField(blank=True)
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Privacy:
        fields = {
            "inspection": "open",
            "feedback": "open",
            "digest": "open",
            "sent_to": "open",
            "made_by": "open",
            "made_at": "open",
            "ends_at": "open",
            "opened_at": "open",
            "revoked_at": "open",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["feedback"], condition=Q(revoked_at=None), name="feedback_link_one_open_a_feedback"
            )
        ]

    def __str__(self):
        return f"Feedback link {self.pk}"
