"""The plan, the draw, and the cases that were drawn."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.frames import Candidate, Frame
from ncpi.accounts.access import forces_granting
from ncpi.inspections.models import CaseType, Inspection
from ncpi.lib.versions import VersionedModel

USER = settings.AUTH_USER_MODEL

_SEED_KNOWN = """
IF EXISTS (SELECT 1 FROM cases_sample WHERE id = NEW.sample_id AND drawn_at IS NOT NULL) THEN
    RAISE EXCEPTION 'The seed is known: the plan takes no further line.' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class SampleQuerySet(models.QuerySet):
    def visible_to(self, user, permission):
        return self.filter(inspection__force_id__in=forces_granting(user, permission))


class Spread(models.TextChoices):
    """What divides the frame into strata, beside the type of case."""

    TYPE = "type", "By case type only"
    DISTRICT = "district", "By case type and district"
    TEAM = "team", "By case type and team"


@pghistory.track()
class Sample(VersionedModel):
    """One round of the reproducible draw: the plan is fixed before the seed is known."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="samples")
    number = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField(default=1)
    spread = models.CharField(max_length=10, choices=Spread, default=Spread.TYPE)
    places_digest = models.CharField(max_length=64, blank=True)
    second_grading_percent = models.PositiveSmallIntegerField(default=20)
    second_at_extremes = models.BooleanField(default=False, db_default=False)
    plan_fixed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    plan_fixed_at = models.DateTimeField()
    seed = models.CharField(max_length=100, blank=True)
    drawn_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(null=True)

    objects = SampleQuerySet.as_manager()

    class Privacy:
        fields = {
            "inspection": "open",
            "frame": "open",
            "number": "open",
            "round": "open",
            "spread": "open",
            "places_digest": "open",
            "second_grading_percent": "open",
            "second_at_extremes": "open",
            "plan_fixed_by": "open",
            "plan_fixed_at": "open",
            "seed": "open",
            "drawn_by": "open",
            "drawn_at": "open",
            "version": "open",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "number"], name="sample_number_once_an_inspection"),
            models.CheckConstraint(
                condition=Q(drawn_at=None, seed="") | (Q(drawn_at__isnull=False) & ~Q(seed="")),
                name="sample_drawn_has_a_seed",
            ),
            models.CheckConstraint(condition=Q(spread__in=Spread.values), name="sample_spread_is_known"),
            models.CheckConstraint(
                condition=Q(spread="type", places_digest="") | (~Q(spread="type") & ~Q(places_digest="")),
                name="sample_spread_by_place_has_a_digest",
            ),
            models.UniqueConstraint(
                fields=["frame", "round"], condition=Q(drawn_at__isnull=False), name="sample_round_drawn_once"
            ),
        ]

    def __str__(self):
        return f"Sample {self.number}"

    @property
    def is_drawn(self):
        return self.drawn_at is not None


@pgtrigger.register(
    pgtrigger.Protect(name="plan_is_fixed", operation=pgtrigger.Update | pgtrigger.Delete),
    pgtrigger.Trigger(
        name="plan_takes_no_line_after_the_seed", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_SEED_KNOWN
    ),
)
class PlanLine(models.Model):
    """How many cases of one stratum the plan asks for. `place` is a district or team, where the plan asks for it."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="plan")
    case_type = models.ForeignKey(CaseType, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=100, blank=True)
    size = models.PositiveSmallIntegerField()

    class Privacy:
        fields = {"sample": "open", "case_type": "open", "place": "child", "size": "open"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample", "case_type", "place"], name="plan_line_once_a_stratum")
        ]

    def __str__(self):
        return f"Plan line {self.pk}"


class CaseQuerySet(models.QuerySet):
    def visible_to(self, user, permission):
        return self.filter(inspection__force_id__in=forces_granting(user, permission))

    def in_sample(self):
        """Cases that count: drawn and not replaced."""
        return self.filter(replaced_at=None)


@pghistory.track()
class Case(VersionedModel):
    """One drawn case. `rank` is its place in the drawing order of its stratum, from 1."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="cases")
    candidate = models.OneToOneField(Candidate, on_delete=models.PROTECT, related_name="case")
    case_type = models.ForeignKey(CaseType, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=100, blank=True)
    code = models.CharField(max_length=8)
    rank = models.PositiveIntegerField()
    drawn_at = models.DateTimeField()
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    replaced_at = models.DateTimeField(null=True)
    replaced_reason = models.TextField(blank=True)

    objects = CaseQuerySet.as_manager()

    class Privacy:
        fields = {
            "inspection": "open",
            "sample": "open",
            "candidate": "child",
            "case_type": "child",
            "place": "child",
            "code": "child",
            "rank": "child",
            "drawn_at": "open",
            "replaces": "child",
            "replaced_at": "open",
            "replaced_reason": "child",
            "version": "open",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample", "case_type", "place", "rank"], name="case_rank_once_a_stratum"),
            models.UniqueConstraint(fields=["inspection", "code"], name="case_code_once_an_inspection"),
            models.CheckConstraint(
                condition=Q(replaced_at=None) | ~Q(replaced_reason=""), name="case_replaced_has_a_reason"
            ),
        ]
        # The list of cases is read from any place in it.
        indexes = [models.Index(fields=["inspection", "id"], name="case_in_order")]

    def __str__(self):
        return f"Case {self.code}"

    @property
    def is_replaced(self):
        return self.replaced_at is not None


@pgtrigger.register(pgtrigger.Protect(name="kept_as_made", operation=pgtrigger.Update | pgtrigger.Delete))
class SetAside(models.Model):
    """A candidate that no draw and no replacement takes any more, since `after` so many rounds were drawn."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="+")
    candidate = models.OneToOneField(Candidate, on_delete=models.PROTECT, related_name="set_aside")
    after = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Privacy:
        fields = {
            "inspection": "open",
            "frame": "open",
            "candidate": "child",
            "after": "open",
            "reason": "open",
            "at": "open",
        }

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(after__gt=0), name="set_aside_after_a_draw")]

    def __str__(self):
        return f"Set aside {self.pk}"
