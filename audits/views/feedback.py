"""Telling the people who ran a case what was good and what to learn."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from audits import access, feedback_operations, feedback_queries, names
from audits.forms import AcknowledgeForm, FeedbackForm
from audits.models import Feedback, FeedbackState
from ncpi.accounts import journal
from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of
from ncpi.lib.conflicts import differences
from ncpi.lib.versions import StaleVersion


@requires(Permission.SAMPLE_MANAGE)
@require_GET
def feedback_list(request, ref):
    inspection = get_inspection(request.user, ref, Permission.SAMPLE_MANAGE)
    cases = list(feedback_queries.feedback_list(inspection))
    journal.record(by=request.user, verb="read the feedback of", subject=inspection, force=inspection.force)
    states = [case.feedback_state for case in cases]
    context = {
        "inspection": inspection,
        "cases": cases,
        "released": sum(state in (FeedbackState.RELEASED, FeedbackState.ACKNOWLEDGED) for state in states),
        "acknowledged": states.count(FeedbackState.ACKNOWLEDGED),
    }
    return render(request, "audits/feedback_list.html", context)


@requires(Permission.SAMPLE_MANAGE)
def feedback(request, ref, code):
    case = access.get_case_for_feedback(request.user, ref, code)
    row = Feedback.objects.filter(case=case).first()
    initial = _stored(row) if row else {**feedback_queries.first_words(case), "to": "team", "version": 0}
    form = FeedbackForm(request.POST or None, initial=initial)
    if not form.is_valid():
        return _page(request, case, row, form)
    try:
        row = feedback_operations.write_feedback(
            by=request.user, case=case, version=form.cleaned_data["version"], at=clock_of(case.inspection.force).at,
            **form.said,
        )  # fmt: skip
    except (feedback_operations.NotNow, InspectionClosed) as error:
        form.add_error(None, str(error))
        return _page(request, case, row, form, status=409)
    except StaleVersion as stale:
        form.take_version(stale.row.version)
        conflict = differences(form, {name: getattr(stale.row, name) for name in ("good", "learn")})
        return _page(request, case, stale.row, form, conflict=conflict, status=409)
    if "release" in request.POST:
        return _release(request, case, row, form)
    messages.success(request, "Draft kept.")
    return redirect("audits:feedback", ref, code)


def _release(request, case, row, form):
    """Release what was just saved, unless it looks as if it named somebody and nobody has said otherwise."""
    form.take_version(row.version)
    doubts = names.check_texts(form.texts)
    if doubts and not form.cleaned_data["no_names"]:
        return _page(request, case, row, form, doubts=doubts)
    at = clock_of(case.inspection.force).at
    try:
        feedback_operations.release_feedback(by=request.user, case=case, feedback=row, version=row.version, at=at)
    except (feedback_operations.NotNow, StaleVersion) as error:
        form.add_error(None, str(error))
        return _page(request, case, row, form, status=409)
    messages.success(request, "Feedback released. Print this page, hand it on, and say here when it was read.")
    return redirect("audits:feedback", case.inspection.ref, case.code)


@requires(Permission.SAMPLE_MANAGE)
@require_POST
def acknowledge(request, ref, code):
    case = access.get_case_for_feedback(request.user, ref, code)
    form = AcknowledgeForm(request.POST)
    row = Feedback.objects.filter(case=case).first()
    if row is None or not form.is_valid():
        return redirect("audits:feedback", ref, code)
    at = clock_of(case.inspection.force).at
    try:
        feedback_operations.acknowledge_feedback(by=request.user, case=case, feedback=row, at=at, **form.cleaned_data)
    except (feedback_operations.NotNow, InspectionClosed, StaleVersion) as error:
        messages.error(request, str(error))
        return _page(request, case, row, None, acknowledge_form=form, status=409)
    messages.success(request, "Acknowledged.")
    return redirect("audits:feedback-list", ref)


def _stored(row):
    return {"to": row.to, "good": row.good, "learn": row.learn, "version": row.version}


def _page(request, case, row, form, *, status=200, **more):
    context = {
        "inspection": case.inspection,
        "case": case,
        "feedback": row,
        "is_draft": row is None or row.state == FeedbackState.DRAFT,
        "is_final": feedback_queries.final_cases(inspection=case.inspection).filter(pk=case.pk).exists(),
        "form": form,
        "acknowledge_form": AcknowledgeForm(initial={"version": row.version if row else 0}),
        **more,
    }
    return render(request, "audits/feedback.html", context, status=status)
