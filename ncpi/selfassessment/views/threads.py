"""Questions and comments on a criterion, what was said to somebody, and who else is there."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from ncpi.accounts.access import permissions_in, requires, requires_of_row
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of
from ncpi.lib.listing import listing
from ncpi.lib.versions import StaleVersion
from ncpi.selfassessment import access, queries, thread_operations
from ncpi.selfassessment.operations import NotPossibleNow
from ncpi.selfassessment.thread_forms import RemarkForm, StartForm

REFUSALS = (NotPossibleNow, InspectionClosed, thread_operations.NobodyOfThatName, thread_operations.NotYoursToResolve)


@requires(Permission.DRAFT_VIEW)
def talk(request, ref, criterion):
    judgement = access.get_judgement(request.user, ref, criterion, Permission.DRAFT_VIEW)
    return _page(request, judgement)


@requires(Permission.DRAFT_VIEW)
@require_POST
def start(request, ref, criterion):
    judgement = access.get_judgement(request.user, ref, criterion, Permission.DRAFT_VIEW)
    form = StartForm(request.POST, people=_people(request, judgement), auto_id="start-%s")
    if form.is_valid():
        try:
            thread_operations.start_thread(by=request.user, judgement=judgement, at=_at(judgement), **form.said)
        except REFUSALS as refusal:
            form.add_error("text", str(refusal))
        else:
            return redirect("selfassessment:talk", ref, criterion)
    return _page(request, judgement, start_form=form)


@requires(Permission.DRAFT_VIEW)
@require_POST
def reply(request, ref, pk):
    thread = access.get_thread(request.user, ref, pk, Permission.DRAFT_VIEW)
    form = RemarkForm(request.POST, people=_people(request, thread.judgement), auto_id=_auto_id(pk))
    if form.is_valid():
        try:
            thread_operations.reply(by=request.user, thread=thread, at=_at(thread.judgement), **form.said)
        except REFUSALS as refusal:
            form.add_error("text", str(refusal))
        else:
            return redirect("selfassessment:talk", ref, thread.judgement.criterion.key)
    return _page(request, thread.judgement, reply_form=form, replying_to=pk)


@requires(Permission.DRAFT_VIEW)
@require_POST
def settle(request, ref, pk):
    """Resolve or reopen a thread, as the button says."""
    thread = access.get_thread(request.user, ref, pk, Permission.DRAFT_VIEW)
    act = thread_operations.resolve if request.POST.get("to") == "resolve" else thread_operations.reopen
    try:
        act(by=request.user, thread=thread, version=_version(request), at=_at(thread.judgement))
    except StaleVersion:
        messages.error(request, "Somebody else resolved or reopened this meanwhile. This is how it is now.")
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return redirect("selfassessment:talk", ref, thread.judgement.criterion.key)


@requires(Permission.DRAFT_VIEW)
def said(request, ref):
    inspection = get_inspection(request.user, ref, Permission.DRAFT_VIEW)
    show = request.GET.get("show", "")
    show = show if show in queries.SAID_FILTERS else ""
    rows = queries.said_to(request.user, inspection, show=show)
    context = {
        "inspection": inspection, "listing": listing(request, rows, size=20), "show": show,
        "filters": queries.SAID_FILTERS.items(),
    }  # fmt: skip
    return render(request, "selfassessment/said.html", context)


@requires_of_row(Permission.DRAFT_VIEW)
@require_POST
def here(request, ref, criterion):
    """Note that the person has the page open, and say who else has; two queries."""
    now = timezone.now()
    pk, others = queries.here_now(request.user, ref, criterion, since=now - queries.GONE_AFTER)
    if pk is None:
        raise Http404
    thread_operations.be_here(by=request.user, judgement_id=pk, at=now)
    return HttpResponse(render_to_string("selfassessment/_here.html", {"others": others}))


def _page(request, judgement, *, start_form=None, reply_form=None, replying_to=None):
    inspection, user = judgement.inspection, request.user
    people = _people(request, judgement)
    reviews = Permission.JUDGEMENT_REVIEW in permissions_in(user, inspection.force_id)
    rows = [
        {
            "talk": row,
            "may_resolve": queries.may_resolve(row.thread, user=user, reviews=reviews),
            "form": _reply_form(row.thread, people, reply_form, replying_to),
            "is_replying": row.thread.pk == replying_to,
        }
        for row in queries.talk_of(judgement)
    ]
    context = {
        "judgement": judgement,
        "inspection": inspection,
        "rows": rows,
        "start_form": start_form or StartForm(people=people, auto_id="start-%s"),
        "refused": start_form or reply_form,
        "may_talk": not inspection.is_closed,
    }
    page = "_talk" if request.htmx else "talk"
    return render(request, f"selfassessment/{page}.html", context)


def _reply_form(thread, people, refused, replying_to):
    if thread.pk == replying_to:
        return refused
    return RemarkForm(people=people, auto_id=_auto_id(thread.pk)) if thread.is_open else None


def _auto_id(pk):
    return f"thread-{pk}-%s"


def _people(request, judgement):
    """Return the colleagues to choose from, read once a request."""
    if not hasattr(request, "_talk_people"):
        request._talk_people = RemarkForm.people_of(judgement.inspection.force, but=request.user)
    return request._talk_people


def _at(judgement):
    return clock_of(judgement.inspection.force).at


def _version(request):
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
