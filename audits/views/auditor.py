"""Pages of the auditor: my cases, and the audit of one case."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from audits import (
    access,
    concern_operations,
    correction_operations,
    finding_operations,
    name_checks,
    operations,
    page_parts,
    queries,
    sheet,
)
from audits.forms import ConcernForm, CorrectGradeForm, FindingForm, NoteForm, typed_answers
from audits.models import AuditState
from ncpi.accounts.access import permissions_anywhere, requires, requires_of_row
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.addresses import address_of
from ncpi.lib.clocks import clock_of
from ncpi.lib.versions import StaleVersion


@requires(Permission.AUDIT_DO)
@require_GET
def my_cases(request, ref):
    inspection = get_inspection(request.user, ref, Permission.AUDIT_DO)
    audits = list(queries.my_cases(request.user, inspection))
    to_do = [audit for audit in audits if audit.state in AuditState.open_states()]
    context = {
        "inspection": inspection,
        "next": to_do[0] if to_do else None,
        "to_do": to_do,
        "done": [audit for audit in audits if audit.state == AuditState.SUBMITTED],
        "total": len(audits),
        "on": clock_of(inspection.force).on,
    }
    return render(request, "audits/my_cases.html", context)


@requires(Permission.AUDIT_DO)
@require_GET
def audit(request, ref, pk):
    audit = access.get_own_audit(request.user, ref, pk)
    return _page(request, audit)


@requires_of_row(Permission.AUDIT_DO)
@require_POST
def answer(request, ref, pk):
    """Keep one answer as it is given; the answer is JSON for the page's script."""
    typed = typed_answers(request.POST)
    if len(typed) != 1:
        return _refused(request, "Send one answer.", 400)
    ((question_id, given),) = typed.items()
    try:
        version = operations.record_answer(
            by=request.user,
            ref=ref,
            audit_id=pk,
            question_id=question_id,
            value=given.value,
            text=given.text,
            version=given.version,
            on=timezone.localdate(),
            now=timezone.now(),
        )
    except operations.NotYours as error:
        return _refused(request, str(error), 404)
    except InspectionClosed as error:
        return JsonResponse({"error": str(error)}, status=403)
    except operations.StaleAnswer as error:
        return JsonResponse({"error": str(error)}, status=409)
    return JsonResponse({"version": version, "doubts": _doubts({"": given.text})})


def _refused(request, error, status):
    """Tell the page's script why; whoever audits nowhere gets what they get from every page of auditors."""
    if Permission.AUDIT_DO not in permissions_anywhere(request.user):
        raise PermissionDenied
    return JsonResponse({"error": error}, status=status)


@requires(Permission.AUDIT_DO)
@require_POST
def note(request, ref, pk):
    """Keep what is written about the case as a whole."""
    audit = access.get_own_audit(request.user, ref, pk)
    form = NoteForm(request.POST, programme_id=audit.inspection.programme_id)
    if not form.is_valid():
        return JsonResponse({"error": form.first_error}, status=400)
    try:
        at = clock_of(audit.inspection.force).at
        saved = operations.record_notes(
            by=request.user, audit=audit, version=form.cleaned_data["version"], changes=form.changes, at=at
        )
    except operations.NotYours as error:
        return JsonResponse({"error": str(error)}, status=404)
    except InspectionClosed as error:
        return JsonResponse({"error": str(error)}, status=403)
    except StaleVersion as error:
        return JsonResponse({"error": str(error)}, status=409)
    return JsonResponse({"version": saved.version, "doubts": _doubts(form.texts)})


@requires(Permission.AUDIT_DO)
@require_POST
def save(request, ref, pk):
    """Keep the whole page, and hand it in where that was asked."""
    audit = access.get_own_audit(request.user, ref, pk)
    typed = typed_answers(request.POST)
    form = NoteForm(request.POST, programme_id=audit.inspection.programme_id)
    if not form.is_valid():
        return _page(request, audit, typed=typed, form=form, errors=[("", form.first_error)])
    at = clock_of(audit.inspection.force).at
    try:
        operations.record_answers(by=request.user, audit=audit, typed=typed, at=at)
        version = form.cleaned_data["version"]
        audit = operations.record_notes(by=request.user, audit=audit, version=version, changes=form.changes, at=at)
    except operations.StaleAnswers as stale:
        return _conflict(request, audit, typed, form, answers=stale.answers)
    except StaleVersion as stale:
        return _conflict(request, audit, typed, form, row=stale.row)
    except InspectionClosed as error:
        messages.error(request, f"{error} Nothing was saved. What you typed is still here.")
        return _page(request, audit, typed=typed, form=form, status=409)
    except operations.NotYours as error:
        messages.error(request, str(error))
        return redirect("audits:my-cases", ref)
    if "submit" in request.POST or "no_names" in request.POST:
        return _hand_in(request, audit, at)
    messages.success(request, "Saved.")
    return redirect("audits:audit", ref, pk)


