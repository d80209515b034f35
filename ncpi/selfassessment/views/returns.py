"""What the inspectors read: the submitted returns, and the act of submitting one."""

from django.contrib import messages
from django.shortcuts import redirect, render

from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of
from ncpi.selfassessment import access, queries
from ncpi.selfassessment.operations import ChangedWhileOpen
from ncpi.selfassessment.return_forms import SubmitForm
from ncpi.selfassessment.return_operations import NotSigned, SubmittedAlready, submit_return
from ncpi.selfassessment.signing import differences


@requires(Permission.JUDGEMENT_VIEW)
def submitted_returns(request, ref):
    inspection = get_inspection(request.user, ref, Permission.JUDGEMENT_VIEW)
    return render(request, "selfassessment/returns.html", returns_page(request, inspection))


@requires(Permission.JUDGEMENT_VIEW)
def submitted_return(request, ref, number):
    found = access.get_return(request.user, ref, number)
    before = queries.return_before(found)
    areas = queries.by_area(found.inspection, found.state)
    context = {
        "inspection": found.inspection,
        "submitted": found,
        "before": before,
        "differences": differences(before.state, found.state) if before else [],
        "areas": areas,
        "spread": queries.spread_of(areas),
        "evidence": queries.evidence_named(found.state),
        "files": queries.submitted_files(found),
        "reads_drafts": access.reads_drafts(request.user, found.inspection),
    }
    return render(request, "selfassessment/return.html", context)


@requires(Permission.RETURN_SUBMIT)
def submit(request, ref):
    inspection = get_inspection(request.user, ref, Permission.RETURN_SUBMIT)
    found = queries.next_return(inspection)
    form = SubmitForm(request.POST or None, initial={"digest": found.scope.digest})
    status = 200
    if request.method == "POST" and form.is_valid():
        shown, at = form.cleaned_data["digest"], clock_of(inspection.force).at
        try:
            submitted = submit_return(by=request.user, inspection=inspection, shown_digest=shown, at=at)
        except (ChangedWhileOpen, NotSigned, SubmittedAlready, InspectionClosed) as refusal:
            form.add_error(None, str(refusal))
            found, status = queries.next_return(inspection), 409
            form.show(found.scope)
        else:
            messages.success(request, f"Return {submitted.number} submitted. The inspectors can read it.")
            return redirect("selfassessment:return", ref, submitted.number)
    context = {"inspection": inspection, "form": form, "found": found, "differences": found.differences}
    context["evidence"] = queries.evidence_named(found.scope.text)
    context["held"] = permissions_in(request.user, inspection.force_id)
    return render(request, "selfassessment/submit.html", context, status=status)


def returns_page(request, inspection):
    """Return what the list of returns shows; it is also the whole overview of who reads no drafts."""
    return {
        "inspection": inspection,
        "returns": queries.submitted_returns(inspection),
        "reads_drafts": access.reads_drafts(request.user, inspection),
        "held": permissions_in(request.user, inspection.force_id),
    }
