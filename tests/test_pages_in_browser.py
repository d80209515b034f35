"""Every page in a real browser, wide and narrow: nothing for axe-core to find, nothing to scroll sideways."""

from pprint import pformat

import pytest
from django.urls import reverse
from playwright.sync_api import Error

from ncpi.accounts.permissions import ROLES
from tests.browsers import AXE, sign_in
from tests.test_pages import PAGES, expected_at_home, make_world, modules

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def world(transactional_db):
    made = make_world("Fenshire Constabulary")
    for module in modules():
        if hasattr(module, "build"):
            module.build(made)
    return made


def pages_by_role(world):
    """Give each role the pages that it is the first to hold, so that nobody signs in twice."""
    found = {}
    for page in PAGES.values():
        role = next((role for role in ROLES if expected_at_home(role, page) == page.get == 200), None)
        if role:
            found.setdefault(role, []).append(reverse(page.name, kwargs=page.kwargs(world)))
    return found


def opens_as_page(page, address):
    """Open an address; false when it is a file to take away or a part that a page fetches."""
    try:
        is_text = page.goto(address).headers["content-type"].startswith("text/html")
        return is_text and page.evaluate("document.doctype !== null")
    except Error as error:
        if "Download is starting" not in str(error):
            raise
        return False


def resize(page, size):
    """Have the page drawn at this size, and its scripts told of it."""
    page.set_viewport_size(size)
    page.evaluate("new Promise(requestAnimationFrame)")


def too_wide(page):
    """What a narrow page scrolls sideways to, as something wrong with it."""
    width = page.evaluate("document.documentElement.scrollWidth")
    return [("scrolls sideways", f"{width} px wide")] if width > NARROW["width"] else []


@pytest.mark.slow
def test_no_page_hinders_anybody(world, page, axe):
    wrong = {}
    checks = [(WIDE, axe), (NARROW, too_wide)]
    page.add_init_script(path=AXE)

    for role, addresses in pages_by_role(world).items():
        sign_in(page, world.people[role])
        for address in addresses:
            page.set_viewport_size(checks[0][0])
            if not opens_as_page(page, address):
                continue
            found = []
            for size, check in checks:
                resize(page, size)
                found += check(page)
            if found:
                wrong[address] = found
            # The next page is opened as wide as this one was left.
            checks.reverse()

    assert wrong == {}, pformat(wrong)
