import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audits import figures
from audits.agreement import GradeStep, Scale, agreement
from audits.figures import ConcernCounts, WorkCounts, breakdown, share, wilson
from audits.holding_back import published

GRADES = ("good", "requires_improvement", "inadequate")


@settings(deadline=None)
@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_is_that_of_wilsons_formula(counts):
    k, n = counts
    z, p = 1.959963984540054, k / n

    centre, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))

    low, high = wilson(k, n)
    assert low == pytest.approx(max(0, (centre - half) / (1 + z * z / n)), abs=2e-6)
    assert high == pytest.approx(min(1, (centre + half) / (1 + z * z / n)), abs=2e-6)


def test_an_empty_denominator_has_no_share_and_no_interval():
    assert share("audit_grade", 0, 0) == figures.Share("audit_grade", 0, 0)


def test_more_than_the_whole_is_refused():
    with pytest.raises(ValueError, match="part of its denominator"):
        share("grades", 3, 2)


def test_a_breakdown_is_named_from_the_wider_to_the_narrower():
    assert breakdown("missing", "good") == "missing.good"


def test_overall_grades_add_up_and_a_grade_nobody_gave_is_shown_as_none():
    made = figures.overall_grades(GRADES, {"good": 6, "inadequate": 16})

    assert [(each.breakdown, each.numerator, each.denominator) for each in made] == [
        ("good", 6, 22),
        ("requires_improvement", 0, 22),
        ("inadequate", 16, 22),
    ]
    assert (made[0].value, made[0].low, made[0].high) == (0.272727, 0.131508, 0.481517)


def test_grades_by_case_type_are_shares_of_the_type():
    made = figures.grades_by_case_type(
        GRADES, {("s47", "good"): 1, ("missing", "inadequate"): 2, ("s47", "inadequate"): 3}
    )

    assert [(each.breakdown, each.numerator, each.denominator) for each in made if each.numerator] == [
        ("missing.inadequate", 2, 2),
        ("s47.good", 1, 4),
        ("s47.inadequate", 3, 4),
    ]


def test_an_area_has_the_grades_of_its_cases_and_overlaps_are_left_alone():
    made = figures.grades_by_area(GRADES, {("INI", "good"): 2, ("DET", "good"): 2, ("DET", "inadequate"): 1})

    assert [(each.area, each.breakdown, each.numerator, each.denominator) for each in made if each.numerator] == [
        ("DET", "good", 2, 3),
        ("DET", "inadequate", 1, 3),
        ("INI", "good", 2, 2),
    ]


def test_answers_carry_the_area_of_their_question():
    counts = {("Q1", "yes"): 3, ("Q1", "no"): 1, ("Q2", "no"): 2, ("Q3", "yes"): 1}
    areas = {"Q1": "INI", "Q2": "INI"}

    by_question = figures.answers_by_question(("yes", "no"), counts, areas=areas)
    by_area = figures.answers_by_area(("yes", "no"), counts, areas=areas)

    assert [(each.area, each.breakdown, each.numerator, each.denominator) for each in by_question] == [
        ("INI", "Q1.yes", 3, 4),
        ("INI", "Q1.no", 1, 4),
        ("INI", "Q2.yes", 0, 2),
        ("INI", "Q2.no", 2, 2),
        ("", "Q3.yes", 1, 1),
        ("", "Q3.no", 0, 1),
    ]
    assert [(each.area, each.breakdown, each.numerator, each.denominator) for each in by_area] == [
        ("INI", "yes", 3, 6),
        ("INI", "no", 3, 6),
    ]


def test_a_grade_that_nobody_named_is_refused():
    with pytest.raises(ValueError, match="'adequate' is not one of"):
        figures.grades_by_case_type(GRADES, {("s47", "adequate"): 1})


def test_the_state_of_the_work_is_published_as_shares():
    made = figures.work(WorkCounts(33, 30, 28, 12, 2, 6))

    assert [(each.measure, each.numerator, each.denominator) for each in made] == [
        ("cases_audited", 30, 33),
        ("cases_graded", 28, 33),
        ("cases_double_graded", 12, 30),
        ("cases_awaiting_moderation", 2, 12),
        ("cases_graded_by_inspectors", 6, 33),
    ]


