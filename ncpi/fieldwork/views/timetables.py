"""The timetable: asked for, watched, looked at, published."""

from django.contrib import messages
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.fieldwork import access, costs, queries
from ncpi.fieldwork.forms import PublishForm
from ncpi.fieldwork.models import TimetableState
from ncpi.fieldwork.operations import timetables as operations
from ncpi.fieldwork.views.grids import fortnight_context
from ncpi.inspections.access import get_inspection
from ncpi.lib.clocks import clock_of


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def make(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    try:
        operations.ask_for_timetable(by=request.user, inspection=inspection, now=timezone.now())
    except operations.NothingToTimetable as error:
        messages.error(request, str(error))
    return redirect(f"{resolve_url('fieldwork:overview', ref=ref)}#making")


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def stop(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    job = queries.open_job_of(inspection)
    if job is None:
        messages.info(request, "The timetable was finished before it could be stopped.")
    else:
        operations.stop_with_best(by=request.user, inspection=inspection, job=job)
        messages.success(request, "It stops now and keeps the best it has found.")
    return redirect("fieldwork:overview", ref=ref)


@requires(Permission.FIELDWORK_VIEW)
@require_safe
def timetable(request, ref, number):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_VIEW)
    row = access.get_timetable(request.user, inspection, number)
    can_manage = Permission.FIELDWORK_MANAGE in permissions_in(request.user, inspection.force_id)
    context = {
        "inspection": inspection,
        "timetable": row,
        "proof": costs.proof_in_words(row.cost, row.bound),
        "versions": queries.versions_of(request.user, inspection)[:20],
        "can_manage": can_manage,
        "can_change": can_manage and row.state == TimetableState.DRAFT,
        **fortnight_context(request, row),
    }
    return render(request, "fieldwork/timetable.html", context)


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def publish(request, ref, number):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    row = access.get_timetable(request.user, inspection, number)
    form = PublishForm(request.POST)
    tell = form.is_valid() and form.cleaned_data["tell"]
    at = clock_of(inspection.force).at
    try:
        operations.publish(by=request.user, timetable=row, at=at, now=timezone.now(), tell=tell)
    except (operations.OutOfDate, operations.AlreadyPublished) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Version {number} published.")
    return redirect("fieldwork:timetable", ref=ref, number=number)
