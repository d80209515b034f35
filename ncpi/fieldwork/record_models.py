"""What became of a session once its time was over."""

import pghistory
from django.db import models
from django.db.models import Q

from ncpi.actions.models import Action
from ncpi.fieldwork.models import USER, Person, Session
from ncpi.lib.versions import VersionedModel

LONGEST_NOTE = 600


@pghistory.track()
class SessionRecord(VersionedModel):
    """Whether a session took place, and a short note for the force: never what anybody said about a child.

    `action` is the follow-up that came of it, `again` the session that is wanted in its place.
    """

    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="record")
    took_place = models.BooleanField()
    reason = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    action = models.ForeignKey(Action, null=True, on_delete=models.PROTECT, related_name="+")
    again = models.OneToOneField(Session, null=True, on_delete=models.PROTECT, related_name="instead_of")
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(took_place=True, reason="", again=None) | (Q(took_place=False) & ~Q(reason="")),
                name="session_record_says_why_not",
            )
        ]

    def __str__(self):
        return f"Record of session {self.session_id}"


@pghistory.track()
class Attendance(models.Model):
    """Whether somebody who was asked, or who came in their place, was there."""

    record = models.ForeignKey(SessionRecord, on_delete=models.CASCADE, related_name="attendance")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    came = models.BooleanField()

    class Meta:
        verbose_name_plural = "attendance"
        constraints = [models.UniqueConstraint(fields=["record", "person"], name="attendance_once_a_session")]

    def __str__(self):
        return f"Attendance {self.pk}"