def test_what_a_record_holds_is_counted_where_the_extract_says():
    (made,) = figures.completeness({"ethnicity": (20, 33)})

    assert (made.measure, made.breakdown, made.numerator, made.denominator) == (
        "recorded",
        "ethnicity",
        20,
        33,
    )


def test_agreement_is_published_with_its_number_and_is_silent_under_five():
    scale = Scale([GradeStep(grade, place, place == 0) for place, grade in enumerate(GRADES)])

    few = figures.agreement_shares("second", agreement(scale, {("good", "good"): 4}))
    many = figures.agreement_shares(
        "second",
        agreement(scale, {("good", "good"): 4, ("good", "inadequate"): 1, ("inadequate", "inadequate"): 3}),
    )

    assert few == (figures.Share("grading_pairs", 4, None, breakdown="second"),)
    assert [(each.measure, each.numerator, each.denominator) for each in many] == [
        ("grading_agreement", 7, 8),
        ("grading_within_one", 7, 8),
        ("grading_first_higher", 1, 8),
        ("grading_kappa", None, 8),
    ]


def test_concerns_are_published_with_their_times():
    made = figures.concerns(ConcernCounts(4, 4, 3, 1, 25, None))

    assert [(each.measure, each.breakdown, each.numerator, each.denominator) for each in made] == [
        ("concerns", "raised", 4, 4),
        ("concerns", "acknowledged", 4, 4),
        ("concerns", "open", 1, 4),
        ("concerns", "overdue", 1, 4),
        ("concerns", "closed", 3, 4),
        ("concern_minutes", "to_acknowledge", 25, None),
    ]


def by_place(counts, **more):
    return figures.Split("by_place", counts, frozenset({"North", "South"}), **more)


def test_a_held_back_figure_has_no_number_at_all():
    counts = {("North", "good"): 3, ("South", "good"): 9, ("West", "good"): 30}

    made = figures.split_grades(by_place(counts), GRADES, is_complete=True)

    assert [(each.breakdown, each.numerator, each.denominator, each.value) for each in made if each.is_held_back] == [
        (f"{district}.{grade}", None, None, None) for district in ("North", "South") for grade in GRADES
    ]
    assert [each.numerator for each in made if not each.is_held_back] == [30, 0, 0]


@pytest.mark.parametrize("is_complete", [True, False])
def test_the_published_table_stands_where_a_new_one_would_tell_something_and_until_all_is_graded(is_complete):
    earlier = published({"North": (40,), "South": (20,)}, threshold=5)
    counts = {("North", "good"): 41 if is_complete else 90, ("South", "good"): 20 if is_complete else 70}

    made = figures.split_grades(by_place(counts), ["good"], is_complete=is_complete, earlier=earlier)

    assert [(each.breakdown, each.numerator) for each in made] == [("North.good", 40), ("South.good", 20)]


def test_nothing_is_broken_down_before_every_case_has_its_grade():
    counts = {("North", "good"): 90, ("South", "good"): 70}

    assert figures.split_grades(by_place(counts), ["good"], is_complete=False) == ()


def test_a_place_without_a_graded_case_is_held_back_with_the_small_ones():
    made = figures.split_grades(by_place({("North", "good"): 3}), ["good"], is_complete=True)

    assert [(each.breakdown, each.is_held_back) for each in made] == [("North.good", True), ("South.good", True)]


def test_of_a_fact_whose_categories_have_a_known_size_the_whole_table_is_held_back():
    counts = {("recorded", "good"): 90, ("recorded", "poor"): 60, ("not_recorded", "good"): 30}
    split = figures.Split("by_fact", counts | {("not_recorded", "poor"): 4}, frozenset(), "ethnicity", sums_known=True)

    made = figures.split_grades(split, ["good", "poor"], is_complete=True)

    assert {each.breakdown: each.is_held_back for each in made} == {
        f"ethnicity.{state}.{grade}": True for state in ("recorded", "not_recorded") for grade in ("good", "poor")
    }
