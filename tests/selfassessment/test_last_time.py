"""The last inspection beside this one: its grade and words, its cases, what was asked; never across programmes."""

from datetime import date

import pytest
from django.urls import reverse

from ncpi.actions.operations import enter_recommendation, enter_report
from ncpi.board.operations import FigureValue, publish_figures
from tests import worlds
from tests.factories import (
    NOW,
    TODAY,
    client_of,
    judge,
    make_agreed,
    make_inspection,
    make_programme,
    make_recommendation,
    make_self_assessment,
)
from tests.selfassessment.acts import sign, submit
from tests.selfassessment.world import World

pytestmark = pytest.mark.django_db
LATER = {
    "notice_date": date(2023, 5, 22), "fieldwork_start_date": date(2023, 7, 3), "fieldwork_end_date": date(2023, 7, 14),
}  # fmt: skip


def build():
    """The last inspection: return 1 submitted, its first criterion changed since, cases published, two things asked."""
    world = World()
    inspection, people = world.inspection, world.people
    rows = make_agreed(inspection, lead=people["lead"])
    sign(inspection, people["chief_officer"])
    submit(inspection, people["coordinator"])
    judge(rows[0], by=people["lead"], grade="inadequate", narrative="Written after the return.")
    area = rows[0].criterion.area
    counts = {"good": 6, "requires_improvement": 9, "inadequate": 7}
    figures = [FigureValue("audit_grade", area.key, grade, count, 22) for grade, count in counts.items()]
    publish_figures(by=None, inspection=inspection, source="case audits", figures=figures, as_at=NOW)
    by = people["coordinator"]
    make_recommendation(inspection, by=by, number="1", text="Hear the child.", area=area)
    make_recommendation(inspection, by=by, number="2", text="Elsewhere.", area=rows[-1].criterion.area)
    other = enter_report(by=by, inspection=inspection, title="Another force's report", about="Wolden Police")
    enter_recommendation(
        by=by, inspection=inspection, report=other, number="3", text="Asked of others.", area=area, on=TODAY, at=NOW
    )
    world.judgements = rows
    return world


begun = worlds.copies(build)


@pytest.fixture
def earlier(judgements):
    return judgements


@pytest.fixture
def client(people):
    return client_of(people["lead"])


def opened(inspection, client, name, key):
    page = client.get(reverse(f"selfassessment:{name}", args=[inspection.ref, key]))
    return page, " ".join(page.content.decode().split())


def test_a_criterion_shows_what_the_return_said_its_cases_and_what_was_asked(
    force, earlier, client, django_assert_num_queries
):
    later = make_inspection(force, name="Inspection 2023", **LATER)
    make_self_assessment(later)
    opened(later, client, "last-time", "C20-OVR-1")

    with django_assert_num_queries(11):
        page, html = opened(later, client, "last-time", "C20-OVR-1")

    said, found = page.context["said"], page.context["found"]
    assert (said.grade, said.said, page.context["place"]) == ("Good", [("What we do", "We do this.")], "2")
    assert (found.source.submitted.number, found.cases.in_words) == (1, "6 of 22 (27%, 13 to 48%)")
    assert [(row.number, row.text) for row in found.asked] == [("1", "Hear the child.")]
    assert html.count("return 1</a> of 14 June 2021") == 1
    assert html.count("not compared") == 0


def test_an_area_counts_the_grades_of_the_return(force, earlier, client, django_assert_num_queries):
    later = make_inspection(force, name="Inspection 2023", **LATER)
    make_self_assessment(later)
    opened(later, client, "area-last-time", "C20-OVR")

    with django_assert_num_queries(12):
        page, _ = opened(later, client, "area-last-time", "C20-OVR")

    grades = page.context["found"].grades
    assert [(row.label, row.place, row.count) for row in grades] == [("Good", "2", 6)]


def test_under_another_programme_the_area_is_known_by_its_title_and_no_grade_is_compared(force, earlier, client):
    later = make_inspection(force, name="Inspection 2023", programme=make_programme("ncpi-2024"), **LATER)
    make_self_assessment(later)

    same, html = opened(later, client, "area-last-time", "C24-INV")
    other, _ = opened(later, client, "area-last-time", "C24-LEA")
    criterion, _ = opened(later, client, "last-time", "C24-INV-1")

    found = same.context["found"]
    assert found.area.key == "C20-INV"
    assert [(row.label, row.place, row.count) for row in found.grades] == [("Good", "none", 5)]
    assert html.count("not compared") == 1
    assert (other.context["found"].area, other.context["found"].grades) == (None, ())
    assert criterion.context["said"] is None


def test_the_first_inspection_has_no_last_time(earlier, client):
    _, html = opened(earlier[0].inspection, client, "last-time", "C20-OVR-1")
    _, area = opened(earlier[0].inspection, client, "area-last-time", "C20-OVR")

    words = "No earlier inspection with a self-assessment is held here."
    assert (html.count(words), area.count(words)) == (1, 1)


def test_without_a_return_what_stands_is_shown_and_what_was_never_said_is_not(force, people, client):
    first = make_self_assessment(make_inspection(force))
    judge(first[0], by=people["lead"], grade="inadequate", narrative="We failed here.")
    later = make_inspection(force, name="Inspection 2023", **LATER)
    make_self_assessment(later)

    page, html = opened(later, client, "last-time", "C20-OVR-1")
    silent, _ = opened(later, client, "last-time", "C20-OVR-2")

    assert (page.context["said"].grade, page.context["found"].source.submitted) == ("Inadequate", None)
    assert html.count("where nothing was submitted") == 1
    assert silent.context["said"] is None
