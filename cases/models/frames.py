"""The extract that somebody brought, and the list of candidate cases made from it."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from ncpi.accounts.access import forces_granting
from ncpi.inspections.models import CaseType, Inspection
from ncpi.lib.versions import VersionedModel

USER = settings.AUTH_USER_MODEL

# Asked once a statement, not once a row: an import brings 100,000 rows.
_CLOSED = """
IF EXISTS (
    SELECT 1 FROM changed_rows JOIN cases_frame ON cases_frame.id = changed_rows.frame_id
    WHERE cases_frame.frozen_at IS NOT NULL AND cases_frame.discarded_at IS NULL
) THEN
    RAISE EXCEPTION 'The frame is frozen: no row can come or go.' USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


def _closed_to(name, operation, referencing):
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=referencing,
        func=_CLOSED,
    )


class FrameQuerySet(models.QuerySet):
    def visible_to(self, user, permission):
        return self.filter(inspection__force_id__in=forces_granting(user, permission))


@pghistory.track()
class Frame(VersionedModel):
    """The list of candidate cases. Once frozen its digest is fixed and no row can come or go."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    imported_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()
    frozen_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    discarded_at = models.DateTimeField(null=True)

    objects = FrameQuerySet.as_manager()

    class Privacy:
        fields = {
            "inspection": "open",
            "number": "open",
            "file_name": "open",
            "file_sha256": "open",
            "rows": "open",
            "imported_by": "open",
            "imported_at": "open",
            "frozen_by": "open",
            "frozen_at": "open",
            "digest": "open",
            "discarded_at": "open",
            "version": "open",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "number"], name="frame_number_once_an_inspection"),
            models.CheckConstraint(
                condition=Q(frozen_at=None, digest="") | (Q(frozen_at__isnull=False) & ~Q(digest="")),
                name="frame_frozen_has_a_digest",
            ),
            models.UniqueConstraint(
                fields=["inspection"], condition=Q(discarded_at=None), name="frame_one_in_use_an_inspection"
            ),
        ]

    def __str__(self):
        return f"Frame {self.number}"

    @property
    def is_frozen(self):
        return self.frozen_at is not None


@pgtrigger.register(
    pgtrigger.Protect(name="kept_as_imported", operation=pgtrigger.Update),
    _closed_to("frozen_takes_no_row", pgtrigger.Insert, pgtrigger.Referencing(new="changed_rows")),
    _closed_to("frozen_loses_no_row", pgtrigger.Delete, pgtrigger.Referencing(old="changed_rows")),
)
class Candidate(models.Model):
    """One row of the frame."""

    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="candidates")
    reference = models.CharField(max_length=60)
    case_type = models.ForeignKey(CaseType, on_delete=models.PROTECT, related_name="+")
    district = models.CharField(max_length=100)
    team = models.CharField(max_length=100)
    reported_on = models.DateField()
    finalised_on = models.DateField(null=True)
    outcome = models.CharField(max_length=200, blank=True)
    ethnicity_recorded = models.BooleanField(null=True)
    disability_recorded = models.BooleanField(null=True)

    class Privacy:
        fields = {
            "frame": "open",
            "reference": "child",
            "case_type": "child",
            "district": "child",
            "team": "child",
            "reported_on": "child",
            "finalised_on": "child",
            "outcome": "child",
            "ethnicity_recorded": "child",
            "disability_recorded": "child",
        }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["frame", "reference"], name="candidate_reference_once_a_frame")]
        indexes = [
            models.Index(fields=["frame", "case_type", "reference"], name="candidate_by_type"),
            models.Index(fields=["frame", "district"], name="candidate_by_district"),
        ]

    def __str__(self):
        return f"Candidate {self.pk}"
