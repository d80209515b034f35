"""The audit tool: a force's questions in one version."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from ncpi.inspections.models import Area, CaseType, Force, Programme, QuestionKind
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


@pghistory.track()
class OwnQuestion(VersionedModel):
    """One question that a force adds to a programme's. It is in the tool from its next version on, until withdrawn.

    It is never reworded: answers to two wordings would be counted as answers to one question. With an area its answers
    are among that area's figures by question; which cases speak for an area stays with the programme's questions.
    """

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    case_type = models.ForeignKey(CaseType, null=True, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    section = models.CharField(max_length=100)
    ask = models.TextField()
    kind = models.CharField(max_length=20, choices=QuestionKind)
    is_required = models.BooleanField()
    follow_up = models.TextField(blank=True)
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Privacy:
        fields = {
            "force": "open",
            "programme": "open",
            "number": "open",
            "case_type": "open",
            "area": "open",
            "section": "open",
            "ask": "open",
            "kind": "open",
            "is_required": "open",
            "follow_up": "open",
            "added_by": "open",
            "added_at": "open",
            "withdrawn_by": "open",
            "withdrawn_at": "open",
            "version": "open",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["force", "programme", "number"], name="own_question_number_once_a_force"),
            models.CheckConstraint(condition=Q(kind__in=QuestionKind.values), name="own_question_kind_is_known"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="own_question_withdrawn_by_somebody",
            ),
        ]

    def __str__(self):
        return f"Own question {self.number}"

    @property
    def key(self):
        return f"OWN-{self.number}"
