"""Every address × every role × own and other force, against what `tests/pages/` declares.

A denied object answers as one that does not exist, byte for byte; nobody signed in is sent to sign in; reading a
page writes nothing but the journal; a form sent empty is answered, never broken.

What a role is answered is up to the view: of those answered alike, one asks through every layer, the others ask the
view, which gives them their own page.
"""

import functools
import importlib
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404
from django.template import Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext, _TestState
from django.urls import URLPattern, get_resolver, resolve, reverse
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from ncpi.accounts.permissions import ROLES
from ncpi.accounts.views import not_found
from tests.factories import client_of, make_force, make_inspection, make_user
from tests.pages.base import World, comparable

ROOMS = ["accounts", "inspections", "actions", "selfassessment", "fieldwork", "cases", "audits", "board"]
MISSING = {"pk": 2_000_000_000, "ref": "no-such-inspection"}
WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE)\b[^;]*?\"(\w+)\"", re.IGNORECASE)
# A link notes when it was first opened, as the journal notes who read.
MAY_BE_WRITTEN_BY_READING = {"ncpi_journalentry", "django_session", "audits_feedbacklink"}
# Longer than the sweep takes.
SWEEP_SECONDS = 3600
resolved = functools.cache(resolve)
ANSWERS_TO_AN_EMPTY_FORM = {200, 302, 303, 400, 405, 409, 422}


def modules():
    found = [importlib.util.find_spec(f"tests.pages.{room}") for room in ROOMS]
    return [importlib.import_module(spec.name) for spec in found if spec]


PAGES = {page.name: page for module in modules() for page in module.PAGES}


def addresses(patterns=None, namespace=""):
    """Give (name, view) of every address that the URL configuration has."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern.callback
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner)


@pytest.fixture(scope="module", autouse=True)
def _plain_rendering():
    """Render as in production: copying every template's context for tests to look at doubles the time."""
    instrumented = Template._render
    Template._render = _TestState.saved_data.template_render
    yield
    Template._render = instrumented


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One force with everything in it and another beside it, made once and rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = make_world("Fenshire Constabulary")
        for module in modules():
            if hasattr(module, "build"):
                module.build(made)
        yield made
        transaction.set_rollback(True)


def make_world(name):
    force = make_force(name)
    people = {role: make_user(role, force=force) for role in ROLES}
    return World(force=force, inspection=make_inspection(force, by=people["coordinator"]), people=people)


@pytest.fixture(scope="module")
def strangers(world):
    """The same roles in another force, and somebody with no role at all."""
    return make_world("Wessmouth Police").people


@pytest.fixture(scope="module")
def browser_of(world, strangers):
    """Give each person's browser, all signed in before the first test, and None's for nobody signed in."""
    browsers = {user: client_of(user) for user in (*world.people.values(), *strangers.values())} | {None: Client()}
    for client in browsers.values():
        client.raise_request_exception = False
        _seen(client)
    return browsers.__getitem__


def _seen(client):
    """Note now that the person was here: each test undoes what the first request would note."""
    if client.session.session_key:
        session = client.session
        session["seen"] = timezone.now().timestamp() + SWEEP_SECONDS
        session.save()


@pytest.fixture(autouse=True)
def _undone(browser_of):
    """Each test leaves the world as it was."""
    before = transaction.savepoint()
    yield
    transaction.savepoint_rollback(before)


def address_of(page, world, *, missing=False):
    parts = page.kwargs(world)
    if missing:
        parts |= {name: value for name, value in MISSING.items() if name in parts}
    return reverse(page.name, kwargs=parts)


def belongs_to_a_force(page, world):
    return bool(MISSING.keys() & page.kwargs(world).keys())


def may(role, page):
    return page.permission in (None, "public") or page.permission in ROLES[role].permissions


def expected_at_home(role, page):
    if not may(role, page):
        return 403
    if page.only is not None and role not in page.only:
        return 404
    return page.get or 405


def expected_elsewhere(role, page, world):
    if page.permission == "public":
        return page.get or 405
    if not may(role, page):
        return 403
    if page.permission is None and page.only is not None:
        return 404
    return 404 if belongs_to_a_force(page, world) and page.get else (page.get or 405)


def get(browser, address):
    return status_of(browser.get(address))


def post(browser, address):
    return status_of(browser.post(address))


def status_of(response):
    """Return the status of an answer, read to its end: a file is made, and closed, while it is sent."""
    b"".join(response.streaming_content if response.streaming else ())
    if getattr(response, "file_to_stream", None) is not None:
        response.file_to_stream.close()
    return response.status_code


