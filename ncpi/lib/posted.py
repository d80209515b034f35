"""What was posted, so that an answer which could not act on it can give it back."""

from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest

_MARK = "\ufffd"
_ENCODED = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Kept:
    """A form as it was sent, for a page that offers to send it again: what is carried along, and what was written."""

    address: str
    fields: tuple[tuple[str, str], ...]
    texts: tuple[tuple[str, str], ...]
    has_file: bool


def kept_of(request: HttpRequest) -> Kept | None:
    """Return what was posted, without NUL; nothing of a form with a password, nor of one that cannot be read."""
    if request.method != "POST":
        return None
    try:
        rows = [(name, value.replace("\0", "")) for name, values in request.POST.lists() for value in values]
    except (RequestDataTooBig, TooManyFieldsSent, BadRequest):
        return None
    if not rows or any("password" in name for name, _ in rows):
        return None
    return Kept(
        address=request.get_full_path(),
        fields=tuple(row for row in rows if not _is_text(row[1])),
        texts=tuple(row for row in rows if _is_text(row[1])),
        has_file="multipart" in (request.content_type or ""),
    )


def is_utf8(request: HttpRequest) -> bool:
    """Say whether a form's bytes are text. Django puts a mark where they are none, and that would be saved.

    The bytes of a form with a file are gone by now, so there the mark itself counts. Given back and sent again, the
    form has no file and may keep the mark.
    """
    if request.content_type != _ENCODED:
        return not any(_MARK in value for _, values in request.POST.lists() for value in values)
    try:
        unquote_to_bytes(request.body).decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_text(value: str) -> bool:
    """Say whether somebody wrote this: what a form carries of its own, and what is chosen in it, is one word."""
    return len(value.split()) > 1
