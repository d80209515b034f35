import pytest
from django.urls import reverse

from audits import figure_operations
from audits.models import Capacity
from audits.reference_queries import reference
from tests.audits.factories import AT, drawn_sample, graded
from tests.factories import client_of, make_user

pytestmark = pytest.mark.django_db


def test_the_forces_own_published_grades_stand_beside_what_was_published_of_others():
    sampled = drawn_sample(cases=2)
    auditor = make_user("auditor", force=sampled.force)
    for case, grade in zip(sampled.cases, ["good", "inadequate"], strict=True):
        graded(sampled, case, Capacity.AGREED, grade, by=auditor)
    before = reference(sampled.inspection).own

    figure_operations.publish_figures(by=None, inspection=sampled.inspection, as_at=AT)
    found = reference(sampled.inspection)

    assert before is None
    assert ([cell.number for cell in found.own.cells], found.own.total, found.own.as_at) == ([1, 0, 1], 2, AT)
    northumbria = next(row for row in found.used if row.result.id == "nbr-2018-1")
    assert [(cell.number, cell.percent, cell.low, cell.high) for cell in northumbria.cells] == [
        (27, 27, 19, 36),
        (41, 41, 32, 50),
        (33, 33, 24, 42),
    ]


def test_a_set_that_does_not_add_up_is_shown_as_such_and_stands_in_no_comparison():
    sampled = drawn_sample(cases=1)

    page = client_of(sampled.coordinator).get(reverse("audits:published-results", args=[sampled.inspection.ref]))

    assert "dur-pir-1" not in [row.result.id for row in page.context["reference"].used]
    assert page.content.decode().count("Does not add up: the grades sum to 29, the total is 20.") == 1
