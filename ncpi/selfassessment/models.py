"""The force's own judgement of each criterion, what supports it, and the chief officer's name over it."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from ncpi.accounts.access import forces_granting
from ncpi.inspections.models import Area, Criterion, Grade, Inspection
from ncpi.lib.versions import VersionedModel

USER = settings.AUTH_USER_MODEL


class JudgementState(models.TextChoices):
    NOT_STARTED = "not_started", "Not started"
    DRAFTING = "drafting", "Being written"
    IN_REVIEW = "in_review", "In review"
    RETURNED = "returned", "Returned"
    AGREED = "agreed", "Agreed"

    @classmethod
    def editable_states(cls):
        return [cls.NOT_STARTED, cls.DRAFTING, cls.RETURNED, cls.AGREED]


class JudgementQuerySet(models.QuerySet):
    def visible_to(self, user, permission):
        """Judgements of the forces where the person holds the permission."""
        return self.filter(inspection__force_id__in=forces_granting(user, permission))

    def in_order(self):
        """In the order of the programme."""
        return self.order_by("criterion__area__order", "criterion__order", "pk")


@pghistory.track()
class Judgement(VersionedModel):
    """The force's own grade and text for one criterion."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="judgements")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    grade = models.ForeignKey(Grade, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    narrative = models.TextField(blank=True)
    impact = models.TextField(blank=True)
    gaps = models.TextField(blank=True)
    plan = models.TextField(blank=True)
    state = models.CharField(max_length=20, choices=JudgementState, default=JudgementState.NOT_STARTED)
    lead = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_date = models.DateField(null=True, blank=True)
    carried_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    saved_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(null=True)

    objects = JudgementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "criterion"], name="judgement_one_a_criterion"),
            models.CheckConstraint(condition=Q(state__in=JudgementState.values), name="judgement_state_is_known"),
            models.CheckConstraint(
                condition=Q(grade__isnull=False) | ~Q(state__in=["in_review", "agreed"]),
                name="judgement_is_graded_before_review",
            ),
        ]

    def __str__(self):
        return f"Judgement {self.pk}"

    @property
    def is_editable(self):
        return self.state in JudgementState.editable_states()

    @property
    def draft_form(self):
        """The name under which what somebody typed here, and did not save, is kept."""
        return f"judgement:{self.pk}"


class Step(models.TextChoices):
    SENT = "sent", "Sent for review"
    AGREED = "agreed", "Agreed"
    RETURNED = "returned", "Returned"
    REOPENED = "reopened", "Reopened"


class ReviewStep(models.Model):
    """One step of a judgement's review, with what was said."""

    judgement = models.ForeignKey(Judgement, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=20, choices=Step)
    text = models.TextField(blank=True)
    judgement_version = models.PositiveIntegerField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(step__in=Step.values), name="review_step_is_known")]

    def __str__(self):
        return f"Review step {self.pk}"


class EvidenceKind(models.TextChoices):
    POLICY = "policy", "Policy or procedure"
    DATA = "data", "Data"
    AUDIT = "audit", "Audit or dip sample"
    VOICE = "voice", "Voice of the child"
    PARTNER = "partner", "Partner's view"
    TRAINING = "training", "Training"
    OTHER = "other", "Other"


class Marking(models.TextChoices):
    OFFICIAL = "official", "OFFICIAL"
    OFFICIAL_SENSITIVE = "official_sensitive", "OFFICIAL-SENSITIVE"


# What the newest file of a piece of evidence is known by, and its columns.
NEWEST = {"newest_file": "pk", "newest_number": "number", "newest_name": "file_name", "newest_sha256": "sha256"}


class EvidenceQuerySet(models.QuerySet):
    def in_use(self):
        return self.filter(withdrawn_at=None)

    def with_newest_file(self):
        """Annotate id, number, name and SHA-256 of the newest file, or nothing for a link."""
        newest = EvidenceFile.objects.filter(evidence=OuterRef("pk")).order_by("-number")
        return self.annotate(**{name: Subquery(newest.values(column)[:1]) for name, column in NEWEST.items()})


