import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audits.agreement import (
    FEWEST_PAIRS,
    MOST_STRETCHES,
    GradeStep,
    Outcome,
    Scale,
    Standing,
    UnknownGrade,
    agreement,
    compare,
    standing_grade,
    stretches,
)

THREE = Scale(
    [
        GradeStep("good", 1, True),
        GradeStep("requires_improvement", 2, False),
        GradeStep("inadequate", 3, False),
    ]
)
FOUR = Scale(
    [
        GradeStep("inadequate", 4, False),
        GradeStep("good", 1, True),
        GradeStep("adequate", 2, True),
        GradeStep("requires_improvement", 3, False),
    ]
)
FIVE = Scale([GradeStep(str(order), order, order <= 2) for order in range(1, 6)])
LETTER = {"=": Outcome.EQUAL, "s": Outcome.SAME_SIDE, "x": Outcome.ACROSS, "f": Outcome.FAR}


@pytest.mark.parametrize(
    ("scale", "rows"),
    [
        (THREE, ["=xx", "x=s", "xs="]),
        (FOUR, ["=sxx", "s=xx", "xx=s", "xxs="]),
        (FIVE, ["=sxxx", "s=xxx", "xx=sf", "xxs=s", "xxfs="]),
    ],
)
def test_every_pair_of_grades_on_every_scale_has_its_outcome(scale, rows):
    table = {
        (first, second): compare(first, second, scale) for first, second in itertools.product(scale.keys, repeat=2)
    }

    assert table == {
        (first, second): LETTER[rows[i][j]] for i, first in enumerate(scale.keys) for j, second in enumerate(scale.keys)
    }


def test_only_what_crosses_the_line_or_is_far_goes_to_a_moderator():
    assert {outcome: outcome.needs_moderation for outcome in Outcome} == {
        Outcome.EQUAL: False,
        Outcome.SAME_SIDE: False,
        Outcome.ACROSS: True,
        Outcome.FAR: True,
    }
    assert all(outcome.rule for outcome in Outcome)


def test_a_grade_of_another_programme_is_refused():
    with pytest.raises(UnknownGrade):
        compare("good", "adequate", THREE)


@pytest.mark.parametrize(
    ("gradings", "expected"),
    [
        ({}, Standing("", "none")),
        ({"first": "good"}, Standing("good", "single")),
        ({"second": "good"}, Standing("good", "single")),
        ({"first": "good", "second": "good"}, Standing("good", "equal")),
        ({"first": "requires_improvement", "second": "inadequate"}, Standing("inadequate", "same_side")),
        ({"first": "inadequate", "second": "requires_improvement"}, Standing("inadequate", "same_side")),
        ({"first": "good", "second": "inadequate"}, Standing("", "across")),
        (
            {"first": "good", "second": "inadequate", "agreed": "inadequate"},
            Standing("inadequate", "moderated"),
        ),
    ],
)
def test_the_grade_that_counts_is_always_one_a_person_gave(gradings, expected):
    assert standing_grade(THREE, **gradings) == expected


pairs_of_three = st.dictionaries(
    st.tuples(st.sampled_from(THREE.keys), st.sampled_from(THREE.keys)), st.integers(0, 30), max_size=9
)


@settings(deadline=None)
@given(pairs_of_three)
def test_the_measures_agree_with_a_count_by_hand(pairs):
    result = agreement(THREE, pairs)

    listed = [(THREE.place(a), THREE.place(b)) for (a, b), n in pairs.items() for _ in range(n)]
    assert result.pairs == len(listed)
    if len(listed) < FEWEST_PAIRS:
        assert result.is_silent
        assert (result.exact, result.within_one, result.same_side, result.kappa) == (None,) * 4
        assert result.direction("Ours", "theirs") == ""
        return
    assert result.exact == sum(a == b for a, b in listed)
    assert result.within_one == sum(abs(a - b) <= 1 for a, b in listed)
    assert result.exact + result.row_higher + result.row_lower == result.pairs


