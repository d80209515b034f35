"""The fortnight in the form that somebody asked for: on the page of a timetable, and as a file of what is shown."""

from dataclasses import asdict
from urllib.parse import urlencode

from ncpi.accounts.access import permissions_in
from ncpi.accounts.permissions import Permission
from ncpi.fieldwork import fortnight, grid_queries
from ncpi.fieldwork.grid_forms import ViewForm
from ncpi.lib.clocks import clock_of


def shown_to(request, timetable):
    """Return the timetable as this reader asked for it, and the whole of which it is a part."""
    force = timetable.inspection.force
    has_notes = Permission.FIELDWORK_NOTES in permissions_in(request.user, force.pk)
    whole = grid_queries.fortnight_of(timetable, has_notes=has_notes)
    return fortnight.shown(whole, ViewForm(request.GET).choice, on=clock_of(force).on), whole


def fortnight_context(request, timetable):
    """Return what `fieldwork/_fortnight.html` shows."""
    shown, whole = shown_to(request, timetable)
    return {
        "shown": shown,
        "whole": whole,
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
