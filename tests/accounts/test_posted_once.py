"""A rendered form counts once, however often and however fast it is posted."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from ncpi.actions.models import Action
from tests.factories import client_of, make_force, make_inspection, make_user

ONCE = "ncpi.accounts.middleware.PostedOnce"
RACERS = 10


def a_form():
    """Return who posts, where, and what."""
    force = make_force()
    coordinator = make_user("coordinator", force=force)
    inspection = make_inspection(force, by=coordinator)
    typed = {
        "title": "Brief the control room",
        "owner": coordinator.pk,
        "due_date": str(timezone.localdate() + timedelta(days=30)),
    }
    return coordinator, f"/inspections/{inspection.ref}/actions/new", typed | {"once": str(uuid.uuid4())}


def race(coordinator, address, typed):
    """Post the same form at once from many browsers; return where each was sent."""
    browsers = [client_of(coordinator) for _ in range(RACERS)]
    gate, sent = threading.Barrier(RACERS), []

    def post(browser):
        gate.wait()
        response = browser.post(address, typed)
        sent.append((response.status_code, response.headers.get("Location")))
        connection.close()

    threads = [threading.Thread(target=post, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sent


@pytest.mark.django_db
def test_posting_a_form_again_gives_the_first_answer_and_no_second_record():
    coordinator, address, typed = a_form()
    browser = client_of(coordinator)

    first, again = browser.post(address, typed), browser.post(address, typed)

    assert Action.objects.count() == 1
    assert (first.status_code, again["Location"]) == (302, first["Location"])


@pytest.mark.django_db
def test_a_form_sent_back_with_errors_may_be_posted_again():
    coordinator, address, typed = a_form()
    browser = client_of(coordinator)

    refused = browser.post(address, typed | {"title": ""})
    mended = browser.post(address, typed)

    assert (refused.status_code, mended.status_code, Action.objects.count()) == (200, 302, 1)


@pytest.mark.django_db(transaction=True)
def test_ten_posts_of_one_form_at_once_make_one_record():
    coordinator, address, typed = a_form()

    sent = race(coordinator, address, typed)

    assert Action.objects.count() == 1
    assert len(set(sent)) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_the_same_race_makes_more(settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != ONCE]
    coordinator, address, typed = a_form()

    race(coordinator, address, typed)

    assert Action.objects.count() > 1


def test_the_guard_is_on():
    assert ONCE in settings.MIDDLEWARE
