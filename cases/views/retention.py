"""How long the cases are kept: review, legal hold, erasing by two people."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from cases import queries, retention_operations
from cases.forms import KeepForm, ReasonForm, SureForm
from cases.hooks import CannotErase
from ncpi.accounts import journal
from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.lib.clocks import clock_of
from ncpi.lib.versions import StaleVersion

REFUSALS = (retention_operations.NotPossible, retention_operations.SamePerson, CannotErase)


@dataclass(frozen=True)
class Step:
    """One decision: its form, its operation, its words, its button."""

    form: type
    act: Callable
    title: str
    says: str
    done: str
    button: str
    is_warning: bool = False


STEPS = {
    "keep": Step(
        KeepForm, retention_operations.keep_until, "Keep the cases on",
        "Say until when, and why they are still needed. The decision is recorded.", "The cases are kept on.",
        "Keep them on until then",
    ),
    "hold": Step(
        ReasonForm, retention_operations.hold, "Put a legal hold on the cases",
        "Nothing can be erased while the hold stands. A proposal to erase falls.", "Legal hold put on.",
        "Put the legal hold on",
    ),
    "release": Step(
        SureForm, retention_operations.release, "Take the legal hold off",
        "The cases can be reviewed and erased again.", "Legal hold taken off.",
        "Take the legal hold off",
    ),
    "propose": Step(
        ReasonForm, retention_operations.propose, "Propose to erase the cases",
        "Somebody else has to decide. Until then nothing is erased.", "Proposed. Somebody else decides.",
        "Propose to erase them",
    ),
    "decline": Step(
        SureForm, retention_operations.decline, "Keep the cases after all",
        "The proposal to erase them falls.", "The cases are kept.",
        "Keep the cases",
    ),
    "erase": Step(
        SureForm, retention_operations.erase, "Erase the cases",
        "The extract, the frame's rows, the drawn cases, and every audit, grade, finding and concern about them are "
        "erased with their history. Figures that were published stay. This cannot be undone.",
        "The cases are erased.", "Erase the cases for good", is_warning=True,
    ),
}  # fmt: skip


@requires(Permission.RETENTION_MANAGE)
def retention(request, ref):
    inspection = get_inspection(request.user, ref, Permission.RETENTION_MANAGE)
    journal.record(by=request.user, verb="read the retention of", subject=inspection, force=inspection.force)
    context = {
        "inspection": inspection,
        "retention": queries.retention_of(inspection),
        "held": queries.what_is_held(inspection),
        "on": clock_of(inspection.force).on,
    }
    return render(request, "cases/retention.html", context)


@requires(Permission.RETENTION_MANAGE)
def retention_step(request, ref, name):
    inspection = get_inspection(request.user, ref, Permission.RETENTION_MANAGE)
    step = STEPS.get(name)
    if step is None:
        raise Http404
    row = queries.retention_of(inspection)
    form = step.form(request.POST or None, initial={"version": row.version})
    if form.is_valid():
        at = clock_of(inspection.force).at
        try:
            step.act(by=request.user, inspection=inspection, at=at, **form.cleaned_data)
        except StaleVersion as stale:
            form.take_version(stale.row.version)
            form.add_error(None, str(stale))
        except REFUSALS as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, step.done)
            return redirect("cases:retention", ref=ref)
    context = {"inspection": inspection, "retention": row, "step": step, "form": form}
    return render(request, "cases/retention_step.html", context)
