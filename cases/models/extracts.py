"""A file that somebody brought in, from its columns to the frame made of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.frames import Frame
from ncpi.accounts.access import forces_granting
from ncpi.inspections.models import Inspection

USER = settings.AUTH_USER_MODEL


class ExtractState(models.TextChoices):
    BROUGHT = "brought", "Waiting for its columns"
    CHECKING = "checking", "Being checked"
    IMPORTED = "imported", "Imported"
    REFUSED = "refused", "Refused"
    PUT_ASIDE = "put_aside", "Put aside"

    @classmethod
    def open_states(cls):
        return [cls.BROUGHT, cls.CHECKING]


class ExtractQuerySet(models.QuerySet):
    def visible_to(self, user, permission):
        return self.filter(inspection__force_id__in=forces_granting(user, permission))

    def open(self):
        return self.filter(state__in=ExtractState.open_states())


class Extract(models.Model):
    """One case extract. Its file is kept until it was imported, refused or put aside, and no longer.

    `preview` holds its first rows with whatever looks personal left out; `problems` is a compressed CSV of all that
    was wrong.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    kind = models.CharField(max_length=4, choices=[("csv", "CSV"), ("xlsx", "Excel")])
    stored_name = models.CharField(max_length=100, blank=True)
    header = models.JSONField(default=list)
    preview = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=ExtractState, default=ExtractState.BROUGHT)
    brought_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=300, blank=True)
    problem_count = models.PositiveIntegerField(default=0)
    first_problems = models.JSONField(default=list)
    problems = models.BinaryField(default=bytes)
    frame = models.ForeignKey(Frame, null=True, on_delete=models.PROTECT, related_name="+")

    objects = ExtractQuerySet.as_manager()

    class Privacy:
        fields = {
            "inspection": "open",
            "number": "open",
            "file_name": "open",
            "sha256": "open",
            "size": "open",
            "kind": "open",
            "stored_name": "open",
            "header": "child",
            "preview": "child",
            "mapping": "child",
            "state": "open",
            "brought_by": "open",
            "brought_at": "open",
            "checked_at": "open",
            "refusal": "open",
            "problem_count": "open",
            "first_problems": "child",
            "problems": "child",
            "frame": "open",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "number"], name="extract_number_once_an_inspection"),
            models.UniqueConstraint(
                fields=["inspection"], condition=Q(state__in=["brought", "checking"]), name="extract_one_open"
            ),
            models.CheckConstraint(condition=Q(state__in=ExtractState.values), name="extract_state_is_known"),
            models.CheckConstraint(condition=Q(kind__in=["csv", "xlsx"]), name="extract_kind_is_known"),
            models.CheckConstraint(
                condition=~Q(state="imported") | Q(frame__isnull=False), name="extract_imported_has_a_frame"
            ),
        ]

    def __str__(self):
        return f"Extract {self.number}"

    @property
    def is_open(self):
        return self.state in ExtractState.open_states()
