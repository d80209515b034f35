"""Bringing last inspection's return forward: the rule, operations one test an exit, and the pages."""

from datetime import date

import pytest

from ncpi.accounts.models import JournalEntry
from ncpi.inspections import operations as inspections
from ncpi.lib.versions import StaleVersion
from ncpi.selfassessment import assignment_operations, carrying, operations, queries
from ncpi.selfassessment.carrying_operations import bring_all_forward, bring_forward, confirm_carried
from ncpi.selfassessment.models import Judgement
from ncpi.selfassessment.operations import NotPossibleNow
from tests import worlds
from tests.factories import (
    NOW,
    client_of,
    judge,
    make_agreed,
    make_evidence,
    make_force,
    make_inspection,
    make_programme,
    make_self_assessment,
)
from tests.selfassessment.acts import address, fresh, sign, submit
from tests.selfassessment.world import World

pytestmark = pytest.mark.django_db
EARLIER = {
    "notice_date": date(2018, 5, 1), "fieldwork_start_date": date(2018, 6, 4), "fieldwork_end_date": date(2018, 6, 15),
    "evidence_from_date": date(2017, 4, 1), "evidence_to_date": date(2018, 3, 31),
}  # fmt: skip
LATER = {
    "notice_date": date(2024, 9, 30), "fieldwork_start_date": date(2024, 11, 18),
    "fieldwork_end_date": date(2024, 11, 29), "evidence_from_date": date(2023, 10, 1),
    "evidence_to_date": date(2024, 9, 30),
}  # fmt: skip


def build():
    """Make the last inspection, two criteria of it written, the first with a grade."""
    world = World(make_inspection(make_force(), name="Inspection 2018", **EARLIER))
    rows, lead = world.judgements, world.people["lead"]
    judge(rows[0], by=lead, narrative="In 2018 we did this.", plan="More of it.")
    judge(rows[1], by=lead, grade="inadequate", narrative="In 2018 we failed here.")
    return world


begun = worlds.copies(build)


@pytest.fixture
def earlier(world):
    return world.judgements


@pytest.fixture
def judgements(force):
    return make_self_assessment(make_inspection(force))


def bring(row, people, key=None):
    return bring_forward(by=people["lead"], judgement=row, version=row.version, key=key or row.criterion.key, at=NOW)


# The rule


STEPS = [carrying.Step("good", "Good", 1, True), carrying.Step("poor", "Poor", 2, False)]


@pytest.mark.parametrize(
    ("line", "steps", "carries"),
    [
        ("ncpi-2020", STEPS, True),
        ("ncpi-2020", STEPS[::-1], True),
        ("ncpi-2024", STEPS, False),
        ("ncpi-2020", STEPS[:1], False),
        ("ncpi-2020", [STEPS[0], carrying.Step("poor", "Inadequate", 2, False)], False),
        ("ncpi-2020", [STEPS[0], carrying.Step("poor", "Poor", 2, True)], False),
    ],
)
def test_a_grade_is_carried_on_the_very_same_scale_only(line, steps, carries):
    assert carrying.carries_grades(carrying.scale("ncpi-2020", STEPS), carrying.scale(line, steps)) == carries


@pytest.mark.parametrize(("key", "line", "found"), [("C1", "a", "C1"), ("C3", "a", ""), ("C1", "b", "")])
def test_a_criterion_is_matched_by_its_key_in_its_own_line(key, line, found):
    assert carrying.matching_key(key, earlier=["C1", "C2"], earlier_line="a", later_line=line) == found


# One by one


def test_bringing_forward_takes_grade_and_texts_and_marks_where_they_came_from(earlier, judgements, people):
    bring(judgements[0], people)

    row = fresh(judgements[0])
    assert (row.grade.key, row.narrative, row.plan, row.state) == (
        "good", "In 2018 we did this.", "More of it.", "drafting",
    )  # fmt: skip
    assert (row.carried_from, row.saved_by, row.saved_at) == (earlier[0], people["lead"], NOW)
    entry = JournalEntry.objects.get(verb="brought forward")
    assert (entry.by, entry.detail) == (people["lead"], f"{row.criterion.key} of fenshire-2018")


def test_what_was_submitted_is_brought_and_not_what_was_written_later(force, people, judgements):
    rows = Judgement.objects.filter(inspection__name="Inspection 2018")
    submitted = _submitted(rows.first().inspection, people)
    judge(fresh(rows.in_order()[0]), by=people["lead"], narrative="Written after it was submitted.")

    bring(judgements[0], people)

    assert (fresh(judgements[0]).narrative, queries.source_of(judgements[0].inspection).submitted) == (
        "We do this.",
        submitted,
    )


