"""What stands on people's work lists and on the inspection's page."""

from datetime import date, timedelta

import pytest

from ncpi.accounts.access import permissions_in
from ncpi.lib.clocks import Clock
from ncpi.selfassessment import assignment_operations, operations, queries
from ncpi.selfassessment.signing import STATEMENT
from ncpi.selfassessment.work import my_work, tile
from tests.factories import NOW, agree_all, judge, make_inspection, make_self_assessment
from tests.selfassessment.acts import fresh

pytestmark = pytest.mark.django_db
CLOCK = Clock(offset=timedelta(0), at=NOW, on=date(2021, 6, 14))


def assign(row, people, due=date(2021, 6, 18), **changes):
    changes = {"lead": people["lead"], "due_date": due, **changes}
    versions = {row.pk: fresh(row).version}
    assignment_operations.assign(
        by=people["coordinator"], inspection=row.inspection, versions=versions, changes=changes
    )


def in_short(items):
    return [(item.urgency, item.title, item.kind, item.note, item.is_overdue) for item in items]


def test_a_lead_has_what_they_hold_and_have_not_sent(judgements, people):
    assign(judgements[0], people)
    assign(judgements[1], people, due=date(2021, 6, 11))
    judge(fresh(judgements[1]), by=people["lead"])

    assert sorted(in_short(my_work(people["lead"], clock=CLOCK))) == [
        (0, judgements[1].criterion.title, "Judgement to write", "Being written", True),
        (2, judgements[0].criterion.title, "Judgement to write", "Not started", False),
    ]


def test_what_was_returned_comes_back_to_its_lead(judgements, people):
    assign(judgements[0], people)
    judge(fresh(judgements[0]), by=people["lead"])
    row = operations.send_for_review(by=people["lead"], judgement=fresh(judgements[0]), version=3, at=NOW)
    operations.return_judgement(by=people["reviewer"], judgement=fresh(row), version=4, reason="Why?", at=NOW)

    assert in_short(my_work(people["lead"], clock=CLOCK)) == [
        (1, judgements[0].criterion.title, "Judgement to write", "Returned to you: read why", False)
    ]


def test_what_is_in_review_with_nobody_in_particular_stands_with_every_reviewer(judgements, people):
    judge(judgements[0], by=people["lead"])
    operations.send_for_review(by=people["lead"], judgement=fresh(judgements[0]), version=2, at=NOW)

    assert in_short(my_work(people["reviewer"], clock=CLOCK)) == [
        (1, judgements[0].criterion.title, "Judgement to review", "Sent for review", False)
    ]
    assert my_work(people["lead"], clock=CLOCK) == []


def test_a_chief_officer_has_areas_that_are_ready_and_areas_that_changed(judgements, people):
    area, inspection = judgements[0].criterion.area, judgements[0].inspection
    rows = [row for row in judgements if row.criterion.area_id == area.pk]
    agree_all(rows, lead=people["lead"], reviewer=people["reviewer"])
    ready = in_short(my_work(people["chief_officer"], clock=CLOCK))
    digest = queries.scope_to_sign(inspection, area).digest
    operations.sign(
        by=people["chief_officer"], inspection=inspection, area=area, shown_digest=digest, name="DCC",
        statement=STATEMENT, at=NOW,
    )  # fmt: skip
    signed = my_work(people["chief_officer"], clock=CLOCK)
    judge(fresh(rows[0]), by=people["lead"], narrative="Changed")

    changed = in_short(my_work(people["chief_officer"], clock=CLOCK))
    assert ready == [(1, area.title, "Area to sign", "Every criterion is agreed", False)]
    assert signed == []
    assert changed == [(1, area.title, "Area to sign", "Changed since you signed", False)]


def test_another_clock_has_none_of_it(judgements, people):
    assign(judgements[0], people)

    elsewhere = Clock(offset=timedelta(days=1), at=NOW, on=CLOCK.on)
    assert my_work(people["lead"], clock=elsewhere) == []


@pytest.mark.parametrize("inspections", [1, 3])
@pytest.mark.parametrize(("role", "queries_taken"), [("lead", 3), ("chief_officer", 8)])
def test_a_work_list_takes_the_same_few_queries(
    force, people, role, inspections, queries_taken, django_assert_num_queries
):
    for _ in range(inspections):
        row = make_self_assessment(make_inspection(force))[0]
        assign(row, people)
    person = people[role]

    with django_assert_num_queries(queries_taken):
        my_work(person, clock=CLOCK)


def test_the_tile_counts_what_is_agreed_and_warns_of_what_is_late(judgements, people):
    agree_all(judgements[:2], lead=people["lead"], reviewer=people["reviewer"])
    assign(judgements[3], people, due=date(2021, 6, 11))
    assign(judgements[4], people, due=date(2021, 6, 18))
    inspection = judgements[0].inspection

    found = tile(inspection, permissions_in(people["coordinator"], inspection.force_id), clock=CLOCK)

    assert (found.count, found.text, found.next_date, found.is_warning) == (
        "2 of 37",
        "criteria agreed, 1 overdue",
        date(2021, 6, 18),
        True,
    )


def test_an_inspectors_tile_counts_submitted_returns(judgements, people):
    inspection = judgements[0].inspection

    found = tile(inspection, permissions_in(people["inspector"], inspection.force_id), clock=CLOCK)

    assert (found.count, found.text) == ("0", "submitted returns to read")


def test_who_may_not_read_it_has_no_tile(judgements):
    assert tile(judgements[0].inspection, set(), clock=CLOCK) is None
