"""Files to take away: the list that is on the page (`?format=csv` or `?format=xlsx`), and whatever else is made."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.text import slugify

from ncpi.lib.tables import Sheet, write_csv, write_xlsx

CSV = "text/csv; charset=utf-8"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Answer = TypeVar("Answer", bound=HttpResponseBase)


def wanted(request: HttpRequest) -> str:
    """Return the format that the address asks for, or nothing."""
    asked = request.GET.get("format", "")
    return asked if asked in ("csv", "xlsx") else ""


def as_file(request: HttpRequest, *, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Answer with the rows in the format asked for, under a name that says what they are."""
    return as_table(wanted(request) or "csv", name=name, header=header, rows=rows)


def as_table(kind: str, *, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Answer with rows as a workbook where `kind` is xlsx, else as CSV."""
    if kind == "xlsx":
        return as_named_file(write_xlsx(Sheet(name, header, rows)), name=name, extension=kind, media_type=XLSX)
    return as_named_file(write_csv(header, rows), name=name, extension="csv", media_type=CSV)


def as_named_file(data: bytes, *, name: str, extension: str, media_type: str) -> HttpResponse:
    """Answer with a file made for this request, to be saved under a name that says what it is."""
    return named(HttpResponse(data, content_type=media_type), name, extension)


def named(response: Answer, name: str, extension: str) -> Answer:
    """Have an answer saved as a file under a name that says what it is, and never shown as anything else."""
    response["Content-Disposition"] = f'attachment; filename="{slugify(name)}.{extension}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
