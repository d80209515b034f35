"""What the force handed to the inspectors: numbered, frozen, with exactly the evidence that it names."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from ncpi.inspections.models import Inspection
from ncpi.selfassessment.models import EvidenceFile, EvidenceLink, Signature

SUBMITTED = pgtrigger.Protect(name="submitted_is_final", operation=pgtrigger.Update | pgtrigger.Delete)


@pgtrigger.register(SUBMITTED)
class SubmittedReturn(models.Model):
    """A whole self-assessment as it was submitted. `changes` counts what differs from the return before it."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="submitted_returns")
    number = models.PositiveSmallIntegerField()
    state = models.TextField()
    digest = models.CharField(max_length=64)
    changes = models.PositiveIntegerField(null=True)
    signature = models.ForeignKey(Signature, on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inspection", "number"], name="submitted_return_number_once"),
            models.CheckConstraint(
                condition=Q(number=1, changes=None) | Q(number__gt=1, changes__gt=0),
                name="submitted_return_differs_from_the_one_before",
            ),
        ]

    def __str__(self) -> str:
        return f"Submitted return {self.pk}"


@pgtrigger.register(SUBMITTED)
class SubmittedEvidence(models.Model):
    """One piece of evidence that a return names for one criterion, and the very version of its file, if any."""

    submitted = models.ForeignKey(SubmittedReturn, on_delete=models.PROTECT, related_name="evidence")
    link = models.ForeignKey(EvidenceLink, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(EvidenceFile, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submitted", "link"], name="submitted_evidence_once_a_return")
        ]

    def __str__(self) -> str:
        return f"Submitted evidence {self.pk}"
