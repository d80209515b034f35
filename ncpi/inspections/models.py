"""Forces, the programmes they are inspected under, and their inspections."""

from datetime import timedelta

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ncpi.accounts.access import forces_granting
from ncpi.lib.versions import VersionedModel

ADOPTED = pgtrigger.Protect(name="adopted_is_final", operation=pgtrigger.Update | pgtrigger.Delete)


class Basis(models.TextChoices):
    """How well a fact about the inspection is known."""

    TEXT = "text", "Wording seen on the inspectorate's page"
    REPORTS = "reports", "Built from published reports"
    COMPOSED = "composed", "Composed from findings"
    RECALLED = "recalled", "Recalled, not seen"


@pghistory.track()
class Force(VersionedModel):
    """A police force; the boundary of what its people see."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(unique=True)
    suppression_threshold = models.PositiveSmallIntegerField(default=5)
    is_demonstration = models.BooleanField(default=False)
    clock_offset = models.DurationField(default=timedelta)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(clock_offset=timedelta(0)) | Q(is_demonstration=True),
                name="force_clock_is_real_unless_demonstration",
            )
        ]

    def __str__(self):
        return self.name


class Graded(models.TextChoices):
    CASE = "case", "Each case"
    TOPIC = "topic", "Each topic"


@pgtrigger.register(ADOPTED)
class Programme(models.Model):
    """One dated version of the inspectorate's method. Rows come from YAML and are never edited once adopted."""

    key = models.SlugField()
    edition = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    version_label = models.CharField(max_length=200)
    source_title = models.CharField(max_length=300)
    source_address = models.URLField(max_length=500)
    source_note = models.TextField(blank=True)
    graded = models.CharField(max_length=10, choices=Graded)
    self_assessment_asked = models.BooleanField()
    case_audit_asked = models.BooleanField()
    switches_basis = models.TextField(blank=True)
    word_limit = models.PositiveIntegerField(null=True)
    in_force_from = models.DateField()
    in_force_to = models.DateField(null=True)
    digest = models.CharField(max_length=64)
    adopted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "edition"], name="programme_one_an_edition"),
            models.CheckConstraint(condition=Q(graded__in=Graded.values), name="programme_graded_is_known"),
        ]

    def __str__(self):
        return f"{self.title} ({self.key}, edition {self.edition})"

    @property
    def content(self):
        """Everything that the files say, read when asked for: see `ncpi.inspections.programme_content`."""
        return self.files.content


@pgtrigger.register(ADOPTED)
class ProgrammeFiles(models.Model):
    """What a programme's files say, word for word. It is large, so it is beside what every page reads."""

    programme = models.OneToOneField(Programme, on_delete=models.PROTECT, primary_key=True, related_name="files")
    content = models.JSONField()

    def __str__(self):
        return str(self.programme)


class ProgrammePart(models.Model):
    """What every row of a programme has: its key, its place in the order, how well it is known."""

    key = models.CharField(max_length=60)
    order = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=10, choices=Basis)
    sources = ArrayField(models.URLField(max_length=500), default=list)
    note = models.TextField(blank=True)

    class Meta:
        abstract = True


@pgtrigger.register(ADOPTED)
class Grade(ProgrammePart):
    """One step of the grade scale; `order` 1 is best. `is_good_side` marks the line that matters."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="grades")
    label = models.CharField(max_length=60)
    is_good_side = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "key"], name="grade_key_once_a_programme")]

    def __str__(self):
        return self.label


@pgtrigger.register(ADOPTED)
class Area(ProgrammePart):
    """A stage (2020) or topic (2024)."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="areas")
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "key"], name="area_key_once_a_programme")]

    def __str__(self):
        return f"{self.key} {self.title}"


@pgtrigger.register(ADOPTED)
class Criterion(ProgrammePart):
    """One thing the inspectorate looks for."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="criteria")
    title = models.CharField(max_length=200)
    looks_for = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "key"], name="criterion_key_once_an_area")]

    def __str__(self):
        return f"{self.key} {self.title}"


@pgtrigger.register(ADOPTED)
class CaseType(ProgrammePart):
    """A type of case that is audited, with its share of the default sample plan."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="case_types")
    title = models.CharField(max_length=200)
    report_label = models.CharField(max_length=300, blank=True)
    default_sample = models.PositiveSmallIntegerField()
    default_sample_basis = models.CharField(max_length=10, choices=Basis)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "key"], name="case_type_key_once_a_programme")]

    def __str__(self):
        return self.title


class QuestionKind(models.TextChoices):
    SCALE = "scale", "Yes, partly, no"
    COMPLETENESS = "completeness", "Recorded or not"
    TEXT = "text", "In words"


@pgtrigger.register(ADOPTED)
class Question(ProgrammePart):
    """One audit question of the programme; without a case type it is asked of every case."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="questions")
    case_type = models.ForeignKey(CaseType, null=True, on_delete=models.PROTECT, related_name="questions")
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="questions")
    section = models.CharField(max_length=100)
    ask = models.TextField()
    kind = models.CharField(max_length=20, choices=QuestionKind)
    is_required = models.BooleanField()
    follow_up = models.TextField(blank=True)
    escalates = models.BooleanField(default=False)
    part_of = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "key"], name="question_key_once_a_programme"),
            models.CheckConstraint(condition=Q(kind__in=QuestionKind.values), name="question_kind_is_known"),
        ]

    def __str__(self):
        return f"Question {self.key}"


class SessionForm(models.TextChoices):
    INTERVIEW = "interview", "Interview"
    FOCUS_GROUP = "focus_group", "Focus group"
    OBSERVATION = "observation", "Meeting to observe"
    BRIEFING = "briefing", "Briefing"
    FEEDBACK = "feedback", "Feedback"


@pgtrigger.register(ADOPTED)
class SessionKind(ProgrammePart):
    """A kind of interview or focus group that the fieldwork holds."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="session_kinds")
    title = models.CharField(max_length=200)
    form = models.CharField(max_length=20, choices=SessionForm)
    minutes = models.PositiveSmallIntegerField()
    size = models.PositiveSmallIntegerField()
    inspectors = models.PositiveSmallIntegerField()
    who = models.CharField(max_length=300, blank=True)
    wanted = models.PositiveSmallIntegerField(default=1)
    priority = models.PositiveSmallIntegerField(default=2)
    after = ArrayField(models.CharField(max_length=60), default=list)
    areas = models.ManyToManyField(Area, related_name="+")
    criteria = models.ManyToManyField(Criterion, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "key"], name="session_kind_key_once_a_programme"),
            models.CheckConstraint(condition=Q(form__in=SessionForm.values), name="session_kind_form_is_known"),
        ]

    def __str__(self):
        return self.title