def _hand_in(request, audit, at):
    ref = audit.inspection.ref
    texts = access.texts_of(audit)
    refused = name_checks.refused_in(texts)
    doubts = refused or name_checks.doubts_in(texts)
    if refused or (doubts and "no_names" not in request.POST):
        return _page(request, audit, doubts=doubts, is_refused=bool(refused))
    try:
        operations.submit_audit(by=request.user, audit=audit, version=audit.version, at=at)
    except operations.NotComplete as error:
        return _page(request, audit, errors=[(block.question, block.message) for block in error.blocks])
    except InspectionClosed as error:
        messages.error(request, str(error))
        return redirect("audits:audit", ref, audit.pk)
    messages.success(request, "Audit handed in.")
    return redirect("audits:my-cases", ref)


@requires(Permission.AUDIT_DO)
def correct_grade(request, ref, pk):
    audit = access.get_own_audit(request.user, ref, pk)
    form = CorrectGradeForm(request.POST or None, programme_id=audit.inspection.programme_id)
    if form.is_valid():
        at = clock_of(audit.inspection.force).at
        try:
            correction_operations.correct_grading(by=request.user, audit=audit, at=at, **form.cleaned_data)
        except (correction_operations.NothingToCorrect, InspectionClosed) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Grade corrected. What you handed in stays on record beside it.")
            return redirect("audits:my-cases", ref)
    context = {
        "inspection": audit.inspection,
        "audit": audit,
        "form": form,
        "standing": queries.standing_grading(audit),
    }
    return render(request, "audits/correct_grade.html", context)


@requires(Permission.AUDIT_DO)
@require_POST
def raise_concern(request, ref, pk):
    audit = access.get_own_audit(request.user, ref, pk)
    form = ConcernForm(request.POST)
    if not form.is_valid():
        return _page(request, audit, concern_form=form)
    at = clock_of(audit.inspection.force).at
    concern_operations.raise_concern(
        by=request.user, case=audit.case, audit=audit, text=form.cleaned_data["text"], at=at, now=timezone.now()
    )
    messages.success(request, "Concern raised. The people who handle concerns are being told now.")
    return redirect("audits:audit", ref, pk)


@requires(Permission.AUDIT_DO)
@require_POST
def record_finding(request, ref, pk):
    audit = access.get_own_audit(request.user, ref, pk)
    form = FindingForm(request.POST)
    if not form.is_valid():
        return _page(request, audit, finding_form=form)
    at = clock_of(audit.inspection.force).at
    try:
        finding_operations.record_finding(
            by=request.user, audit=audit, text=form.cleaned_data["text"], area=None, at=at
        )
    except InspectionClosed as error:
        form.add_error("text", str(error))
        return _page(request, audit, finding_form=form, status=409)
    messages.success(request, "Finding recorded.")
    return redirect("audits:audit", ref, pk)


def _page(request, audit, *, typed=None, form=None, errors=(), conflict=(), status=200, **parts):
    asked, token = page_parts.asked_in(audit), get_token(request)
    ref = audit.inspection.ref
    questions = page_parts.questions(
        asked, queries.given_answers(audit), typed or {}, guidance_address=address_of("audits:guidance", ref)
    )
    # Asked only where there are any; what was swapped for a newer row does not know it.
    concerns = list(queries.concerns_about(audit.case)) if getattr(audit, "has_concerns", True) else []
    clock = clock_of(audit.inspection.force)
    shown = sheet.sheet(
        audit,
        questions,
        form.shown if form else NoteForm.stored(audit),
        sheet.Beside(at=clock.at, concerns=concerns, **parts),
        on=clock.on,
        csrf_token=token,
    )
    context = {
        "inspection": audit.inspection,
        "audit": audit,
        "errors": page_parts.error_links(errors, asked),
        "conflict": conflict,
        "sheet": shown,
        "back": address_of("audits:my-cases", ref),
        "csrf_token": token,
        **parts,
    }
    return render(request, "audits/audit.html", context, status=status)


def _conflict(request, audit, typed, form, *, answers=(), row=None):
    """Show what is stored beside what was typed; the page keeps what was typed, over the newer versions."""
    rows = [
        (answer.question.ask, f"{answer.value} {answer.text}".strip(), typed[answer.question_id].shown)
        for answer in answers
    ]
    typed = typed | {answer.question_id: typed[answer.question_id].over(answer.version) for answer in answers}
    if row is not None:
        audit = row
        rows += form.differences(row)
        form.take_version(row.version)
    return _page(request, audit, typed=typed, form=form, conflict=rows, status=409)


def _doubts(texts):
    return [doubt.message for doubt in name_checks.doubts_in(texts)]
