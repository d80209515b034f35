"""What is known about the fieldwork, as the timetable and the pages need it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Min, Q, QuerySet

from ncpi.accounts.access import forces_granting
from ncpi.accounts.permissions import Permission
from ncpi.fieldwork.calendars import Address
from ncpi.fieldwork.models import (
    Arrangement,
    Duty,
    DutyKind,
    Invitation,
    Part,
    Person,
    PlacementInspector,
    Reply,
    Session,
    SessionState,
    Timetable,
    TimetableState,
)
from ncpi.inspections.models import Area, Criterion, Inspection
from ncpi.jobs.models import Job
from ncpi.lib import dates
from ncpi.lib.counts import CountOf

REST = timedelta(hours=48)


def arrangement_of(inspection: Inspection) -> Arrangement:
    """Return the inspection's arrangement, or an unsaved one with the defaults."""
    found = Arrangement.objects.filter(inspection=inspection).first()
    return found or Arrangement(inspection=inspection, version=0)


def days_of(inspection: Inspection) -> list[date]:
    """Return the working days of the fieldwork."""
    length = (inspection.fieldwork_end_date - inspection.fieldwork_start_date).days + 1
    days = (inspection.fieldwork_start_date + timedelta(days=number) for number in range(length))
    return [day for day in days if day.weekday() < 5]


def published_of(inspection: Inspection) -> Timetable | None:
    return Timetable.objects.filter(inspection=inspection, state=TimetableState.PUBLISHED).first()


def organiser_of(inspection: Inspection) -> Address:
    """Return where answers to calendar invitations go: whoever published the timetable, named by role alone."""
    rows = Timetable.objects.filter(inspection=inspection, state=TimetableState.PUBLISHED)
    email = rows.exclude(published_by=None).values_list("published_by__email", flat=True).first()
    return Address(email or "", "Inspection co-ordinator")


def latest_of(inspection: Inspection) -> Timetable | None:
    return Timetable.objects.filter(inspection=inspection).order_by("-number", "-pk").first()


def open_job_of(inspection: Inspection) -> Job | None:
    """Return the job that is making a timetable now."""
    return Job.objects.open().filter(kind="solve_timetable", key=job_key(inspection)).first()


def last_job_of(inspection: Inspection) -> Job | None:
    rows = Job.objects.filter(kind="solve_timetable", key=job_key(inspection), force_id=inspection.force_id)
    return rows.order_by("-created_at", "-pk").first()


def job_key(inspection: Inspection) -> str:
    return f"inspection:{inspection.pk}"


def around_fieldwork(inspection: Inspection) -> tuple[datetime, datetime]:
    """Return the moments between which a duty bears on the fieldwork: two days of rest before it, to its end."""
    start = dates.combine(inspection.fieldwork_start_date, time(0)) - REST
    return start, dates.combine(inspection.fieldwork_end_date + timedelta(days=1), time(0))


@dataclass(frozen=True)
class TileFacts:
    wanted: int
    placed: int
    declined: int
    has_timetable: bool

    @property
    def text(self) -> str:
        if not self.wanted:
            return "no session is wanted yet"
        if not self.has_timetable:
            return "sessions placed; no timetable is published"
        return (
            f"sessions placed, {self.declined} declined"
            if self.declined
            else "sessions placed in the published timetable"
        )


def tile_of(inspection: Inspection) -> TileFacts:
    """Return what the inspection's page says of the fieldwork, in one query."""
    published = Timetable.objects.filter(inspection=inspection, state=TimetableState.PUBLISHED)
    wanted = Session.objects.filter(inspection=inspection, state=SessionState.WANTED)
    declined = Invitation.objects.filter(session__inspection=inspection, is_cancelled=False, reply="declined")
    facts = Inspection.objects.filter(pk=inspection.pk).values_list(
        CountOf(wanted.values("pk")),
        CountOf(wanted.filter(placements__timetable__in=published).values("pk").distinct()),
        CountOf(declined.values("pk")),
        Exists(published),
    )
    return TileFacts(*facts.get())


def uncovered_areas(inspection: Inspection) -> list[Area]:
    """Return the programme's areas to which no session speaks that is wanted."""
    spoken_to = Session.objects.filter(inspection=inspection).exclude(state=SessionState.CANCELLED)
    areas = Area.objects.filter(programme_id=inspection.programme_id)
    return list(areas.exclude(pk__in=spoken_to.values("areas__pk").exclude(areas=None)).order_by("order", "pk"))


def criterion_words(inspection: Inspection) -> dict[str, int]:
    """Return the programme's criteria as a table names them, `area/criterion`, with their ids."""
    rows = Criterion.objects.filter(area__programme_id=inspection.programme_id).order_by("area__order", "order", "pk")
    return {f"{area}/{key}": pk for area, key, pk in rows.values_list("area__key", "key", "pk")}


