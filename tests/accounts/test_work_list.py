"""The work list tells days by the clock of the item's force."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ncpi.inspections import operations
from ncpi.lib.clocks import clock_of
from tests.factories import client_of, make_force, make_inspection, make_user

pytestmark = pytest.mark.django_db


def test_days_are_told_by_the_clock_of_a_demonstration_force():
    force = make_force("Fenshire Constabulary")
    force.is_demonstration, force.clock_offset = True, timedelta(days=1000)
    force.save()
    coordinator = make_user("coordinator", force=force)
    inspection = make_inspection(force, by=coordinator)
    there = clock_of(force)
    operations.add_milestone(
        by=coordinator,
        inspection=inspection,
        title="Agree the room",
        due_date=there.on + timedelta(days=3),
        at=there.at,
    )

    page = client_of(coordinator).get("/").content.decode()

    assert there.on == timezone.localdate() - timedelta(days=1000)
    assert page.split("Agree the room")[1].split("</li>")[0].count("in 3 days") == 1
