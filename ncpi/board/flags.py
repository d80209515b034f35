"""Warnings on an area: what is claimed set against what the cases and the evidence show.

A warning never grades. It says which two things do not fit, with the figures that do not fit.
HMICFRS's own finding behind it: forces' grades of their own cases run higher than inspectors'
(West Yorkshire 2014: 17 good claimed, 9 found, of the same 33).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ncpi.board.figures import Book
from ncpi.board.wording import Sentence, number, one_or_many, phrase, text

HALF = 0.5
FEWEST_CASES = 5

LABELS: Mapping[str, str] = {
    "contradicted": "Contradicted",
    "unsupported": "Unsupported",
    "untested": "Untested",
    "missing_evidence": "Missing evidence",
    "understated": "Understated",
}


@dataclass(frozen=True)
class Standing:
    """The names of an area's figures that its warnings compare."""

    claimed: str
    cases: str
    unsupported: str
    without_evidence: str
    good: str


def _contradicted(book: Book, on: Standing) -> Sentence:
    return [
        text("Most criteria here are called "),
        phrase(f"{on.good} ("),
        number(on.claimed),
        text(" of "),
        number(on.claimed, "denominator"),
        text("), yet of "),
        number(on.cases, "denominator"),
        text(" audited cases "),
        number(on.cases),
        phrase(f" was {on.good} (" if book.count(on.cases) == 1 else f" were {on.good} ("),
        number(on.cases, "percent"),
        text("; "),
        number(on.cases, "level"),
        text(" interval "),
        number(on.cases, "interval"),
        text("). Even the top of that interval is less than half."),
    ]


def _understated(book: Book, on: Standing) -> Sentence:
    return [
        text("Fewer than half of the criteria here are called "),
        phrase(f"{on.good} ("),
        number(on.claimed),
        text(" of "),
        number(on.claimed, "denominator"),
        text("), yet more than half of the cases were "),
        phrase(f"{on.good}: "),
        number(on.cases),
        text(" of "),
        number(on.cases, "denominator"),
        text(" ("),
        number(on.cases, "level"),
        text(" interval "),
        number(on.cases, "interval"),
        text(")."),
    ]


def _untested(book: Book, on: Standing) -> Sentence:
    cases = book[on.cases]
    if not cases["denominator"]:
        return [phrase(f"Most criteria here are called {on.good}, and no audited case speaks to that.")]
    return [
        phrase(f"Most criteria here are called {on.good}, and only "),
        number(on.cases, "denominator"),
        text(" audited " + ("case speaks" if cases["denominator"] == 1 else "cases speak")),
        text(" to that: too few to tell."),
    ]


def _unsupported(book: Book, on: Standing) -> Sentence:
    return [
        number(on.unsupported),
        one_or_many(book[on.unsupported], " criterion called ", " criteria called "),
        phrase(f"{on.good} "),
        one_or_many(book[on.unsupported], "has", "have"),
        text(" no evidence that speaks for the inspection's period."),
    ]


def _missing(book: Book, on: Standing) -> Sentence:
    return [
        number(on.without_evidence),
        one_or_many(book[on.without_evidence], " judged criterion has", " judged criteria have"),
        text(" no evidence at all."),
    ]


def _claims_most(book: Book, on: Standing) -> bool:
    return 2 * book.count(on.claimed) > (book[on.claimed]["denominator"] or 0)


def kinds(book: Book, on: Standing) -> list[str]:
    """Return the warnings that an area's figures call for, gravest first."""
    cases = book[on.cases]
    enough = (cases["denominator"] or 0) >= FEWEST_CASES
    interval = cases["interval"] if enough else None
    most = _claims_most(book, on)
    found = []
    if most and interval and interval["high"] < HALF:
        found.append("contradicted")
    if book.count(on.unsupported):
        found.append("unsupported")
    if most and not enough:
        found.append("untested")
    if book.count(on.without_evidence):
        found.append("missing_evidence")
    if not most and interval and interval["low"] > HALF:
        found.append("understated")
    return found


REASONS = {
    "contradicted": _contradicted,
    "unsupported": _unsupported,
    "untested": _untested,
    "missing_evidence": _missing,
    "understated": _understated,
}


def flags(book: Book, on: Standing) -> list[dict[str, Any]]:
    return [{"kind": kind, "label": LABELS[kind], "sentence": REASONS[kind](book, on)} for kind in kinds(book, on)]