def _submitted(inspection, people):
    make_agreed(inspection, lead=people["lead"])
    sign(inspection, people["chief_officer"])
    return submit(inspection, people["coordinator"])


def test_a_person_may_choose_another_criterion(judgements, people):
    bring(judgements[5], people, key=judgements[1].criterion.key)

    row = fresh(judgements[5])
    assert (row.narrative, row.grade.key) == ("In 2018 we failed here.", "inadequate")


def test_no_grade_crosses_to_another_scale(force, earlier, people):
    later = make_self_assessment(make_inspection(force, name="2024", programme=make_programme("ncpi-2024"), **LATER))

    bring(later[0], people, key=earlier[0].criterion.key)

    row = fresh(later[0])
    assert (row.narrative, row.grade) == ("In 2018 we did this.", None)


def test_what_has_been_begun_is_never_replaced(judgements, people):
    judge(judgements[0], by=people["lead"], narrative="Written now.")

    with pytest.raises(NotPossibleNow):
        bring(fresh(judgements[0]), people)

    assert fresh(judgements[0]).narrative == "Written now."


def test_bringing_over_a_change_that_was_not_seen_is_refused(judgements, people):
    seen = fresh(judgements[0])
    judge(judgements[0], by=people["lead"], narrative="Written now.")

    with pytest.raises(StaleVersion):
        bring(seen, people)


@pytest.mark.parametrize("key", ["C20-OVR-3", "C99"])
def test_bringing_what_was_not_said_is_refused(judgements, people, key):
    with pytest.raises(NotPossibleNow):
        bring(judgements[2], people, key=key)


def test_without_an_earlier_inspection_there_is_nothing_to_bring(earlier, people):
    with pytest.raises(NotPossibleNow):
        bring(earlier[2], people)


def test_another_forces_inspection_is_nobodys_source(earlier, people):
    other = make_inspection(make_force("Wolden Police"))

    assert queries.source_of(other) is None


def test_a_closed_inspection_takes_nothing(judgements, people):
    inspection = judgements[0].inspection
    inspections.close_inspection(by=people["lead"], inspection=inspection, version=1, at=NOW)

    with pytest.raises(inspections.InspectionClosed):
        bring(fresh(judgements[0]), people)
    with pytest.raises(inspections.InspectionClosed):
        bring_all_forward(by=people["lead"], inspection=inspection, at=NOW)


# All at once


def test_all_that_are_not_started_are_brought_and_no_other(judgements, people):
    judge(judgements[0], by=people["lead"], narrative="Written now.")

    count = bring_all_forward(by=people["coordinator"], inspection=judgements[0].inspection, at=NOW)

    rows = Judgement.objects.filter(inspection=judgements[0].inspection).exclude(narrative="").in_order()
    assert (count, [row.narrative for row in rows]) == (1, ["Written now.", "In 2018 we failed here."])


def test_bringing_all_twice_is_refused_the_second_time(judgements, people):
    bring_all_forward(by=people["coordinator"], inspection=judgements[0].inspection, at=NOW)

    with pytest.raises(NotPossibleNow):
        bring_all_forward(by=people["coordinator"], inspection=judgements[0].inspection, at=NOW)


def test_another_line_of_programme_brings_nothing_by_itself(force, earlier, people):
    later = make_self_assessment(make_inspection(force, name="2024", programme=make_programme("ncpi-2024"), **LATER))

    with pytest.raises(NotPossibleNow):
        bring_all_forward(by=people["coordinator"], inspection=later[0].inspection, at=NOW)


def test_all_cannot_be_brought_from_nowhere(earlier, people):
    with pytest.raises(NotPossibleNow):
        bring_all_forward(by=people["coordinator"], inspection=earlier[0].inspection, at=NOW)


# Until somebody has touched it


def test_what_is_carried_over_cannot_be_sent_for_review(judgements, people):
    row = bring(judgements[0], people)

    with pytest.raises(NotPossibleNow, match="carried over"):
        operations.send_for_review(by=people["lead"], judgement=fresh(row), version=row.version, at=NOW)


