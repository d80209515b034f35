"""The fortnight: who can be asked when, what is wanted, and the timetable that brings them together.

All times are stored in UTC; local times are Europe/London and pass through `ncpi.lib.dates`.
"""

import uuid
from datetime import time

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from ncpi.accounts.access import permissions_in
from ncpi.accounts.permissions import Permission
from ncpi.fieldwork.people_models import Absence, Band, Duty, DutyKind, Inspector, Person, Rota
from ncpi.inspections.models import Area, Criterion, Inspection, SessionKind
from ncpi.jobs.models import Job
from ncpi.lib.versions import VersionedModel

USER = settings.AUTH_USER_MODEL

__all__ = [
    "Absence",
    "Arrangement",
    "Band",
    "Duty",
    "DutyKind",
    "Inspector",
    "Invitation",
    "OfferedTime",
    "Part",
    "Person",
    "PersonalLink",
    "Placement",
    "PlacementInspector",
    "PlacementPerson",
    "Reply",
    "Rota",
    "Session",
    "SessionPerson",
    "SessionState",
    "SessionWindow",
    "Timetable",
    "TimetableState",
]


@pghistory.track()
class Arrangement(VersionedModel):
    """How the fortnight is run: open hours and the rules that the timetable keeps. Without a row, the defaults."""

    inspection = models.OneToOneField(Inspection, on_delete=models.PROTECT, related_name="arrangement")
    opens = models.TimeField(default=time(8))
    closes = models.TimeField(default=time(18))
    lunch_from = models.TimeField(default=time(11, 30))
    lunch_to = models.TimeField(default=time(14, 30))
    lunch_minutes = models.PositiveSmallIntegerField(default=60)
    inspector_gap_minutes = models.PositiveSmallIntegerField(default=30)
    person_gap_minutes = models.PositiveSmallIntegerField(default=15)
    inspector_sessions_a_day = models.PositiveSmallIntegerField(default=4)
    person_sessions_a_day = models.PositiveSmallIntegerField(default=2)
    rooms = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="arrangement_opens_before_it_closes"),
            models.CheckConstraint(
                condition=Q(inspector_sessions_a_day__gte=1, person_sessions_a_day__gte=1),
                name="arrangement_allows_a_session_a_day",
            ),
        ]

    def __str__(self):
        return f"Arrangement of inspection {self.inspection_id}"


class SessionState(models.TextChoices):
    """Whether a session should take place; whether it did is said by its record."""

    WANTED = "wanted", "Wanted"
    CANCELLED = "cancelled", "Cancelled"


@pghistory.track()
class Session(VersionedModel):
    """One interview or focus group that is wanted."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="sessions")
    kind = models.ForeignKey(SessionKind, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40)
    title = models.CharField(max_length=150)
    minutes = models.PositiveSmallIntegerField()
    size = models.PositiveSmallIntegerField(default=0)
    units = models.PositiveSmallIntegerField(default=1)
    inspectors_needed = models.PositiveSmallIntegerField(default=1)
    specialism = models.CharField(max_length=60, blank=True)
    priority = models.PositiveSmallIntegerField(default=1)
    link = models.URLField(max_length=500, blank=True)
    preferences = models.JSONField(default=dict)
    state = models.CharField(max_length=20, choices=SessionState, default=SessionState.WANTED)
    areas = models.ManyToManyField(Area, related_name="+")
    criteria = models.ManyToManyField(Criterion, related_name="+")
    after = models.ManyToManyField("self", symmetrical=False, related_name="before", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "reference"], name="session_reference_once_an_inspection"),
            models.CheckConstraint(condition=Q(state__in=SessionState.values), name="session_state_is_known"),
            models.CheckConstraint(condition=Q(minutes__gte=15, minutes__lte=480), name="session_length_fits_a_day"),
            models.CheckConstraint(condition=Q(inspectors_needed__gte=1), name="session_has_an_inspector"),
            models.CheckConstraint(condition=Q(units__gte=1), name="session_is_of_a_unit"),
        ]

    def __str__(self):
        return f"Session {self.reference}"


class SessionWindow(models.Model):
    """A time in which a session must lie; without windows any open hour will do."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="windows")
    during = DateTimeRangeField()

    def __str__(self):
        return f"Session window {self.pk}"


class Part(models.TextChoices):
    FIXED = "fixed", "Must be there"
    POOL = "pool", "May be chosen"


