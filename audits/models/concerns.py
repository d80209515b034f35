"""This child may not be safe now: its own clock, apart from any grade."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from audits.models.audits import Audit
from cases.models import Case
from ncpi.accounts.access import forces_granting
from ncpi.inspections.models import Inspection
from ncpi.lib.versions import VersionedModel

USER = settings.AUTH_USER_MODEL


class ConcernState(models.TextChoices):
    RAISED = "raised", "Raised"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    RESOLVED = "resolved", "Acted on, waiting to be closed"
    CLOSED = "closed", "Closed"

    @classmethod
    def open_states(cls):
        return [cls.RAISED, cls.ACKNOWLEDGED, cls.RESOLVED]


class ConcernQuerySet(models.QuerySet):
    def visible_to(self, user, permission):
        return self.filter(inspection__force_id__in=forces_granting(user, permission))

    def open(self):
        return self.filter(state__in=ConcernState.open_states())

    def overdue(self, at):
        return self.open().filter(due_at__lt=at)


@pghistory.track()
class Concern(VersionedModel):
    """This child may not be safe now: its own clock, apart from any grade."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="concerns")
    audit = models.ForeignKey(Audit, null=True, on_delete=models.PROTECT, related_name="concerns")
    state = models.CharField(max_length=20, choices=ConcernState, default=ConcernState.RAISED)
    text = models.TextField()
    raised_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    acknowledged_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    done = models.TextField(blank=True)
    resolved_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = ConcernQuerySet.as_manager()

    class Privacy:
        fields = {
            "inspection": "open",
            "case": "child",
            "audit": "open",
            "state": "open",
            "text": "child",
            "raised_by": "open",
            "raised_at": "open",
            "due_at": "open",
            "acknowledged_by": "open",
            "acknowledged_at": "open",
            "done": "child",
            "resolved_by": "open",
            "resolved_at": "open",
            "closed_by": "open",
            "closed_at": "open",
            "version": "open",
        }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ConcernState.values), name="concern_state_is_known"),
            models.CheckConstraint(
                condition=Q(closed_by=None) | ~Q(closed_by=models.F("resolved_by")),
                name="concern_closed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_by__isnull=False, closed_at__isnull=False),
                name="concern_closed_by_somebody",
            ),
        ]

    def __str__(self):
        return f"Concern {self.pk}"
