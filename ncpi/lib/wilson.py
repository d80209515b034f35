"""Wilson's score interval of a share at 95% (E. B. Wilson, JASA 22, 1927).

It stays between nought and one and keeps its coverage in samples as small as a force's case audit. statsmodels gives
the same to the last bit, which a test holds it to; loading that takes two seconds, here it is a few lines.
"""

from math import sqrt

# The normal distribution's two-sided point for 95%, as scipy gives it.
_POINT = 1.9599639845400545


def interval(numerator: int, denominator: int) -> tuple[float, float]:
    """Give both ends of the interval for a part of at least one."""
    share, square = numerator / denominator, _POINT**2
    wide = 1 + square / denominator
    middle = (share + square / (2 * denominator)) / wide
    reach = _POINT * sqrt(share * (1.0 - share) / denominator + square / (4.0 * denominator**2)) / wide
    return max(0.0, middle - reach), min(1.0, middle + reach)
