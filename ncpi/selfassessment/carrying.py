"""What of an earlier return may be brought forward into a new one.

Texts may, criterion by criterion. A grade may only within one line of programme and one grade scale: "adequate" was a
case grade in 2014 and is a topic grade in 2024, and nobody maps one onto the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One step of a grade scale."""

    key: str
    label: str
    order: int
    is_good_side: bool


@dataclass(frozen=True)
class Scale:
    """The grade scale of one line of programme (its key without the edition)."""

    line: str
    steps: frozenset[Step]


def scale(line: str, steps: Iterable[Step]) -> Scale:
    return Scale(line, frozenset(steps))


def carries_grades(earlier: Scale, later: Scale) -> bool:
    """Say whether a grade of the earlier scale means the same on the later one."""
    return earlier == later


def matching_key(key: str, *, earlier: Iterable[str], earlier_line: str, later_line: str) -> str:
    """Return the earlier criterion that is the same as this one, or nothing where a person must choose."""
    return key if earlier_line == later_line and key in set(earlier) else ""