class CountsFrom(models.TextChoices):
    NOTICE = "notice", "Notice"
    FIELDWORK_START = "fieldwork_start", "Start of fieldwork"
    FIELDWORK_END = "fieldwork_end", "End of fieldwork"
    PUBLICATION = "publication", "Publication"


class Counting(models.TextChoices):
    AFTER = "after", "After: the next day is day 1"
    BEGINNING_WITH = "beginning_with", "Beginning with: the day itself is day 1"
    BEFORE = "before", "Before"


class Roll(models.TextChoices):
    NONE = "none", "Stays on a weekend"
    EARLIER = "earlier", "Moves to the Friday before a weekend"
    LATER = "later", "Moves to the Monday after a weekend"


class DeadlineUse(models.TextChoices):
    MILESTONE = "milestone", "Milestone of the inspection"
    CLOCK = "clock", "Clock that publication starts"
    RECOMMENDATION = "recommendation", "Deadline of a recommendation"


@pgtrigger.register(ADOPTED)
class DeadlineRule(ProgrammePart):
    """How a date is counted: so many days or months from an event; no offset means at once, or a date of its own."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="deadline_rules")
    title = models.CharField(max_length=200)
    use = models.CharField(max_length=20, choices=DeadlineUse)
    counts_from = models.CharField(max_length=20, choices=CountsFrom)
    days = models.SmallIntegerField(null=True)
    months = models.SmallIntegerField(null=True)
    is_fixed_date = models.BooleanField(default=False)
    counting = models.CharField(max_length=20, choices=Counting, default=Counting.AFTER)
    roll = models.CharField(max_length=10, choices=Roll, default=Roll.NONE)
    asked_when = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "key"], name="deadline_rule_key_once_a_programme"),
            models.CheckConstraint(condition=Q(days=None) | Q(months=None), name="deadline_rule_days_or_months"),
            models.CheckConstraint(condition=Q(use__in=DeadlineUse.values), name="deadline_rule_use_is_known"),
            models.CheckConstraint(
                condition=Q(counts_from__in=CountsFrom.values), name="deadline_rule_counts_from_is_known"
            ),
        ]

    def __str__(self):
        return self.title


class InspectionKind(models.TextChoices):
    FULL = "full", "Full inspection"
    REINSPECTION = "reinspection", "Re-inspection"
    REVIEW = "review", "Post-inspection review"


class InspectionQuerySet(models.QuerySet):
    def visible_to(self, user, permission):
        """Inspections of the forces where the person holds the permission."""
        return self.filter(force_id__in=forces_granting(user, permission))

    def open(self):
        return self.filter(closed_at=None)


@pghistory.track()
class Inspection(VersionedModel):
    """One force, one programme, dates. Evidence is expected to speak for the evidence period."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="inspections")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    ref = models.SlugField(unique=True)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=20, choices=InspectionKind, default=InspectionKind.FULL)
    notice_date = models.DateField()
    fieldwork_start_date = models.DateField()
    fieldwork_end_date = models.DateField()
    publication_date = models.DateField(null=True, blank=True)
    evidence_from_date = models.DateField()
    evidence_to_date = models.DateField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=InspectionKind.values), name="inspection_kind_is_known"),
            models.CheckConstraint(
                condition=Q(fieldwork_start_date__gte=F("notice_date"))
                & Q(fieldwork_end_date__gte=F("fieldwork_start_date")),
                name="inspection_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(publication_date=None) | Q(publication_date__gte=F("fieldwork_end_date")),
                name="inspection_published_after_fieldwork",
            ),
            models.CheckConstraint(
                condition=Q(evidence_to_date__gte=F("evidence_from_date")), name="inspection_evidence_period_in_order"
            ),
        ]

    def __str__(self):
        return f"Inspection {self.ref}"

    @property
    def is_closed(self):
        return self.closed_at is not None


@pghistory.track()
class Milestone(VersionedModel):
    """A date that the inspection brings; counted from a rule of the programme, or set by hand."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="milestones")
    rule = models.ForeignKey(DeadlineRule, null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    due_date = models.DateField()
    is_set_by_hand = models.BooleanField(default=False)
    done_date = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "rule"], name="milestone_one_a_rule"),
        ]

    def __str__(self):
        return f"Milestone {self.pk}"

    def is_overdue(self, on):
        return self.done_date is None and self.due_date < on


class ChangeMark(models.Model):
    """When anything that a readiness summary is made of last changed; set in the transaction that changes it.

    `changes` tells one state from another: two changes may have the same moment.
    """

    inspection = models.OneToOneField(Inspection, on_delete=models.PROTECT, primary_key=True, related_name="mark")
    changed_at = models.DateTimeField()
    changes = models.BigIntegerField(default=1, db_default=1)

    def __str__(self):
        return f"Mark of inspection {self.pk}"
