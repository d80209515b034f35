"""Whether two gradings of one case agree, and how well graders agree over many cases.

The line that matters runs between the grades that say the child was well served and those that do not. Two
gradings agree by rule when they are equal, or one step apart on the same side of that line. Across the line,
or two steps apart, a moderator decides. Which grades exist, their order and their side come from the
programme.

Where two gradings agree by rule but differ by a step, the lower of the two stands: both are a person's
judgement, and the cautious one is the safer to act on. Neither grading is changed.

Kappa: J. Cohen, "Weighted kappa", Psychological Bulletin 70 (1968), with quadratic weights and a
large-sample interval.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

FEWEST_PAIRS = 5


@dataclass(frozen=True, slots=True)
class GradeStep:
    """One grade of a scale. The best has the lowest order."""

    key: str
    order: int
    is_good: bool


class UnknownGrade(ValueError):
    """A grade is not on the scale of the programme."""


class Outcome(StrEnum):
    EQUAL = "equal"
    SAME_SIDE = "same_side"
    ACROSS = "across"
    FAR = "far"

    @property
    def needs_moderation(self) -> bool:
        return self in (Outcome.ACROSS, Outcome.FAR)

    @property
    def rule(self) -> str:
        return _RULES[self]


_RULES = {
    Outcome.EQUAL: "Both gradings are the same, so they agree.",
    Outcome.SAME_SIDE: "One step apart on the same side of the line: they agree, and the lower stands.",
    Outcome.ACROSS: "The gradings are on different sides of the line, so a moderator decides.",
    Outcome.FAR: "The gradings are two or more steps apart, so a moderator decides.",
}


class Scale:
    """A programme's grades from best to worst."""

    def __init__(self, steps: Sequence[GradeStep]) -> None:
        self.steps = tuple(sorted(steps, key=lambda step: step.order))
        self.keys = tuple(step.key for step in self.steps)
        self._place = {step.key: place for place, step in enumerate(self.steps)}
        if len(self._place) != len(self.steps):
            raise ValueError("A scale has each grade once.")

    def place(self, grade: str) -> int:
        try:
            return self._place[grade]
        except KeyError:
            raise UnknownGrade(f"{grade!r} is not on this programme's scale.") from None

    def is_good(self, grade: str) -> bool:
        return self.steps[self.place(grade)].is_good

    def lower(self, one: str, other: str) -> str:
        return max(one, other, key=self.place)


def compare(first: str, second: str, scale: Scale) -> Outcome:
    """Apply the rule to two gradings of one case, in either order."""
    steps = abs(scale.place(first) - scale.place(second))
    if steps == 0:
        return Outcome.EQUAL
    if scale.is_good(first) != scale.is_good(second):
        return Outcome.ACROSS
    return Outcome.SAME_SIDE if steps == 1 else Outcome.FAR


@dataclass(frozen=True, slots=True)
class Standing:
    """The grade of a case that counts, and why it counts; an empty grade waits for a moderator."""

    grade: str
    basis: str


def standing_grade(scale: Scale, *, first: str = "", second: str = "", agreed: str = "") -> Standing:
    """Choose what counts: the moderator's grade, else the two that agree by rule, else the only one."""
    if agreed:
        return Standing(agreed, "moderated")
    if first and second:
        outcome = compare(first, second, scale)
        return Standing("" if outcome.needs_moderation else scale.lower(first, second), outcome.value)
    only = first or second
    return Standing(only, "single" if only else "none")


@dataclass(frozen=True, slots=True)
class Kappa:
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """Pairs of gradings of the same cases. The shares and kappa are silent under five pairs."""

    grades: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    pairs: int
    exact: int | None
    within_one: int | None
    same_side: int | None
    row_higher: int | None
    row_lower: int | None
    kappa: Kappa | None

    @property
    def is_silent(self) -> bool:
        return self.pairs < FEWEST_PAIRS

    def direction(self, rows: str, columns: str) -> str:
        """Say which way the rows' grades run beside the columns', or nothing under five pairs."""
        higher, lower, pairs = self.row_higher, self.row_lower, self.pairs
        if higher is None or lower is None:
            return ""
        if not higher and not lower:
            return f"{rows} are the same as {columns} on all {pairs}."
        if higher == lower:
            return f"{rows} run higher than {columns} as often as lower: on {higher} each of {pairs}."
        way, many, other, few = ("higher", higher, "lower", lower)
        if lower > higher:
            way, many, other, few = ("lower", lower, "higher", higher)
        return f"{rows} run {way} than {columns} on {many} of {pairs}, and {other} on {few}."


MOST_STRETCHES = 6


def stretches(pairs: int) -> list[tuple[int, int]]:
    """Cut so many pairs in a row into at most six stretches of at least five; one alone shows no drift."""
    size = max(FEWEST_PAIRS, -(-pairs // MOST_STRETCHES))
    number = pairs // size
    if number < 2:
        return []
    # The last stretch takes what is left over.
    return [(place * size, pairs if place == number - 1 else (place + 1) * size) for place in range(number)]


def agreement(scale: Scale, pairs: Mapping[tuple[str, str], int]) -> Agreement:
    """Build the matrix of row grade by column grade, and its measures, from counts of pairs."""
    size = len(scale.keys)
    table = [[0] * size for _ in range(size)]
    for (row, column), count in pairs.items():
        if count < 0:
            raise ValueError("A count of pairs is not negative.")
        table[scale.place(row)][scale.place(column)] += count
    cells = [(row, column, table[row][column]) for row in range(size) for column in range(size)]
    total = sum(count for _, _, count in cells)
    heard = total >= FEWEST_PAIRS
    good = [step.is_good for step in scale.steps]
    return Agreement(
        grades=scale.keys,
        counts=tuple(map(tuple, table)),
        pairs=total,
        exact=sum(n for r, c, n in cells if r == c) if heard else None,
        within_one=sum(n for r, c, n in cells if abs(r - c) <= 1) if heard else None,
        same_side=sum(n for r, c, n in cells if good[r] == good[c]) if heard else None,
        row_higher=sum(n for r, c, n in cells if r < c) if heard else None,
        row_lower=sum(n for r, c, n in cells if r > c) if heard else None,
        kappa=_kappa(table) if heard else None,
    )


def _kappa(table: list[list[int]]) -> Kappa | None:
    """Give kappa, or nothing where it has no meaning: all gradings of one side are the same grade."""
    rows_used = sum(1 for row in table if any(row))
    columns_used = sum(1 for column in zip(*table, strict=True) if any(column))
    if rows_used < 2 or columns_used < 2:
        return None
    from statsmodels.stats.inter_rater import cohens_kappa  # noqa: PLC0415 slow import

    result = cohens_kappa(table, wt="quadratic")
    low, high = max(-1.0, float(result.kappa_low)), min(1.0, float(result.kappa_upp))
    return Kappa(value=float(result.kappa), low=low, high=high)
