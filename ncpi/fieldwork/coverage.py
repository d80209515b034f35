"""Which criteria the sessions speak to.

A session that names criteria of an area speaks to those alone; one that names the area and none of its criteria speaks
to all of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Speaks:
    """What one session names: areas, and criteria of some of them."""

    session: int
    areas: frozenset[int]
    criteria: frozenset[int]


def spoken_to(area_of: Mapping[int, int], sessions: Iterable[Speaks]) -> dict[int, list[int]]:
    """Return, for each criterion, the sessions that speak to it, in the order given."""
    found: dict[int, list[int]] = {criterion: [] for criterion in area_of}
    for one in sessions:
        narrowed = {area_of[criterion] for criterion in one.criteria if criterion in area_of}
        for criterion, area in area_of.items():
            if criterion in one.criteria or (area in one.areas and area not in narrowed):
                found[criterion].append(one.session)
    return found
