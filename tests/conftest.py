"""What every test may ask for. The servers come first: the settings need to know where they are."""

import atexit
import gc
import os
from collections import Counter

import pytest

from tests import services

# Enough that making a world is worth it, few enough that no process is left with the last.
BATCH = 40

# A page makes some thousand objects that mostly free themselves: search for garbage once in many pages, not in each.
gc.set_threshold(100_000, 20, 100)
services.begin()
atexit.register(services.end)

import django  # noqa: E402  (the environment must be set before Django reads it)

django.setup()

from django.template import Template  # noqa: E402  (needs the settings)
from django.test import TransactionTestCase  # noqa: E402  (needs the settings)
from django.test.signals import template_rendered  # noqa: E402  (needs the settings)

from tests import browsers, databases, workers  # noqa: E402  (needs the settings)
from tools.services import Redis  # noqa: E402  (beside the others)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes():
    """Let each test process read the settings after `services.begin` has given it a queue and a folder of its own.

    A process that inherits the name of the settings would read them before this file, with its parent's queue.
    """
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_unconfigure(config):
    services.end()


def pytest_make_parametrize_id(val, argname):
    """Leave bytes out of a test's name: an archive holds the second in which it was made, another process's differs."""
    return argname if isinstance(val, bytes) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark browser and worker tests; those of one file stay together, and all worker tests share one worker.

    They come first: a long test that starts last is waited for by an idle process. Of the others those that start
    from what their file makes once go out by the batch, so that few processes make it.
    """
    shared = Counter()
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        if "celery_worker_process" in getattr(item, "fixturenames", ()):
            item.add_marker("worker")
        group = "worker" if item.get_closest_marker("worker") else item.path.parent.name
        if _takes_long(item) and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(group))
        elif _shares_what_its_file_makes(item) and not item.get_closest_marker("xdist_group"):
            item.add_marker(
                pytest.mark.xdist_group(f"{item.path.parent.name}/{item.path.stem} {shared[item.path] // BATCH}")
            )
            shared[item.path] += 1
    items.sort(key=lambda item: _takes_long(item) or item.get_closest_marker("slow") is not None, reverse=True)


def pytest_collection_finish(session):
    """Leave what is loaded by now out of every later search for garbage: it is most of the memory, and none is.

    Sooner than run slowly and start a worker for each of them, refuse to run where tests of a group are scattered.
    """
    gc.collect()
    gc.freeze()
    grouped = [item for item in session.items if item.get_closest_marker("xdist_group")]
    if "PYTEST_XDIST_WORKER" in os.environ and not all("@" in item.nodeid for item in grouped):
        raise pytest.UsageError("pytest-xdist does not keep groups of tests together with this pytest.")


def _takes_long(item):
    return any(item.get_closest_marker(mark) for mark in ("browser", "worker"))


def _shares_what_its_file_makes(item):
    found = getattr(item, "_fixtureinfo", None)
    return found and any(made.scope == "module" for (*_, made) in found.name2fixturedefs.values())


def pytest_terminal_summary(terminalreporter):
    """Say loudly what was not tested for want of a browser."""
    skipped = [
        report for report in terminalreporter.stats.get("skipped", ()) if browsers.REASON in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.section(f"NO BROWSER: {len(skipped)} tests of the pages did not run", sep="!", red=True)
        terminalreporter.line("Install chromium, or name one: CHROMIUM=/path/to/chromium make test")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """One database for this test process, copied from a migrated one."""
    TransactionTestCase._fixture_teardown = lambda self: databases.empty_after_a_test_that_commits()
    with django_db_blocker.unblock(), databases.test_database():
        yield


@pytest.fixture(scope="session", autouse=True)
def _page_contexts(django_test_environment):
    """Keep for `response.context` what a page was given; a copy for each of its parts doubles the time."""

    def render(template, context):
        if context.template is template:
            template_rendered.send(sender=template, template=template, context=context)
        return template.nodelist.render(context)

    Template._render = render


@pytest.fixture(scope="session")
def chromium():
    """The browser's program; without one the test is skipped, or fails where CI is set."""
    found = browsers.program()
    if found is None:
        if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
            pytest.fail(browsers.REASON)
        pytest.skip(browsers.REASON)
    return found


@pytest.fixture(scope="session")
def browser(chromium, tmp_path_factory):
    """One Chromium for the session."""
    with browsers.running(chromium, home=tmp_path_factory.mktemp("browser")) as running:
        yield running


@pytest.fixture
def context(browser, live_server):
    """A fresh profile on the live server."""
    made = browser.new_context(base_url=live_server.url, locale="en-GB", timezone_id="Europe/London")
    made.set_default_timeout(browsers.PATIENCE)
    yield made
    made.close()


@pytest.fixture
def page(context):
    """A fresh page. Anything the browser complains of, or any call to another host, fails the test."""
    made = context.new_page()
    complaints = browsers.complaints_of(made)
    yield made
    assert complaints == []


@pytest.fixture(scope="session")
def axe():
    """`axe(page)` returns what axe-core finds wrong with the page: (rule, where) pairs."""
    return browsers.axe_violations


@pytest.fixture
def redis(tmp_path):
    """A broker of one test's own, which it may stop."""
    server = Redis(tmp_path / "redis")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def _worker(django_db_setup, tmp_path_factory):
    with workers.celery_worker(tmp_path_factory.mktemp("worker")) as running:
        yield running


@pytest.fixture
def celery_worker_process(transactional_db, _worker, tmp_path):
    """A real Celery worker and a real relay on the test database. Gives `wait_until(condition)` and `log()`."""
    with workers.relay(tmp_path):
        yield _worker
        _worker.settle()
