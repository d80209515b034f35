"""Every page in a real browser, wide and narrow: nothing for axe-core to find, nothing to scroll sideways."""

from pprint import pformat

import pytest
from django.urls import reverse
from playwright.sync_api import Error

from ncpi.accounts.permissions import ROLES
from tests.factories import client_of
from tests.test_pages import PAGES, expected_at_home, make_world, modules

PARTS = 4
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def world(transactional_db):
    made = make_world("Fenshire Constabulary")
    for module in modules():
        if hasattr(module, "build"):
            module.build(made)
    return made


def pages_by_role(world, part):
    """Give each role the pages of this part that it is the first to hold, so that nobody signs in twice."""
    found = {}
    for page in list(PAGES.values())[part::PARTS]:
        role = next((role for role in ROLES if expected_at_home(role, page) == page.get == 200), None)
        if role:
            found.setdefault(role, []).append(reverse(page.name, kwargs=page.kwargs(world)))
    return found


def sign_in(context, live_server, user):
    cookie = client_of(user).cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])


def opens_as_page(page, address):
    """Open an address; false when it is a file to take away or a part that a page fetches."""
    try:
        is_text = page.goto(address).headers["content-type"].startswith("text/html")
        return is_text and page.evaluate("document.doctype !== null")
    except Error as error:
        if "Download is starting" not in str(error):
            raise
        return False


def widest(page):
    return page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.slow
@pytest.mark.parametrize("part", [pytest.param(n, marks=pytest.mark.xdist_group(f"sweep {n}")) for n in range(PARTS)])
def test_no_page_hinders_anybody(part, world, context, page, live_server, axe):
    wrong = {}

    for role, addresses in pages_by_role(world, part).items():
        sign_in(context, live_server, world.people[role])
        for address in addresses:
            page.set_viewport_size(WIDE)
            if not opens_as_page(page, address):
                continue
            found = axe(page)
            page.set_viewport_size(NARROW)
            if widest(page) > NARROW["width"]:
                found.append(("scrolls sideways", f"{widest(page)} px wide"))
            if found:
                wrong[address] = found

    assert wrong == {}, pformat(wrong)
