"""Home says what colleagues did since one was last here: counted, of the own forces, for those who may read on."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from ncpi.accounts import journal
from ncpi.accounts.news import LOOKS_BACK, News, news_of
from ncpi.accounts.permissions import roles_with
from ncpi.accounts.work import inspections_of
from ncpi.fieldwork.models import Reply
from ncpi.selfassessment.models import Step
from tests.factories import PASSWORD, client_of, make_action, make_force, make_inspection, make_user

ROOMS = Path(settings.BASE_DIR)
KINDS = [kind for path in settings.NEWS for kind in import_string(path)]


@pytest.fixture
def inspection(db):
    return make_inspection()


@pytest.fixture
def coordinator(inspection):
    return make_user("coordinator", force=inspection.force)


@pytest.fixture
def lead(inspection):
    return make_user("lead", force=inspection.force)


def raise_actions(number, *, by, inspection):
    return [make_action(inspection, by=by) for _ in range(number)]


def news(user, *, since=timedelta(hours=1)):
    at = timezone.now()
    return news_of(user, since=at - since, cards=inspections_of(user), at=at)


def test_what_others_did_is_counted_and_leads_on(inspection, coordinator, lead):
    raise_actions(2, by=coordinator, inspection=inspection)
    journal.record(by=coordinator, verb="submitted", subject=inspection, force=inspection.force)

    assert news(lead) == [
        News("2 actions raised", "Fenshire Constabulary", reverse("actions:list", args=[inspection.ref]))
    ]


def test_one_thing_touched_twice_is_one(inspection, coordinator, lead):
    (action,) = raise_actions(1, by=coordinator, inspection=inspection)
    for _ in range(2):
        journal.record(by=coordinator, verb="updated", subject=action, force=inspection.force)

    assert [item.text for item in news(lead)] == ["1 action with a new update", "1 action raised"]


def test_nobody_is_told_of_their_own_work(inspection, coordinator):
    raise_actions(1, by=coordinator, inspection=inspection)

    assert news(coordinator) == []


def test_another_force_hears_nothing(inspection, coordinator):
    stranger = make_user("lead", force=make_force("Wessmouth Police"))
    raise_actions(1, by=coordinator, inspection=inspection)

    assert news(stranger) == []


def test_who_may_not_read_on_hears_nothing(inspection, coordinator):
    auditor = make_user("administrator", force=inspection.force)
    raise_actions(1, by=coordinator, inspection=inspection)

    assert news(auditor) == []


def test_with_two_open_inspections_the_line_leads_nowhere(inspection, coordinator, lead):
    make_inspection(inspection.force, name="Inspection 2022")
    raise_actions(1, by=coordinator, inspection=inspection)

    assert news(lead) == [News("1 action raised", "Fenshire Constabulary", "")]


def test_a_long_absence_is_not_recounted_whole(inspection, coordinator, lead):
    raise_actions(1, by=coordinator, inspection=inspection)
    at = timezone.now() + LOOKS_BACK + timedelta(minutes=1)

    assert news_of(lead, since=at - timedelta(days=400), cards=[], at=at) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_it_is_asked_in_one_query(rows, inspection, coordinator, lead, django_assert_num_queries):
    raise_actions(rows, by=coordinator, inspection=inspection)
    cards = inspections_of(lead)

    with django_assert_num_queries(1):
        news_of(lead, since=timezone.now() - timedelta(hours=1), cards=cards, at=timezone.now())


def test_home_tells_it_from_the_second_sign_in_on(inspection, coordinator, lead):
    raise_actions(1, by=coordinator, inspection=inspection)
    signs_in = {"email": lead.email, "password": PASSWORD}

    first, second = Client(), Client()
    first.post("/sign-in", signs_in)
    told_at_first = "Since you were last here" in first.get("/").content.decode()
    raise_actions(1, by=coordinator, inspection=inspection)
    second.post("/sign-in", signs_in)

    page = second.get("/").content.decode()
    assert not told_at_first
    assert re.findall(r'<ul class="ncpi-news">.*?</ul>', page, re.DOTALL)[0].count("<li>") == 1
    assert "1 action raised" in page


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.subject_type} {kind.verb}")
def test_whoever_hears_of_it_may_open_its_page(kind):
    view = resolve(reverse(kind.page, args=["ref"])).func

    assert set(roles_with(kind.permission)) - set(roles_with(view.permission)) == set()
    assert apps.get_model(kind.subject_type)._meta.label_lower == kind.subject_type


def test_every_kind_is_one_that_the_journal_is_given():
    sources = "".join(
        path.read_text()
        for room in ("ncpi", "audits")
        for path in (ROOMS / room).rglob("*.py")
        if path.name != "news.py"
    )
    steps = {label.lower() for label in Step.labels} | {f"answered ({label.lower()})" for label in Reply.labels}

    unknown = {kind.verb for kind in KINDS if f'"{kind.verb}"' not in sources} - steps

    assert unknown == set()


def test_a_page_of_home_without_news_has_no_heading_for_it(lead):
    assert "Since you were last here" not in client_of(lead).get("/").content.decode()
