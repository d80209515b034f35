"""A gentle look at what an auditor wrote: does a part of it look like a name or another mark of a person?

It warns and shows where; it never changes the text and never keeps an auditor from raising a concern.
The rules are data of `ncpi.lib.personal`; a force may give its own list and words that are never warned of.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ncpi.lib import personal


@dataclass(frozen=True, slots=True)
class Doubt:
    """One part of one field that looks personal, with the place where it stands."""

    field: str
    kind: str
    says: str
    start: int
    end: int
    excerpt: str

    @property
    def message(self) -> str:
        instead = "Write who it is to the child instead, such as “the mother”."
        return f"“{self.excerpt}” looks like {self.says}. {instead}"


def check_text(
    text: str,
    *,
    field: str = "",
    rules: tuple[personal.Rule, ...] = personal.RULES,
    harmless: Collection[str] = (),
) -> tuple[Doubt, ...]:
    """Give what looks personal in one text; `harmless` are words a force knows, such as a building."""
    if not text:
        return ()
    known = {word.casefold() for word in harmless}
    return tuple(
        Doubt(
            field,
            likeness.kind,
            likeness.says,
            likeness.start,
            likeness.end,
            text[likeness.start : likeness.end],
        )
        for likeness in personal.find(text, rules=rules)
        if text[likeness.start : likeness.end].casefold() not in known
    )


def check_texts(
    texts: Mapping[str, str],
    *,
    rules: tuple[personal.Rule, ...] = personal.RULES,
    harmless: Collection[str] = (),
) -> tuple[Doubt, ...]:
    return tuple(
        doubt
        for field, text in texts.items()
        for doubt in check_text(text, field=field, rules=rules, harmless=harmless)
    )


def pieces(text: str, doubts: tuple[Doubt, ...]) -> tuple[tuple[str, bool], ...]:
    """Cut a text into plain and warned pieces, for a page that marks them."""
    parts: list[tuple[str, bool]] = []
    done = 0
    for doubt in sorted(doubts, key=lambda each: each.start):
        parts += [(text[done : doubt.start], False), (text[doubt.start : doubt.end], True)]
        done = doubt.end
    parts.append((text[done:], False))
    return tuple((part, marked) for part, marked in parts if part)
