"""A participant's own sessions, by their secret link or signed in: nobody else's name or time."""

from django.contrib import messages
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ncpi.accounts.access import public, signed_in
from ncpi.fieldwork import access, queries
from ncpi.fieldwork.forms import AnswerForm
from ncpi.fieldwork.operations import invitations as operations
from ncpi.fieldwork.views.people import calendar_response
from ncpi.lib.clocks import clock_of
from ncpi.lib.versions import StaleVersion


@public
@never_cache
@require_safe
def my_sessions(request, token):
    link = access.get_link(token)
    rows = queries.invitations_of(link.person, link.inspection)
    context = {
        "name": link.person.name,
        "calendar": reverse("fieldwork:my-sessions-calendar", args=[token]),
        "invitations": [(row, reverse("fieldwork:my-sessions-answer", args=[token, row.uid])) for row in rows],
    }
    return render(request, "fieldwork/my_sessions.html", context)


@signed_in
@require_safe
def mine(request):
    rows = queries.invitations_to(request.user)
    context = {
        "name": request.user.name,
        "invitations": [(row, reverse("fieldwork:mine-answer", args=[row.uid])) for row in rows],
    }
    return render(request, "fieldwork/my_sessions.html", context)


@signed_in
def answer_mine(request, uid):
    invitation = access.get_own_invitation(request.user, uid)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    _answer(request, invitation, by=request.user)
    return redirect("fieldwork:mine")


@public
@never_cache
@require_POST
def answer(request, token, uid):
    link = access.get_link(token)
    invitation = access.get_invitation(link, uid)
    _answer(request, invitation, by=None)
    return redirect("fieldwork:my-sessions", token=token)


def _answer(request, invitation, *, by):
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose whether you can come.")
        return
    at = clock_of(invitation.session.inspection.force).at
    try:
        operations.answer(by=by, invitation=invitation, at=at, **form.cleaned_data)
    except (operations.NoLongerAsked, StaleVersion) as error:
        messages.error(request, f"{error} Here is how things stand now.")
    else:
        messages.success(request, "Thank you. Your answer is with the co-ordinator.")


@public
@never_cache
@require_safe
def calendar(request, token):
    link = access.get_link(token)
    rows = queries.invitations_of(link.person, link.inspection)
    at = clock_of(link.inspection.force).at
    return calendar_response(operations.feed_of(rows, queries.organiser_of(link.inspection), at=at))
