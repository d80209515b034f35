"""The fieldwork at a glance, its rules, and who answered what."""

from django.contrib import messages
from django.shortcuts import redirect, render

from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.fieldwork import queries
from ncpi.fieldwork.forms import ArrangementForm
from ncpi.fieldwork.operations import sessions as operations
from ncpi.inspections.access import get_inspection
from ncpi.lib.conflicts import differences
from ncpi.lib.versions import StaleVersion


@requires(Permission.FIELDWORK_VIEW)
def overview(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_VIEW)
    context = {
        "inspection": inspection,
        "overview": queries.overview_of(inspection),
        "job": queries.last_job_of(inspection),
        "can_manage": Permission.FIELDWORK_MANAGE in permissions_in(request.user, inspection.force_id),
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
