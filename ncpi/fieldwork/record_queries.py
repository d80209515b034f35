"""What is known of sessions whose time is over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet

from ncpi.fieldwork.models import Person, Placement, PlacementPerson, Session, SessionState, TimetableState
from ncpi.fieldwork.record_models import Attendance, SessionRecord
from ncpi.inspections.models import Inspection

IN_FORCE = Q(timetable__state=TimetableState.PUBLISHED, session__state=SessionState.WANTED)


def placement_of(session: Session) -> Placement | None:
    """Return when the session is in the published timetable, with its people."""
    people = Prefetch("people", PlacementPerson.objects.select_related("person").order_by("person__name", "person_id"))
    rows = Placement.objects.filter(IN_FORCE, session=session)
    return rows.select_related("timetable").prefetch_related(people).first()


def over_of(inspection: Inspection, *, at: datetime) -> QuerySet:
    """Return the published sessions whose time is over, those that nobody has written up first."""
    came = Count("session__record__attendance", filter=Q(session__record__attendance__came=True))
    rows = Placement.objects.filter(IN_FORCE, session__inspection=inspection, during__endswith__lte=at)
    return (
        rows.annotate(came=came, asked=Count("session__record__attendance"), is_open=Q(session__record=None))
        .select_related("session__record__action", "session__record__again")
        .order_by("-is_open", "during", "session__reference", "pk")
    )


def open_of(inspection: Inspection, *, at: datetime) -> QuerySet:
    """Return the sessions that are over and of which nobody has said what became."""
    rows = Placement.objects.filter(IN_FORCE, session__inspection=inspection, during__endswith__lte=at)
    return rows.filter(session__record=None)


def open_counts(forces: Any, *, offset: Any, at: datetime) -> QuerySet:
    """Return for each open inspection of these forces how many sessions wait to be written up, and since when."""
    rows = Placement.objects.filter(
        IN_FORCE,
        session__record=None,
        session__inspection__force_id__in=forces,
        session__inspection__force__clock_offset=offset,
        session__inspection__closed_at=None,
        during__endswith__lte=at,
    )
    named = rows.values(
        ref=F("session__inspection__ref"), name=F("session__inspection__name"), of=F("session__inspection__force")
    )
    return named.annotate(count=Count("pk")).order_by("ref")


@dataclass(frozen=True)
class Held:
    """How many sessions of an inspection took place, did not, and are over without anybody saying so."""

    took_place: int
    did_not: int
    open: int

    @property
    def over(self) -> int:
        return self.took_place + self.did_not + self.open

    @property
    def in_words(self) -> str:
        if not self.over:
            return "No session's time is over yet."
        parts = [
            f"{self.took_place} took place",
            *([f"{self.did_not} did not"] if self.did_not else []),
            *([f"{self.open} {'is' if self.open == 1 else 'are'} not written up yet"] if self.open else []),
        ]
        said = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
        return f"Of {self.over} session{'' if self.over == 1 else 's'} whose time is over, {said}."


def held_of(inspection: Inspection, *, at: datetime) -> Held:
    rows = Placement.objects.filter(IN_FORCE, session__inspection=inspection, during__endswith__lte=at)
    counts = rows.aggregate(
        took_place=Count("pk", filter=Q(session__record__took_place=True)),
        did_not=Count("pk", filter=Q(session__record__took_place=False)),
        open=Count("pk", filter=Q(session__record=None)),
    )
    return Held(**counts)


@dataclass(frozen=True)
class After:
    """One session after its time: when it was, who was asked, who else could have come, and what is on record."""

    placement: Placement
    record: SessionRecord | None
    asked: list[Person]
    others: list[Person]
    came: set[int]


def after_of(session: Session) -> After | None:
    """Return what the page of a session's record shows; None while it is in no published timetable."""
    placement = placement_of(session)
    if placement is None:
        return None
    asked = [one.person for one in placement.people.all()]
    record = SessionRecord.objects.filter(session=session).select_related("action", "again", "recorded_by").first()
    known = Attendance.objects.filter(record=record, came=True) if record else Attendance.objects.none()
    came = set(known.values_list("person_id", flat=True)) if record else {one.pk for one in asked}
    others = Person.objects.here().filter(asked_for__session=session).exclude(pk__in=[one.pk for one in asked])
    return After(placement, record, asked, list(others.order_by("name", "pk")), came)
