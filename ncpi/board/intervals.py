"""Shares, their Wilson intervals and the one place where a number is rounded."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from ncpi.lib.wilson import interval

LEVEL = 0.95
METHOD = "wilson"
PLACES = Decimal("0.0001")


@dataclass(frozen=True)
class Interval:
    low: float
    high: float


def _kept(value: Decimal) -> float:
    return float(value.quantize(PLACES, rounding=ROUND_HALF_UP))


def share(numerator: int, denominator: int) -> float | None:
    """Return the share to four places, or nothing where there is nothing to share."""
    if denominator <= 0:
        return None
    return _kept(Decimal(numerator) / Decimal(denominator))


@lru_cache(maxsize=4096)
def wilson(numerator: int, denominator: int) -> Interval | None:
    """Return the Wilson interval of a count, or nothing where nothing was counted."""
    if denominator <= 0:
        return None
    if not 0 <= numerator <= denominator:
        raise ValueError("A count lies between nought and its total.")
    low, high = interval(numerator, denominator)
    return Interval(low=_kept(Decimal(repr(low))), high=_kept(Decimal(repr(high))))


def whole_percent(value: float) -> int:
    """Round a kept share to whole per cent, halves away from nought."""
    return int((Decimal(repr(value)) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
