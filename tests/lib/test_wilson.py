from statsmodels.stats.proportion import proportion_confint

from ncpi.lib.wilson import interval


def test_the_interval_is_that_of_statsmodels_to_the_last_bit():
    sizes = [*range(1, 101), 1_000, 54_321, 1_000_000]
    counts = [(part, whole) for whole in sizes for part in {*range(min(whole, 100) + 1), whole // 3, whole}]

    lows, highs = proportion_confint(*zip(*counts, strict=True), alpha=0.05, method="wilson")

    assert [interval(*count) for count in counts] == list(zip(lows.tolist(), highs.tolist(), strict=True))
