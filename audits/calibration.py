"""How far apart several people graded the same cases.

Nobody's grade is taken for the right one: the exercise shows the spread, and people talk about it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from audits.agreement import Scale, compare

CASES = 5
FEWEST_GRADERS = 2


@dataclass(frozen=True, slots=True)
class Spread:
    """The grades of one case: how many people gave each, how many steps lie between them, how many pairs agree."""

    counts: tuple[int, ...]
    steps: int
    pairs: int
    agreeing: int

    @property
    def graders(self) -> int:
        return sum(self.counts)

    @property
    def says(self) -> str:
        if self.graders < FEWEST_GRADERS:
            return "Too few have graded it"
        if not self.steps:
            return "All the same"
        if self.agreeing == self.pairs:
            return "One step apart, on the same side"
        return f"{self.steps} step{'' if self.steps == 1 else 's'} apart, across the line or far"


def spread(scale: Scale, grades: Sequence[str]) -> Spread:
    """Measure one case's grades with the rule by which two gradings agree."""
    places = [scale.place(grade) for grade in grades]
    outcomes = [compare(one, other, scale) for one, other in combinations(grades, 2)]
    return Spread(
        counts=tuple(sum(grade == key for grade in grades) for key in scale.keys),
        steps=max(places, default=0) - min(places, default=0),
        pairs=len(outcomes),
        agreeing=sum(not outcome.needs_moderation for outcome in outcomes),
    )


def choose(candidates: Mapping[str, Sequence[int]], *, wanted: int = CASES) -> list[int]:
    """Choose so many, one of each type in turn: `candidates` by type, those of each in the order to take them."""
    chosen: list[int] = []
    rounds = max(map(len, candidates.values()), default=0)
    for turn in range(rounds):
        chosen += [rows[turn] for rows in candidates.values() if turn < len(rows)]
    return chosen[:wanted]
