"""Signing in, being locked out, and sessions that end."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from ncpi.accounts.models import Membership, User
from tests.factories import PASSWORD, client_of, make_force, make_user

pytestmark = pytest.mark.django_db

REFUSED = "That e-mail address and password do not match an active account."


def sign_in(client, email, password=PASSWORD, **kwargs):
    return client.post("/sign-in", {"email": email, "password": password}, **kwargs)


def test_whoever_knows_the_password_is_let_in_whatever_the_case_of_the_address():
    user = make_user("lead", force=make_force())

    response = sign_in(Client(), user.email.upper())

    assert (response.status_code, response["Location"]) == (302, "/")


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer():
    user = make_user("lead", force=make_force())

    wrong = sign_in(Client(), user.email, "not the password")
    unknown = sign_in(Client(), "nobody@fenshire.test", "not the password")

    assert [REFUSED in response.content.decode() for response in (wrong, unknown)] == [True, True]
    assert (wrong.status_code, unknown.status_code) == (200, 200)


def test_an_inactive_person_is_not_let_in_and_their_session_is_dead():
    user = make_user("lead", force=make_force())
    browser = client_of(user)
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert browser.get("/")["Location"] == "/sign-in?next=/"
    assert REFUSED in sign_in(Client(), user.email).content.decode()


def test_wrong_passwords_lock_that_account_at_that_address_and_nobody_else():
    user, colleague = make_user("lead", force=make_force()), make_user("reviewer", force=make_force())
    spellings = [user.email, user.email.upper()] * settings.AXES_FAILURE_LIMIT
    for email in spellings[: settings.AXES_FAILURE_LIMIT]:
        last = sign_in(Client(), email, "not the password", REMOTE_ADDR="10.0.0.1")

    assert "Too many wrong passwords" in last.content.decode()
    assert sign_in(Client(), user.email, REMOTE_ADDR="10.0.0.1").status_code == 429
    assert sign_in(Client(), user.email, REMOTE_ADDR="10.0.0.2").status_code == 302
    assert sign_in(Client(), colleague.email, REMOTE_ADDR="10.0.0.1").status_code == 302


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_signing_in_never_leads_off_the_site(target):
    user = make_user("lead", force=make_force())

    response = Client().post("/sign-in", {"email": user.email, "password": PASSWORD, "next": target})

    assert response["Location"] == "/"


def test_signing_in_gives_a_new_session_and_signing_out_ends_it():
    user = make_user("lead", force=make_force())
    browser = Client()
    browser.get("/sign-in")
    sign_in(browser, user.email)
    old = browser.cookies[settings.SESSION_COOKIE_NAME].value

    browser.post("/sign-out")
    browser.cookies[settings.SESSION_COOKIE_NAME] = old

    assert browser.get("/")["Location"] == "/sign-in?next=/"


def test_a_session_ends_when_nobody_used_it_for_half_an_hour():
    browser = client_of(make_user("lead", force=make_force()))
    session = browser.session
    session["seen"] = (timezone.now() - timedelta(minutes=31)).timestamp()
    session.save()

    assert browser.get("/")["Location"] == "/sign-in?next=/"


def test_a_role_that_ended_counts_for_nothing_on_the_next_request():
    user = make_user("information_governance", force=make_force())
    browser = client_of(user)
    before = browser.get("/journal").status_code
    Membership.objects.filter(user=user).update(ends_date=timezone.localdate() - timedelta(days=1))

    assert (before, browser.get("/journal").status_code) == (200, 403)
