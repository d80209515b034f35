"""The same cases for every auditor: blind while open, the spread once closed, and nothing in any figure."""

import dataclasses

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audits import calibration_operations
from audits.agreement import GradeStep, Scale
from audits.calibration import choose, spread
from audits.figure_counts import all_figures
from audits.models import Calibration, CalibrationGrade, Grading
from cases import operations as samples
from cases import queries, sampling
from cases.record import read_record, write_record
from tests import worlds
from tests.audits.factories import AT, drawn_sample, grade_of
from tests.factories import client_of, make_force, make_frame, make_inspection, make_user

THREE = Scale([GradeStep("good", 1, True), GradeStep("ri", 2, False), GradeStep("inadequate", 3, False)])


@pytest.mark.parametrize(
    ("grades", "counts", "agreeing", "says"),
    [
        ([], (0, 0, 0), 0, "Too few have graded it"),
        (["good"], (1, 0, 0), 0, "Too few have graded it"),
        (["good", "good", "good"], (3, 0, 0), 3, "All the same"),
        (["ri", "inadequate"], (0, 1, 1), 1, "One step apart, on the same side"),
        (["good", "ri"], (1, 1, 0), 0, "1 step apart, across the line or far"),
        (["good", "good", "inadequate"], (2, 0, 1), 1, "2 steps apart, across the line or far"),
    ],
)
def test_the_spread_of_a_case_is_measured_by_the_rule_of_agreement(grades, counts, agreeing, says):
    found = spread(THREE, grades)

    assert (found.counts, found.agreeing, found.says) == (counts, agreeing, says)
    assert found.pairs == len(grades) * (len(grades) - 1) // 2


@pytest.mark.parametrize(
    ("candidates", "chosen"),
    [
        ({}, []),
        ({"a": [1, 2, 3], "b": [4]}, [1, 4, 2, 3]),
        ({"a": [1, 2], "b": [], "c": [5, 6], "d": [7, 8]}, [1, 5, 7, 2, 6]),
        ({"a": [1, 2, 3, 4, 5, 6]}, [1, 2, 3, 4, 5]),
    ],
)
def test_the_types_take_turns(candidates, chosen):
    assert choose(candidates) == chosen


drawn = worlds.copies(lambda: drawn_sample(cases=1, outside=6))


@pytest.fixture
def sampled(drawn, db):
    return drawn()


@pytest.fixture
def auditors(sampled):
    return [make_user("auditor", force=sampled.force) for _ in range(2)]


@pytest.fixture
def moderator(sampled):
    return make_user("moderator", force=sampled.force)


@pytest.fixture
def exercise(sampled, moderator):
    return calibration_operations.begin_calibration(by=moderator, inspection=sampled.inspection, at=AT)


def give(sampled, exercise, auditor, key, place=1):
    return calibration_operations.grade_for_calibration(
        by=auditor, case=exercise.cases.select_related("inspection__force").get(order=place),
        grade=grade_of(sampled.inspection, key), reason=f"Because it is {key}.", at=AT,
    )  # fmt: skip


def close(moderator, exercise):
    return calibration_operations.close_calibration(by=moderator, exercise=exercise, version=1, at=AT)


def page(user, sampled):
    return client_of(user).get(reverse("audits:calibration", args=[sampled.inspection.ref]))


def test_five_cases_outside_the_sample_are_the_same_for_everybody(sampled, auditors, exercise):
    drawn = {case.candidate_id for case in sampled.cases}
    shown = [[row.case.pk for row in page(auditor, sampled).context["own"]] for auditor in auditors]

    assert exercise.cases.exclude(candidate__in=drawn).count() == 5
    assert shown[0] == shown[1] == list(exercise.cases.order_by("order").values_list("pk", flat=True))


def test_while_it_is_open_an_auditor_sees_their_own_grade_only_and_the_moderator_how_many(
    sampled, auditors, moderator, exercise
):
    give(sampled, exercise, auditors[0], "inadequate")

    own, other = (page(auditor, sampled) for auditor in auditors)

    assert [row.grade for row in own.context["own"]][:1] == ["Inadequate"]
    assert ("Inadequate" in other.content.decode(), other.context["closed"]) == (False, [])
    assert page(moderator, sampled).context["progress"] == [(auditors[0].name, 1)]


def test_once_closed_all_see_the_spread_and_the_moderator_who_gave_what(sampled, auditors, moderator, exercise):
    give(sampled, exercise, auditors[0], "inadequate")
    give(sampled, exercise, auditors[1], "good")
    close(moderator, exercise)

    theirs, seen = page(auditors[0], sampled), page(moderator, sampled)

    (done,) = theirs.context["closed"]
    assert (done.rows[0].spread.counts, done.rows[0].own, done.agreeing, done.pairs) == ((1, 0, 1), "Inadequate", 0, 1)
    assert (auditors[1].name in theirs.content.decode(), auditors[1].name in seen.content.decode()) == (False, True)


