"""Taking away the list that is on the page: `?format=csv` or `?format=xlsx` gives the same rows as a file."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify

from ncpi.lib.tables import Sheet, write_csv, write_xlsx

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def wanted(request: HttpRequest) -> str:
    """Return the format that the address asks for, or nothing."""
    asked = request.GET.get("format", "")
    return asked if asked in ("csv", "xlsx") else ""


def as_file(request: HttpRequest, *, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Answer with the rows in the format asked for, under a name that says what they are."""
    if wanted(request) == "xlsx":
        response = HttpResponse(write_xlsx(Sheet(name, header, rows)), content_type=_XLSX)
    else:
        response = HttpResponse(write_csv(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slugify(name)}.{wanted(request) or "csv"}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
