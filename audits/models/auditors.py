"""What allocation needs to know of a person who audits."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from ncpi.inspections.models import Inspection
from ncpi.lib.versions import VersionedModel

USER = settings.AUTH_USER_MODEL


@pghistory.track()
class Auditor(VersionedModel):
    """One person as an auditor of one inspection. Without a row: no team, no specialism, an equal share.

    `specialisms` are keys of case types; `share` is a percentage of the work.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    team = models.CharField(max_length=100, blank=True)
    specialisms = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    share = models.PositiveSmallIntegerField(null=True)

    class Privacy:
        fields = {
            "inspection": "open",
            "user": "open",
            "team": "open",
            "specialisms": "open",
            "share": "open",
            "version": "open",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "user"], name="auditor_once_an_inspection"),
            models.CheckConstraint(condition=Q(share=None) | Q(share__lte=100), name="auditor_share_is_a_percentage"),
        ]

    def __str__(self):
        return f"Auditor {self.pk}"
