"""The fieldwork at a glance, its rules, and who answered what."""

from django.contrib import messages
from django.shortcuts import redirect, render

from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.fieldwork import next_steps, overview_queries, queries
from ncpi.fieldwork.forms import ArrangementForm
from ncpi.fieldwork.operations import sessions as operations
from ncpi.inspections.access import get_inspection
from ncpi.lib.clocks import clock_of
from ncpi.lib.conflicts import differences
from ncpi.lib.versions import StaleVersion


@requires(Permission.FIELDWORK_VIEW)
def overview(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_VIEW)
    permissions, clock = permissions_in(request.user, inspection.force_id), clock_of(inspection.force)
    now = overview_queries.overview_of(request.user, inspection, at=clock.at)
    can_manage, has_notes = Permission.FIELDWORK_MANAGE in permissions, Permission.FIELDWORK_NOTES in permissions
    start, end, days = inspection.fieldwork_start_date, inspection.fieldwork_end_date, queries.days_of(inspection)
    context = {
        "inspection": inspection,
        "overview": now,
        "where": next_steps.where_in_words(start, end, on=clock.on, days=days),
        "steps": next_steps.steps(overview_queries.standing_of(inspection, now)) if can_manage else [],
        "coming": overview_queries.coming_up(inspection, at=clock.at),
        "changes": overview_queries.changes_of(inspection, now, has_notes=has_notes),
        "job": queries.last_job_of(inspection),
        "can_manage": can_manage,
        "has_notes": has_notes,
        "on": clock.on,
    }
    return render(request, "fieldwork/overview.html", context)


@requires(Permission.FIELDWORK_MANAGE)
def arrangement(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    row = queries.arrangement_of(inspection)
    form = ArrangementForm(request.POST or None, instance=row, initial={"version": row.version})
    conflict, status = [], 200
    if form.is_valid():
        fields = {name: form.cleaned_data[name] for name in form.Meta.fields}
        try:
            operations.arrange(by=request.user, inspection=inspection, version=form.cleaned_data["version"], **fields)
        except StaleVersion as stale:
            conflict, status = differences(form, {name: getattr(stale.row, name) for name in fields}), 409
            form.take_version(stale.row.version)
        else:
            messages.success(request, "Rules saved. The next timetable keeps them.")
            return redirect("fieldwork:overview", ref=ref)
    context = {"inspection": inspection, "form": form, "conflict": conflict}
    return render(request, "fieldwork/arrangement.html", context, status=status)
