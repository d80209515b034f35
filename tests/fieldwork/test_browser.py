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
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


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


def violations_on(page, axe, addresses):
    """What axe-core finds on each page, and which scroll sideways on a narrow window."""
    found = []
    for address in addresses:
        page.set_viewport_size(WIDE)
        page.goto(address)
        found += [(address, *violation) for violation in axe(page)]
        page.set_viewport_size(NARROW)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append((address, "scrolls sideways", ""))
    page.set_viewport_size(WIDE)
    return found


@pytest.mark.slow
def test_a_whole_fortnight_is_accessible_prints_a_landscape_page_a_week_and_is_planned_anew(demo, page, axe):
    sign_in(page, demo.people["coordinator"])

    found = violations_on(page, axe, full_pages(demo))
    timetable = reverse("fieldwork:timetable", args=[demo.inspection.ref, 2])
    printed = {form: boxes_of(page, f"{timetable}?by={form}") for form in PAGES_PRINTED}

    assert found == []
    assert printed == {form: [LANDSCAPE] * pages for form, pages in PAGES_PRINTED.items()}

    page.goto(reverse("fieldwork:overview", args=[demo.inspection.ref]))
    page.get_by_role("button", name="Re-plan with the least disturbance").click()

    assert page.get_by_role("heading", name="The new timetable").is_visible()
    declines(demo, page)


def declines(demo, page):
    """A participant who had accepted opens the link and declines."""
    invitation = Invitation.objects.filter(reply="accepted").order_by("-during", "pk").first()
    secret = invitations.give_link(by=None, person=invitation.person, inspection=demo.inspection, at=demo.at)
    page.goto(reverse("fieldwork:my-sessions", args=[secret]))
    page.get_by_role("button", name=f"I cannot come to {invitation.session.title}").click()
    assert page.get_by_text("Thank you. Your answer is with the co-ordinator.").is_visible()
    invitation.refresh_from_db()
    assert invitation.reply == "declined"
