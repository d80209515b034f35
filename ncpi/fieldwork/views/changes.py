"""Changing a draft by hand: choose a session, see where it could go and what would clash, save."""

from dataclasses import replace

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.fieldwork import access, change_queries
from ncpi.fieldwork.change_forms import MoveForm, ProposalForm, VersionForm
from ncpi.fieldwork.operations import changes as operations
from ncpi.inspections.access import get_inspection
from ncpi.lib import dates
from ncpi.lib.clocks import clock_of
from ncpi.lib.versions import StaleVersion

REFUSALS = (operations.NotADraft, operations.NotPlaced, operations.StillOverrides, StaleVersion)


@requires(Permission.FIELDWORK_MANAGE)
def move(request, ref, number, pk):
    inspection, row, session = _of(request, ref, number, pk)
    board = change_queries.board_of(row, session, at=clock_of(inspection.force).at)
    if not board.is_wanted:
        messages.error(request, f"{session.title} is no longer wanted.")
        return redirect("fieldwork:timetable", ref=ref, number=number)
    works = board.starts()
    form = (MoveForm if request.method == "POST" else ProposalForm)(
        request.POST or request.GET, inspectors=[one.id for one in board.problem.inspectors], people=board.asked
    )
    to = _place(board, form, works) if form.has_start else None
    if request.method == "POST" and to is not None and "look" not in request.POST:
        return _save(request, board, works, form, to)
    return _page(request, board, works, form, to)


def _of(request, ref, number, pk):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    return inspection, access.get_timetable(request.user, inspection, number), access.get_session(inspection, pk)


def _place(board, form, works):
    """Return where the session would go: with those ticked, or as it works best there."""
    data = form.cleaned_data
    place = board.place(data["at"], works)
    if data["chosen"]:
        return replace(place, inspectors=tuple(sorted(data["inspectors"])), people=tuple(data["people"]))
    if data["inspector"] in dict(form.fields["inspectors"].choices):
        was = board.was.inspectors if board.was else ()
        return replace(place, inspectors=tuple(sorted({*was, data["inspector"]} - {data["instead"]})))
    return place


def _save(request, board, works, form, to):
    data, row = form.cleaned_data, board.timetable
    override = operations.Override(data["reason"], form.seen_codes)
    try:
        operations.move(
            by=request.user, timetable=row, session=board.session, version=data["version"], to=to, override=override,
            at=clock_of(row.inspection.force).at,
        )  # fmt: skip
    except operations.Clashing:
        return _page(request, board, works, form, to, is_refused=True)
    except StaleVersion as stale:
        return _page(request, board, works, form, to, stale=stale.row, status=409)
    except operations.NotADraft as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{board.session.title} is on {dates.in_words(to.starts_at)}.")
    return redirect("fieldwork:timetable", ref=row.inspection.ref, number=row.number)


def _page(request, board, works, form, to, *, is_refused=False, stale=None, status=200):
    found = board.clashes(to) if to else []
    context = {
        "inspection": board.timetable.inspection,
        "timetable": board.timetable,
        "session": board.session,
        "board": board,
        "form": form,
        "starts": change_queries.by_day(works),
        "works": len(works),
        "to": to,
        "clashes": found,
        "is_barred": any(one.is_firm for one in found),
        "seen": "\n".join(one.code for one in found),
        "team": board.team(to) if to else [],
        "group": board.group(to) if to else [],
        "is_refused": is_refused,
        "stale": stale,
        "reason": form.data.get("reason", ""),
    }
    return render(request, "fieldwork/move.html", context, status=status)


@requires(Permission.FIELDWORK_MANAGE)
@require_safe
def starts(request, ref, number, pk):
    """Answer where a session could start, and with whom, for those who drag it."""
    inspection, row, session = _of(request, ref, number, pk)
    board = change_queries.board_of(row, session, at=clock_of(inspection.force).at)
    local = [dates.to_local(one.starts_at) for one in (board.starts() if board.is_wanted else [])]
    return JsonResponse({"minutes": session.minutes, "starts": [f"{one:%Y-%m-%dT%H:%M}" for one in local]})


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def pin(request, ref, number, pk):
    return _act(request, ref, number, pk, operations.pin, "pinned", is_pinned=True)


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def unpin(request, ref, number, pk):
    return _act(request, ref, number, pk, operations.pin, "no longer pinned", is_pinned=False)


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def take_out(request, ref, number, pk):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    at = clock_of(inspection.force).at
    return _act(request, ref, number, pk, operations.take_out, "taken out. It waits to be placed", at=at)


def _act(request, ref, number, pk, operation, said, **given):
    _, row, session = _of(request, ref, number, pk)
    form = VersionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Load the page again and choose once more.")
        return redirect("fieldwork:move", ref=ref, number=number, pk=pk)
    try:
        operation(by=request.user, timetable=row, session=session, version=form.cleaned_data["version"], **given)
    except REFUSALS as error:
        messages.error(request, str(error))
        return redirect("fieldwork:move", ref=ref, number=number, pk=pk)
    messages.success(request, f"{session.title} is {said}.")
    return redirect("fieldwork:timetable", ref=ref, number=number)


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def start_draft(request, ref, number):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    row = access.get_timetable(request.user, inspection, number)
    made = operations.start_draft(by=request.user, timetable=row, at=clock_of(inspection.force).at)
    messages.success(
        request, f"Version {made.number} is a draft that begins as version {number}. Nobody is told of it."
    )
    return redirect("fieldwork:timetable", ref=ref, number=made.number)
