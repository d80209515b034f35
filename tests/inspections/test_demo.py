"""The demonstration's beginning: two fictional forces, their people, their inspections."""

import random
from datetime import date, timedelta

import pytest

from ncpi.accounts.permissions import ROLES
from ncpi.inspections import demo
from ncpi.lib.clocks import clock_of

pytestmark = pytest.mark.django_db


def test_every_role_has_somebody_and_all_are_marked_as_demonstration():
    made = demo.build(stage="fieldwork", rng=random.Random(7))

    assert {role for role in ROLES if role in made.people} == set(ROLES)
    assert len({person.pk for person in made.people.values()}) == 25
    assert {person.is_demonstration for person in made.people.values()} == {True}
    assert made.people["coordinator"].check_password(demo.DEMONSTRATION_PASSWORD)


@pytest.mark.parametrize(
    ("stage", "now"),
    [("notice", date(2021, 5, 25)), ("fieldwork", date(2021, 7, 12)), ("report", date(2022, 1, 10))],
)
def test_the_force_lives_at_the_time_of_its_stage(stage, now):
    made = demo.build(stage=stage, rng=random.Random(7))

    assert clock_of(made.force).on == now
    assert made.on == now
    assert made.force.clock_offset > timedelta(0)


def test_milestones_that_lie_behind_are_done_but_the_last():
    made = demo.build(stage="fieldwork", rng=random.Random(7))

    past = made.inspection.milestones.filter(due_date__lt=made.on).order_by("due_date", "pk")

    assert [milestone.done_date is None for milestone in past] == [False] * len(past)


def test_only_the_report_stage_knows_the_publication():
    assert demo.build(stage="report", rng=random.Random(7)).inspection.publication_date == date(2021, 12, 22)


def test_stages_come_in_order():
    assert [demo.reached("audit", stage) for stage in demo.STAGES] == [True, True, True, False, False]
