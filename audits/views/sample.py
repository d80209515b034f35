"""Pages of the co-ordinator: who audits what, and what audits found."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from audits import access, allocation_operations, finding_operations, queries
from audits.forms import ActionFromFindingForm, ReallocateForm
from audits.models import Capacity
from cases.models import Case, Sample
from ncpi.accounts import journal
from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.actions import operations as actions
from ncpi.inspections.access import get_inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of
from ncpi.lib.versions import StaleVersion

REFUSALS = (allocation_operations.NoAuditor, allocation_operations.NothingToAllocate, InspectionClosed)


@requires(Permission.SAMPLE_MANAGE)
def allocation(request, ref):
    inspection = get_inspection(request.user, ref, Permission.SAMPLE_MANAGE)
    sample = Sample.objects.filter(inspection=inspection, drawn_at__isnull=False).order_by("-number").first()
    if request.method == "POST" and sample is not None:
        clock = clock_of(inspection.force)
        try:
            made = allocation_operations.allocate_sample(by=request.user, sample=sample, on=clock.on, at=clock.at)
        except REFUSALS as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"{len(made)} audits allocated.")
        return redirect("audits:allocation", ref)
    journal.record(by=request.user, verb="read the allocation of", subject=inspection, force=inspection.force)
    rows = list(queries.allocation_rows(sample)) if sample else []
    context = {
        "inspection": inspection,
        "sample": sample,
        "cases": rows,
        "unallocated": sum(1 for row in rows if not row.first_state),
        "load": queries.load_by_auditor(inspection),
    }
    return render(request, "audits/allocation.html", context)


@requires(Permission.SAMPLE_MANAGE)
def reallocate(request, ref, code, capacity):
    if capacity not in Capacity.of_auditors():
        raise Http404
    rows = Case.objects.visible_to(request.user, Permission.SAMPLE_MANAGE).in_sample()
    case = get_object_or_404(rows.select_related("inspection__force", "case_type"), inspection__ref=ref, code=code)
    form = ReallocateForm(request.POST or None, force=case.inspection.force)
    if form.is_valid():
        clock = clock_of(case.inspection.force)
        try:
            allocation_operations.allocate_case(
                by=request.user, case=case, capacity=capacity, on=clock.on, at=clock.at, **form.cleaned_data
            )
        except REFUSALS as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Case allocated.")
            return redirect("audits:allocation", ref)
    context = {"inspection": case.inspection, "case": case, "form": form, "capacity": Capacity(capacity)}
    return render(request, "audits/reallocate.html", context)


@requires(Permission.SAMPLE_MANAGE)
def findings(request, ref):
    inspection = get_inspection(request.user, ref, Permission.SAMPLE_MANAGE)
    rows = access.findings_of(request.user, inspection)
    rows = rows.select_related("audit__case__case_type").order_by("-at", "-pk")
    return render(request, "audits/findings.html", {"inspection": inspection, "findings": list(rows)})


@requires(Permission.SAMPLE_MANAGE)
def finding_action(request, ref, pk):
    finding = access.get_finding(request.user, ref, pk)
    form = ActionFromFindingForm(
        request.POST or None, force=finding.inspection.force, initial={"version": finding.version}
    )
    if form.is_valid():
        clock = clock_of(finding.inspection.force)
        try:
            finding_operations.raise_action_from_finding(
                by=request.user, finding=finding, on=clock.on, at=clock.at, **form.cleaned_data
            )
        except actions.DueBeforeRaised as error:
            form.add_error("due_date", str(error))
        except (finding_operations.HasAction, InspectionClosed, StaleVersion) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Action raised.")
            return redirect("audits:findings", ref)
    context = {"inspection": finding.inspection, "finding": finding, "form": form}
    return render(request, "audits/finding_action.html", context)
