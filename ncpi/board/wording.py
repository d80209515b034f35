"""Sentences made of parts, so that no sentence ever holds a number of its own.

A part is one of
    {"text": ...}                 the program's words, never with a digit
    {"quote": ...}                words of a person or of the programme, shown as they are
    {"date": "2021-07-05"}        a day
    {"at": "2021-07-12T17:00:00Z"} a moment, shown in London time
    {"figure": id, "show": ...}   a figure: numerator, denominator, percent, interval, level, or amount
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ncpi.board.figures import Figure
from ncpi.board.intervals import whole_percent

LONDON = ZoneInfo("Europe/London")
MONTHS = "January February March April May June July August September October November December".split()
NO_VALUE = "none"

Part = dict[str, str]
Sentence = list[Part]

_LINE_ENDS = re.compile(r"\s*[\r\n\t\v\f\u0085\u2028\u2029]+\s*")
_BIDI = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)}


def clean(text: str) -> str:
    """Return text fit for one line of a paper: no control, direction or unpaired characters."""
    return clean_inside(text).strip()


def clean_inside(text: str) -> str:
    """Clean text that stands between other words, keeping the spaces at its ends."""
    spaced = _LINE_ENDS.sub(" ", unicodedata.normalize("NFC", text))
    kept = (c for c in spaced if c not in _BIDI and unicodedata.category(c) not in {"Cc", "Cs", "Cn", "Co"})
    return "".join(kept)


def text(words: str) -> Part:
    if any(c.isdigit() for c in words):
        raise ValueError("A number in a sentence has to be a figure.")
    return {"text": words}


def phrase(words: str) -> Part:
    """Return words that take in a name of the programme's, which may hold a digit."""
    return {"quote": clean_inside(words)} if any(c.isdigit() for c in words) else {"text": words}


def quote(words: str) -> Part:
    return {"quote": clean(words)}


def day(on: date) -> Part:
    return {"date": on.isoformat()}


def number(name: str, show: str = "numerator") -> Part:
    return {"figure": name, "show": show}


def one_or_many(figure: Figure, one: str, many: str) -> Part:
    return text(one if figure["numerator"] == 1 else many)


def shown_day(on: date) -> str:
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def shown_moment(at: str) -> str:
    """Show a moment as London saw it."""
    local = datetime.fromisoformat(at).astimezone(LONDON)
    return f"{shown_day(local.date())} {local:%H:%M}"


def shown_figure(figure: Figure, show: str) -> str:
    interval = figure["interval"]
    if show == "numerator":
        return NO_VALUE if figure["numerator"] is None else str(figure["numerator"])
    if show == "amount":
        return NO_VALUE if figure["value"] is None else f"{figure['value']:.1f}".removesuffix(".0")
    if show == "denominator":
        return NO_VALUE if figure["denominator"] is None else str(figure["denominator"])
    if show == "percent":
        return NO_VALUE if figure["value"] is None else f"{whole_percent(figure['value'])}%"
    if show == "interval":
        if interval is None:
            return NO_VALUE
        return f"{whole_percent(interval['low'])}\u2013{whole_percent(interval['high'])}%"
    if show == "level":
        return NO_VALUE if interval is None else f"{whole_percent(interval['level'])}%"
    raise ValueError(f"A figure cannot be shown as {show}.")


def shown_part(part: Part, figures: Mapping[str, Figure]) -> str:
    if "figure" in part:
        return shown_figure(figures[part["figure"]], part["show"])
    if "date" in part:
        return shown_day(date.fromisoformat(part["date"]))
    if "at" in part:
        return shown_moment(part["at"])
    return part["text"] if "text" in part else part["quote"]


def shown(sentence: Iterable[Part], figures: Mapping[str, Figure]) -> str:
    """Put a sentence's parts together as one line of text."""
    return "".join(shown_part(part, figures) for part in sentence)


def figures_of(content: Mapping[str, Any]) -> dict[str, Figure]:
    """Return a summary's figures by name."""
    listed: list[Figure] = content["figures"]
    return {figure["id"]: figure for figure in listed}
