"""Texts that are too long or no text at all, in every form of the room: found by walking its pages, not listed here.

Each gets a clear message where it was typed, what was typed is shown again, and nothing is stored.
"""

import pytest
from django.apps import apps
from lxml import html

from ncpi.accounts.models import Draft, Submission
from ncpi.selfassessment.forms import TextField
from ncpi.selfassessment.models import Judgement
from tests import worlds
from tests.pages import selfassessment
from tests.test_pages import PAGES, _undone, address_of, browser_of, expected_at_home, make_world, strangers

__all__ = ["_undone", "browser_of", "strangers"]

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("bad input")]
ROOM = {name: page for name, page in PAGES.items() if name.startswith("selfassessment:") and page.get == 200}
WHO = ("coordinator", "lead", "reviewer", "chief_officer")
TYPED = ("text", "url", "email", "search", "date", "time", "number", None)
NO_TEXT = {"NUL": ("%00", ""), "lone surrogate": ("%ED%A0%80", "\ufffd" * 3), "no UTF-8": ("%FF", "\ufffd")}
LONG = "A megabyte of text. " * 50_000


def stored():
    """Every row of the room, and of what a form leaves beside it."""
    models = [model for model in apps.get_models() if model.__module__.startswith("ncpi.selfassessment")]
    return [list(model.objects.order_by("pk").values_list()) for model in (*models, Draft, Submission)]


def build():
    made = make_world("Fenshire Constabulary")
    selfassessment.build(made)
    return made


world = worlds.world(build)


@pytest.fixture(scope="module")
def pages(world, browser_of):
    """Every page of the room, as those see it who may do there what can be done: address, browser, page."""
    in_review = Judgement.objects.filter(inspection=world.inspection, state="agreed").in_order().last()
    Judgement.objects.filter(pk=in_review.pk).update(state="in_review", saved_by=world.people["lead"])
    found = []
    for name, page in ROOM.items():
        address = address_of(page, world)
        if name == "selfassessment:review":
            address = address.replace(world.made["sa_criterion"].key, in_review.criterion.key)
        for role in (role for role in WHO if expected_at_home(role, page) == 200):
            browser = browser_of(world.people[role])
            answer = browser.get(address)
            if answer.streaming:
                b"".join(answer.streaming_content)
            if answer["Content-Type"].partition(";")[0] != "text/html":
                break  # a file, the same for everybody
            found.append((address, browser, html.fromstring(answer.content.decode())))
    return found


def typed_fields(form):
    """The names of what is typed into a form by hand."""
    fields = form.xpath(".//textarea | .//input")
    return [field.name for field in fields if field.tag == "textarea" or field.get("type") in TYPED]


def forms_of(pages):
    """Each form that is posted and typed into, once: where it goes, who sends it, its values and its typed fields."""
    found = {}
    for address, browser, page in pages:
        for form in page.forms:
            fields = typed_fields(form)
            if form.method == "POST" and fields and form.action != "/sign-out":
                to = form.action or address
                found.setdefault((to, *fields), (to, browser, form, fields))
    return list(found.values())


def values_of(form, **typed):
    values = {}
    for name, value in form.form_values():
        if name != "once":
            values.setdefault(name, []).append(value)
    return {**values, **typed}


def is_said_beside(page, name):
    """Whether a field of this name has a message in its group, and all that was typed in it."""
    for field in page.xpath(f"//*[(self::textarea or self::input) and @name='{name}']"):
        errors = field.xpath(
            "ancestor::div[contains(@class, 'govuk-form-group')][1]//*[contains(@class, 'govuk-error-message')]"
        )
        shown = field.text if field.tag == "textarea" else field.get("value")
        if errors and errors[0].text_content().strip() and (shown or "").strip() == LONG.strip():
            return True
    return False


def not_answered_well(pages):
    """Post a megabyte into every typed field of every form; name the fields without message or without their text."""
    wrong = []
    for to, browser, form, fields in forms_of(pages):
        answer = browser.post(to, values_of(form, **dict.fromkeys(fields, LONG)))
        page = html.fromstring(answer.content.decode() or "<p></p>")
        wrong += [(to, name, answer.status_code) for name in fields if not is_said_beside(page, name)]
    return wrong


def test_the_walk_finds_what_is_typed(pages):
    found = {name for _, _, _, fields in forms_of(pages) for name in fields}

    assert found == {
        "narrative", "impact", "gaps", "plan", "text", "title", "link", "period_from_date", "period_to_date",
        "review_date", "shows", "name", "reason", "due_date",
    }  # fmt: skip


def test_a_megabyte_in_any_field_is_refused_beside_it_and_shown_again(pages):
    before = stored()

    wrong = not_answered_well(pages)

    assert wrong == []
    assert stored() == before


def test_control_a_field_without_a_limit_is_found(pages, monkeypatch):
    monkeypatch.setattr(TextField, "__init__", unlimited(TextField.__init__))

    wrong = not_answered_well(pages)

    assert {name for _, name, *_ in wrong} == {"narrative", "impact", "gaps", "plan"}


def unlimited(make):
    def without_limit(self, **kwargs):
        make(self, **{**kwargs, "max_length": None})

    return without_limit


def test_what_is_no_text_is_refused_and_given_back_without_it(pages):
    before, wrong = stored(), []
    start, end = "Typed with care, and long enough to be worth giving back: ", "and so on to the end of it."

    for to, browser, _, fields in forms_of(pages):
        for name, (encoded, back) in NO_TEXT.items():
            body = "&".join(f"{field}={start.replace(' ', '+')}{encoded}{end.replace(' ', '+')}" for field in fields)
            answer = browser.post(to, body, content_type="application/x-www-form-urlencoded")
            page = html.fromstring(answer.content.decode())
            given = [area.text.removeprefix("\n") for area in page.xpath("//textarea")]
            told = "The text has a character that cannot be stored" in page.text_content()
            if (answer.status_code, told, given) != (400, True, [f"{start}{back}{end}"] * len(fields)):
                wrong.append((to, name, answer.status_code, given))

    assert wrong == []
    assert stored() == before
