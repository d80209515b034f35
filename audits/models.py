"""Audits of drawn cases: the tool, the answers, the grades, the moderation, the concerns, the findings. Child-level."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models import Case
from ncpi.accounts.access import forces_granting
from ncpi.accounts.permissions import Permission
from ncpi.inspections.models import Area, CaseType, Force, Grade, Inspection, Programme, QuestionKind
from ncpi.lib.versions import VersionedModel

USER = settings.AUTH_USER_MODEL
FINAL = pgtrigger.Protect(name="kept_as_made", operation=pgtrigger.Update | pgtrigger.Delete)


@pgtrigger.register(FINAL)
class Tool(models.Model):
    """One version of a force's audit questions. A started audit keeps the version it started with."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Privacy:
        fields = {
            "force": "open",
            "programme": "open",
            "number": "open",
            "digest": "open",
            "made_by": "open",
            "made_at": "open",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["force", "programme", "number"], name="tool_number_once_a_force")
        ]

    def __str__(self):
        return f"Tool {self.number}"


@pgtrigger.register(FINAL)
class ToolQuestion(models.Model):
    """One question of one version of the tool."""

    tool = models.ForeignKey(Tool, on_delete=models.PROTECT, related_name="questions")
    key = models.CharField(max_length=60)
    case_type = models.ForeignKey(CaseType, null=True, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    section = models.CharField(max_length=100)
    ask = models.TextField()
    kind = models.CharField(max_length=20, choices=QuestionKind)
    is_required = models.BooleanField()
    follow_up = models.TextField(blank=True)
    escalates = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField()

    class Privacy:
        fields = {
            "tool": "open",
            "key": "open",
            "case_type": "open",
            "area": "open",
            "section": "open",
            "ask": "open",
            "kind": "open",
            "is_required": "open",
            "follow_up": "open",
            "escalates": "open",
            "order": "open",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tool", "key"], name="tool_question_key_once_a_tool"),
            models.CheckConstraint(condition=Q(kind__in=QuestionKind.values), name="tool_question_kind_is_known"),
        ]

    def __str__(self):
        return f"Tool question {self.key}"


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
