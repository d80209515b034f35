"""Two wordings of one text, and what became of each part between them."""

import difflib
import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["same", "added", "removed"]
_WORDS = re.compile(r"\s+|\S+")
_MOST_WORDS = 4_000


@dataclass(frozen=True, slots=True)
class Part:
    """A run of text that stayed, came or went."""

    kind: Kind
    text: str


def parts(old: str, new: str) -> list[Part]:
    """Return the runs that lead from the old wording to the new; the kept and removed ones make up the old."""
    before, after = _pieces(old, new)
    found: list[Part] = []
    for what, i1, i2, j1, j2 in difflib.SequenceMatcher(None, before, after).get_opcodes():
        if what == "equal":
            found.append(Part("same", "".join(before[i1:i2])))
            continue
        if i1 < i2:
            found.append(Part("removed", "".join(before[i1:i2])))
        if j1 < j2:
            found.append(Part("added", "".join(after[j1:j2])))
    return found


def pieces(text: str) -> list[str]:
    """Cut a text into words and what stands between them; together they are the text."""
    return _WORDS.findall(text)


def edits(old: str, new: str) -> list[tuple[int, int, str]]:
    """Return what turns the pieces of the old text into the new: from, to, and the text that takes their place."""
    before, after = pieces(old), pieces(new)
    codes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [(i1, i2, "".join(after[j1:j2])) for what, i1, i2, j1, j2 in codes if what != "equal"]


def word_count(text: str) -> int:
    return len(text.split())


def with_plain_line_ends(text: str) -> str:
    """Return the text with LF line ends; browsers send CRLF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _pieces(old: str, new: str) -> tuple[list[str], list[str]]:
    """Cut both texts into words, or into lines where comparing words would take too long."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) + len(after) > 4 * _MOST_WORDS:
        return old.splitlines(keepends=True), new.splitlines(keepends=True)
    return before, after
