"""Bringing two people's versions of one judgement together, from the version that both started from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ncpi.lib.wording import Part, edits, parts, pieces


@dataclass(frozen=True)
class Side:
    """One field in which the stored version and the typed one differ.

    `is_taken_over`: only the other person changed it, and the form offers theirs. `is_merged`: both changed it in
    different places, and the form offers both changes. Otherwise the form offers what was typed.
    """

    name: str
    label: str
    stored: str
    typed: str
    is_taken_over: bool = False
    is_merged: bool = False

    @property
    def is_open(self) -> bool:
        """The person has to bring the two together."""
        return not self.is_taken_over and not self.is_merged

    @property
    def stored_parts(self) -> list[Part]:
        """The stored text, with what the typed one has not."""
        return [part for part in parts(self.stored, self.typed) if part.kind != "added"]

    @property
    def typed_parts(self) -> list[Part]:
        """The typed text, with what the stored one has not."""
        return [part for part in parts(self.stored, self.typed) if part.kind != "removed"]


def bring_together(
    *, labels: Mapping[str, str], seen: Mapping[str, Any] | None, stored: Mapping[str, Any], typed: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Side]]:
    """Return the values to offer, and the fields to show.

    What only the other person changed is taken over; what only this person changed stays. What both changed in
    different places is offered with both changes; where their changes meet, what was typed is offered with the stored
    text beside it. Nothing that was typed is dropped.
    """
    offer: dict[str, Any] = {}
    sides: list[Side] = []
    for name, label in labels.items():
        offer[name] = typed[name]
        if stored[name] == typed[name]:
            continue
        base = None if seen is None else str(seen[name] or "")
        side = Side(name, label, str(stored[name] or ""), str(typed[name] or ""))
        if base is not None and base == side.typed:
            offer[name], side = stored[name], replace(side, is_taken_over=True)
        elif base is not None and base != side.stored and (both := merged(base, side.stored, side.typed)) is not None:
            offer[name], side = both, replace(side, is_merged=True)
        sides.append(side)
    return offer, sides


def merged(base: str, stored: str, typed: str) -> str | None:
    """Return the base with both people's changes, or nothing where changes touch each other."""
    words = pieces(base)
    changes = sorted({*edits(base, stored), *edits(base, typed)})
    found: list[str] = []
    reached = -1
    for start, end, text in changes:
        if start <= reached:
            return None
        found += [*words[max(reached, 0) : start], text]
        reached = end
    return "".join([*found, *words[max(reached, 0) :]])
