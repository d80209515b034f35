"""What the case audits published for an area, beside what the force claims of it.

The figures are the board's: this room is given them as plain values (`settings.CLAIM_FIGURES`). A case speaks for an
area when its audit answered a question that the programme links with the area; cases may speak for several areas.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

# Fewer cases than this say nothing of an area, whatever their grades.
FEWEST_CASES = 5
HALF = 0.5


@dataclass(frozen=True)
class GradeCount:
    label: str
    place: str
    count: int


@dataclass(frozen=True)
class CaseFigures:
    """The graded cases that speak for one area: how many, on the good side, with its interval, and as at when.

    `low` and `high` bound the share on the good side at 95% (Wilson); they are nothing where no case was graded.
    """

    area: str
    good: int
    cases: int
    low: float | None
    high: float | None
    as_at: datetime
    grades: tuple[GradeCount, ...] = ()

    @property
    def share(self) -> float | None:
        return self.good / self.cases if self.cases else None

    @property
    def says_otherwise(self) -> bool:
        """Enough cases, and fewer than half of them on the good side of the scale."""
        return self.cases >= FEWEST_CASES and self.good < HALF * self.cases

    @property
    def is_too_few(self) -> bool:
        return self.cases < FEWEST_CASES

    @property
    def in_words(self) -> str:
        """Write the share with its size and interval: `6 of 22 (27%, 13 to 48%)`."""
        if self.share is None or self.low is None or self.high is None:
            return "no graded case"
        return f"{self.good} of {self.cases} ({_percent(self.share)}%, {_percent(self.low)} to {_percent(self.high)}%)"


Figures = Mapping[str, CaseFigures]


def _percent(value: float) -> int:
    return int(100 * value + 0.5)
