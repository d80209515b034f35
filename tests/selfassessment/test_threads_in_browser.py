"""Two people on one criterion, two browsers: they see each other, one asks, the other answers; nothing is lost."""

import pytest

from ncpi.selfassessment import assignment_operations
from ncpi.selfassessment.models import Judgement
from ncpi.selfassessment.thread_models import Thread
from tests.browsers import complaints_of, sign_in
from tests.factories import judge, make_inspection, make_self_assessment, make_user
from tests.selfassessment.test_browser import address

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def people():
    inspection = make_inspection()
    people = {role: make_user(role, force=inspection.force, name=f"The {role}") for role in ("lead", "reviewer")}
    row = make_self_assessment(inspection)[0]
    assignment_operations.assign(
        by=people["reviewer"], inspection=inspection, versions={row.pk: 1}, changes={"lead": people["lead"]}
    )
    return {**people, "judgement": row}


@pytest.fixture
def other_page(browser, live_server):
    context = browser.new_context(base_url=live_server.url, locale="en-GB", timezone_id="Europe/London")
    made = context.new_page()
    complaints = complaints_of(made)
    yield made
    context.close()
    assert complaints == []


def test_a_question_is_asked_answered_and_resolved_while_the_lead_types(page, other_page, axe, people):
    lead, reviewer, where = page, other_page, address(people["judgement"])
    sign_in(lead, people["lead"])
    lead.goto(where)
    lead.get_by_label("What we do").fill("Typed before anybody asked.")
    sign_in(reviewer, people["reviewer"])
    reviewer.goto(where)
    reviewer.get_by_text("The lead has this page open now.").wait_for()
    reviewer.get_by_label("Ask or say something about this criterion").fill("How do you know, @the lead?")
    reviewer.get_by_role("button", name="Ask a question").click()
    reviewer.get_by_text("How do you know, @the lead?").wait_for()
    found = axe(reviewer)

    lead.get_by_text("Your typing is kept.").wait_for()
    lead.reload()
    lead.get_by_text("How do you know, @the lead?").wait_for()
    lead.get_by_text("Reply", exact=True).first.click()
    lead.get_by_label("Your reply").fill("From the count of June.")
    found += axe(lead)
    lead.get_by_role("button", name="Reply", exact=True).click()
    lead.get_by_text("From the count of June.").wait_for()
    kept = lead.get_by_label("What we do").input_value()

    reviewer.reload()
    reviewer.get_by_role("button", name="Resolve the question").click()
    reviewer.get_by_text("Resolved by The reviewer").wait_for()

    assert found == []
    assert kept == "Typed before anybody asked."
    assert [(row.is_open, row.remarks.count()) for row in Thread.objects.all()] == [(False, 2)]


def test_a_reply_typed_after_signing_out_stays_on_the_page(page, context, people):
    sign_in(page, people["lead"])
    page.goto(address(people["judgement"]))
    page.get_by_label("Ask or say something about this criterion").fill("Not lost.")
    context.clear_cookies(name="sessionid")

    page.get_by_role("button", name="Comment").click()
    page.get_by_text("Not posted").wait_for()

    assert page.get_by_label("Ask or say something about this criterion").input_value() == "Not lost."
    assert Thread.objects.count() == 0


def test_changes_in_different_places_are_put_together(page, axe, people):
    row, lead = people["judgement"], people["lead"]
    saved = judge(Judgement.objects.get(pk=row.pk), by=lead, narrative="We go at once. We see the child.")
    sign_in(page, lead)
    page.goto(address(row))
    judge(saved, by=people["reviewer"], narrative="We go within the hour. We see the child.")
    page.get_by_label("What we do").fill("We go at once. We see the child alone.")

    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("You changed different places.").wait_for()

    assert axe(page) == []
    assert page.get_by_label("What we do").input_value() == "We go within the hour. We see the child alone."
