"""The inspection team, and when they are not there."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.fieldwork import access
from ncpi.fieldwork.forms import AbsenceForm, ChangeInspectorForm, InspectorForm
from ncpi.fieldwork.models import Inspector
from ncpi.fieldwork.operations import people as operations
from ncpi.inspections.access import get_inspection
from ncpi.lib.conflicts import differences
from ncpi.lib.versions import StaleVersion


@requires(Permission.FIELDWORK_MANAGE)
def inspectors(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    rows = inspection.inspectors.prefetch_related("absences").order_by("reference", "pk")
    return render(request, "fieldwork/inspectors.html", {"inspection": inspection, "inspectors": rows})


@requires(Permission.FIELDWORK_MANAGE)
def add(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    form = InspectorForm(request.POST or None, force=inspection.force)
    if form.is_valid():
        try:
            operations.add_inspector(by=request.user, inspection=inspection, **form.cleaned_data)
        except operations.InspectorReferenceTaken as error:
            form.add_error("reference", str(error))
        else:
            messages.success(request, "Inspector added.")
            return redirect("fieldwork:inspectors", ref=ref)
    return render(request, "fieldwork/form.html", {"inspection": inspection, "form": form, "title": "Add an inspector"})


@requires(Permission.FIELDWORK_MANAGE)
def inspector(request, ref, pk):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    one = access.get_inspector(inspection, pk)
    form = _form(one, request.POST or None)
    conflict, status = [], 200
    if form.is_valid():
        row = Inspector.objects.select_related("inspection__force").get(pk=pk)
        try:
            operations.change_inspector(by=request.user, inspector=row, **form.cleaned_data)
        except StaleVersion as stale:
            stored = {name: getattr(stale.row, name) for name in form.Meta.fields}
            conflict, status = differences(form, stored), 409
            form.take_version(stale.row.version)
        except operations.InspectorReferenceTaken as error:
            form.add_error("reference", str(error))
        else:
            messages.success(request, "Inspector changed.")
            return redirect("fieldwork:inspectors", ref=ref)
    return _inspector_page(request, inspection, one, form, AbsenceForm(prefix="absence"), conflict, status)


def _form(one, data=None):
    return ChangeInspectorForm(data, instance=one, force=one.inspection.force, initial={"version": one.version})


def _inspector_page(request, inspection, one, form, absence_form, conflict, status):
    context = {
        "inspection": inspection,
        "inspector": one,
        "form": form,
        "absence_form": absence_form,
        "absences": one.absences.order_by("during", "pk"),
        "conflict": conflict,
    }
    return render(request, "fieldwork/inspector.html", context, status=status)


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def add_absence(request, ref, pk):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    one = access.get_inspector(inspection, pk)
    form = AbsenceForm(request.POST, prefix="absence")
    if form.is_valid():
        data = form.cleaned_data
        operations.add_absence(by=request.user, inspector=one, during=data["during"], reason=data["reason"])
        messages.success(request, "Absence added.")
        return redirect("fieldwork:inspector", ref=ref, pk=pk)
    unchanged = _form(one)
    return _inspector_page(request, inspection, one, unchanged, form, [], 200)


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def remove_absence(request, ref, pk, absence):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    row = access.get_absence(access.get_inspector(inspection, pk), absence)
    operations.remove_absence(by=request.user, absence=row)
    messages.success(request, "Absence taken back.")
    return redirect("fieldwork:inspector", ref=ref, pk=pk)
