"""Changing a draft in a real browser, by keyboard alone."""

import pytest
from django.urls import reverse

from ncpi.fieldwork.models import Placement
from tests.factories import make_inspection, make_user
from tests.fieldwork import makers
from tests.fieldwork.test_browser import sign_in


@pytest.fixture
def draft(transactional_db):
    """Two sessions on one Monday; both people are on duty until noon."""
    inspection = make_inspection()
    by = make_user("coordinator", force=inspection.force)
    makers.make_inspector(inspection, by=by)
    for number in (1, 2):
        hours = [makers.hours("09:00", "12:00")]
        person = makers.make_person(inspection.force, by=by, number=number, times=hours)
        makers.make_session(inspection, by=by, number=number, fixed=[person])
    return makers.make_timetable(inspection, by=by), by


def placed(draft, number):
    return Placement.objects.get(timetable=draft, session__reference=f"S{number}")


@pytest.mark.slow
def test_a_session_is_moved_by_keyboard_alone(draft, context, page, live_server):
    timetable, by = draft
    sign_in(context, live_server, by)
    where = reverse("fieldwork:timetable", args=[timetable.inspection.ref, 1]) + "?by=day&week=1"
    moved, _ = sorted((1, 2), key=lambda number: placed(timetable, number).during.lower, reverse=True)

    page.goto(where)
    page.locator(".ncpi-times").get_by_role("link", name=f"Interview {moved}").focus()
    page.keyboard.press("Enter")
    page.get_by_label("that break no rule").select_option("2021-07-05T11:00")
    page.get_by_role("button", name="Look at this start").first.press("Enter")
    page.get_by_role("button", name="Save").press("Enter")
    page.get_by_text(f"Interview {moved} is on Monday 5 July 11:00.").wait_for()

    assert placed(timetable, moved).during.lower == makers.hours("11:00", "12:00")[0]
