"""The small pieces of which the paper's sections are made."""

from __future__ import annotations

from datetime import date

from ncpi.board.wording import Sentence, day, number, text


def shown_on(iso: str) -> Sentence:
    return [day(date.fromisoformat(iso))] if iso else [text("not set")]


def part_of(name: str) -> Sentence:
    return [number(name), text(" of "), number(name, "denominator")]
