"""The criterion's page in a real browser: typing survives, and two people see each other's text."""

import pytest

from ncpi.accounts.models import Draft
from ncpi.selfassessment.models import Judgement
from tests.browsers import sign_in
from tests.factories import PASSWORD, judge, make_inspection, make_self_assessment, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def judgement():
    return make_self_assessment(make_inspection())[0]


@pytest.fixture
def lead(judgement):
    return make_user("lead", force=judgement.inspection.force)


def sign_in_by_form(page, user):
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def address(judgement):
    return f"/inspections/{judgement.inspection.ref}/self-assessment/{judgement.criterion.key}"


def test_typing_is_there_after_a_crash_and_counts_when_saved(page, axe, judgement, lead):
    sign_in(page, lead)
    page.goto(address(judgement))
    found = axe(page)
    page.get_by_label("What we do").fill("We answer at once.")
    page.get_by_text("Your typing is kept.").wait_for()

    page.goto("about:blank")
    page.goto(address(judgement))
    found += axe(page)
    restored = page.get_by_label("What we do").input_value()
    page.get_by_label("Good").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Judgement saved.").wait_for()
    found += axe(page)

    row = Judgement.objects.get(pk=judgement.pk)
    assert (restored, row.narrative, row.grade.key) == ("We answer at once.", "We answer at once.", "good")
    assert found == []


def test_typing_goes_on_being_kept_after_signing_in_again_elsewhere(page, context, judgement, lead):
    sign_in(page, lead)
    page.goto(address(judgement))
    context.clear_cookies()
    page.get_by_label("What we do").fill("Typed while signed out.")
    page.get_by_text("You have been signed out.").wait_for()
    other = context.new_page()
    sign_in_by_form(other, lead)

    page.get_by_label("What we do").press_sequentially(" And on.")
    page.get_by_text("Your typing is kept.").wait_for()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Judgement saved.").wait_for()

    assert Judgement.objects.get(pk=judgement.pk).narrative == "Typed while signed out. And on."
    assert Draft.objects.count() == 0


def test_a_judgement_is_written_without_a_mouse(page, judgement, lead):
    sign_in(page, lead)
    page.goto(address(judgement))

    def tab_to(selector):
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.locator(f"{selector}:focus-visible").count():
                return
        raise AssertionError(f"{selector} is not reached.")

    tab_to("[name=grade]")
    page.keyboard.press("Space")
    tab_to("[name=narrative]")
    page.keyboard.type("We answer at once.")
    tab_to("button:text-is('Save')")
    page.keyboard.press("Enter")
    page.get_by_text("Judgement saved.").wait_for()

    row = Judgement.objects.get(pk=judgement.pk)
    assert (row.narrative, row.grade.key) == ("We answer at once.", "good")


def test_the_second_of_two_savers_sees_both_texts(page, axe, judgement, lead):
    sign_in(page, lead)
    page.goto(address(judgement))
    judge(judgement, by=make_user("lead", force=judgement.inspection.force), narrative="Theirs, stored first.")
    page.get_by_label("What we do").fill("Mine, typed second.")

    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Somebody else saved this while you were working on it").wait_for()

    assert axe(page) == []
    assert page.get_by_label("What we do").input_value() == "Mine, typed second."
    assert page.locator(".ncpi-compare__side--theirs").filter(has_text="Theirs,").count() == 1
