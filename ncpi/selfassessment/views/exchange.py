"""The whole return as a file: taken away as a workbook, brought back, looked at cell by cell, applied."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of
from ncpi.lib.exports import DOCX, XLSX, as_named_file
from ncpi.lib.workbooks import UnreadableWorkbook, read_workbook
from ncpi.lib.written_dates import moment
from ncpi.selfassessment import exchange_operations, operations, word
from ncpi.selfassessment.forms import ApplyForm, WorkbookForm
from ncpi.selfassessment.proposals import Outcome, UnreadableReturn, rows_of
from ncpi.selfassessment.queries import exchange
from ncpi.selfassessment.workbook import DATA, JUDGEMENTS, write

MOST_SHOWN = 100
REFUSALS = (
    operations.NotPossibleNow,
    operations.TooManyWords,
    exchange_operations.ChangedSincePreview,
    InspectionClosed,
)


@requires(Permission.DRAFT_VIEW)
def workbook_file(request, ref):
    inspection = get_inspection(request.user, ref, Permission.DRAFT_VIEW)
    contents = exchange.workbook_contents(inspection, taken_on=moment(clock_of(inspection.force).at))
    return as_named_file(write(contents), name=f"Self-assessment {ref}", extension="xlsx", media_type=XLSX)


@requires(Permission.DRAFT_VIEW)
def word_file(request, ref):
    inspection = get_inspection(request.user, ref, Permission.DRAFT_VIEW)
    contents = exchange.word_contents(inspection, as_at=clock_of(inspection.force).at)
    return as_named_file(word.write(contents), name=f"Self-assessment {ref}", extension="docx", media_type=DOCX)


@requires(Permission.JUDGEMENT_EDIT)
def workbook(request, ref):
    inspection = get_inspection(request.user, ref, Permission.JUDGEMENT_EDIT)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    problems = []
    if request.method == "POST" and form.is_valid():
        try:
            _bring_back(request, inspection, form.cleaned_data["workbook"])
        except UnreadableReturn as refusal:
            problems = refusal.problems
        except (UnreadableWorkbook, InspectionClosed) as refusal:
            form.add_error("workbook", str(refusal))
        else:
            return redirect("selfassessment:workbook-changes", ref)
    context = {"inspection": inspection, "form": form, "problems": problems[:MOST_SHOWN], "count": len(problems)}
    context["proposal"] = exchange.proposal_of(request.user, inspection, at=timezone.now())
    return render(request, "selfassessment/workbook.html", context, status=422 if problems or form.errors else 200)


@requires(Permission.JUDGEMENT_EDIT)
def changes(request, ref):
    inspection = get_inspection(request.user, ref, Permission.JUDGEMENT_EDIT)
    proposal = exchange.proposal_of(request.user, inspection, at=timezone.now())
    if proposal is None:
        messages.error(request, "No workbook of yours is waiting. Bring it back here.")
        return redirect("selfassessment:workbook", ref)
    proposal.inspection = inspection
    refusal = _apply(request, proposal) if request.method == "POST" else ""
    if refusal is None:
        return redirect("selfassessment:overview", ref)
    comparison, _ = exchange.compared(proposal)
    form = ApplyForm(initial={"shown": comparison.digest, "file": proposal.sha256})
    context = {
        "inspection": inspection,
        "proposal": proposal,
        "form": form,
        "refusal": refusal,
        "comparison": comparison,
        "counts": {outcome.value: len(comparison.of(outcome)) for outcome in Outcome},
        "taken": request.POST.getlist("take"),
    }
    return render(request, "selfassessment/workbook_changes.html", context, status=409 if refusal else 200)


@requires(Permission.JUDGEMENT_EDIT)
@require_POST
def put_aside(request, ref):
    inspection = get_inspection(request.user, ref, Permission.JUDGEMENT_EDIT)
    proposal = exchange.proposal_of(request.user, inspection, at=timezone.now())
    if proposal is not None:
        exchange_operations.put_aside(by=request.user, proposal=proposal)
    messages.success(request, "The workbook is put aside. Nothing was changed.")
    return redirect("selfassessment:workbook", ref)


def _bring_back(request, inspection, document):
    """Read a workbook in a process of its own, and keep what it says for its reader to look at."""
    document.file.seek(0)
    book = read_workbook(document.file.read(), JUDGEMENTS, DATA)
    grades = [grade.label for grade in exchange.grades_of(inspection)]
    rows = rows_of(book, ref=inspection.ref, keys=exchange.criterion_keys(inspection), grades=grades)
    too_long = exchange.words_over_the_limit(inspection, rows)
    if too_long:
        raise UnreadableReturn(*too_long)
    exchange_operations.bring_back(
        by=request.user, inspection=inspection, rows=rows, file_name=document.file_name, sha256=document.sha256,
        at=timezone.now(),
    )  # fmt: skip


def _apply(request, proposal):
    """Apply what the page showed; return why not, or None when it is done."""
    form = ApplyForm(request.POST)
    if not form.is_valid() or form.cleaned_data["file"] != proposal.sha256:
        return "Another workbook was brought back since this page was opened. These are its changes."
    try:
        cells, criteria = exchange_operations.apply_proposal(
            by=request.user,
            proposal=proposal,
            shown=form.cleaned_data["shown"],
            takes=request.POST.getlist("take"),
            at=clock_of(proposal.inspection.force).at,
        )
    except REFUSALS as refusal:
        return str(refusal)
    nouns = "cell" if cells == 1 else "cells", "criterion" if criteria == 1 else "criteria"
    messages.success(request, f"{cells} {nouns[0]} of {criteria} {nouns[1]} changed.")
    return None