def test_what_cannot_be_done_is_refused(sampled, auditors, moderator, exercise):
    give(sampled, exercise, auditors[0], "good")

    with pytest.raises(calibration_operations.CannotCalibrate, match="already"):
        give(sampled, exercise, auditors[0], "good")
    with pytest.raises(calibration_operations.CannotCalibrate, match="open already"):
        calibration_operations.begin_calibration(by=moderator, inspection=sampled.inspection, at=AT)
    close(moderator, exercise)
    with pytest.raises(calibration_operations.CannotCalibrate, match="closed"):
        give(sampled, exercise, auditors[1], "good")
    with pytest.raises(calibration_operations.CannotCalibrate, match="closed already"):
        close(moderator, exercise)

    assert CalibrationGrade.objects.count() == 1


def test_an_exercise_never_has_a_case_of_an_earlier_one(sampled, moderator, exercise):
    close(moderator, exercise)
    second = calibration_operations.begin_calibration(by=moderator, inspection=sampled.inspection, at=AT)
    had = set(exercise.cases.values_list("candidate", flat=True))
    close(moderator, second)

    with pytest.raises(calibration_operations.CannotCalibrate, match="no case left"):
        calibration_operations.begin_calibration(by=moderator, inspection=sampled.inspection, at=AT)

    assert had.isdisjoint(second.cases.values_list("candidate", flat=True))


def test_an_exercise_counts_in_no_figure_and_is_no_grading(sampled, auditors, moderator, exercise):
    before = all_figures(sampled.inspection, at=AT)

    give(sampled, exercise, auditors[0], "inadequate")
    close(moderator, exercise)

    assert all_figures(sampled.inspection, at=AT) == before
    assert Grading.objects.count() == 0


def test_the_pages_open_grade_and_close(sampled, auditors, moderator):
    ref = sampled.inspection.ref
    client_of(moderator).post(reverse("audits:begin-calibration", args=[ref]))
    exercise = Calibration.objects.get()
    form = reverse("audits:calibrate", args=[ref, exercise.cases.get(order=2).pk])
    grade = grade_of(sampled.inspection, "good").pk

    without = client_of(auditors[0]).post(form, {"grade": grade})
    client_of(auditors[0]).post(form, {"grade": grade, "reason": "Seen."})
    client_of(moderator).post(reverse("audits:close-calibration", args=[ref, exercise.pk]))

    assert list(without.context["form"].errors) == ["reason"]
    assert (CalibrationGrade.objects.get().case.order, Calibration.objects.get().closed_by) == (2, moderator)
    assert client_of(auditors[0]).get(form).status_code == 404


def test_another_forces_exercise_does_not_exist(sampled, exercise):
    other = make_force("Wolden Police")
    auditor, moderator = make_user("auditor", force=other), make_user("moderator", force=other)
    case = exercise.cases.first()

    assert page(auditor, sampled).status_code == 404
    assert (
        client_of(auditor).get(reverse("audits:calibrate", args=[sampled.inspection.ref, case.pk])).status_code == 404
    )
    end = reverse("audits:close-calibration", args=[sampled.inspection.ref, exercise.pk])
    assert client_of(moderator).post(end).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_for_three_grades_as_for_one(sampled, auditors, exercise, count):
    for place in range(1, count + 1):
        give(sampled, exercise, auditors[0], "good", place)
    client, url = client_of(auditors[0]), reverse("audits:calibration", args=[sampled.inspection.ref])
    client.get(url)  # the first request of a session notes when it was seen

    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200

    assert len(captured) == 13


def test_what_served_for_calibration_is_drawn_no_more_and_the_draw_can_still_be_redone(moderator, sampled):
    frame, by = sampled.sample.frame, sampled.coordinator
    exercise = calibration_operations.begin_calibration(by=moderator, inspection=sampled.inspection, at=AT)
    had = set(exercise.cases.values_list("candidate__reference", flat=True))

    replaced = samples.replace_case(by=by, case=sampled.cases[0], version=1, reason="Sealed by a court.", at=AT)
    plan = {"sizes": {"missing": 1}, "second_grading_percent": 0, "round_number": 2}
    record = queries.draw_record(frame)

    assert (len(had), replaced.candidate.reference in had) == (5, False)
    with pytest.raises(sampling.PlanBeyondFrame):  # of the seven one was drawn, one replaced it, five are set aside
        samples.fix_plan(by=by, frame=frame, at=AT, **plan)
    assert {one.reference for one in record.set_aside} == had
    assert record.used_before(2) == had | {sampled.cases[0].candidate.reference, replaced.candidate.reference}
    again = read_record(write_record(record))
    assert again.differences(queries.canonical_bytes(frame)) == ()
    without = dataclasses.replace(again, set_aside=())
    assert (without.differences(queries.canonical_bytes(frame)) == ()) is (replaced.rank == 2)


def test_before_the_draw_there_is_no_exercise(moderator, sampled):
    frozen = make_frame(make_inspection(make_force("Wolden Police")))
    moderator = make_user("moderator", force=frozen.inspection.force)

    with pytest.raises(calibration_operations.CannotCalibrate, match="Draw the sample first"):
        calibration_operations.begin_calibration(by=moderator, inspection=frozen.inspection, at=AT)
