"""What inspectors brought beside their gradings of the force's sample: lists of gradings, and cases of their own."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from audits.models.gradings import GradingQuerySet
from audits.models.tools import FINAL
from ncpi.inspections.models import CaseType, Grade, Inspection

USER = settings.AUTH_USER_MODEL


@pgtrigger.register(FINAL)
class GradeList(models.Model):
    """A list of inspectors' gradings that was imported whole; the same file comes in once."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    drawn = models.PositiveSmallIntegerField()
    further = models.PositiveSmallIntegerField()
    imported_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()

    class Privacy:
        fields = {
            "inspection": "open",
            "number": "open",
            "file_name": "open",
            "sha256": "open",
            "drawn": "open",
            "further": "open",
            "imported_by": "open",
            "imported_at": "open",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "number"], name="grade_list_number_once_an_inspection"),
            models.UniqueConstraint(fields=["inspection", "sha256"], name="grade_list_same_file_once"),
        ]

    def __str__(self):
        return f"Grade list {self.number}"


@pgtrigger.register(FINAL)
class FurtherGrading(models.Model):
    """An inspectors' grade of a case that the force did not draw. Never changed; a correction is a new row."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=60)
    case_type = models.ForeignKey(CaseType, on_delete=models.PROTECT, related_name="+")
    grade = models.ForeignKey(Grade, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")

    objects = GradingQuerySet.as_manager()

    class Privacy:
        fields = {
            "inspection": "open",
            "reference": "child",
            "case_type": "child",
            "grade": "child",
            "reason": "child",
            "by": "open",
            "at": "open",
            "corrects": "open",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "inspection", Upper("reference"), condition=Q(corrects=None), name="further_grading_one_a_case"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="further_grading_has_a_reason"),
        ]

    def __str__(self):
        return f"Further grading {self.pk}"
