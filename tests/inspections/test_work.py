"""Milestones on the work list of whoever runs the inspection."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from ncpi.inspections import operations
from ncpi.inspections.work import my_work
from ncpi.lib.clocks import Clock
from tests.factories import NOW, make_force, make_inspection, make_user

pytestmark = pytest.mark.django_db

CLOCK = Clock(offset=timedelta(0), at=NOW, on=date(2021, 6, 14))


@pytest.fixture
def coordinator():
    return make_user("coordinator", force=make_force())


def listed(user, clock=CLOCK):
    return [(item.title, item.urgency, item.due_date) for item in my_work(user, clock=clock)]


def test_what_is_past_is_urgent_and_what_is_near_is_shown(coordinator):
    make_inspection(by=coordinator)

    assert listed(coordinator) == [
        ("Documents asked for are sent", 0, date(2021, 6, 7)),
        ("Self-assessment is returned", 0, date(2021, 6, 7)),
        ("Case audits are returned", 1, date(2021, 6, 14)),
        ("Timetable of interviews is agreed", 1, date(2021, 6, 21)),
    ]


def test_what_is_done_or_of_a_closed_inspection_is_not_shown(coordinator):
    inspection = make_inspection(by=coordinator)
    first = inspection.milestones.order_by("due_date", "pk").first()
    operations.finish_milestone(
        by=coordinator, milestone=first, version=1, done_date=date(2021, 6, 7), on=CLOCK.on, at=NOW
    )
    after_one = len(listed(coordinator))
    operations.close_inspection(by=coordinator, inspection=inspection, version=1, at=NOW)

    assert (after_one, listed(coordinator)) == (3, [])


def test_others_and_other_clocks_have_none_of_it(coordinator):
    make_inspection(by=coordinator)
    elsewhere = Clock(offset=timedelta(days=1), at=timezone.now(), on=date(2021, 6, 14))

    assert listed(make_user("lead", force=make_force())) == []
    assert listed(make_user("coordinator", force=make_force("Other Police"))) == []
    assert listed(coordinator, elsewhere) == []
