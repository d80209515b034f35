"""Auditing in a real browser: by keyboard, on a line that breaks, without a script, and blind."""

import pytest

from audits import operations
from audits.models import Answer, Audit, Concern, Grading, Moderation
from ncpi.inspections.models import Criterion
from tests.audits.factories import drawn_sample, fill, give, grade_of, two_gradings
from tests.browsers import sign_in
from tests.factories import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def sampled():
    return drawn_sample(cases=2)


@pytest.fixture
def audit(sampled):
    return give(sampled, sampled.cases[0], make_user("auditor", force=sampled.force))


def open_audit(page, audit):
    sign_in(page, audit.auditor)
    page.goto(f"/inspections/{audit.inspection.ref}/audits/{audit.pk}")


def saved(page):
    page.get_by_text("Saved at").wait_for()


def test_an_audit_is_answered_by_keyboard_and_kept_as_it_goes(page, axe, audit):
    open_audit(page, audit)
    found = axe(page)

    page.keyboard.press("j")
    page.keyboard.press("1")
    page.keyboard.press("j")
    page.keyboard.press("3")
    page.keyboard.press("c")
    page.keyboard.type("Nobody asked the child. 1 2 3")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("2")
    saved(page)
    page.wait_for_timeout(1500)
    shown = page.locator("#answered").inner_text()
    page.reload()

    answers = Answer.objects.order_by("question__order").values_list("value", "text")
    assert found == []
    assert list(answers) == [("yes", ""), ("no", "Nobody asked the child. 1 2 3")]
    assert Audit.objects.get().grade.key == "requires_improvement"
    assert (shown, page.locator("#answered").inner_text()) == ("2", "2")


def test_an_answer_given_while_the_line_is_down_is_sent_when_it_is_back(page, context, audit):
    open_audit(page, audit)
    page.route("**/answer", lambda route: route.abort())

    page.keyboard.press("j")
    page.keyboard.press("4")
    page.get_by_text("Not saved yet").wait_for()
    before = Answer.objects.count()
    page.unroute("**/answer")
    saved(page)

    assert (before, Answer.objects.get().value) == (0, "not_applicable")


def test_a_child_who_may_not_be_safe_opens_the_concern_which_does_not_wait_for_the_audit(page, axe, audit):
    question = operations.questions_of(audit).get(escalates=True)
    open_audit(page, audit)

    page.locator(f"input[name=q{question.pk}][value=no]").check(force=True)
    page.keyboard.type("Where is the child living?")
    found = axe(page)
    page.get_by_role("button", name="Raise the concern now").click()

    page.get_by_text("Concern raised.").first.wait_for()
    assert found == []
    assert (Concern.objects.get().text, Audit.objects.get().state) == ("Where is the child living?", "started")


def test_a_whole_audit_is_handed_in_and_the_next_case_offered(page, axe, sampled, audit):
    other = give(sampled, sampled.cases[1], audit.auditor)
    fill(audit)
    open_audit(page, audit)

    page.get_by_label("Requires improvement").check(force=True)
    page.get_by_label("Reason for the grade").fill("Seen late.")
    page.get_by_role("button", name="Hand in").click()

    page.get_by_text("Audit handed in.").wait_for()
    assert axe(page) == []
    assert page.get_by_role("button", name=f"Start case {other.case.code}").is_visible()
    assert Grading.objects.get(capacity="first").grade.key == "requires_improvement"


def test_the_audit_works_without_a_script(browser, live_server, audit):
    fill(audit)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    open_audit(page, audit)

    page.get_by_label("Good", exact=True).check(force=True)
    page.get_by_label("Reason for the grade").fill("Seen and heard.")
    page.get_by_role("button", name="Hand in").click()

    assert page.get_by_text("Audit handed in.").is_visible()
    context.close()


def test_two_auditors_and_a_moderator_settle_a_case(page, axe, sampled):
    auditors = [make_user("auditor", force=sampled.force) for _ in range(2)]
    two_gradings(sampled, sampled.cases[0], "good", "inadequate", auditors=auditors)
    criterion = Criterion.objects.get(area__programme=sampled.inspection.programme, key="C20-INI-1")
    sign_in(page, make_user("moderator", force=sampled.force))

    page.goto(f"/inspections/{sampled.inspection.ref}/moderation")
    found = axe(page)
    page.get_by_role("link", name=sampled.cases[0].code).click()
    found += axe(page)
    page.get_by_role("radio", name="Inadequate").check(force=True)
    page.get_by_role("textbox", name="Reason").fill("Nobody saw the child.")
    page.get_by_label("Criterion that decided it").select_option(str(criterion.pk))
    page.get_by_role("button", name="Settle the grade").click()

    page.get_by_text("Grade settled.").wait_for()
    assert found + axe(page) == []
    assert Moderation.objects.get().agreed.grade == grade_of(sampled.inspection, "inadequate")