@settings(deadline=None)
@given(pairs_of_three)
def test_kappa_is_that_of_the_published_formula(pairs):
    result = agreement(THREE, pairs)

    if result.kappa is None:
        return
    table = np.array(result.counts, dtype=float)
    share = table / table.sum()
    weights = np.array([[(i - j) ** 2 for j in range(3)] for i in range(3)])
    chance = np.outer(share.sum(1), share.sum(0))
    assert result.kappa.value == pytest.approx(1 - (weights * share).sum() / (weights * chance).sum())
    assert -1 <= result.kappa.low <= result.kappa.value + 1e-9
    assert result.kappa.value - 1e-9 <= result.kappa.high <= 1


def test_a_known_matrix_has_its_known_measures():
    pairs = {
        ("good", "good"): 9,
        ("good", "requires_improvement"): 5,
        ("good", "inadequate"): 3,
        ("requires_improvement", "good"): 1,
        ("requires_improvement", "requires_improvement"): 4,
        ("requires_improvement", "inadequate"): 4,
        ("inadequate", "inadequate"): 7,
    }

    result = agreement(THREE, pairs)

    assert result.counts == ((9, 5, 3), (1, 4, 4), (0, 0, 7))
    assert (result.pairs, result.exact, result.within_one, result.same_side) == (33, 20, 30, 24)
    assert result.direction("Our grades", "inspectors'") == (
        "Our grades run higher than inspectors' on 12 of 33, and lower on 1."
    )
    assert round(result.kappa.value, 3) == 0.564
    assert (round(result.kappa.low, 3), round(result.kappa.high, 3)) == (0.328, 0.8)


@pytest.mark.parametrize("pairs", [{("good", "good"): 9}, {("good", "good"): 5, ("good", "inadequate"): 4}])
def test_kappa_is_silent_where_one_side_never_varies(pairs):
    result = agreement(THREE, pairs)

    assert result.kappa is None
    assert result.pairs == 9


def test_full_agreement_has_a_kappa_of_one():
    result = agreement(THREE, {("good", "good"): 4, ("inadequate", "inadequate"): 4})

    assert (result.kappa.value, result.kappa.low, result.kappa.high) == (1.0, 1.0, 1.0)


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="not negative"):
        agreement(THREE, {("good", "good"): -1})


@pytest.mark.parametrize(
    ("higher", "lower", "said"),
    [
        (0, 0, "Ours are the same as theirs on all 5."),
        (2, 2, "Ours run higher than theirs as often as lower: on 2 each of 9."),
        (1, 3, "Ours run lower than theirs on 3 of 9, and higher on 1."),
        (3, 0, "Ours run higher than theirs on 3 of 8, and lower on 0."),
    ],
)
def test_the_direction_of_difference_is_said_in_words(higher, lower, said):
    pairs = {("good", "good"): 5, ("good", "inadequate"): higher, ("inadequate", "good"): lower}

    assert agreement(THREE, pairs).direction("Ours", "theirs") == said


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        (0, []),
        (9, []),
        (10, [(0, 5), (5, 10)]),
        (14, [(0, 5), (5, 14)]),
        (33, [(0, 6), (6, 12), (12, 18), (18, 24), (24, 33)]),
        (60, [(0, 10), (10, 20), (20, 30), (30, 40), (40, 50), (50, 60)]),
    ],
)
def test_pairs_in_a_row_are_cut_into_stretches_that_can_say_something(pairs, expected):
    assert stretches(pairs) == expected


@given(st.integers(0, 2000))
def test_stretches_cover_every_pair_once_and_none_is_too_short(pairs):
    found = stretches(pairs)

    assert [place for start, end in found for place in range(start, end)] == (list(range(pairs)) if found else [])
    assert all(end - start >= FEWEST_PAIRS for start, end in found)
    assert len(found) <= MOST_STRETCHES
