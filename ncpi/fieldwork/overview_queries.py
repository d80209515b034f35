"""The fieldwork at a glance: where it stands, what comes next, what changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from ncpi.fieldwork.models import (
    Duty,
    DutyKind,
    Inspector,
    Invitation,
    Person,
    Placement,
    Reply,
    Session,
    SessionState,
    Timetable,
    TimetableState,
)
from ncpi.fieldwork.next_steps import Standing
from ncpi.fieldwork.queries import around_fieldwork, uncovered_areas, versions_of
from ncpi.fieldwork.record_models import SessionRecord
from ncpi.fieldwork.record_queries import IN_FORCE, open_of
from ncpi.inspections.models import Area, Inspection
from ncpi.lib.counts import CountOf

LATEST = 6


@dataclass(frozen=True)
class Overview:
    """The state of the fieldwork at a glance."""

    people: int
    people_without_times: int
    inspectors: int
    wanted: int
    placed: int
    not_coming: int
    unanswered: int
    to_write_up: int
    uncovered: list[Area]
    published: Timetable | None
    latest: Timetable | None
    versions: Sequence[Timetable]

    @property
    def unplaced(self) -> int:
        return self.wanted - self.placed


@dataclass(frozen=True, order=True)
class Change:
    """Something that happened in the fieldwork."""

    at: datetime
    text: str


def overview_of(user: Any, inspection: Inspection, *, at: datetime) -> Overview:
    """Return counts, what no session speaks to, and the timetables that the reader may open; four queries."""
    rows = list(versions_of(user, inspection)[:20])
    published = next((row for row in rows if row.state == TimetableState.PUBLISHED), None)
    latest = next((row for row in rows if row.state != TimetableState.DISCARDED), None)
    shown = published or latest
    return Overview(
        **_counts(inspection, at),
        placed=getattr(shown, "placed", 0),
        uncovered=uncovered_areas(inspection),
        published=published,
        latest=latest,
        versions=rows,
    )


def _counts(inspection: Inspection, at: datetime) -> dict[str, int]:
    people = Person.objects.here().filter(force_id=inspection.force_id)
    timed = Duty.objects.filter(
        person__in=people.order_by(), during__overlap=around_fieldwork(inspection), kind__in=DutyKind.can_be_asked()
    )
    asked = Invitation.objects.filter(session__inspection=inspection, is_cancelled=False, during__endswith__gt=at)
    counts = Inspection.objects.filter(pk=inspection.pk).values_list(
        CountOf(people.values("pk")),
        CountOf(timed.values("person_id").distinct()),
        CountOf(Inspector.objects.filter(inspection=inspection).values("pk")),
        CountOf(Session.objects.filter(inspection=inspection, state=SessionState.WANTED).values("pk")),
        CountOf(asked.filter(reply__in=Reply.not_coming()).values("pk")),
        CountOf(asked.filter(reply=Reply.NONE).values("pk")),
        CountOf(open_of(inspection, at=at).values("pk")),
    )
    total, with_times, inspectors, wanted, not_coming, unanswered, over = counts.get()
    return {
        "people": total,
        "people_without_times": total - with_times,
        "inspectors": inspectors,
        "wanted": wanted,
        "not_coming": not_coming,
        "unanswered": unanswered,
        "to_write_up": over,
    }


def standing_of(inspection: Inspection, overview: Overview) -> Standing:
    latest = overview.latest
    return Standing(
        starts=inspection.fieldwork_start_date,
        ends=inspection.fieldwork_end_date,
        people=overview.people,
        people_without_times=overview.people_without_times,
        inspectors=overview.inspectors,
        wanted=overview.wanted,
        uncovered=len(overview.uncovered),
        versions=len(overview.versions),
        latest_draft=latest.number if latest and latest.state == TimetableState.DRAFT else 0,
        unplaced=overview.unplaced,
        not_coming=overview.not_coming,
        unanswered=overview.unanswered,
        to_write_up=overview.to_write_up,
        is_replan=bool(latest and latest.based_on_id),
    )


def coming_up(inspection: Inspection, *, at: datetime) -> QuerySet[Placement]:
    """Return the next published sessions, those under way included."""
    rows = Placement.objects.filter(IN_FORCE, session__inspection=inspection, during__endswith__gt=at)
    return rows.select_related("session").order_by("during", "session__reference", "pk")[:LATEST]


def changes_of(inspection: Inspection, overview: Overview, *, has_notes: bool) -> list[Change]:
    """Return what happened last; who answered what only where the reader may know it."""
    found = [Change(row.made_at, f"Version {row.number} of the timetable was made") for row in overview.versions]
    found += [
        Change(row.published_at, f"Version {row.number} of the timetable was published")
        for row in overview.versions
        if row.published_at
    ]
    if has_notes:
        answered = Invitation.objects.filter(session__inspection=inspection).exclude(replied_at=None)
        for reply in answered.select_related("session", "person").order_by("-replied_at", "-pk")[:LATEST]:
            found.append(Change(_moment(reply.replied_at), _answer_in_words(reply)))
        written = SessionRecord.objects.filter(session__inspection=inspection).select_related("session")
        for record in written.order_by("-recorded_at", "-pk")[:LATEST]:
            became = "took place" if record.took_place else f"did not take place: {record.reason}"
            found.append(Change(record.recorded_at, f"{record.session.title} {became}"))
    return sorted(found, reverse=True)[:LATEST]


def _answer_in_words(row: Invitation) -> str:
    return f"{row.person.name} answered for {row.session.title}: {row.get_reply_display().lower()}"


def _moment(value: Any) -> datetime:
    assert isinstance(value, datetime)
    return value
