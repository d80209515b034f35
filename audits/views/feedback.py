"""Telling the people who ran a case what was good and what to learn."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from audits import access, feedback_operations, feedback_queries, name_checks
from audits.forms import AcknowledgeForm, FeedbackForm, ReadFeedbackForm, SendFeedbackForm
from audits.models import Feedback, FeedbackState
from ncpi.accounts import journal
from ncpi.accounts.access import public, requires
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
    at = clock_of(inspection.force).at
    late = {case.pk for case in cases if feedback_queries.needs_reminder(case, at)}
    context = {
        "inspection": inspection,
        "cases": cases,
        "released": sum(state in (FeedbackState.RELEASED, FeedbackState.ACKNOWLEDGED) for state in states),
        "acknowledged": states.count(FeedbackState.ACKNOWLEDGED),
        "late": late,
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
    refused = name_checks.refused_in(form.texts)
    doubts = refused or name_checks.doubts_in(form.texts)
    if refused or (doubts and not form.cleaned_data["no_names"]):
        return _page(request, case, row, form, doubts=doubts)
    at = clock_of(case.inspection.force).at
    try:
        feedback_operations.release_feedback(by=request.user, case=case, feedback=row, version=row.version, at=at)
    except (feedback_operations.NotNow, StaleVersion) as error:
        form.add_error(None, str(error))
        return _page(request, case, row, form, status=409)
    messages.success(request, "Feedback released. Send it by a link, or print this page and hand it on.")
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


@requires(Permission.SAMPLE_MANAGE)
@require_POST
def send(request, ref, code):
    """Make the link for whoever ran the case, and mail it where an address is given."""
    case = access.get_case_for_feedback(request.user, ref, code)
    row = Feedback.objects.select_related("inspection__force").filter(case=case).first()
    form = SendFeedbackForm(request.POST)
    if row is None or not form.is_valid():
        return _page(request, case, row, None, send_form=form, status=409 if row is None else 200)
    at = clock_of(case.inspection.force).at
    try:
        address = feedback_operations.send_feedback(
            by=request.user, feedback=row, at=at, now=timezone.now(), **form.cleaned_data
        )
    except (feedback_operations.NotNow, InspectionClosed) as error:
        messages.error(request, str(error))
    else:
        request.session[f"feedback-link-{row.pk}"] = address
        sent_to = form.cleaned_data["to"]
        messages.success(request, f"The link is on its way to {sent_to}." if sent_to else "The link is made.")
    return redirect("audits:feedback", ref, code)


@requires(Permission.SAMPLE_MANAGE)
@require_POST
def revoke(request, ref, code):
    case = access.get_case_for_feedback(request.user, ref, code)
    row = get_object_or_404(Feedback.objects.select_related("inspection__force"), case=case)
    feedback_operations.revoke_link(by=request.user, feedback=row, at=clock_of(case.inspection.force).at)
    messages.success(request, "The link no longer opens anything.")
    return redirect("audits:feedback", ref, code)


@public
@never_cache
def read_by_link(request, token):
    """The feedback and its reference, and nothing else, for whoever ran the case; without an account."""
    link = access.get_feedback_link(token)
    at = clock_of(link.inspection.force).at
    form = ReadFeedbackForm(request.POST or None)
    context = {"link": link, "feedback": link.feedback, "form": form}
    if form.is_valid():
        try:
            feedback_operations.acknowledge_by_link(link=link, reply=form.cleaned_data["reply"], at=at)
        except (feedback_operations.NotNow, InspectionClosed) as error:
            messages.error(request, str(error))
        return redirect("audits:read-feedback", token)
    if request.method != "POST":
        feedback_operations.open_link(link=link, at=at)
    return render(request, "audits/read_feedback.html", context)


def _stored(row):
    return {"to": row.to, "good": row.good, "learn": row.learn, "version": row.version}


def _page(request, case, row, form, *, status=200, **more):
    link = feedback_queries.open_link_of(row)
    context = {
        "inspection": case.inspection,
        "case": case,
        "feedback": row,
        "is_draft": row is None or row.state == FeedbackState.DRAFT,
        "is_final": feedback_queries.final_cases(inspection=case.inspection).filter(pk=case.pk).exists(),
        "form": form,
        "acknowledge_form": AcknowledgeForm(initial={"version": row.version if row else 0}),
        "link": link,
        "address": request.session.pop(f"feedback-link-{row.pk}", "") if row else "",
        "send_form": SendFeedbackForm(initial={"to": link.sent_to if link else ""}),
        "on": clock_of(case.inspection.force).at,
        **more,
    }
    return render(request, "audits/feedback.html", context, status=status)
