"""While the database cannot be reached: 503 wherever it is missed, and what was typed comes back."""

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory

from ncpi.accounts.views import server_error
from ncpi.lib.unavailable import unavailable
from tests.factories import PASSWORD, client_of, make_inspection, make_self_assessment, make_user
from tools.processes import free_port

FORM = "application/x-www-form-urlencoded"
TEXT = "We answer each call about a child at once. <script>alert(1)</script>\r\n& we look back."
ESCAPED = "\nWe answer each call about a child at once. &lt;script&gt;alert(1)&lt;/script&gt;\r\n&amp; we look back."


@pytest.fixture
def away(monkeypatch):
    """Give an act that takes the database away, as from a process that was connected to it."""

    def take():
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "PORT", free_port())

    yield take
    monkeypatch.undo()
    connection.close()


def refused(request):
    return unavailable(request, OperationalError("gone")).content.decode()


def browser_with_a_session():
    browser = Client(raise_request_exception=False)
    browser.cookies["sessionid"] = "a" * 32
    return browser


@pytest.mark.django_db(transaction=True)
def test_a_page_without_a_database_is_503_and_may_be_asked_for_again(away):
    away()

    answer = browser_with_a_session().get("/inspections?page=2")

    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "5", "no-store")
    assert '<a class="govuk-link" href="/inspections?page=2">Try again</a>' in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_what_was_typed_comes_back_and_can_be_sent_again_once(away):
    judgement = make_self_assessment(make_inspection())[0]
    browser = client_of(make_user("lead", force=judgement.inspection.force))
    browser.raise_request_exception = False
    address = f"/inspections/{judgement.inspection.ref}/self-assessment/{judgement.criterion.key}/save"
    away()

    answer = browser.post(address, {"once": "key", "version": "1", "narrative": TEXT})

    page = answer.content.decode()
    assert (answer.status_code, page.count(f">{ESCAPED}</textarea>")) == (503, 1)
    assert f'<form method="post" action="{address}"' in page
    assert page.count('<input type="hidden" name="once" value="key">') == 1


def test_a_password_does_not_come_back():
    page = refused(RequestFactory().post("/sign-in", {"email": "a@b.test", "password": PASSWORD}))

    assert (PASSWORD in page, "a@b.test" in page, "back button" in page) == (False, False, True)


@pytest.mark.parametrize(("kind", "says"), [("multipart/form-data; boundary=x", True), (None, False)])
def test_the_page_says_that_a_file_has_to_be_chosen_again(kind, says):
    body = b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nA\r\n--x--\r\n' if kind else b"title=A"

    page = refused(RequestFactory().generic("POST", "/", body, content_type=kind or FORM))

    assert ("A file has to be chosen again" in page, 'name="title" value="A"' in page) == (says, True)


def test_a_form_that_cannot_be_read_is_answered_all_the_same(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10

    page = refused(
        RequestFactory().post("/", "narrative=" + "x" * 100, content_type="application/x-www-form-urlencoded")
    )

    assert "back button" in page


def test_what_somebody_wrote_is_shown_however_short_and_what_was_chosen_is_only_sent_again():
    page = refused(RequestFactory().post("/", {"plan": "Ask the school.", "grade": "requires-improvement"}))

    assert ">\nAsk the school.</textarea>" in page
    assert '<input type="hidden" name="grade" value="requires-improvement">' in page


@pytest.mark.parametrize("error", [OperationalError("gone"), ZeroDivisionError()])
def test_the_answer_to_a_fault_is_marked_styled_and_leads_home(error):
    try:
        raise error
    except Exception:
        page = server_error(RequestFactory().get("/")).content.decode()

    assert ("OFFICIAL" in page, 'href="/"' in page, "css/app.css" in page) == (True, True, True)
