"""Changing a draft in a real browser: by keyboard alone, and by dragging."""

import pytest
from django.urls import reverse

from ncpi.fieldwork.models import Placement
from tests.browsers import sign_in
from tests.factories import make_inspection, make_user
from tests.fieldwork import makers

# The browser drops nothing where the page was scrolled between press and move.
WHOLE_DAY = {"width": 1280, "height": 2200}


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


def drag(page, title, clock):
    """Drag a session to a line of the clock in its own column."""
    block = page.locator(".ncpi-times [data-session]", has_text=title)
    table = page.locator(".ncpi-times", has=page.locator("[data-session]", has_text=title))
    line = table.locator(f'tr[data-clock="{clock}"]').bounding_box()
    around, start = table.bounding_box(), block.bounding_box()
    block.drag_to(
        table, target_position={"x": start["x"] + 30 - around["x"], "y": line["y"] + line["height"] / 2 - around["y"]}
    )


@pytest.mark.slow
def test_a_session_is_moved_by_keyboard_and_another_is_dragged_against_a_rule(draft, page, axe):
    timetable, by = draft
    sign_in(page, by)
    where = reverse("fieldwork:timetable", args=[timetable.inspection.ref, 1]) + "?by=day&week=1"
    moved, dragged = sorted((1, 2), key=lambda number: placed(timetable, number).during.lower, reverse=True)

    page.goto(where)
    page.locator(".ncpi-times").get_by_role("link", name=f"Interview {moved}").focus()
    page.keyboard.press("Enter")
    page.get_by_label("that break no rule").select_option("2021-07-05T11:00")
    page.get_by_role("button", name="Look at this start").first.press("Enter")
    page.get_by_role("button", name="Save").press("Enter")
    page.get_by_text(f"Interview {moved} is on Monday 5 July 11:00.").wait_for()
    page.set_viewport_size(WHOLE_DAY)
    page.goto(where)
    page.get_by_text("Checked as things are now: no rule is broken").wait_for()
    drag(page, f"Interview {dragged}", "15:00")
    page.get_by_role("heading", name="To Monday 5 July 15:00").wait_for()
    is_told = page.get_by_text("is not on duty. Rule: people are asked when on duty.").is_visible()
    violations = axe(page)
    page.get_by_label("Why it has to be so").fill("Agreed with the sergeant")
    page.get_by_role("button", name="Save").click()
    page.get_by_text(f"Interview {dragged} is on Monday 5 July 15:00.").wait_for()

    row = placed(timetable, dragged)
    assert (is_told, violations) == (True, [])
    assert placed(timetable, moved).during.lower == makers.hours("11:00", "12:00")[0]
    assert (row.during.lower, row.override_reason) == (makers.hours("15:00")[0], "Agreed with the sergeant")
