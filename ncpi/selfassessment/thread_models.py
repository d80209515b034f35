"""What people say to each other about a criterion, who is there, and which gap became which action."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from ncpi.accounts.access import forces_granting
from ncpi.actions.models import Action
from ncpi.lib.versions import VersionedModel
from ncpi.selfassessment.models import Judgement

USER = settings.AUTH_USER_MODEL


class ThreadKind(models.TextChoices):
    QUESTION = "question", "Question"
    COMMENT = "comment", "Comment"


class ThreadQuerySet(models.QuerySet):
    def visible_to(self, user, permission):
        return self.filter(judgement__inspection__force_id__in=forces_granting(user, permission))

    def open(self):
        return self.filter(resolved_at=None)

    def open_questions(self):
        """The threads that keep a judgement from being agreed."""
        return self.open().filter(kind=ThreadKind.QUESTION)


@pghistory.track()
class Thread(VersionedModel):
    """One question or comment on a criterion and what was answered; resolved by a person, or open."""

    judgement = models.ForeignKey(Judgement, on_delete=models.PROTECT, related_name="threads")
    kind = models.CharField(max_length=10, choices=ThreadKind)
    opened_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    resolved_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ThreadKind.values), name="thread_kind_is_known"),
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="thread_resolved_by_somebody",
            ),
        ]

    def __str__(self):
        return f"Thread {self.pk}"

    @property
    def is_open(self):
        return self.resolved_at is None

    @property
    def is_question(self):
        return self.kind == ThreadKind.QUESTION


@pgtrigger.register(pgtrigger.Protect(name="kept_as_said", operation=pgtrigger.Update | pgtrigger.Delete))
class Remark(models.Model):
    """One thing said in a thread; the first one opened it."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="remarks")
    text = models.TextField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self):
        return f"Remark {self.pk}"


class Mention(models.Model):
    """Somebody of the same force to whom a remark was said."""

    remark = models.ForeignKey(Remark, on_delete=models.PROTECT, related_name="mentions")
    person = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["remark", "person"], name="mention_once_a_remark")]

    def __str__(self):
        return f"Mention {self.pk}"


class GapAction(models.Model):
    """The action that a gap in a criterion's support was turned into. `rule` is a rule of `evidence_gaps`."""

    judgement = models.ForeignKey(Judgement, on_delete=models.PROTECT, related_name="gap_actions")
    rule = models.CharField(max_length=30)
    action = models.OneToOneField(Action, on_delete=models.PROTECT, related_name="gap")

    class Meta:
        indexes = [models.Index(fields=["judgement", "rule"], name="gap_action_of_gap")]

    def __str__(self):
        return f"Gap action {self.pk}"


class Presence(models.Model):
    """When somebody last had a criterion's page open."""

    judgement = models.ForeignKey(Judgement, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["judgement", "user"], name="presence_one_a_person")]

    def __str__(self):
        return f"Presence {self.pk}"