@pghistory.track()
class Evidence(VersionedModel):
    """A document or link, with the period it speaks for (not the day it was uploaded)."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="evidence")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=EvidenceKind)
    period_from_date = models.DateField()
    period_to_date = models.DateField()
    review_date = models.DateField(null=True, blank=True)
    marking = models.CharField(max_length=20, choices=Marking, default=Marking.OFFICIAL)
    link = models.URLField(max_length=500, blank=True)
    owner = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EvidenceKind.values), name="evidence_kind_is_known"),
            models.CheckConstraint(condition=Q(marking__in=Marking.values), name="evidence_marking_is_known"),
            models.CheckConstraint(
                condition=Q(period_to_date__gte=F("period_from_date")), name="evidence_period_in_order"
            ),
        ]

    def __str__(self):
        return f"Evidence {self.pk}"

    @property
    def is_withdrawn(self):
        return self.withdrawn_at is not None


@pgtrigger.register(pgtrigger.Protect(name="kept_as_uploaded", operation=pgtrigger.Update | pgtrigger.Delete))
class EvidenceFile(models.Model):
    """One uploaded version of a piece of evidence; old versions stay."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="files")
    number = models.PositiveSmallIntegerField()
    stored_name = models.CharField(max_length=100, unique=True)
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evidence", "number"], name="evidence_file_number_once")]

    def __str__(self):
        return f"Evidence file {self.pk}"


class EvidenceLinkQuerySet(models.QuerySet):
    def standing(self):
        """Neither the link nor the evidence has been taken away."""
        return self.filter(removed_at=None, evidence__withdrawn_at=None)

    def with_newest_file(self):
        """Annotate id, number, name and SHA-256 of the newest file, or nothing for a link."""
        newest = EvidenceFile.objects.filter(evidence=OuterRef("evidence")).order_by("-number")
        return self.annotate(**{name: Subquery(newest.values(column)[:1]) for name, column in NEWEST.items()})


@pghistory.track()
class EvidenceLink(VersionedModel):
    """What a piece of evidence shows for one judgement, in a sentence."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="links")
    judgement = models.ForeignKey(Judgement, on_delete=models.PROTECT, related_name="evidence_links")
    shows = models.CharField(max_length=500)
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects = EvidenceLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "judgement"], condition=Q(removed_at=None), name="evidence_link_once_a_judgement"
            )
        ]

    def __str__(self):
        return f"Evidence link {self.pk}"


class SignatureQuerySet(models.QuerySet):
    def standing(self):
        """Neither withdrawn nor superseded; valid or stale."""
        return self.filter(withdrawn_at=None, superseded_by=None)


class Signature(VersionedModel):
    """A named chief officer's name over the digest of a state. Without an area it is over the whole return."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="signatures")
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    signed_name = models.CharField(max_length=120)
    signed_at = models.DateTimeField()
    statement = models.TextField()
    digest = models.CharField(max_length=64)
    signed_state = models.TextField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_reason = models.TextField(blank=True)
    superseded_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="supersedes")

    objects = SignatureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="signature_withdrawn_by_somebody",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="signed_as_it_was", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="signed_state_is_final",
                fields=["inspection", "area", "signed_by", "signed_name", "signed_at", "statement", "digest"]
                + ["signed_state"],
            ),
        ]

    def __str__(self):
        return f"Signature {self.pk}"

    @property
    def is_standing(self):
        return self.withdrawn_at is None and self.superseded_by_id is None


class ProposalQuerySet(models.QuerySet):
    def waiting(self, at):
        """Neither applied nor expired."""
        return self.filter(expires_at__gt=at)


class Proposal(models.Model):
    """What somebody brought back in a workbook and has neither applied nor put aside; it is theirs alone."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "user"], name="proposal_one_a_person"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="proposal_expires_after_it_is_made"),
        ]

    def __str__(self):
        return f"Proposal {self.pk}"
