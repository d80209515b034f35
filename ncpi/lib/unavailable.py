"""The answer while the database cannot be used: nothing typed is lost, and nothing is done twice.

What was posted comes back on the page in a form that sends it again. It still carries its key, so that a save that was
done, but whose answer was lost with the connection, is not done a second time.
"""

import logging

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from ncpi.lib.posted import kept_of

logger = logging.getLogger(__name__)

REFUSALS = (OperationalError, InterfaceError)
RETRY_SECONDS = 5


def unavailable(request: HttpRequest, exception: BaseException) -> HttpResponse:
    """Build the 503 answer; it touches neither session nor database."""
    logger.warning("Database unavailable: %s", type(exception).__name__)
    connection.close()
    context = {"kept": kept_of(request), "address": request.get_full_path(), "is_get": request.method == "GET"}
    response = HttpResponse(render_to_string("503.html", context), status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response