def from_the_view(user, address, method="get"):
    """Return the status of the view's own answer, or of what its refusal becomes."""
    view, args, kwargs = resolved(address)
    try:
        return status_of(view(request_of(user, address, method), *args, **kwargs))
    except PermissionDenied:
        return 403
    except Http404:
        return 404


def request_of(user, address, method):
    request = getattr(RequestFactory(), method)(address)
    request.user, request.session, request.htmx = user, {}, HtmxDetails(request)
    return request


def answers(people, address, expected, browser_of, method="get"):
    """Return what each role is answered; see this file's first words for who asks what."""
    send = get if method == "get" else post
    found, seen = {}, set()
    for role, user in people.items():
        if expected[role] in seen:
            found[role] = from_the_view(user, address, method)
        else:
            seen.add(expected[role])
            found[role] = send(browser_of(user), address)
    return found


def test_every_address_is_declared_once_and_nothing_else():
    rows = [page.name for module in modules() for page in module.PAGES]

    assert sorted(rows) == sorted(name for name, _ in addresses())


def test_every_view_declares_the_permission_that_its_page_needs():
    declared = {name: getattr(view, "permission", "nothing") for name, view in addresses()}

    assert declared == {name: PAGES[name].permission if name in PAGES else "no page" for name in declared}


def test_the_two_worlds_have_every_role(world, strangers):
    assert world.people.keys() == strangers.keys() == ROLES.keys()


@pytest.mark.parametrize("name", PAGES)
def test_each_role_gets_what_is_declared(name, world, browser_of):
    page = PAGES[name]
    address = address_of(page, world)

    expected = {role: expected_at_home(role, page) for role in ROLES}

    assert answers(world.people, address, expected, browser_of) == expected


@pytest.mark.parametrize("name", PAGES)
def test_each_role_of_another_force_gets_nothing_of_ours(name, world, strangers, browser_of):
    page = PAGES[name]
    address = address_of(page, world)

    expected = {role: expected_elsewhere(role, page, world) for role in ROLES}

    assert answers(strangers, address, expected, browser_of) == expected


def missing_as_seen(user, browser, address, method):
    """Return what is answered where the view finds nothing: the page that says so, or as every layer has it."""
    if from_the_view(user, address, method) == 404:
        return comparable(not_found(request_of(user, address, method)))
    return comparable(getattr(browser, method)(address))


@pytest.mark.parametrize("name", PAGES)
def test_a_denied_object_answers_as_a_missing_one(name, world, strangers, browser_of):
    page = PAGES[name]
    if page.permission == "public" or not belongs_to_a_force(page, world):
        pytest.skip("This address belongs to no force.")
    holder = next(user for role, user in strangers.items() if may(role, page))

    for method in ("get", "post"):
        denied = comparable(getattr(browser_of(holder), method)(address_of(page, world)))
        assert denied == missing_as_seen(holder, browser_of(holder), address_of(page, world, missing=True), method)


@pytest.mark.parametrize("name", PAGES)
def test_nobody_signed_in_is_sent_to_sign_in(name, world, browser_of):
    page = PAGES[name]
    address = address_of(page, world)

    found = {getattr(browser_of(None), method)(address).status_code for method in ("get", "post")}

    if page.permission == "public":
        assert max(found) < 500
    else:
        assert found == {302}


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if page.permission not in (None, "public")])
def test_sending_a_form_needs_the_permission_too(name, world, browser_of):
    page = PAGES[name]
    address = address_of(page, world)
    without = {role: user for role, user in world.people.items() if not may(role, page)}
    refused = dict.fromkeys(without, 403)

    assert answers(without, address, refused, browser_of, method="post") == refused


# What anybody may send, its own tests do.
@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if page.permission != "public"])
def test_an_empty_form_is_answered_and_never_broken(name, world, browser_of):
    page = PAGES[name]
    address = address_of(page, world)
    allowed = [role for role in ROLES if expected_at_home(role, page) not in (403, 404)]

    found = {}
    for role in allowed:
        before = transaction.savepoint()
        found[role] = post(browser_of(world.people[role]), address)
        transaction.savepoint_rollback(before)

    assert {role: status for role, status in found.items() if status not in ANSWERS_TO_AN_EMPTY_FORM} == {}


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if page.get is not None])
def test_reading_a_page_writes_nothing_but_the_journal(name, world, browser_of):
    page = PAGES[name]
    role = next(role for role in ROLES if expected_at_home(role, page) == page.get)
    browser = browser_of(world.people[role])

    with CaptureQueriesContext(connection) as queries:
        get(browser, address_of(page, world))

    written = {found[2] for query in queries if (found := WRITES.match(query["sql"]))}
    assert written - MAY_BE_WRITTEN_BY_READING == set()
