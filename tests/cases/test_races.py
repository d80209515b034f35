"""Two people at once: one draw, one plan, one frame. Each race has its control without the lock."""

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from cases import operations, sampling
from cases.models import Case, Frame, Sample
from tests.factories import NOW, make_extract, make_inspection, make_plan, make_sample, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def race(*acts):
    """Run the acts at once; return what each answered or raised."""
    barrier, answers = Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            barrier.wait(60)
            answers[place] = act()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return answers


def kinds(answers):
    return sorted(type(answer).__name__ for answer in answers)


def test_of_two_draws_at_once_one_is_made():
    sample = make_plan(make_inspection())

    def draw(seed):
        return lambda: operations.draw_sample(
            by=sample.plan_fixed_by, sample=Sample.objects.get(pk=sample.pk), seed=seed, at=NOW
        )

    answers = race(draw("one"), draw("two"), draw("three"), draw("four"))

    assert kinds(answers) == ["AlreadyDrawn", "AlreadyDrawn", "AlreadyDrawn", "Sample"]
    sample.refresh_from_db()
    (drawn,) = [answer for answer in answers if isinstance(answer, Sample)]
    again = sampling.draw(
        sample.frame.candidates.values_list("reference", "case_type__key"), plan={"s47": 2}, seed=sample.seed
    )
    assert (sample.seed, Case.objects.count()) == (drawn.seed, 18)
    references = (
        Case.objects.filter(case_type__key="s47").order_by("rank").values_list("candidate__reference", flat=True)
    )
    assert tuple(references) == again.drawn("s47")


def test_without_the_lock_only_the_database_stops_a_second_draw():
    sample = make_plan(make_inspection(), sizes={"s47": 2})
    gate = Barrier(2)

    def careless(seed):
        def act():
            with transaction.atomic():
                row = Sample.objects.select_related("frame").get(pk=sample.pk)
                gate.wait(60)
                drawn = sampling.draw(
                    row.frame.candidates.values_list("reference", "case_type__key"), plan={"s47": 2}, seed=seed
                )
                operations._make_cases(row, drawn, at=NOW, rng=operations.SECURE)

        return act

    answers = race(careless("one"), careless("two"))

    assert [type(answer) for answer in answers if answer] == [IntegrityError]


def fixing(sample):
    """Return an act that fixes another plan for the sample's frame."""

    def fix():
        return operations.fix_plan(
            by=sample.plan_fixed_by,
            frame=Frame.objects.get(pk=sample.frame_id),
            sizes={"s47": 1},
            second_grading_percent=20,
            at=NOW,
        )

    return fix


def test_of_two_plans_at_once_both_stand_in_order():
    sample = make_plan(make_inspection())

    answers = race(*[fixing(sample)] * 3)

    assert sorted(answer.number for answer in answers) == [2, 3, 4]


def test_of_a_plan_and_a_draw_at_once_the_plan_never_follows_the_seed():
    sample = make_plan(make_inspection())

    def draw():
        return operations.draw_sample(
            by=sample.plan_fixed_by, sample=Sample.objects.get(pk=sample.pk), seed="a", at=NOW
        )

    answers = race(fixing(sample), draw)

    assert kinds(answers) in (["PlanIsFixed", "Sample"], ["PlanSuperseded", "Sample"])


def test_of_one_file_imported_twice_at_once_one_frame_is_made():
    inspection = make_inspection()
    by = make_user("coordinator", force=inspection.force)

    def load():
        return operations.import_extract(
            by=by, inspection=inspection, file_name="extract.csv", data=make_extract(), at=NOW
        )

    answers = race(load, load)

    assert kinds(answers) == ["Frame", "ImportedAlready"]
    assert Frame.objects.get().candidates.count() == 54


def test_of_two_replacements_of_one_case_at_once_one_is_made():
    case = make_sample(make_inspection()).cases.get(case_type__key="s47", rank=1)

    def replace():
        return operations.replace_case(
            by=case.sample.drawn_by, case=Case.objects.get(pk=case.pk), version=1, reason="Sealed.", at=NOW
        )

    answers = race(replace, replace)

    assert kinds(answers) == ["AlreadyReplaced", "Case"]
    assert Case.objects.in_sample().filter(case_type__key="s47").count() == 2


def test_replacements_of_two_cases_at_once_take_two_places():
    sample = make_sample(make_inspection(), sizes={"s47": 2})
    first, second = sample.cases.order_by("rank")

    def replace(pk):
        return lambda: operations.replace_case(
            by=sample.drawn_by, case=Case.objects.get(pk=pk), version=1, reason="Sealed.", at=NOW
        )

    answers = race(replace(first.pk), replace(second.pk))

    assert sorted(answer.rank for answer in answers) == [3, 4]
