"""Who can be asked and when; who asks and when not.

All times are stored in UTC; local times are Europe/London and pass through `ncpi.lib.dates`.
"""

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from ncpi.accounts.access import forces_granting
from ncpi.inspections.models import Force, Inspection
from ncpi.lib.versions import VersionedModel

USER = settings.AUTH_USER_MODEL


class Band(models.TextChoices):
    """Rank bands: people of one focus group come from one band."""

    CONSTABLE = "constable", "Constable or equivalent"
    SERGEANT = "sergeant", "Sergeant or equivalent"
    INSPECTOR = "inspector", "Inspector or chief inspector"
    SUPERINTENDENT = "superintendent", "Superintendent or chief superintendent"
    CHIEF = "chief", "Chief officer"
    STAFF = "staff", "Police staff"
    PARTNER = "partner", "Partner agency"


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user, permission):
        return self.filter(force_id__in=forces_granting(user, permission))

    def here(self):
        """People who have not left."""
        return self.filter(left_at=None)


@pghistory.track()
class Person(VersionedModel):
    """Somebody who can be asked to an interview or focus group: officer, staff, or partner."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="people")
    reference = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, blank=True)
    band = models.CharField(max_length=20, choices=Band)
    unit = models.CharField(max_length=120)
    organisation = models.CharField(max_length=120, blank=True)
    line_manager = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reports")
    email = models.EmailField()
    user = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    max_sessions = models.PositiveSmallIntegerField(default=2)
    left_at = models.DateTimeField(null=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["force", "reference"], name="person_reference_once_a_force"),
            models.CheckConstraint(condition=Q(band__in=Band.values), name="person_band_is_known"),
            models.CheckConstraint(
                condition=Q(line_manager=None) | ~Q(line_manager=F("id")), name="person_is_not_their_own_manager"
            ),
        ]

    def __str__(self):
        return f"Person {self.reference}"


class DutyKind(models.TextChoices):
    DUTY = "duty", "On duty"
    OFFERED = "offered", "Offered by a partner"
    AGREED = "agreed", "Agreed to come in"
    LEAVE = "leave", "Leave"
    COURT = "court", "Court"
    TRAINING = "training", "Training"
    REST = "rest", "Rest day"
    BUSY = "busy", "Other commitment"

    @classmethod
    def can_be_asked(cls):
        return [cls.DUTY, cls.OFFERED, cls.AGREED]

    @classmethod
    def elsewhere(cls):
        return [kind for kind in cls if kind not in cls.can_be_asked()]


class Rota(models.Model):
    """A shift pattern of one person, repeated from a first to a last day; its shifts are written out as duties."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="rotas")
    pattern = models.CharField(max_length=400)
    starts_on = models.PositiveSmallIntegerField(default=1)
    first_date = models.DateField()
    until_date = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_date__gte=F("first_date")), name="rota_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(starts_on__gte=1), name="rota_starts_on_a_day_of_its_pattern"),
        ]

    def __str__(self):
        return f"Rota {self.pk}"


class Duty(models.Model):
    """When a person can or cannot be asked. On a rest day only who agreed is asked: `agreed_by`, on `agreed_date`."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="duties")
    rota = models.ForeignKey(Rota, null=True, on_delete=models.CASCADE, related_name="shifts")
    kind = models.CharField(max_length=20, choices=DutyKind)
    during = DateTimeRangeField()
    note = models.CharField(max_length=200, blank=True)
    agreed_by = models.CharField(max_length=120, blank=True)
    agreed_date = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DutyKind.values), name="duty_kind_is_known"),
            models.CheckConstraint(
                condition=Q(during__isempty=False, during__lower_inf=False, during__upper_inf=False),
                name="duty_has_a_beginning_and_an_end",
            ),
            models.CheckConstraint(
                condition=(Q(kind="agreed", agreed_date__isnull=False) & ~Q(agreed_by=""))
                | (~Q(kind="agreed") & Q(agreed_date=None, agreed_by="")),
                name="duty_says_who_agreed_and_when",
            ),
            ExclusionConstraint(
                name="duty_one_of_a_kind_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self):
        return f"Duty {self.pk}"


@pghistory.track()
class Inspector(VersionedModel):
    """One member of the inspection team, as the timetable needs them."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="inspectors")
    reference = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    user = models.ForeignKey(USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    specialisms = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    max_a_day = models.PositiveSmallIntegerField(default=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "reference"], name="inspector_reference_once_an_inspection")
        ]

    def __str__(self):
        return f"Inspector {self.reference}"


class Absence(models.Model):
    """When an inspector is not there."""

    inspector = models.ForeignKey(Inspector, on_delete=models.CASCADE, related_name="absences")
    during = DateTimeRangeField()
    reason = models.CharField(max_length=200, blank=True)

    def __str__(self):
        return f"Absence {self.pk}"