def test_confirmed_it_can_be_sent(judgements, people):
    row = bring(judgements[0], people)
    row = confirm_carried(by=people["lead"], judgement=fresh(row), version=row.version, at=NOW)

    operations.send_for_review(by=people["lead"], judgement=fresh(row), version=row.version, at=NOW)

    assert (fresh(row).state, fresh(row).carried_from) == ("in_review", None)


def test_saved_it_is_no_longer_carried_over(judgements, people):
    row = bring(judgements[0], people)

    judge(fresh(row), by=people["lead"], narrative="As we do it now.")

    assert fresh(row).carried_from is None


def test_confirming_what_is_not_carried_over_is_refused(judgements, people):
    with pytest.raises(NotPossibleNow):
        confirm_carried(by=people["lead"], judgement=judgements[0], version=1, at=NOW)


def test_confirming_what_changed_meanwhile_is_refused(judgements, people):
    row = fresh(bring(judgements[0], people))
    assignment_operations.assign(
        by=people["coordinator"],
        inspection=row.inspection,
        versions={row.pk: row.version},
        changes={"lead": people["lead"]},
    )

    with pytest.raises(StaleVersion):
        confirm_carried(by=people["lead"], judgement=row, version=row.version, at=NOW)


def test_a_closed_inspection_confirms_nothing(judgements, people):
    row = fresh(bring(judgements[0], people))
    inspections.close_inspection(by=people["lead"], inspection=row.inspection, version=1, at=NOW)

    with pytest.raises(inspections.InspectionClosed):
        confirm_carried(by=people["lead"], judgement=fresh(row), version=row.version, at=NOW)


def test_carried_over_is_a_gap_graded_or_not(force, earlier, judgements, people):
    make_evidence(judgements[0].inspection, by=people["lead"], judgement=judgements[0], kind="voice")
    bring(judgements[0], people)
    later = make_self_assessment(make_inspection(force, name="2024", programme=make_programme("ncpi-2024"), **LATER))
    bring(later[0], people, key=judgements[0].criterion.key)

    lines = queries.gaps(judgements[0].inspection)
    found = [(row.weakness.claim.key, [line.gap.rule for line in row.gaps]) for row in lines]
    ungraded = [[line.gap.reason for line in row.gaps] for row in queries.gaps(later[0].inspection)]

    assert found == [(judgements[0].criterion.key, ["carried_over", "one_kind"])]
    assert ungraded == [["Carried over from Inspection 2021. Nobody has changed or confirmed it."]]


# The pages


def test_a_lead_reads_the_earlier_text_and_brings_it(judgements, people):
    client = client_of(people["lead"])
    page = client.get(address("bring-forward", judgements[0]))

    response = client.post(address("bring-forward", judgements[0]), {"version": 1, "key": page.context["earlier"].key})

    assert page.context["earlier"].said == [("What we do", "In 2018 we did this."), ("Plan", "More of it.")]
    assert response["Location"] == address("criterion", judgements[0])
    assert "Carried over from Inspection 2018." in client.get(response["Location"]).content.decode()


def test_the_coordinator_brings_all_and_the_overview_says_what_is_carried_over(judgements, people):
    client = client_of(people["coordinator"])
    page = client.get(address("bring-all-forward", judgements[0]))

    response = client.post(address("bring-all-forward", judgements[0]))

    overview = client.get(response["Location"]).context["overview"]
    assert response["Location"] == address("overview", judgements[0])
    assert (page.context["matched"], overview.lines[0].carried) == (2, 2)


def test_a_lead_confirms_from_the_page(judgements, people):
    row = bring(judgements[0], people)

    client_of(people["lead"]).post(address("confirm-carried", judgements[0]), {"version": row.version})

    assert fresh(row).carried_from is None


@pytest.mark.parametrize("data", [{}, {"version": "x", "key": "C20-OVR-1"}, {"version": 1, "key": "C99"}])
def test_a_button_that_does_not_fit_changes_nothing(judgements, people, data):
    response = client_of(people["lead"]).post(address("bring-forward", judgements[0]), data)

    assert (response.status_code, fresh(judgements[0]).version) == (302, 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_the_same_few_queries(force, people, rows, django_assert_num_queries):
    before = make_self_assessment(make_inspection(force, name="Inspection 2018", **EARLIER))
    for row in before[:rows]:
        judge(row, by=people["lead"])
    first = make_self_assessment(make_inspection(force))[0]
    client = client_of(people["coordinator"])
    client.get(address("bring-all-forward", first))

    with django_assert_num_queries(9):
        client.get(address("bring-all-forward", first))