class SessionPerson(models.Model):
    """Who must or may sit in a session."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="candidates")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="asked_for")
    part = models.CharField(max_length=10, choices=Part)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="session_person_once"),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="session_person_part_is_known"),
        ]

    def __str__(self):
        return f"Session person {self.pk}"


class TimetableState(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    SUPERSEDED = "superseded", "Superseded"
    DISCARDED = "discarded", "Discarded"

    @classmethod
    def ever_published(cls):
        return [cls.PUBLISHED, cls.SUPERSEDED]


class TimetableQuerySet(models.QuerySet):
    def open_to(self, user, inspection):
        """Return an inspection's versions that the reader may open: what was never published is the force's own."""
        rows = self.filter(inspection=inspection)
        if Permission.FIELDWORK_NOTES in permissions_in(user, inspection.force_id):
            return rows
        return rows.filter(state__in=TimetableState.ever_published())


class Timetable(VersionedModel):
    """One version of the fortnight."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="timetables")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=TimetableState, default=TimetableState.DRAFT)
    job = models.ForeignKey(Job, null=True, on_delete=models.PROTECT, related_name="+")
    based_on = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, blank=True)
    seed = models.PositiveIntegerField(default=1)
    seconds = models.FloatField(default=0)
    cost = models.JSONField(default=dict)
    bound = models.JSONField(default=dict)
    unplaced = models.JSONField(default=list)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    objects = TimetableQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "number"], name="timetable_number_once_an_inspection"),
            models.UniqueConstraint(fields=["job"], name="timetable_one_a_job"),
            models.UniqueConstraint(
                fields=["inspection"], condition=Q(state="published"), name="timetable_one_published"
            ),
            models.CheckConstraint(condition=Q(state__in=TimetableState.values), name="timetable_state_is_known"),
        ]

    def __str__(self):
        return f"Timetable {self.pk}"


class Placement(VersionedModel):
    """A session at its time in one version of the timetable.

    `excused` are the broken rules that somebody accepted with a reason; `room` is counted from 1 where rooms are.
    """

    timetable = models.ForeignKey(Timetable, on_delete=models.CASCADE, related_name="placements")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="placements")
    during = DateTimeRangeField()
    is_pinned = models.BooleanField(default=False)
    override_reason = models.CharField(max_length=300, blank=True)
    excused = models.JSONField(default=list)
    room = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["timetable", "session"], name="placement_once_a_timetable"),
            models.CheckConstraint(condition=Q(during__isempty=False), name="placement_has_a_length"),
            models.CheckConstraint(
                condition=Q(excused=[], override_reason="") | (~Q(excused=[]) & ~Q(override_reason="")),
                name="placement_override_has_a_reason",
            ),
            models.CheckConstraint(condition=Q(room=None) | Q(room__gte=1), name="placement_room_counts_from_one"),
            ExclusionConstraint(
                name="placement_room_is_used_once",
                expressions=[
                    ("timetable", RangeOperators.EQUAL),
                    ("room", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(room__isnull=False),
            ),
        ]

    def __str__(self):
        return f"Placement {self.pk}"


class PlacementPerson(models.Model):
    """A person in a placed session; the database refuses to have them in two at once."""

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="people")
    timetable = models.ForeignKey(Timetable, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="placements")
    during = DateTimeRangeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["placement", "person"], name="placement_person_once"),
            ExclusionConstraint(
                name="placement_person_is_in_one_place",
                expressions=[
                    ("timetable", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self):
        return f"Placement person {self.pk}"


class PlacementInspector(models.Model):
    """An inspector in a placed session; the database refuses to have them in two at once."""

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="inspectors")
    timetable = models.ForeignKey(Timetable, on_delete=models.CASCADE, related_name="+")
    inspector = models.ForeignKey(Inspector, on_delete=models.PROTECT, related_name="placements")
    during = DateTimeRangeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["placement", "inspector"], name="placement_inspector_once"),
            ExclusionConstraint(
                name="placement_inspector_is_in_one_place",
                expressions=[
                    ("timetable", RangeOperators.EQUAL),
                    ("inspector", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self):
        return f"Placement inspector {self.pk}"


class Reply(models.TextChoices):
    NONE = "none", "No answer yet"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    OTHER_TIMES = "other_times", "Cannot then"
    STAND_IN = "stand_in", "Stand-in"

    @classmethod
    def not_coming(cls):
        return [cls.DECLINED, cls.OTHER_TIMES, cls.STAND_IN]


class Invitation(VersionedModel):
    """One person's invitation to one session; the calendar entry keeps its UID through every change.

    `link` is the meeting link that they know.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="invitations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    during = DateTimeRangeField()
    link = models.URLField(max_length=500, blank=True)
    is_cancelled = models.BooleanField(default=False)
    reply = models.CharField(max_length=20, choices=Reply, default=Reply.NONE)
    replied_at = models.DateTimeField(null=True)
    stand_in = models.CharField(max_length=254, blank=True)
    handled_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="invitation_once_a_session"),
            models.CheckConstraint(condition=Q(reply__in=Reply.values), name="invitation_reply_is_known"),
        ]

    def __str__(self):
        return f"Invitation {self.pk}"


class OfferedTime(models.Model):
    """When somebody who cannot come at the time asked could come instead."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="offered_times")
    during = DateTimeRangeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(during__isempty=False, during__lower_inf=False, during__upper_inf=False),
                name="offered_time_has_a_beginning_and_an_end",
            )
        ]

    def __str__(self):
        return f"Offered time {self.pk}"


class PersonalLink(models.Model):
    """The secret, revocable address of a person's own sessions; the secret itself is nowhere stored.

    It is worked out from `seed` and the service's own key, so that every message to the person can carry it.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="links")
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    seed = models.UUIDField(null=True, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"Personal link {self.pk}"
