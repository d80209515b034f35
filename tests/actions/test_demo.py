"""The demonstration's tracker."""

import random
from collections import Counter

import pytest

from ncpi.actions import demo as actions
from ncpi.actions.models import Action, Recommendation
from ncpi.inspections import demo

pytestmark = pytest.mark.django_db


def build(stage):
    made = demo.build(stage=stage, rng=random.Random(7))
    actions.build(made, stage=stage)
    return made


def test_all_twenty_published_findings_are_taken_over_and_some_are_late():
    made = build("fieldwork")

    assert Recommendation.objects.count() == 20
    assert Recommendation.objects.overdue(made.on).count() == 6
    assert Recommendation.objects.exclude(repeats=None).count() == 3
    assert Recommendation.objects.filter(report__about="Fenshire Constabulary").count() == 0


def test_actions_stand_at_every_point_of_their_way():
    made = build("fieldwork")

    assert Counter(Action.objects.values_list("status", flat=True)) == {
        "open": 3,
        "in_progress": 11,
        "proving": 1,
        "closed": 2,
    }
    assert Action.objects.overdue(made.on).count() == 7


def test_before_the_self_assessment_nothing_has_been_undertaken():
    build("notice")

    assert Recommendation.objects.count() == 20
    assert Action.objects.count() == 0
