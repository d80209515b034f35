"""A participant's own sessions, by their secret link: nobody else's name or time."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ncpi.accounts.access import public
from ncpi.fieldwork import access, queries
from ncpi.fieldwork.forms import AnswerForm
from ncpi.fieldwork.operations import invitations as operations
from ncpi.fieldwork.views.people import calendar_response
from ncpi.lib.clocks import clock_of
from ncpi.lib.versions import StaleVersion


@public
@never_cache
@require_GET
def my_sessions(request, token):
    link = access.get_link(token)
    context = {
        "link": link,
        "inspection": link.inspection,
        "invitations": queries.invitations_of(link.person, link.inspection),
        "token": token,
    }
    return render(request, "fieldwork/my_sessions.html", context)


@public
@never_cache
@require_POST
def answer(request, token, uid):
    link = access.get_link(token)
    invitation = access.get_invitation(link, uid)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose whether you can come.")
        return redirect("fieldwork:my-sessions", token=token)
    at = clock_of(link.inspection.force).at
    try:
        operations.answer(by=None, invitation=invitation, at=at, **form.cleaned_data)
    except (operations.NoLongerAsked, StaleVersion) as error:
        messages.error(request, f"{error} Here is how things stand now.")
    else:
        messages.success(request, "Thank you. Your answer is with the co-ordinator.")
    return redirect("fieldwork:my-sessions", token=token)


@public
@never_cache
@require_GET
def calendar(request, token):
    link = access.get_link(token)
    rows = queries.invitations_of(link.person, link.inspection)
    at = clock_of(link.inspection.force).at
    return calendar_response(operations.feed_of(rows, queries.organiser_of(link.inspection), at=at))
