"""Who audits what: the co-ordinator shares cases out, an auditor gives one back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from audits import access, allocation_operations, allocation_queries
from audits.forms import AllocateForm, AuditorForm, ConflictForm, ReallocateForm
from audits.models import Auditor, Capacity
from cases.models import Case
from ncpi.accounts import journal
from ncpi.accounts.access import colleagues, requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of
from ncpi.lib.versions import StaleVersion

REFUSALS = (allocation_operations.NoAuditor, allocation_operations.NothingToAllocate, InspectionClosed)


@requires(Permission.SAMPLE_MANAGE)
def allocation(request, ref):
    inspection = get_inspection(request.user, ref, Permission.SAMPLE_MANAGE)
    form = AllocateForm(request.POST or None)
    if request.method == "POST":
        _allocate(request, inspection, form)
        return redirect("audits:allocation", ref)
    journal.record(by=request.user, verb="read the allocation of", subject=inspection, force=inspection.force)
    rows = list(allocation_queries.allocation_rows(inspection))
    context = {
        "inspection": inspection,
        "form": form,
        "cases": rows,
        "unallocated": sum(1 for row in rows if not row.first_state),
        "auditors": allocation_queries.auditors(inspection),
        "given_back": list(allocation_queries.given_back().filter(inspection=inspection)),
    }
    return render(request, "audits/allocation.html", context)


@requires(Permission.SAMPLE_MANAGE)
def reallocate(request, ref, code, capacity):
    if capacity not in Capacity.of_auditors():
        raise Http404
    rows = Case.objects.visible_to(request.user, Permission.SAMPLE_MANAGE).in_sample()
    rows = rows.select_related("inspection__force", "case_type", "candidate")
    case = get_object_or_404(rows, inspection__ref=ref, code=code)
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
def auditor(request, ref, pk):
    inspection = get_inspection(request.user, ref, Permission.SAMPLE_MANAGE)
    person = get_object_or_404(colleagues(inspection.force, Permission.AUDIT_DO), pk=pk)
    known = Auditor.objects.filter(inspection=inspection, user=person).first()
    teams = allocation_queries.teams(inspection)
    form = AuditorForm(request.POST or None, inspection=inspection, teams=teams, known=known)
    if form.is_valid():
        try:
            allocation_operations.describe_auditor(
                by=request.user, inspection=inspection, user=person, **form.cleaned_data
            )
        except StaleVersion as stale:
            form.take_version(stale.row.version)
            form.add_error(None, str(stale))
        except InspectionClosed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{person.name} saved.")
            return redirect("audits:allocation", ref)
    return render(request, "audits/auditor.html", {"inspection": inspection, "person": person, "form": form})


@requires(Permission.AUDIT_DO)
def conflict(request, ref, pk):
    audit = access.get_own_audit(request.user, ref, pk)
    form = ConflictForm(request.POST or None)
    if form.is_valid():
        at = clock_of(audit.inspection.force).at
        try:
            allocation_operations.declare_conflict(by=request.user, audit=audit, at=at, **form.cleaned_data)
        except (allocation_operations.TooLate, InspectionClosed) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Case {audit.case.code} given back.")
            return redirect("audits:my-cases", ref)
    return render(request, "audits/conflict.html", {"inspection": audit.inspection, "audit": audit, "form": form})


def _allocate(request, inspection, form):
    if not form.is_valid():
        messages.error(request, "Choose how the work is shared.")
        return
    clock = clock_of(inspection.force)
    try:
        done = allocation_operations.allocate_cases(
            by=request.user,
            inspection=inspection,
            way=form.cleaned_data["way"],
            again="again" in request.POST,
            on=clock.on,
            at=clock.at,
        )
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, str(done))
