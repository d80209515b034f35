import pytest

from ncpi.board.intervals import Interval, share, whole_percent, wilson


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    [
        (0, 1, 0.0, 0.7935),
        (1, 1, 0.2065, 1.0),
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (6, 22, 0.1315, 0.4815),
        (17, 33, 0.3522, 0.6750),
        (9, 33, 0.1507, 0.4422),
        (33, 33, 0.8957, 1.0),
        (209, 827, 0.2243, 0.2834),
    ],
)
def test_intervals_are_wilsons_at_ninety_five_per_cent(numerator, denominator, low, high):
    assert wilson(numerator, denominator) == Interval(low, high)


@pytest.mark.parametrize(("numerator", "denominator"), [(-1, 3), (4, 3)])
def test_a_count_outside_its_total_is_refused(numerator, denominator):
    with pytest.raises(ValueError, match="between nought and its total"):
        wilson(numerator, denominator)


def test_nothing_counted_has_neither_share_nor_interval():
    assert (share(0, 0), wilson(0, 0)) == (None, None)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, 0), (0.005, 1), (0.0049, 0), (0.125, 13), (0.2727, 27), (0.995, 100), (0.9949, 99), (1.0, 100)],
)
def test_whole_per_cents_round_halves_upwards(value, shown):
    assert whole_percent(value) == shown


@pytest.mark.parametrize(
    ("numerator", "denominator", "kept"), [(1, 3, 0.3333), (2, 3, 0.6667), (1, 8, 0.125), (1, 20000, 0.0001)]
)
def test_shares_are_kept_to_four_places(numerator, denominator, kept):
    assert share(numerator, denominator) == kept
