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
from tests import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demonstration")]


def build(stage):
    made = base.build(stage=stage, rng=random.Random(7))
    demo.build(made, stage=stage)
    return made.inspection


inspection = worlds.world(lambda: build("fieldwork"))


def test_at_fieldwork_every_criterion_is_judged_and_what_was_signed_is_partly_stale(inspection):
    rows = Judgement.objects.filter(inspection=inspection)
    standings = queries.standings([queries.whole_return(inspection)])
    assert rows.exclude(grade=None).exclude(narrative="").count() == 37
    assert Counter(rows.values_list("state", flat=True)) == {"agreed": 24, "drafting": 6, "in_review": 4, "returned": 3}
    assert Counter(standing.status for standing in standings.values()) == {Status.VALID: 2, Status.STALE: 2}
    assert Evidence.objects.filter(inspection=inspection).count() == 29


def test_at_fieldwork_questions_are_open_and_resolved_and_a_gap_has_become_an_action(inspection):
    threads = Thread.objects.filter(judgement__inspection=inspection)
    raised = GapAction.objects.select_related("action", "judgement__criterion").get(judgement__inspection=inspection)
    assert (threads.open_questions().count(), threads.exclude(resolved_at=None).count(), threads.count()) == (2, 2, 5)
    assert (raised.judgement.criterion.key, raised.rule, raised.action.due_date) == (
        "C20-RSK-3",
        "no_voice",
        date(2021, 7, 2),
    )


def test_the_inspectors_have_return_1_to_read(inspection):
    submitted = queries.submitted_returns(inspection).get()
    changed = {row.criterion for row in queries.next_return(inspection).differences}
    not_agreed = Judgement.objects.filter(inspection=inspection).exclude(state="agreed")
    assert (submitted.number, submitted.submitted_at) == (1, moment(date(2021, 7, 2), 10))
    assert len(queries.submitted_files(submitted)) > 5
    assert set(not_agreed.values_list("criterion__key", flat=True)) <= changed


def test_the_return_as_it_was_when_it_was_signed_is_the_one_that_was_signed(inspection):
    found = queries.as_it_was(inspection, at=moment(date(2021, 7, 1), 17, 1))

    assert found.digest == Signature.objects.get(inspection=inspection, area=None).digest
    assert Counter(found.states.values()) == {"Agreed": 37}


def test_an_earlier_inspection_is_there_to_compare_with_to_bring_forward_and_to_read_as_it_was(inspection):
    source = queries.source_of(inspection)
    before = queries.as_it_was(source.inspection, at=moment(date(2018, 5, 8), 18))
    found = queries.last_time(inspection, inspection.programme.areas.get(key="C20-INI"))
    brought = Judgement.objects.get(inspection=inspection, criterion__key="C20-LMG-5")
    on_27_may = queries.as_it_was(inspection, at=moment(date(2021, 5, 27)))

    assert (source.inspection.ref, source.inspection.is_closed, source.submitted.number) == ("fenshire-2018", True, 1)
    assert (len(source.criteria), source.carries_grades, before.digest) == (37, True, source.submitted.digest)
    assert [(row.label, row.count) for row in found.grades] == [
        ("Good", 1),
        ("Requires improvement", 2),
        ("Inadequate", 1),
    ]
    assert [(row.number, row.status) for row in found.asked] == [("F18-1", "complete")]
    assert Counter(on_27_may.states.values()) == {"Not started": 35, "Being written": 2}
    assert [row.said["Carried over from"] for row in queries.versions(brought)][2:4] == [source.inspection.name, ""]
    assert source.inspection.milestones.filter(done_date=None).count() == 0
