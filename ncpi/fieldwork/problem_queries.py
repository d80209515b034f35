"""The fieldwork as the timetable needs it: plain values, ids as text, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

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
    PlacementInspector,
    PlacementPerson,
    Reply,
    Session,
    SessionPerson,
    SessionState,
    SessionWindow,
    Timetable,
    TimetableState,
)
from ncpi.fieldwork.queries import around_fieldwork, arrangement_of, days_of
from ncpi.inspections.models import Inspection
from ncpi.lib import dates
from ncpi.lib.prepared import Parameter, Prepared


def problem_of(inspection: Inspection, *, at: datetime | None = None) -> parts.Problem:
    """Return everything the timetable must respect, ids as text; a constant number of queries.

    With `at`, a published timetable is changed from that moment on, and short notice weighs more.
    """
    return _problem(inspection, at, _IN_FORCE.rows(inspection=inspection.pk))


def problem_and_placements(timetable: Timetable, *, at: datetime) -> tuple[parts.Problem, list[Placement]]:
    """Return the problem, and one version's placements with whoever sits in them, in as few queries as one page may."""
    inspection = timetable.inspection
    rows = _HERE_OR_IN_FORCE.rows(timetable=timetable.pk, inspection=inspection.pk)
    in_force = [row for row in rows if row.timetable.state == TimetableState.PUBLISHED]
    return _problem(inspection, at, in_force), [row for row in rows if row.timetable_id == timetable.pk]


def plan_of(timetable: Timetable) -> dict[str, parts.Placement]:
    """Return a timetable's placements as plain values, by the id of their session."""
    return held_by(_HERE.rows(timetable=timetable.pk))


def _problem(inspection: Inspection, at: datetime | None, in_force: list[Placement]) -> parts.Problem:
    arrangement = arrangement_of(inspection)
    told, declined = _answers(inspection)
    problem = parts.Problem(
        days=tuple(_open_hours(arrangement, day) for day in days_of(inspection)),
        people=tuple(_people(inspection)),
        inspectors=tuple(_inspectors(inspection)),
        sessions=tuple(_sessions(inspection)),
        rules=_rules(arrangement),
        published=parts.Published(held_by(in_force), told, at) if in_force else None,
    )
    return respecting(problem, declined)


def _placements() -> QuerySet[Placement]:
    """Return placements with the ids of those who sit in them, as `sitting` and `taking`."""
    people = PlacementPerson.objects.filter(placement=OuterRef("pk")).order_by("pk").values("person_id")
    inspectors = PlacementInspector.objects.filter(placement=OuterRef("pk")).order_by("pk").values("inspector_id")
    rows = Placement.objects.select_related("timetable")
    return rows.annotate(sitting=ArraySubquery(people), taking=ArraySubquery(inspectors)).order_by("pk")


_IS_HERE = Q(timetable=Parameter("timetable"))
_IS_IN_FORCE = Q(timetable__inspection=Parameter("inspection"), timetable__state=TimetableState.PUBLISHED)
_HERE = Prepared(lambda: _placements().filter(_IS_HERE))
_IN_FORCE = Prepared(lambda: _placements().filter(_IS_IN_FORCE))
_HERE_OR_IN_FORCE = Prepared(lambda: _placements().filter(_IS_HERE | _IS_IN_FORCE))


def pins_of(inspection: Inspection) -> list[Placement]:
    """Return what somebody pinned in the newest version that stands; a later one keeps it where it is."""
    newest = Timetable.objects.filter(inspection=inspection).exclude(state=TimetableState.DISCARDED)
    rows = _placements().filter(timetable=newest.order_by("-number").values("pk")[:1], is_pinned=True)
    return list(rows.filter(session__state=SessionState.WANTED))


def held_by(placements: Iterable[Any]) -> dict[str, parts.Placement]:
    """Return placements of the queries above as plain values."""
    return {
        str(row.session_id): parts.Placement(
            row.during.lower,
            row.during.upper,
            tuple(sorted(str(key) for key in row.taking)),
            tuple(str(key) for key in row.sitting),
        )
        for row in placements
    }


def excuses_of(timetable: Timetable) -> dict[str, list[Key]]:
    """Return the broken rules that were accepted with a reason, by session."""
    return excuses_in(Placement.objects.filter(timetable=timetable).exclude(excused=[]).order_by("pk"))


def excuses_in(placements: Iterable[Placement]) -> dict[str, list[Key]]:
    return {
        str(row.session_id): [(one["rule"], one["kind"], one["subject"]) for one in row.excused]
        for row in placements
        if row.excused
    }


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


