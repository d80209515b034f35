"""One auditor's reading of one case, its answers, and what it showed needs doing."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from audits.models.tools import Tool, ToolQuestion
from cases.models import Case
from ncpi.accounts.access import forces_granting
from ncpi.accounts.permissions import Permission
from ncpi.inspections.models import Area, Grade, Inspection
from ncpi.lib.versions import VersionedModel

USER = settings.AUTH_USER_MODEL


class Capacity(models.TextChoices):
    FIRST = "first", "First auditor"
    SECOND = "second", "Second auditor"
    AGREED = "agreed", "Agreed"
    INSPECTOR = "inspector", "Inspector"

    @classmethod
    def of_auditors(cls):
        return [cls.FIRST, cls.SECOND]


class AuditState(models.TextChoices):
    ALLOCATED = "allocated", "To do"
    STARTED = "started", "Started"
    SUBMITTED = "submitted", "Submitted"

    @classmethod
    def open_states(cls):
        return [cls.ALLOCATED, cls.STARTED]


class AuditQuerySet(models.QuerySet):
    def of(self, user):
        """The person's own audits, in forces where they still audit."""
        held = forces_granting(user, Permission.AUDIT_DO)
        return self.filter(auditor=user, ended_at=None, inspection__force_id__in=held)

    def current(self):
        """Audits that count: not taken back, of cases that were not replaced."""
        return self.filter(ended_at=None, case__replaced_at=None)

    def to_do(self):
        return self.current().filter(state__in=AuditState.open_states())


@pghistory.track()
class Audit(VersionedModel):
    """One auditor's reading of one case. `inspection` repeats the case's, so that a force's rows are found alone."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="audits")
    tool = models.ForeignKey(Tool, on_delete=models.PROTECT, related_name="audits")
    auditor = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=20, choices=Capacity)
    state = models.CharField(max_length=20, choices=AuditState, default=AuditState.ALLOCATED)
    due_date = models.DateField(null=True)
    strengths = models.TextField(blank=True)
    learning = models.TextField(blank=True)
    grade = models.ForeignKey(Grade, null=True, on_delete=models.PROTECT, related_name="+")
    grade_reason = models.TextField(blank=True)
    allocated_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    allocated_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True)
    is_pinned = models.BooleanField(default=False)
    has_conflict = models.BooleanField(default=False)

    objects = AuditQuerySet.as_manager()

    class Privacy:
        fields = {
            "inspection": "open",
            "case": "child",
            "tool": "open",
            "auditor": "open",
            "capacity": "open",
            "state": "open",
            "due_date": "open",
            "strengths": "child",
            "learning": "child",
            "grade": "child",
            "grade_reason": "child",
            "allocated_by": "open",
            "allocated_at": "open",
            "started_at": "open",
            "submitted_at": "open",
            "ended_at": "open",
            "ended_reason": "child",
            "is_pinned": "open",
            "has_conflict": "open",
            "version": "open",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "capacity"], condition=Q(ended_at=None), name="audit_one_a_capacity"
            ),
            models.UniqueConstraint(fields=["case", "auditor"], name="audit_never_the_same_person_twice"),
            models.CheckConstraint(condition=Q(capacity__in=["first", "second"]), name="audit_capacity_is_an_auditors"),
            models.CheckConstraint(condition=Q(state__in=AuditState.values), name="audit_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state="submitted")
                | (Q(grade__isnull=False, submitted_at__isnull=False) & ~Q(grade_reason="")),
                name="audit_submitted_is_graded_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(has_conflict=False) | (Q(ended_at__isnull=False) & ~Q(ended_reason="")),
                name="audit_with_a_conflict_has_ended",
            ),
        ]
        indexes = [models.Index(fields=["inspection", "state"], name="audit_by_inspection")]

    def __str__(self):
        return f"Audit {self.pk}"


class AnswerValue(models.TextChoices):
    YES = "yes", "Yes"
    PARTLY = "partly", "Partly"
    NO = "no", "No"
    NOT_APPLICABLE = "not_applicable", "Not applicable"
    CANNOT_TELL = "cannot_tell", "Cannot tell from the record"


@pghistory.track()
class Answer(VersionedModel):
    """One answered question of one audit."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(ToolQuestion, on_delete=models.PROTECT, related_name="answers")
    value = models.CharField(max_length=20, choices=AnswerValue, blank=True)
    text = models.TextField(blank=True)
    answered_at = models.DateTimeField()

    class Privacy:
        fields = {
            "inspection": "open",
            "audit": "open",
            "question": "open",
            "value": "child",
            "text": "child",
            "answered_at": "open",
            "version": "open",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "question"], name="answer_once_a_question"),
            models.CheckConstraint(condition=Q(value__in=["", *AnswerValue.values]), name="answer_value_is_known"),
        ]
        indexes = [
            models.Index(fields=["inspection", "question", "value"], include=["audit"], name="answer_for_figures")
        ]

    def __str__(self):
        return f"Answer {self.pk}"


class FindingQuerySet(models.QuerySet):
    def visible_to(self, user, permission):
        return self.filter(inspection__force_id__in=forces_granting(user, permission))


@pghistory.track()
class Finding(VersionedModel):
    """What an audit showed needs doing. `action_id` points at an action whose title was written afresh."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="findings")
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    action_id = models.BigIntegerField(null=True)

    objects = FindingQuerySet.as_manager()

    class Privacy:
        fields = {
            "inspection": "open",
            "audit": "open",
            "area": "open",
            "text": "child",
            "by": "open",
            "at": "open",
            "action_id": "open",
            "version": "open",
        }

    def __str__(self):
        return f"Finding {self.pk}"
