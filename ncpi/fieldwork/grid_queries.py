"""One version of the timetable as plain blocks, with what the reader may know of each."""

from collections.abc import Iterable, Sequence

from django.db.models import Prefetch

from ncpi.fieldwork import grids
from ncpi.fieldwork.fortnight import Fortnight, Team
from ncpi.fieldwork.models import (
    Absence,
    Arrangement,
    Inspector,
    Invitation,
    Placement,
    PlacementInspector,
    PlacementPerson,
    Reply,
    Timetable,
)
from ncpi.fieldwork.queries import days_of
from ncpi.lib import dates

Told = dict[tuple[int, int], Invitation]
UNTOLD = "Not told yet"


def fortnight_of(timetable: Timetable, *, has_notes: bool, has_links: bool) -> Fortnight:
    """Return everything the views show; answers and reasons only where the reader `has_notes`.

    The links of the meetings are for those who lead them and those who run the fieldwork: `has_links`.
    """
    blocks = blocks_of(timetable, has_notes=has_notes, has_links=has_links)
    absences = Prefetch("absences", Absence.objects.order_by("during", "pk"))
    inspectors = Inspector.objects.filter(inspection_id=timetable.inspection_id).prefetch_related(absences)
    return Fortnight(
        blocks=tuple(blocks),
        team=tuple(_team(row) for row in inspectors.order_by("reference", "pk")),
        rules=_day_rules(getattr(timetable.inspection, "arrangement", None) or Arrangement()),
        days=tuple(sorted({*days_of(timetable.inspection), *(one.day for one in blocks)})),
    )


def blocks_of(timetable: Timetable, *, has_notes: bool, has_links: bool) -> list[grids.Block]:
    people = PlacementPerson.objects.select_related("person").order_by("person__name", "person_id")
    inspectors = PlacementInspector.objects.select_related("inspector").order_by("inspector__reference", "inspector_id")
    rows = (
        Placement.objects.filter(timetable=timetable)
        .select_related("session__kind", "session__record")
        .prefetch_related(Prefetch("people", people), Prefetch("inspectors", inspectors))
        .order_by("during", "session__reference", "pk")
    )
    told = _told(timetable) if has_notes else {}
    return [_block(row, told, has_notes=has_notes, has_links=has_links) for row in rows]


def _team(row: Inspector) -> Team:
    away = (one.during for one in row.absences.all())
    return Team(row.pk, row.name, tuple((dates.to_local(one.lower), dates.to_local(one.upper)) for one in away))


def _told(timetable: Timetable) -> Told:
    rows = Invitation.objects.filter(session__inspection_id=timetable.inspection_id, is_cancelled=False)
    return {(row.session_id, row.person_id): row for row in rows.exclude(told_at=None).order_by("pk")}


def _block(row: Placement, told: Told, *, has_notes: bool, has_links: bool) -> grids.Block:
    people = tuple(_attendee(one, row, told) for one in row.people.all())
    return grids.Block(
        session=row.session_id,
        reference=row.session.reference,
        title=row.session.title,
        form=row.session.kind.get_form_display(),
        is_group=row.session.size > 0,
        starts_at=dates.to_local(row.during.lower),
        ends_at=dates.to_local(row.during.upper),
        inspectors=tuple((one.inspector_id, one.inspector.name) for one in row.inspectors.all()),
        people=people,
        marks=tuple(_marks(row, people, has_notes=has_notes)),
        link=row.session.link if has_links else "",
    )


def _attendee(one: PlacementPerson, row: Placement, told: Told) -> grids.Attendee:
    answer, is_missing = "", False
    # Before anybody was told of anything, saying so of everybody would say nothing.
    if told:
        invitation = told.get((row.session_id, one.person_id))
        answer, is_missing = UNTOLD, True
        if invitation is not None and invitation.during == row.during:
            answer, is_missing = invitation.get_reply_display(), invitation.reply in Reply.not_coming()
    return grids.Attendee(one.person_id, one.person.name, one.person.unit, answer, is_missing)


def _marks(row: Placement, people: Sequence[grids.Attendee], *, has_notes: bool) -> Iterable[grids.Mark]:
    record = getattr(row.session, "record", None)
    if record is not None:
        yield grids.Mark("held", "Took place") if record.took_place else grids.Mark("not-held", "Did not take place")
    if row.room is not None:
        yield grids.Mark("room", f"Room {row.room}")
    if row.is_pinned:
        yield grids.Mark("pinned", "Pinned")
    if row.override_reason:
        yield grids.Mark("override", f"Against a rule: {row.override_reason}" if has_notes else "Set by hand")
    untold = sum(one.answer == UNTOLD for one in people)
    missing = sum(one.is_missing for one in people) - untold
    unanswered = sum(one.answer == Reply.NONE.label for one in people)
    if missing:
        yield grids.Mark("declined", f"{missing} cannot come")
    if untold:
        yield grids.Mark("untold", f"{untold} not told")
    if unanswered and record is None:
        yield grids.Mark("unanswered", f"{unanswered} not answered")


def _day_rules(row: Arrangement) -> grids.Day:
    return grids.Day(row.opens, row.closes, row.inspector_gap_minutes, row.lunch_from, row.lunch_to, row.lunch_minutes)
