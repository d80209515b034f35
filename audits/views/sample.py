"""What audits found: findings, and the actions they lead to."""

from django.contrib import messages
from django.shortcuts import redirect, render

from audits import access, finding_operations
from audits.forms import ActionFromFindingForm
from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.actions import operations as actions
from ncpi.inspections.access import get_inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of
from ncpi.lib.versions import StaleVersion


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
