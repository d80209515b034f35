"""The answer while the database cannot be used: nothing typed is lost, and nothing is done twice.

What was posted comes back on the page in a form that sends it again. It still carries its key, so that a save that was
done, but whose answer was lost with the connection, is not done a second time.
"""

import logging

from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

REFUSALS = (OperationalError, InterfaceError)
RETRY_SECONDS = 5
# From so many characters on, a value is shown in full: somebody wrote it.
A_TEXT = 60


def unavailable(request, exception):
    """Build the 503 answer; it touches neither session nor database."""
    logger.warning("Database unavailable: %s", type(exception).__name__)
    connection.close()
    fields = _fields(request)
    context = {
        "address": request.get_full_path() if fields or request.method == "GET" else request.path,
        "fields": [(name, value) for name, value in fields if not _is_text(value)],
        "texts": [(name, value) for name, value in fields if _is_text(value)],
        "has_file": request.method == "POST" and "multipart" in (request.content_type or ""),
        "is_get": request.method == "GET",
    }
    response = HttpResponse(render_to_string("503.html", context), status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def _fields(request):
    """Return what was posted, name by value; nothing of a form with a password."""
    if request.method != "POST":
        return []
    try:
        rows = [(name, value) for name, values in request.POST.lists() for value in values]
    except (RequestDataTooBig, TooManyFieldsSent, BadRequest):
        return []
    return [] if any("password" in name for name, _ in rows) else rows


def _is_text(value):
    return len(value) >= A_TEXT and (" " in value or "\n" in value)
