"""The same few cases graded by every auditor, to see how far apart they read them."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from audits.models.tools import FINAL
from cases.models import Candidate
from ncpi.inspections.models import Grade, Inspection
from ncpi.lib.versions import VersionedModel

USER = settings.AUTH_USER_MODEL


@pghistory.track()
class Calibration(VersionedModel):
    """One exercise. While it is open each auditor sees their own grades only; once closed, the spread."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    opened_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Privacy:
        fields = {
            "inspection": "open",
            "number": "open",
            "opened_by": "open",
            "opened_at": "open",
            "closed_by": "open",
            "closed_at": "open",
            "version": "open",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "number"], name="calibration_number_once_an_inspection"),
            models.UniqueConstraint(
                fields=["inspection"], condition=Q(closed_at=None), name="calibration_one_open_an_inspection"
            ),
        ]

    def __str__(self):
        return f"Calibration {self.number}"


@pgtrigger.register(FINAL)
class CalibrationCase(models.Model):
    """One case of an exercise: of the frame, and outside the sample, so that no audit is touched."""

    calibration = models.ForeignKey(Calibration, on_delete=models.PROTECT, related_name="cases")
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()

    class Privacy:
        fields = {"calibration": "open", "inspection": "open", "candidate": "child", "order": "open"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calibration", "order"], name="calibration_case_once_a_place"),
            models.UniqueConstraint(fields=["calibration", "candidate"], name="calibration_case_once_an_exercise"),
        ]

    def __str__(self):
        return f"Calibration case {self.pk}"


@pgtrigger.register(FINAL)
class CalibrationGrade(models.Model):
    """One auditor's grade of one case of an exercise. It is no grading and counts in no figure."""

    case = models.ForeignKey(CalibrationCase, on_delete=models.PROTECT, related_name="grades")
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    auditor = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    grade = models.ForeignKey(Grade, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField()

    class Privacy:
        fields = {
            "case": "child",
            "inspection": "open",
            "auditor": "open",
            "grade": "child",
            "reason": "child",
            "at": "open",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "auditor"], name="calibration_grade_once_an_auditor"),
            models.CheckConstraint(condition=~Q(reason=""), name="calibration_grade_has_a_reason"),
        ]

    def __str__(self):
        return f"Calibration grade {self.pk}"
