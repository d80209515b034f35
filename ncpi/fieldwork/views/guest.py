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
from ncpi.fieldwork.operations import replies
from ncpi.fieldwork.reply_forms import OtherTimesForm, StandInForm
from ncpi.fieldwork.views.people import calendar_response
from ncpi.lib.clocks import clock_of
from ncpi.lib.versions import StaleVersion


@public
@never_cache
@require_safe
def my_sessions(request, token):
    link = access.get_link(token)
    rows = queries.invitations_of(link.person, link.inspection)
    feed = reverse("fieldwork:my-sessions-calendar", args=[token])
    context = {
        "name": link.person.name,
        "calendar": feed,
        "feed": request.build_absolute_uri(feed),
        **_split(rows, lambda row: _acts("my-sessions", token, row.uid)),
    }
    return render(request, "fieldwork/my_sessions.html", context)


@signed_in
@require_safe
def mine(request):
    rows = queries.invitations_to(request.user)
    context = {"name": request.user.name, **_split(rows, lambda row: _acts("mine", row.uid))}
    return render(request, "fieldwork/my_sessions.html", context)


def _split(rows, acts_of):
    """Return the invitations to what is to come, each with what can be done about it, and those that are over."""
    found = {"invitations": [], "over": []}
    for row in rows:
        if row.during.upper <= clock_of(row.session.inspection.force).at:
            found["over"].append(row)
        else:
            found["invitations"].append((row, acts_of(row)))
    return found


def _acts(name, *args):
    """Return the addresses at which a person answers, offers other times, or proposes somebody."""
    return {
        "answer": reverse(f"fieldwork:{name}-answer", args=args),
        "times": reverse(f"fieldwork:{name}-times", args=args),
        "stand_in": reverse(f"fieldwork:{name}-stand-in", args=args),
    }


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


@signed_in
def times_mine(request, uid):
    invitation = access.get_own_invitation(request.user, uid)
    return _times(request, invitation, by=request.user, back=reverse("fieldwork:mine"))


@public
@never_cache
def times(request, token, uid):
    invitation = access.get_invitation(access.get_link(token), uid)
    return _times(request, invitation, by=None, back=reverse("fieldwork:my-sessions", args=[token]))


def _times(request, invitation, *, by, back):
    form = OtherTimesForm(request.POST or None, initial={"version": invitation.version})
    return _reply(
        request,
        invitation,
        form,
        back=back,
        title="I cannot then",
        keep=lambda data, at: replies.offer_other_times(
            by=by, invitation=invitation, version=data["version"], times=data["times"], at=at
        ),
        said="Thank you. Your times are with the co-ordinator.",
    )


@signed_in
def stand_in_mine(request, uid):
    invitation = access.get_own_invitation(request.user, uid)
    return _stand_in(request, invitation, by=request.user, back=reverse("fieldwork:mine"))


@public
@never_cache
def stand_in(request, token, uid):
    invitation = access.get_invitation(access.get_link(token), uid)
    return _stand_in(request, invitation, by=None, back=reverse("fieldwork:my-sessions", args=[token]))


def _stand_in(request, invitation, *, by, back):
    form = StandInForm(request.POST or None, initial={"version": invitation.version})
    return _reply(
        request,
        invitation,
        form,
        back=back,
        title="Somebody else could come",
        keep=lambda data, at: replies.propose_stand_in(
            by=by, invitation=invitation, version=data["version"], who=data["who"], at=at
        ),
        said="Thank you. The co-ordinator looks whether they can come, and tells you.",
    )


def _reply(request, invitation, form, *, back, title, keep, said):
    """Show a form of one's own invitation; on what was typed, `keep` it and go back."""
    status = 200
    if form.is_valid():
        try:
            keep(form.cleaned_data, clock_of(invitation.session.inspection.force).at)
        except replies.TimesDoNotFit as error:
            form.add_error(None, str(error))
        except StaleVersion as stale:
            form.add_error(None, f"{stale} The session is shown as it is now. Send this again if it still holds.")
            form.take_version(stale.row.version)
            status = 409
        except operations.NoLongerAsked as error:
            messages.error(request, str(error))
            return redirect(back)
        else:
            messages.success(request, said)
            return redirect(back)
    context = {"invitation": invitation, "form": form, "back": back, "title": title}
    return render(request, "fieldwork/reply.html", context, status=status)


@public
@never_cache
@require_safe
def calendar(request, token):
    link = access.get_link(token)
    rows = queries.invitations_of(link.person, link.inspection)
    at = clock_of(link.inspection.force).at
    return calendar_response(operations.feed_of(rows, queries.organiser_of(link.inspection), at=at))
