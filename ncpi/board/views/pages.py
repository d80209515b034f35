"""The Board page and the road to it: compile, approve, release."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.board import access, operations, page_contents, queries
from ncpi.board.forms import AskForm, CoveringNoteForm, MeetingForm, ResponseForm
from ncpi.inspections.access import get_inspection
from ncpi.lib.clocks import clock_of
from ncpi.lib.conflicts import differences
from ncpi.lib.versions import StaleVersion


@requires(Permission.BOARD_VIEW)
def dashboard(request, ref):
    released = access.get_released(request.user, ref)
    if released.summary is None:
        return render(request, "board/nothing_released.html", {"inspection": released.inspection})
    return _board_page(request, released.summary)


@requires(Permission.BOARD_VIEW)
def released(request, ref, number):
    return _board_page(request, access.get_summary(request.user, ref, number, Permission.BOARD_VIEW))


def _board_page(request, summary, form=None, status=200):
    context = page_contents.board_page(summary, permissions_in(request.user, summary.inspection.force_id))
    context["form"] = form or ResponseForm()
    return render(request, "board/dashboard.html", context, status=status)


@requires(Permission.BOARD_RESPOND)
@require_POST
def respond(request, ref, number):
    summary = access.get_summary(request.user, ref, number, Permission.BOARD_RESPOND)
    form = ResponseForm(request.POST)
    if form.is_valid():
        try:
            at = clock_of(summary.inspection.force).at
            operations.respond(by=request.user, summary=summary, at=at, **form.cleaned_data)
        except (operations.NotReleased, operations.NothingSaid) as error:
            form.add_error("text", str(error))
        else:
            messages.success(request, "Recorded.")
            return redirect(reverse("board:released", args=[ref, number]) + "#responses")
    return _board_page(request, summary, form=form, status=422)


@requires(Permission.SUMMARY_VIEW)
def readiness(request, ref):
    inspection = get_inspection(request.user, ref, Permission.SUMMARY_VIEW)
    held = permissions_in(request.user, inspection.force_id)
    return render(
        request, "board/readiness.html", page_contents.readiness_page(inspection, held, clock_of(inspection.force).on)
    )


@requires(Permission.SUMMARY_COMPILE)
@require_POST
def compile_now(request, ref):
    inspection = get_inspection(request.user, ref, Permission.SUMMARY_COMPILE)
    try:
        operations.request_compile(by=request.user, inspection=inspection, at=timezone.now())
    except operations.InspectionClosed as error:
        messages.error(request, str(error))
    return redirect("board:readiness", ref)


@requires(Permission.SUMMARY_VIEW)
def summary(request, ref, number):
    found = access.get_summary(request.user, ref, number, Permission.SUMMARY_VIEW)
    return _summary_page(request, found)


def _summary_page(request, found, form=None, conflict=None, status=200):
    context = page_contents.summary_page(found, permissions_in(request.user, found.inspection.force_id))
    note = {"covering_note": found.covering_note, "version": found.version}
    context |= {"form": form or CoveringNoteForm(initial=note), "conflict": conflict}
    return render(request, "board/summary.html", context, status=status)


@requires(Permission.SUMMARY_COMPILE)
@require_POST
def covering_note(request, ref, number):
    found = access.get_summary(request.user, ref, number, Permission.SUMMARY_COMPILE)
    form = CoveringNoteForm(request.POST)
    if not form.is_valid():
        return _summary_page(request, found, form=form, status=422)
    typed = form.cleaned_data
    try:
        operations.write_covering_note(
            by=request.user, summary=found, version=typed["version"], text=typed["covering_note"]
        )
    except StaleVersion as stale:
        form.take_version(stale.row.version)
        conflict = differences(form, {"covering_note": stale.row.covering_note})
        return _summary_page(request, found, form=form, conflict=conflict, status=409)
    except operations.NotADraft as error:
        form.add_error("covering_note", str(error))
        return _summary_page(request, found, form=form, status=422)
    messages.success(request, "Covering note saved.")
    return redirect("board:summary", ref, number)


@requires(Permission.SUMMARY_APPROVE)
@require_POST
def approve(request, ref, number):
    return _decide(request, ref, number, operations.approve, "Summary approved.")


@requires(Permission.SUMMARY_APPROVE)
@require_POST
def release(request, ref, number):
    return _decide(request, ref, number, operations.release, "Summary released to the Board.")


def _decide(request, ref, number, operation, said):
    found = access.get_summary(request.user, ref, number, Permission.SUMMARY_APPROVE)
    at = clock_of(found.inspection.force).at
    try:
        operation(by=request.user, summary=found, version=page_contents.version_of(request.POST), at=at)
    except (operations.NotADraft, operations.NotApproved, StaleVersion) as error:
        messages.error(request, f"{error} Look at it again before deciding.")
    else:
        messages.success(request, said)
    return redirect("board:summary", ref, number)


@requires(Permission.SUMMARY_COMPILE)
def meeting(request, ref, pk=None):
    inspection = get_inspection(request.user, ref, Permission.SUMMARY_COMPILE)
    known = access.get_meeting(inspection, pk) if pk else None
    form = MeetingForm.of(known, request.POST or None)
    conflict, status = None, 200
    if form.is_valid():
        at = clock_of(inspection.force).at
        try:
            operations.set_meeting(by=request.user, inspection=inspection, meeting=known, at=at, **form.cleaned_data)
        except StaleVersion as stale:
            form.take_version(stale.row.version)
            conflict, status = differences(form, MeetingForm.of(stale.row).initial), 409
        except operations.MeetingTaken as error:
            form.add_error("held_date", str(error))
        else:
            messages.success(request, "Meeting saved.")
            return redirect("board:readiness", ref)
    context = {"inspection": inspection, "form": form, "meeting": known, "conflict": conflict}
    return render(request, "board/meeting.html", context, status=status)


@requires(Permission.SUMMARY_COMPILE)
def ask(request, ref):
    inspection = get_inspection(request.user, ref, Permission.SUMMARY_COMPILE)
    form = AskForm(request.POST or None)
    if form.is_valid():
        at = clock_of(inspection.force).at
        operations.ask_board(by=request.user, inspection=inspection, at=at, **form.cleaned_data)
        messages.success(request, "The next summary will ask this of the Board.")
        return redirect("board:readiness", ref)
    return render(request, "board/ask.html", {"inspection": inspection, "form": form})


@requires(Permission.SUMMARY_COMPILE)
@require_POST
def withdraw_ask(request, ref, pk):
    inspection = get_inspection(request.user, ref, Permission.SUMMARY_COMPILE)
    row = access.get_ask(inspection, pk)
    at = clock_of(inspection.force).at
    try:
        operations.withdraw_ask(by=request.user, ask=row, version=page_contents.version_of(request.POST), at=at)
    except (operations.AskWithdrawn, StaleVersion) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Withdrawn. Summaries that carried it keep it.")
    return redirect("board:readiness", ref)


@requires(Permission.FIGURE_VIEW)
def figure(request, ref, number, name):
    found = access.get_summary(request.user, ref, number, Permission.FIGURE_VIEW)
    held = permissions_in(request.user, found.inspection.force_id)
    context = page_contents.figure_page(found, name, held)
    context["history"] = queries.figure_history(found.inspection, context["figure"])
    return render(request, "board/figure.html", context)
