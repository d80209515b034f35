"""The three sentences that a Board member reads first."""

from __future__ import annotations

from collections.abc import Mapping

from ncpi.board.figures import Book
from ncpi.board.wording import Part, Sentence, number, one_or_many, phrase, text


def _of(name: str) -> Sentence:
    return [number(name), text(" of "), number(name, "denominator")]


def assessment_sentence(book: Book, whole: Mapping[str, str], good: str) -> Sentence:
    if not book.count(whole["judged"]):
        return [
            text("The force has not yet judged itself against any of the "),
            number(whole["judged"], "denominator"),
            text(" criteria."),
        ]
    return [
        text("The force has judged "),
        *_of(whole["judged"]),
        text(" criteria and calls "),
        number(whole["claimed_good"]),
        phrase(f" of them {good}; a chief officer's signature stands over "),
        *_of(whole["signed"]),
        text(" areas."),
    ]


def cases_sentence(book: Book, cases: str, flagged: Mapping[str, str], good: str) -> Sentence:
    figure = book[cases]
    if not figure["denominator"]:
        return [text("No audited case has a published grade yet, so nothing tests what the force says of itself.")]
    contradicted = book[flagged["contradicted"]]
    ending: list[Part] = [text("in no area do the cases contradict what the force says.")]
    if contradicted["numerator"]:
        ending = [
            text("in "),
            number(contradicted["id"]),
            one_or_many(contradicted, " area", " areas"),
            text(" the cases contradict what the force says."),
        ]
    return [
        text("Of "),
        number(cases, "denominator"),
        text(" audited " + ("case, " if figure["denominator"] == 1 else "cases, ")),
        number(cases),
        phrase(f" was {good} (" if figure["numerator"] == 1 else f" were {good} ("),
        number(cases, "percent"),
        text(", "),
        number(cases, "level"),
        text(" interval "),
        number(cases, "interval"),
        text("); "),
        *ending,
    ]


def promises_sentence(book: Book, totals: Mapping[str, str], concerns: str | None) -> Sentence:
    parts: Sentence = [
        number(totals["open"]),
        one_or_many(book[totals["open"]], " recommendation is open, ", " recommendations are open, "),
        number(totals["repeated"]),
        one_or_many(book[totals["repeated"]], " of them a repeat, and ", " of them repeats, and "),
        number(totals["actions_overdue"]),
        text(" of "),
        number(totals["actions_open"]),
        one_or_many(book[totals["actions_open"]], " open action is overdue", " open actions are overdue"),
    ]
    if concerns is None:
        return [*parts, text(".")]
    if not book.count(concerns):
        return [*parts, text("; every concern for a child's safety is closed.")]
    return [
        *parts,
        text("; "),
        number(concerns),
        one_or_many(
            book[concerns],
            " concern that a child may not be safe is still open.",
            " concerns that a child may not be safe are still open.",
        ),
    ]
