"""The demonstration's self-assessment is what it says it is at each stage."""

import random
from collections import Counter
from datetime import date

import pytest

from ncpi.inspections import demo as base
from ncpi.inspections.demo import moment
from ncpi.selfassessment import demo, queries
from ncpi.selfassessment.models import Evidence, Judgement, Signature
from ncpi.selfassessment.signing import Status
from ncpi.selfassessment.thread_models import GapAction, Thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def built(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    def build(stage):
        made = base.build(stage=stage, rng=random.Random(7))
        demo.build(made, stage=stage)
        return made

    return build


def test_at_fieldwork_all_is_judged_some_signatures_are_stale_and_questions_are_open(built):
    inspection = built("fieldwork").inspection

    rows = Judgement.objects.filter(inspection=inspection)
    threads = Thread.objects.filter(judgement__inspection=inspection)
    raised = GapAction.objects.select_related("action", "judgement__criterion").get(judgement__inspection=inspection)
    standings = queries.standings([queries.whole_return(inspection)])
    assert rows.exclude(grade=None).exclude(narrative="").count() == 37
    assert Counter(rows.values_list("state", flat=True)) == {"agreed": 24, "drafting": 6, "in_review": 4, "returned": 3}
    assert Counter(standing.status for standing in standings.values()) == {Status.VALID: 2, Status.STALE: 2}
    assert Evidence.objects.filter(inspection=inspection).count() == 29
    assert (threads.open_questions().count(), threads.exclude(resolved_at=None).count(), threads.count()) == (2, 2, 5)
    assert (raised.judgement.criterion.key, raised.rule, raised.action.due_date) == (
        "C20-RSK-3",
        "no_voice",
        date(2021, 7, 2),
    )


@pytest.mark.parametrize("stage", ["fieldwork", "report"])
def test_the_inspectors_have_return_1_to_read(built, stage):
    inspection = built(stage).inspection

    submitted = queries.submitted_returns(inspection).get()
    when_signed = queries.as_it_was(inspection, at=moment(date(2021, 7, 1), 17, 1))
    changed = {row.criterion for row in queries.next_return(inspection).differences}
    not_agreed = Judgement.objects.filter(inspection=inspection).exclude(state="agreed")
    assert (submitted.number, submitted.submitted_at) == (1, moment(date(2021, 7, 2), 10))
    assert len(queries.submitted_files(submitted)) > 5
    assert when_signed.digest == Signature.objects.get(inspection=inspection, area=None).digest
    assert Counter(when_signed.states.values()) == {"Agreed": 37}
    assert set(not_agreed.values_list("criterion__key", flat=True)) <= changed


def test_at_notice_nothing_has_begun(built):
    inspection = built("notice").inspection

    assert Judgement.objects.filter(inspection=inspection).count() == 0


def test_an_earlier_inspection_is_there_to_compare_with_to_bring_forward_and_to_read_as_it_was(built):
    inspection = built("self-assessment").inspection

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