def _people_of_force() -> QuerySet[Any]:
    near = Duty.objects.filter(person=OuterRef("pk"), during__overlap=Parameter("around"))
    rows = Person.objects.here().filter(force_id=Parameter("force")).annotate(times=_spans(near, what=F("kind")))
    return rows.order_by("reference", "pk")


_PEOPLE = Prepared(_people_of_force)


def _people(inspection: Inspection) -> Iterable[parts.Person]:
    for row in _PEOPLE.rows(force=inspection.force_id, around=DateTimeTZRange(*around_fieldwork(inspection))):
        yield _person(row, row.times)


def _spans(rows: QuerySet[Any], **named: Any) -> ArraySubquery:
    """Return ranges beside each row of another query: where they start and end, and what is named."""
    span = JSONObject(starts=F("during__startswith"), ends=F("during__endswith"), **named)
    return ArraySubquery(rows.order_by("during", "pk").values(span=span))


def _range(span: dict[str, str]) -> tuple[datetime, datetime]:
    return _moment(span["starts"]), _moment(span["ends"])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


_INVITATIONS = Prepared(
    lambda: Invitation.objects.filter(session__inspection=Parameter("inspection")).order_by("during", "pk")
)


def _answers(inspection: Inspection) -> tuple[frozenset[str], list[Declined]]:
    """Return who was told of anything that stands, and who said that they do not come."""
    told, declined = set(), []
    for row in _INVITATIONS.rows(inspection=inspection.pk):
        person = str(row.person_id)
        if row.told_at is not None and not row.is_cancelled:
            told.add(person)
        if row.reply in Reply.not_coming():
            during = parts.Span(row.during.lower, row.during.upper, "declined")
            declined.append(Declined(person, str(row.session_id), during, row.reply == Reply.OTHER_TIMES))
    return frozenset(told), declined


def _person(row: Person, times: list[dict[str, str]]) -> parts.Person:
    """Return when a person can be asked: on shift, when a partner offered it, or when they agreed to come in."""
    spans: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for one in times:
        spans[one["what"]].append(_range(one))
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


def _inspectors_of_inspection() -> QuerySet[Any]:
    away = _spans(Absence.objects.filter(inspector=OuterRef("pk")), why=F("reason"))
    rows = Inspector.objects.filter(inspection=Parameter("inspection")).annotate(away=away)
    return rows.order_by("reference", "pk")


_INSPECTORS = Prepared(_inspectors_of_inspection)


def _inspectors(inspection: Inspection) -> Iterable[parts.Inspector]:
    for row in _INSPECTORS.rows(inspection=inspection.pk):
        busy = tuple(parts.Span(*_range(one), one["why"]) for one in row.away)
        yield parts.Inspector(str(row.pk), frozenset(row.specialisms), busy, row.max_a_day, row.name)


def _sessions_of_inspection() -> QuerySet[Any]:
    rows = Session.objects.filter(inspection=Parameter("inspection"), state=SessionState.WANTED)
    after = Session.after.through.objects.filter(from_session=OuterRef("pk"), to_session__in=rows.values("pk"))
    found = rows.select_related("kind").annotate(
        must=ArraySubquery(_asked(Part.FIXED)),
        may=ArraySubquery(_asked(Part.POOL)),
        within=_spans(SessionWindow.objects.filter(session=OuterRef("pk"))),
        follows=ArraySubquery(after.order_by("pk").values("to_session_id")),
    )
    return found.order_by("reference", "pk")


_SESSIONS = Prepared(_sessions_of_inspection)


def _sessions(inspection: Inspection) -> Iterable[parts.Session]:
    for row in _SESSIONS.rows(inspection=inspection.pk):
        windows = dates.merged(_range(one) for one in row.within)
        yield parts.Session(
            id=str(row.pk),
            kind=row.kind.form,
            minutes=row.minutes,
            inspectors=row.inspectors_needed,
            specialism=row.specialism,
            fixed=tuple(map(str, row.must)),
            pool=tuple(map(str, row.may)) if row.size else (),
            size=row.size,
            units=row.units,
            after=tuple(map(str, row.follows)),
            windows=tuple(parts.Span(*one) for one in windows) or None,
            prefer=_prefer(row.preferences),
            priority=row.priority,
            name=row.title,
        )


def _asked(part: Part) -> QuerySet[Any]:
    rows = SessionPerson.objects.filter(session=OuterRef("pk"), part=part, person__left_at=None)
    return rows.order_by("pk").values("person_id")


def _prefer(stored: dict[str, Any]) -> parts.Prefer:
    return parts.Prefer(
        earliest=time.fromisoformat(stored["from"]) if stored.get("from") else None,
        latest=time.fromisoformat(stored["to"]) if stored.get("to") else None,
        dates=frozenset(date.fromisoformat(day) for day in stored.get("dates", [])),
    )
