"""The versions of the timetable, what is different between two, and taking all, some or none of a re-plan."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.fieldwork import access, change_queries, queries
from ncpi.fieldwork.change_forms import AcceptForm, CompareForm, VersionForm
from ncpi.fieldwork.models import TimetableState
from ncpi.fieldwork.operations import changes as operations
from ncpi.inspections.access import get_inspection
from ncpi.lib.clocks import clock_of
from ncpi.lib.versions import StaleVersion

STALE = "Somebody changed this draft meanwhile. Here it is as it stands; choose again."


@requires(Permission.FIELDWORK_VIEW)
@require_safe
def versions(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_VIEW)
    rows = list(queries.versions_of(request.user, inspection))
    by_number = {row.number: row for row in rows}
    asked = CompareForm(request.GET).numbers if "after" in request.GET else [row.number for row in rows[1::-1]]
    before, after = (by_number.get(number) for number in asked) if len(asked) == 2 else (None, None)
    at = clock_of(inspection.force).at
    context = {
        "inspection": inspection,
        "versions": rows,
        "before": before,
        "after": after,
        "changes": change_queries.changes_of(before, after, at=at) if before and after else None,
    }
    return render(request, "fieldwork/versions.html", context)


@requires(Permission.FIELDWORK_MANAGE)
@require_safe
def changes(request, ref, number):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    return _changes_page(request, inspection, access.get_timetable(request.user, inspection, number))


def _changes_page(request, inspection, row, *, clashes=(), ticked=None, status=200):
    at = row.published_at or clock_of(inspection.force).at
    found = change_queries.changes_of(change_queries.base_of(row), row, at=at)
    context = {
        "inspection": inspection,
        "timetable": row,
        "changes": found,
        "ticked": {one.session for one in found.differences} if ticked is None else ticked,
        "declined": change_queries.declined_of(inspection),
        "refused": clashes,
        "is_draft": row.state == TimetableState.DRAFT,
        "can_manage": Permission.FIELDWORK_MANAGE in permissions_in(request.user, inspection.force_id),
    }
    return render(request, "fieldwork/changes.html", context, status=status)


@requires(Permission.FIELDWORK_MANAGE)
@require_safe
def check(request, ref, number):
    """Answer which rules a version breaks as things are now; a part of its page."""
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    row = access.get_timetable(request.user, inspection, number)
    found = change_queries.clashes_of(row, at=clock_of(inspection.force).at)
    return render(request, "fieldwork/check.html", {"inspection": inspection, "timetable": row, "clashes": found})


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def accept(request, ref, number):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    row = access.get_timetable(request.user, inspection, number)
    at = clock_of(inspection.force).at
    found = change_queries.changes_of(change_queries.base_of(row), row, at=at)
    form = AcceptForm(request.POST, sessions=[one.session for one in found.differences])
    if not form.is_valid():
        messages.error(request, STALE)
        return redirect("fieldwork:changes", ref=ref, number=number)
    ticked = form.cleaned_data["sessions"]
    try:
        operations.accept_some(
            by=request.user, timetable=row, sessions=[int(key) for key in ticked], at=at,
            version=form.cleaned_data["version"],
        )  # fmt: skip
    except operations.Clashing as error:
        return _changes_page(request, inspection, row, clashes=error.clashes, ticked=set(ticked))
    except (operations.NotADraft, StaleVersion):
        messages.error(request, STALE)
    else:
        left = len(found.differences) - len(ticked)
        said = f"{len(ticked)} accepted, {left} left as published." if left else "All changes accepted."
        messages.success(request, f"{said} Nobody is told before you publish.")
    return redirect("fieldwork:changes", ref=ref, number=number)


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def discard(request, ref, number):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    row = access.get_timetable(request.user, inspection, number)
    form = VersionForm(request.POST)
    if not form.is_valid():
        messages.error(request, STALE)
        return redirect("fieldwork:changes", ref=ref, number=number)
    try:
        operations.discard(by=request.user, timetable=row, version=form.cleaned_data["version"])
    except (operations.NotADraft, StaleVersion):
        messages.error(request, STALE)
        return redirect("fieldwork:changes", ref=ref, number=number)
    messages.success(request, f"Version {number} is discarded. What is published stays in force.")
    return redirect("fieldwork:overview", ref=ref)
