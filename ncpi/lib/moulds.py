"""Templates rendered once a process, with fields where values go.

Rendering a template costs many times what filling a text costs. What is the same on every page, or for every case of a
tool, is rendered once with marks where values go: text and names by turns. Filling it escapes whatever is put in. A
mark is made of a character that neither a form nor the database lets in, so that no text can hold one.
"""

import re
import uuid
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeData, mark_safe

_MARK = re.compile("\x00([a-z][a-z0-9_]*)\x00")

# Text first and last, and between two texts the name of what goes there.
Mould = tuple[str, ...]


class Marks:
    """Gives the mark of any name: `{{ mark.version }}` in a template is where the version goes."""

    def __getitem__(self, name: str) -> str:
        return f"\x00{name}\x00"


def mould_of(template: str, **context: Any) -> Mould:
    """Render a template with marks."""
    marks = Marks()
    html = render_to_string(template, {"mark": marks, "csrf_token": marks["csrf_token"], **context})
    return tuple(_MARK.split(html.strip()))


@lru_cache(maxsize=1024, typed=True)
def kept_mould(template: str, **context: Any) -> Mould:
    """Give `mould_of`, kept by the process for each template and context; a context of plain text and numbers only.

    What is kept is found again by equality, and markup that is safe equals a text that is not.
    """
    if any(_has_markup(value) for value in context.values()):
        raise TypeError("Markup cannot tell one kept mould from another.")
    return mould_of(template, **context)


def filled(mould: Mould, **values: Any) -> str:
    """Fill a mould; whatever is not markup already is escaped."""
    pieces = list(mould)
    for place in range(1, len(pieces), 2):
        pieces[place] = _escaped(values[pieces[place]])
    return _markup(pieces)


def partly_filled(mould: Mould, **values: Any) -> Mould:
    """Fill some places of a mould; the others stay."""
    pieces = [mould[0]]
    for name, text in zip(mould[1::2], mould[2::2], strict=True):
        if name in values:
            pieces[-1] += _escaped(values[name]) + text
        else:
            pieces += [name, text]
    return tuple(pieces)


def joined(parts: Iterable[str]) -> str:
    """Put filled moulds behind one another."""
    return _markup(map(_escaped, parts))


def once_key() -> str:
    """Give a key for one rendered form, which makes posting it twice count once."""
    return str(uuid.uuid4())


def _markup(escaped: Iterable[str]) -> str:
    return mark_safe("".join(escaped))  # noqa: S308  (each piece is a template's own or was escaped)


def _escaped(value: Any) -> str:
    return value if isinstance(value, SafeData) else escape(str(value))  # type: ignore[return-value]


def _has_markup(value: Any) -> bool:
    return isinstance(value, SafeData) or (isinstance(value, tuple) and any(map(_has_markup, value)))
