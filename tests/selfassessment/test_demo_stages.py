"""What the demonstration's self-assessment holds before and after the fieldwork."""

from datetime import date

import pytest

from ncpi.inspections.demo import moment
from ncpi.selfassessment import queries
from ncpi.selfassessment.models import Judgement
from tests.selfassessment.test_demo import build

pytestmark = pytest.mark.django_db


def test_at_notice_nothing_has_begun():
    inspection = build("notice")

    assert Judgement.objects.filter(inspection=inspection).count() == 0


def test_at_the_report_the_inspectors_still_have_the_return_they_read():
    inspection = build("report")

    assert [submitted.number for submitted in queries.submitted_returns(inspection)] == [1]


def test_an_earlier_inspection_is_there_to_compare_with_to_bring_forward_and_to_read_as_it_was():
    inspection = build("self-assessment")

    source = queries.source_of(inspection)
    before = queries.as_it_was(source.inspection, at=moment(date(2018, 5, 8), 18))
    area = inspection.programme.areas.get(key="C20-INI")
    found = queries.last_time(inspection, area)
    carried = Judgement.objects.filter(inspection=inspection).exclude(carried_from=None)
    assert (source.inspection.ref, source.inspection.is_closed, source.submitted.number) == ("fenshire-2018", True, 1)
    assert (len(source.criteria), source.carries_grades) == (37, True)
    assert before.digest == source.submitted.digest
    assert [(row.label, row.count) for row in found.grades] == [
        ("Good", 1),
        ("Requires improvement", 2),
        ("Inadequate", 1),
    ]
    assert [(row.number, row.status) for row in found.asked] == [("F18-1", "complete")]
    assert sorted(carried.values_list("criterion__key", flat=True)) == ["C20-LMG-5", "C20-OVR-1"]
    assert source.inspection.milestones.filter(done_date=None).count() == 0
