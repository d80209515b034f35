"""Signing in, home, and the pages about the service itself."""

import sys
from datetime import datetime

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import Http404, HttpResponseServerError
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from ncpi.accounts import classification, operations, password_links, reminder_operations
from ncpi.accounts.access import memberships, public, signed_in
from ncpi.accounts.forms import ChangePasswordForm, NewPasswordForm, SignInForm
from ncpi.accounts.news import news_of
from ncpi.accounts.permissions import ROLES
from ncpi.accounts.reminders import HOUR
from ncpi.accounts.work import inspections_of, work_of
from ncpi.jobs.models import Job
from ncpi.lib.unavailable import REFUSALS, unavailable


@public
def sign_in(request):
    if request.user.is_authenticated:
        return redirect("home")
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        seen_at = form.user.last_seen_at
        login(request, form.user)
        request.session["here_before"] = seen_at and seen_at.isoformat()
        return redirect(_safe_next(request))
    return render(request, "accounts/sign_in.html", {"form": form})


@public
@require_POST
def sign_out(request):
    logout(request)
    return redirect("sign-in")


@signed_in
def home(request):
    inspections = inspections_of(request.user)
    context = {"work": work_of(request.user), "inspections": inspections, "news": _news(request, inspections)}
    return render(request, "accounts/home.html", context)


@signed_in
def account(request):
    context = {"roles": memberships(request.user), "reminder_hour": HOUR}
    return render(request, "accounts/account.html", context)


@signed_in
@require_POST
def reminders(request):
    wanted = request.POST.get("wanted") == "yes"
    reminder_operations.set_reminders(by=request.user, wanted=wanted)
    messages.success(request, "Reminders are on." if wanted else "Reminders are off.")
    return redirect("accounts:account")


@signed_in
def change_password(request):
    form = ChangePasswordForm(request.user, request.POST or None)
    if form.is_valid():
        operations.set_password(by=request.user, user=request.user, password=form.cleaned_data["password"])
        update_session_auth_hash(request, request.user)
        messages.success(request, "Password changed. Your other sessions have ended.")
        return redirect("accounts:account")
    return render(request, "accounts/change_password.html", {"form": form})


@signed_in
@require_POST
def end_sessions(request):
    operations.end_sessions(by=request.user, user=request.user)
    update_session_auth_hash(request, request.user)
    messages.success(request, "Your other sessions have ended.")
    return redirect("accounts:account")


@public
def set_password(request, uid, token):
    user = password_links.user_of(uid, token)
    if user is None:
        return render(request, "accounts/link_used.html", status=404)
    form = NewPasswordForm(user, request.POST or None)
    if form.is_valid():
        operations.set_password(by=user, user=user, password=form.cleaned_data["password"])
        messages.success(request, "Password set. Sign in with it.")
        return redirect("sign-in")
    return render(request, "accounts/set_password.html", {"form": form})


@signed_in
def job(request, pk):
    return render(request, "jobs/job.html", {"job": _job(request, pk)})


@signed_in
def job_progress(request, pk):
    return render(request, "jobs/_progress.html", {"job": _job(request, pk)})


@public
def help_page(request):
    return render(request, "accounts/help.html", {"roles": ROLES.values(), "mine": _role_keys(request)})


@public
def accessibility(request):
    return render(request, "accounts/accessibility.html")


@public
def data_protection(request):
    context = {"roles": classification.roles(), "models": classification.protected_models()}
    return render(request, "accounts/data_protection.html", context)


def bad_request(request, exception=None):
    return render(request, "400.html", {"reason": "The address or the form made no sense to the service."}, status=400)


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    """Answer what no view could: session and person come from the database before any view is reached.

    Nothing is rendered with the request: what every page is given about the person may be what failed.
    """
    error = sys.exc_info()[1]
    if isinstance(error, REFUSALS):
        return unavailable(request, error)
    return HttpResponseServerError(render_to_string("500.html"))


def csrf_failed(request, reason=""):
    return render(request, "csrf.html", status=403)


def _news(request, inspections):
    """Return what changed since the person's sign-in before this one; nothing at the first."""
    before = request.session.get("here_before")
    if not before:
        return []
    return news_of(request.user, since=datetime.fromisoformat(before), cards=inspections, at=timezone.now())


def _safe_next(request):
    target = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return resolve_url("home")


def _role_keys(request):
    return {row.role for row in memberships(request.user)} if request.user.is_authenticated else set()


def _job(request, pk):
    """Return a job of a force the person belongs to; any other does not exist."""
    forces = {row.force_id for row in memberships(request.user)}
    found = Job.objects.filter(pk=pk, force_id__in=forces).first()
    if found is None:
        raise Http404
    return found
