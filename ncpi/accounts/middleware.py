"""Sessions that end, and forms that count once."""

import uuid

from django.conf import settings
from django.contrib.auth import logout
from django.db import connection, transaction
from django.shortcuts import redirect
from django.utils import timezone

from ncpi.accounts import journal
from ncpi.accounts.models import Submission, User
from ncpi.lib.unavailable import REFUSALS, unavailable

_TAKE = """
INSERT INTO ncpi_submission (user_id, key, target, created_at) VALUES (%s, %s, '', %s)
ON CONFLICT (user_id, key) DO NOTHING
"""
_ANSWER = "UPDATE ncpi_submission SET target = %s WHERE user_id = %s AND key = %s"


class SessionLimits:
    """Ends a session that was idle too long; keeps where the request came from for the journal."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = journal.address.set(request.META.get("REMOTE_ADDR") or None)
        try:
            if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
                self._limit(request)
            return self.get_response(request)
        finally:
            journal.address.reset(token)

    def _limit(self, request):
        now = timezone.now().timestamp()
        seen = request.session.get("seen", now)
        if now - seen > settings.SESSION_IDLE_SECONDS:
            logout(request)
        elif "seen" not in request.session or now - seen > 60:
            request.session["seen"] = now
            User.objects.filter(pk=request.user.pk).update(last_seen_at=timezone.now())


class PostedOnce:
    """A rendered form carries a random key; posting it twice makes one record and gives the same answer.

    The second of two racing posts waits on the unique index until the first is finished. Only an answer that
    redirects counts as acted on: a form sent back with errors may be posted again. The view runs in the same
    transaction as the key, so neither can be kept without the other.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        key = self._key(request)
        if key is None:
            return None
        try:
            with transaction.atomic():
                return self._answer(request, key, view, args, kwargs)
        except REFUSALS as error:
            return unavailable(request, error)

    def _answer(self, request, key, view, args, kwargs):
        if not self._is_first(request, key):
            return redirect(self._mine(request, key).values_list("target", flat=True).get() or "home")
        response = view(request, *args, **kwargs)
        is_redirect = response.status_code in (301, 302, 303)
        target = response["Location"] if is_redirect else response.headers.get("HX-Redirect")
        if target:
            self._answered(request, key, target)
        else:
            self._mine(request, key).delete()
        return response

    def _mine(self, request, key):
        return Submission.objects.filter(user=request.user, key=key)

    def _answered(self, request, key, target):
        with connection.cursor() as cursor:
            cursor.execute(_ANSWER, [target, request.user.pk, key])

    def _is_first(self, request, key):
        """Take the key; one statement, which waits for another of the same key and then finds it taken."""
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [request.user.pk, key, timezone.now()])
            return cursor.rowcount == 1

    def _key(self, request):
        if request.method != "POST" or not request.user.is_authenticated:
            return None
        try:
            return uuid.UUID(request.POST.get("once", ""))
        except ValueError:
            return None
