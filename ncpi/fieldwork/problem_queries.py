"""The fieldwork as the timetable needs it: plain values, ids as text, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q

from ncpi.fieldwork import problem as parts
from ncpi.fieldwork.clashes import Key
from ncpi.fieldwork.declines import Declined, respecting
from ncpi.fieldwork.models import (
    Absence,
    Arrangement,
    Band,
    Duty,
    DutyKind,
    Inspector,
    Invitation,
    Part,
    Person,
    Placement,
    Reply,
    Session,
    SessionPerson,
    SessionState,
    SessionWindow,
    Timetable,
    TimetableState,
)
from ncpi.fieldwork.queries import around_fieldwork, arrangement_of, days_of, published_of
from ncpi.inspections.models import Inspection
from ncpi.lib import dates


def problem_of(inspection: Inspection, *, at: datetime | None = None) -> parts.Problem:
    """Return everything the timetable must respect, ids as text; a constant number of queries.

    With `at`, a published timetable is changed from that moment on, and short notice weighs more.
    """
    arrangement = arrangement_of(inspection)
    problem = parts.Problem(
        days=tuple(_open_hours(arrangement, day) for day in days_of(inspection)),
        people=tuple(_people(inspection)),
        inspectors=tuple(_inspectors(inspection)),
        sessions=tuple(_sessions(inspection)),
        rules=_rules(arrangement),
        published=_published(inspection, at),
    )
    return respecting(problem, _declined(inspection))


def plan_of(timetable: Timetable) -> dict[str, parts.Placement]:
    """Return a timetable's placements as plain values, by the id of their session."""
    rows = Placement.objects.filter(timetable=timetable).prefetch_related("people", "inspectors").order_by("pk")
    return held_by(rows)


def pins_of(inspection: Inspection) -> list[Placement]:
    """Return what somebody pinned in the newest version that stands; a later one keeps it where it is."""
    newest = Timetable.objects.filter(inspection=inspection).exclude(state=TimetableState.DISCARDED)
    rows = Placement.objects.filter(timetable=newest.order_by("-number").values("pk")[:1], is_pinned=True)
    wanted = rows.filter(session__state=SessionState.WANTED)
    return list(wanted.prefetch_related("people", "inspectors").order_by("pk"))


def held_by(placements: Iterable[Placement]) -> dict[str, parts.Placement]:
    """Return placements, with their people and inspectors fetched, as plain values."""
    return {str(row.session_id): _plain(row) for row in placements}


def excuses_of(timetable: Timetable) -> dict[str, list[Key]]:
    """Return the broken rules that were accepted with a reason, by session."""
    rows = Placement.objects.filter(timetable=timetable).exclude(excused=[]).values_list("session_id", "excused")
    return {
        str(session): [(one["rule"], one["kind"], one["subject"]) for one in excused]
        for session, excused in rows.order_by("pk")
    }


def _plain(row: Placement) -> parts.Placement:
    return parts.Placement(
        row.during.lower,
        row.during.upper,
        tuple(sorted(str(one.inspector_id) for one in row.inspectors.all())),
        tuple(str(one.person_id) for one in row.people.all()),
    )


def _open_hours(arrangement: Arrangement, day: date) -> parts.Span:
    return parts.Span(*dates.span(day, arrangement.opens, day, arrangement.closes))


def _rules(arrangement: Arrangement) -> parts.Rules:
    lunch = parts.Lunch(arrangement.lunch_minutes, arrangement.lunch_from, arrangement.lunch_to)
    return parts.Rules(
        inspector_gap_minutes=arrangement.inspector_gap_minutes,
        person_gap_minutes=arrangement.person_gap_minutes,
        lunch=lunch if arrangement.lunch_minutes else None,
        inspector_sessions_a_day=arrangement.inspector_sessions_a_day,
        person_sessions_a_day=arrangement.person_sessions_a_day,
        rooms=arrangement.rooms,
    )


def _people(inspection: Inspection) -> Iterable[parts.Person]:
    duties: dict[int, list[Duty]] = defaultdict(list)
    near = Duty.objects.filter(person__force_id=inspection.force_id, during__overlap=around_fieldwork(inspection))
    for duty in near.order_by("during", "pk"):
        duties[duty.person_id].append(duty)
    for row in Person.objects.here().filter(force_id=inspection.force_id).order_by("reference", "pk"):
        yield _person(row, duties[row.pk])


