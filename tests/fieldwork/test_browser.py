"""The fieldwork in a real browser: the whole demonstration fortnight, wide and narrow."""

import random
import re

import pytest
from django.urls import reverse

from ncpi.fieldwork import demo as fieldwork
from ncpi.fieldwork.models import Invitation
from ncpi.fieldwork.operations import invitations
from ncpi.inspections import demo as base
from tests.browsers import sign_in

# Against the clock a week is shown at a time; every other form shows both.
PAGES_PRINTED = {"unit": 2, "week": 2, "list": 2, "day": 1, "inspector": 1}
LANDSCAPE = (842, 595)


@pytest.fixture
def demo(transactional_db):
    made = base.build(stage="fieldwork", rng=random.Random(7))
    fieldwork.build(made, stage="fieldwork")
    return made


def full_pages(demo):
    """The pages that a whole fortnight fills; tests/test_pages_in_browser.py opens every page with little on it."""
    ref = demo.inspection.ref
    invitation = Invitation.objects.order_by("-during", "pk").first()
    secret = invitations.give_link(by=None, person=invitation.person, inspection=demo.inspection, at=demo.at)
    return [
        *(
            reverse(f"fieldwork:{name}", args=[ref])
            for name in ("overview", "people", "sessions", "replies", "coverage")
        ),
        reverse("fieldwork:timetable", args=[ref, 1]),
        reverse("fieldwork:my-sessions", args=[secret]),
    ]


def boxes_of(page, address):
    """Return the sizes of the pages on which an address prints, in points."""
    page.goto(address)
    printed = page.pdf(prefer_css_page_size=True)
    return [
        tuple(round(float(side)) for side in found) for found in re.findall(rb"/MediaBox \[0 0 (\S+) (\S+)\]", printed)
    ]


@pytest.mark.slow
def test_a_whole_fortnight_is_accessible_never_scrolls_sideways_and_prints_on_a_landscape_page_a_week(demo, page, axe):
    sign_in(page, demo.people["coordinator"])
    found = []

    for address in full_pages(demo):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address)
        found += [(address, *violation) for violation in axe(page)]
        page.set_viewport_size({"width": 390, "height": 844})
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append((address, "scrolls sideways", ""))

    timetable = reverse("fieldwork:timetable", args=[demo.inspection.ref, 2])
    printed = {form: boxes_of(page, f"{timetable}?by={form}") for form in PAGES_PRINTED}

    assert found == []
    assert printed == {form: [LANDSCAPE] * pages for form, pages in PAGES_PRINTED.items()}


@pytest.mark.slow
def test_a_coordinator_asks_for_a_timetable_and_a_participant_declines(demo, page):
    sign_in(page, demo.people["coordinator"])
    page.goto(reverse("fieldwork:overview", args=[demo.inspection.ref]))

    page.get_by_role("button", name="Re-plan with the least disturbance").click()

    assert page.get_by_role("heading", name="The new timetable").is_visible()
    invitation = Invitation.objects.filter(reply="accepted").order_by("-during", "pk").first()
    secret = invitations.give_link(by=None, person=invitation.person, inspection=demo.inspection, at=demo.at)
    page.goto(reverse("fieldwork:my-sessions", args=[secret]))
    page.get_by_role("button", name=f"I cannot come to {invitation.session.title}").click()
    assert page.get_by_text("Thank you. Your answer is with the co-ordinator.").is_visible()
    invitation.refresh_from_db()
    assert invitation.reply == "declined"
