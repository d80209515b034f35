"""The fortnight in the form that somebody asked for: on the page of a timetable, and as a file of what is shown."""

from dataclasses import asdict
from urllib.parse import urlencode

from django.views.decorators.http import require_safe

from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.fieldwork import access, exports, fortnight, grid_queries, queries, week_papers
from ncpi.fieldwork.grid_forms import ViewForm
from ncpi.fieldwork.operations.exports import note_export
from ncpi.inspections.access import get_inspection
from ncpi.lib.clocks import clock_of
from ncpi.lib.exports import XLSX, as_named_file
from ncpi.lib.written_dates import moment


def shown_to(request, timetable):
    """Return the timetable as this reader asked for it, and the whole of which it is a part."""
    whole = grid_queries.fortnight_of(timetable, **_sees(request, timetable))
    on = clock_of(timetable.inspection.force).on
    return fortnight.shown(whole, ViewForm(request.GET).choice, on=on), whole


def fortnight_context(request, timetable):
    """Return what `fieldwork/_fortnight.html` shows."""
    shown, whole = shown_to(request, timetable)
    return {
        "shown": shown,
        "whole": whole,
        "weeks_on_paper": [
            (week, week_papers.letters_of(week, is_first=number == 0)) for number, week in enumerate(shown.glance)
        ],
        "person": _person(shown),
        "switches": [
            {"words": by.words, "query": query_of(shown.choice, by=by.value), "is_current": by == shown.choice.by}
            for by in fortnight.By
        ],
        "weeks": [
            {"number": week.number, "query": query_of(shown.choice, week=week.number), "days": week.days}
            for week in shown.weeks
        ],
        "everything": query_of(shown.choice, inspector=0, unit="", person=0),
        "both_weeks": "" if shown.choice.by in fortnight.ONE_WEEK else query_of(shown.choice, week=0),
        "query": query_of(shown.choice),
    }


def query_of(choice, **changes):
    """Return the choice as the query of an address; what shows everything is left out."""
    said = asdict(choice) | changes
    return urlencode({key: str(value) for key, value in said.items() if value})


def _person(shown):
    """Return the one person whose sessions are shown, by name."""
    found = (one.name for block in shown.blocks for one in block.people if one.id == shown.choice.person)
    return next(found, "")


@requires(Permission.FIELDWORK_VIEW)
@require_safe
def workbook(request, ref, number):
    row, shown = _taken(request, ref, number, "workbook")
    data = exports.workbook(shown, _facts(row, shown), **_sees(request, row))
    return _file(row, data, "xlsx", XLSX)


@requires(Permission.FIELDWORK_VIEW)
@require_safe
def paper(request, ref, number):
    row, shown = _taken(request, ref, number, "paper")
    data = exports.paper(shown, _facts(row, shown), at=row.published_at or row.made_at)
    return _file(row, data, "pdf", "application/pdf")


@requires(Permission.FIELDWORK_VIEW)
@require_safe
def calendar(request, ref, number):
    row, shown = _taken(request, ref, number, "calendar")
    at, organiser = clock_of(row.inspection.force).at, queries.organiser_of(row.inspection)
    data = exports.calendar(shown, _facts(row, shown), number=row.number, organiser=organiser, at=at)
    return _file(row, data, "ics", "text/calendar; charset=utf-8")


def _taken(request, ref, number, what):
    """Return a timetable and what is shown of it, once it is written down that somebody took it away."""
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_VIEW)
    row = access.get_timetable(request.user, inspection, number)
    shown, _ = shown_to(request, row)
    part = query_of(shown.choice, by="") or "everything"
    note_export(by=request.user, timetable=row, what=f"{what}, version {number}, {part}, {len(shown.blocks)} sessions")
    return row, shown


def _facts(row, shown):
    said = f"version {row.number}, {row.get_state_display().lower()} {moment(row.published_at or row.made_at)}"
    return exports.Facts(
        force=row.inspection.force.name,
        inspection=row.inspection.name,
        title=f"Fieldwork timetable, {row.inspection.name}",
        said=said,
        unplaced=() if shown.choice.is_narrowed else row.unplaced,
    )


def _file(row, data, extension, media_type):
    name = f"{row.inspection.ref}-timetable-{row.number}"
    return as_named_file(data, name=name, extension=extension, media_type=media_type)


def _sees(request, timetable):
    """Say what of each session is for this reader: inspectors join the meetings, and do not see the force's notes."""
    held = permissions_in(request.user, timetable.inspection.force_id)
    has_notes = Permission.FIELDWORK_NOTES in held
    return {"has_notes": has_notes, "has_links": Permission.FIELDWORK_MANAGE in held or not has_notes}