def _declined(inspection: Inspection) -> Iterable[Declined]:
    rows = Invitation.objects.filter(session__inspection=inspection, reply=Reply.DECLINED)
    for row in rows.order_by("during", "pk"):
        yield Declined(str(row.person_id), str(row.session_id), parts.Span(*_range(row), "declined"))


def _person(row: Person, duties: list[Duty]) -> parts.Person:
    """Return when a person can be asked: on shift, when a partner offered it, or when they agreed to come in."""
    spans: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for one in duties:
        spans[one.kind].append(_range(one))
    shifts, agreed = dates.merged(spans[DutyKind.DUTY]), dates.merged(spans[DutyKind.AGREED])
    offered = spans[DutyKind.OFFERED] if row.band == Band.PARTNER else []
    # A rest day stays one, but for the time that they agreed to.
    spans[DutyKind.REST] = dates.without(spans[DutyKind.REST], agreed)
    elsewhere = [(span, kind.value) for kind in DutyKind.elsewhere() for span in spans[kind]]
    return parts.Person(
        id=str(row.pk),
        unit=row.unit,
        band=row.band,
        manager=str(row.line_manager_id) if row.line_manager_id else None,
        duty=tuple(parts.Span(*one) for one in shifts),
        busy=tuple(parts.Span(*span, why) for span, why in sorted(elsewhere)),
        offered=tuple(parts.Span(*one) for one in dates.merged([*shifts, *offered, *agreed]))
        if offered or agreed
        else None,
        max_sessions=row.max_sessions,
        name=row.name,
    )


def _range(row: Any) -> tuple[datetime, datetime]:
    return row.during.lower, row.during.upper


def _inspectors(inspection: Inspection) -> Iterable[parts.Inspector]:
    away: dict[int, list[parts.Span]] = defaultdict(list)
    for absence in Absence.objects.filter(inspector__inspection=inspection).order_by("during", "pk"):
        away[absence.inspector_id].append(parts.Span(*_range(absence), absence.reason))
    for row in Inspector.objects.filter(inspection=inspection).order_by("reference", "pk"):
        yield parts.Inspector(str(row.pk), frozenset(row.specialisms), tuple(away[row.pk]), row.max_a_day, row.name)


def _sessions(inspection: Inspection) -> Iterable[parts.Session]:
    rows = Session.objects.filter(inspection=inspection, state=SessionState.WANTED).order_by("reference", "pk")
    candidates: dict[tuple[int, str], list[str]] = defaultdict(list)
    asked = SessionPerson.objects.filter(session__in=rows.order_by(), person__left_at=None)
    for session_id, part, person_id in asked.order_by("pk").values_list("session_id", "part", "person_id"):
        candidates[session_id, part].append(str(person_id))
    windows: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for window in SessionWindow.objects.filter(session__in=rows.order_by()).order_by("during", "pk"):
        windows[window.session_id].append(_range(window))
    after: dict[int, list[str]] = defaultdict(list)
    wanted = Q(from_session__in=rows.order_by(), to_session__in=rows.order_by())
    for later, earlier in Session.after.through.objects.filter(wanted).values_list("from_session_id", "to_session_id"):
        after[later].append(str(earlier))
    for row in rows.select_related("kind"):
        yield parts.Session(
            id=str(row.pk),
            kind=row.kind.form,
            minutes=row.minutes,
            inspectors=row.inspectors_needed,
            specialism=row.specialism,
            fixed=tuple(candidates[row.pk, Part.FIXED]),
            pool=tuple(candidates[row.pk, Part.POOL]) if row.size else (),
            size=row.size,
            units=row.units,
            after=tuple(after[row.pk]),
            windows=tuple(parts.Span(*one) for one in dates.merged(windows[row.pk])) if windows[row.pk] else None,
            prefer=_prefer(row.preferences),
            priority=row.priority,
            name=row.title,
        )


def _prefer(stored: dict[str, Any]) -> parts.Prefer:
    return parts.Prefer(
        earliest=time.fromisoformat(stored["from"]) if stored.get("from") else None,
        latest=time.fromisoformat(stored["to"]) if stored.get("to") else None,
        dates=frozenset(date.fromisoformat(day) for day in stored.get("dates", [])),
    )


def _published(inspection: Inspection, at: datetime | None) -> parts.Published | None:
    timetable = published_of(inspection)
    if timetable is None:
        return None
    told = Invitation.objects.filter(session__inspection=inspection, is_cancelled=False).exclude(told_at=None)
    people = {str(person) for person in told.values_list("person_id", flat=True)}
    return parts.Published(plan_of(timetable), frozenset(people), at)
