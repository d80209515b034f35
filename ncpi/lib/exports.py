"""Taking away the list that is on the page: `?format=csv` or `?format=xlsx` gives the same rows as a file."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify

from ncpi.lib.tables import Sheet, write_csv, write_xlsx

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def wanted(request: HttpRequest) -> str:
    """Return the format that the address asks for, or nothing."""
    asked = request.GET.get("format", "")
    return asked if asked in ("csv", "xlsx") else ""


def as_file(request: HttpRequest, *, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Answer with the rows in the format asked for, under a name that says what they are."""
    if wanted(request) == "xlsx":
        response = HttpResponse(write_xlsx(Sheet(name, header, rows)), content_type=XLSX)
    else:
        response = HttpResponse(write_csv(header, rows), content_type="text/csv; charset=utf-8")
    return _named(response, name, wanted(request) or "csv")


def as_named_file(data: bytes, *, name: str, extension: str, media_type: str) -> HttpResponse:
    """Answer with a file made for this request, to be saved under a name that says what it is."""
    return _named(HttpResponse(data, content_type=media_type), name, extension)


def _named(response: HttpResponse, name: str, extension: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{slugify(name)}.{extension}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
