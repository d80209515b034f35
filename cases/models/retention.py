"""How long the cases of an inspection are kept, and how they come to be erased.

Management of Police Information: what is held is reviewed, every decision to keep it on is recorded, and nothing is
destroyed without a decision. Data Protection Act 2018 section 39: no longer than is necessary.
"""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ncpi.accounts.access import forces_granting
from ncpi.inspections.models import Inspection
from ncpi.lib.versions import VersionedModel

USER = settings.AUTH_USER_MODEL


class RetentionState(models.TextChoices):
    KEPT = "kept", "Kept"
    PROPOSED = "proposed", "To be erased, waiting for a second person"
    ERASED = "erased", "Erased"


class RetentionQuerySet(models.QuerySet):
    def visible_to(self, user, permission):
        return self.filter(inspection__force_id__in=forces_granting(user, permission))


@pghistory.track()
class Retention(VersionedModel):
    """One inspection's cases: when to look at them again, what stops their erasure, who proposed and decided it."""

    inspection = models.OneToOneField(Inspection, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=RetentionState, default=RetentionState.KEPT)
    review_date = models.DateField()
    kept_reason = models.CharField(max_length=500, blank=True)
    held_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    held_at = models.DateTimeField(null=True)
    held_reason = models.CharField(max_length=500, blank=True)
    proposed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    proposed_reason = models.CharField(max_length=500, blank=True)
    erased_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    erased_at = models.DateTimeField(null=True)

    objects = RetentionQuerySet.as_manager()

    class Privacy:
        fields = {
            "inspection": "open",
            "state": "open",
            "review_date": "open",
            "kept_reason": "open",
            "held_by": "open",
            "held_at": "open",
            "held_reason": "open",
            "proposed_by": "open",
            "proposed_at": "open",
            "proposed_reason": "open",
            "erased_by": "open",
            "erased_at": "open",
            "version": "open",
        }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RetentionState.values), name="retention_state_is_known"),
            models.CheckConstraint(
                condition=Q(erased_by=None) | ~Q(erased_by=F("proposed_by")),
                name="retention_erased_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="erased") | Q(erased_by__isnull=False, erased_at__isnull=False, held_at=None),
                name="retention_erased_by_somebody_and_not_held",
            ),
            models.CheckConstraint(
                condition=~Q(state="proposed") | Q(proposed_by__isnull=False, held_at=None),
                name="retention_proposed_by_somebody_and_not_held",
            ),
            models.CheckConstraint(
                condition=Q(held_at=None, held_by=None, held_reason="")
                | (Q(held_at__isnull=False, held_by__isnull=False) & ~Q(held_reason="")),
                name="retention_held_has_a_reason",
            ),
        ]

    def __str__(self):
        return f"Retention {self.pk}"

    @property
    def is_held(self):
        return self.held_at is not None

    @property
    def is_erased(self):
        return self.state == RetentionState.ERASED