def people_of(inspection: Inspection, *, search: str = "", unit: str = "", band: str = "") -> QuerySet:
    """Return the force's people in order of unit and name, with how often each is asked."""
    near = Q(duties__during__overlap=around_fieldwork(inspection), duties__kind__in=DutyKind.can_be_asked())
    rows = Person.objects.here().filter(force_id=inspection.force_id)
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(reference__iexact=search) | Q(job_title__icontains=search))
    if unit:
        rows = rows.filter(unit=unit)
    if band:
        rows = rows.filter(band=band)
    rows = rows.annotate(times=Count("duties", filter=near, distinct=True))
    return rows.select_related("line_manager").order_by("unit", "name", "pk")


def units_of(inspection: Inspection) -> list[str]:
    rows = Person.objects.here().filter(force_id=inspection.force_id)
    return list(rows.order_by("unit").values_list("unit", flat=True).distinct())


def sessions_of(inspection: Inspection, *, state: str = SessionState.WANTED) -> QuerySet:
    """Return sessions with their kind, areas and how many people are asked for."""
    return (
        Session.objects.filter(inspection=inspection, state=state)
        .select_related("kind")
        .prefetch_related("areas")
        .annotate(
            fixed_count=Count("candidates", filter=Q(candidates__part=Part.FIXED), distinct=True),
            pool_count=Count("candidates", filter=Q(candidates__part=Part.POOL), distinct=True),
        )
        .order_by("reference", "pk")
    )


def versions_of(user: Any, inspection: Inspection) -> QuerySet[Timetable]:
    """Return the versions that the reader may open, the newest first, with how many sessions each places."""
    rows = Timetable.objects.open_to(user, inspection).annotate(placed=Count("placements"))
    return rows.select_related("published_by", "based_on").order_by("-number", "-pk")


def invitations_of(person: Person, inspection: Inspection) -> QuerySet:
    """Return one person's invitations in the order of the fortnight."""
    rows = Invitation.objects.filter(person=person, session__inspection=inspection)
    rows = rows.select_related("session__kind", "session__inspection__force").prefetch_related("offered_times")
    return rows.order_by("during", "pk")


def invitations_to(user: Any) -> QuerySet:
    """Return the invitations of the people that this user is."""
    rows = Invitation.objects.filter(person__user=user, person__left_at=None)
    rows = rows.select_related("session__kind", "session__inspection__force").prefetch_related("offered_times")
    return rows.order_by("during", "pk")


def led_by(user: Any, *, offset: timedelta, at: datetime) -> QuerySet:
    """Return for each open inspection that this user inspects how many published sessions they lead from now on."""
    rows = PlacementInspector.objects.filter(
        inspector__user=user,
        timetable__state=TimetableState.PUBLISHED,
        placement__session__state=SessionState.WANTED,
        during__endswith__gt=at,
        timetable__inspection__closed_at=None,
        timetable__inspection__force__clock_offset=offset,
        timetable__inspection__force_id__in=forces_granting(user, Permission.FIELDWORK_VIEW),
    )
    named = rows.values(
        "inspector",
        ref=F("timetable__inspection__ref"),
        name=F("timetable__inspection__name"),
        of=F("timetable__inspection__force"),
        number=F("timetable__number"),
    )
    return named.annotate(left=Count("pk"), first=Min("during__startswith")).order_by("first", "ref", "inspector")


def invited(inspection: Inspection, *, at: datetime) -> QuerySet[Invitation]:
    """Return the invitations in force whose session is not over."""
    return Invitation.objects.filter(session__inspection=inspection, is_cancelled=False, during__endswith__gt=at)


def replies_of(inspection: Inspection, *, since: datetime | None) -> QuerySet:
    """Return the invitations in force, first those whose answer asks for a step; `since` leaves out what is over."""
    rows = Invitation.objects.filter(session__inspection=inspection, is_cancelled=False)
    if since is not None:
        rows = rows.filter(during__endswith__gt=since)
    urgent = rows.annotate(asks=Q(reply__in=Reply.not_coming()) & Q(handled_at=None))
    return (
        urgent.select_related("session", "person")
        .prefetch_related("offered_times")
        .order_by("-asks", "during", "person__name", "pk")
    )


def duties_of(person: Person, inspection: Inspection) -> QuerySet:
    """Return a person's times around the fieldwork."""
    rows = Duty.objects.filter(person=person, during__overlap=around_fieldwork(inspection))
    return rows.annotate(starts=F("during__startswith")).order_by("starts", "pk")
