"""How the cells of the return's workbook look, and how text is written into them so that it stays text."""

import re
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from ncpi.lib.tables import without_forbidden
from ncpi.lib.wording import with_plain_line_ends

# What Excel takes for an escaped character (ECMA-376, 22.4.2.4) is escaped itself, so that it stays what it is.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_GREY, _LINE, _NAVY = "F1F3F6", "D5DBE3", "14284B"
_LIKE_A_FORMULA = ("=", "+", "-", "@", "'")


@dataclass(frozen=True)
class Look:
    """The looks of a cell; an open one may be typed into."""

    is_open: bool = False
    is_bold: bool = False
    fill: str = ""
    colour: str = "1D2733"
    size: int = 10
    is_boxed: bool = True
    is_wrapped: bool = True
    format: str = "@"


OPEN = Look(is_open=True)
CLOSED = Look(fill=_GREY)
STRONG = Look(fill=_GREY, is_bold=True)
DAY = Look(fill=_GREY, format="d mmm yyyy")
HEAD = Look(fill=_NAVY, is_bold=True, colour="FFFFFF")
TITLE = Look(is_bold=True, size=16, colour=_NAVY, is_boxed=False, is_wrapped=False)
LABEL = Look(is_bold=True, is_boxed=False)
WORDS = Look(is_boxed=False)


class Pen:
    """Writes cells of one workbook. Each look is worked out once and then copied, which is ten times as fast."""

    def __init__(self) -> None:
        self._styles: dict[tuple[Look, bool], Any] = {}

    def write(self, cell: Any, value: str | date | None, look: Look) -> None:
        """Write text as text: typed as a string, shown as text, and still text after it was edited in Excel."""
        is_quoted = isinstance(value, str) and value.startswith(_LIKE_A_FORMULA)
        if isinstance(value, str):
            value = _ESCAPE.sub("_x005F_", without_forbidden(with_plain_line_ends(value))) or None
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
        key = (look, is_quoted)
        if key not in self._styles:
            _dress(cell, look, is_quoted=is_quoted)
            self._styles[key] = copy(cell._style)
        cell._style = copy(self._styles[key])


def _dress(cell: Any, look: Look, *, is_quoted: bool) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side  # noqa: PLC0415 slow import

    cell.number_format = look.format
    cell.alignment = Alignment(vertical="top", wrap_text=look.is_wrapped)
    cell.font = Font(name="Arial", size=look.size, bold=look.is_bold, color=look.colour)
    cell.protection = Protection(locked=not look.is_open)
    if look.fill:
        cell.fill = PatternFill("solid", fgColor=look.fill)
    if look.is_boxed:
        line = Side(style="thin", color=_LINE)
        cell.border = Border(left=line, right=line, top=line, bottom=line)
    cell.quotePrefix = is_quoted
