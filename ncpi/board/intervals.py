"""Shares, their Wilson intervals and the one place where a number is rounded.

The interval is statsmodels' Wilson score interval, which stays between nought and one and keeps
its coverage in samples as small as a force's case audit.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

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
    from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415 slow import

    low, high = proportion_confint(numerator, denominator, alpha=1 - LEVEL, method=METHOD)
    return Interval(low=_kept(_bounded(low)), high=_kept(_bounded(high)))


def _bounded(value: float) -> Decimal:
    return min(max(Decimal(repr(float(value))), Decimal(0)), Decimal(1))


def whole_percent(value: float) -> int:
    """Round a kept share to whole per cent, halves away from nought."""
    return int((Decimal(repr(value)) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
