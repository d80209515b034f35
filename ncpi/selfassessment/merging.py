"""Bringing two people's versions of one judgement together, from the version that both started from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ncpi.lib.wording import Part, parts


@dataclass(frozen=True)
class Side:
    """One field in which the stored version and the typed one differ. `typed` is what the form offers next."""

    name: str
    label: str
    stored: str
    typed: str
    is_taken_over: bool

    @property
    def parts(self) -> list[Part]:
        """What would become of the stored text if the typed one were saved."""
        return parts(self.stored, self.typed)


def bring_together(
    *, labels: Mapping[str, str], seen: Mapping[str, Any] | None, stored: Mapping[str, Any], typed: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Side]]:
    """Return the values to offer, and the fields to show.

    What only the other person changed is taken over; what only this person changed stays; what both changed is
    offered as typed, with the stored text beside it. Nothing that was typed is dropped.
    """
    offer: dict[str, Any] = {}
    sides: list[Side] = []
    for name, label in labels.items():
        untouched = seen is not None and typed[name] == seen[name]
        taken_over = untouched and stored[name] != typed[name]
        offer[name] = stored[name] if taken_over else typed[name]
        if stored[name] != typed[name]:
            sides.append(Side(name, label, str(stored[name] or ""), str(typed[name] or ""), taken_over))
    return offer, sides
