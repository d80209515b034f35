"""What holds for every request, whoever asks."""

from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.shortcuts import render

from ncpi.lib.posted import is_utf8, kept_of
from ncpi.lib.text import is_storable
from ncpi.lib.unavailable import REFUSALS, unavailable


class ServiceUnavailable:
    """Answer 503 while a view cannot use the database; `server_error` does so for what surrounds views."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return unavailable(request, exception) if isinstance(exception, REFUSALS) else None


class ReadableInput:
    """Refuse text that the database cannot hold, before any view sees it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not is_storable(
            unquote(request.path + "?" + request.META.get("QUERY_STRING", ""), errors="surrogateescape")
        ):
            return self._refuse(request)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method != "POST":
            return None
        try:
            values = [*request.POST.keys(), *(value for _, row in request.POST.lists() for value in row)]
            values += [file.name or "" for file in request.FILES.values()]
        except (RequestDataTooBig, TooManyFieldsSent, BadRequest):
            return self._refuse(request, "That was more than a form may hold.", status=413)
        if is_utf8(request) and all(is_storable(value) for value in values):
            return None
        return self._refuse(request)

    def _refuse(
        self, request, reason="The text has a character that cannot be stored (NUL or half a character).", status=400
    ):
        context = {"reason": reason, "kept": kept_of(request)}
        return render(request, "400.html", context, status=status)


class PrivatePages:
    """Keep signed-in pages out of every cache."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not request.path.startswith(settings.STATIC_URL):
            response.setdefault("Cache-Control", "no-store")
            response.setdefault("X-Robots-Tag", "noindex")
            response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response
