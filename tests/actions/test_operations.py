"""From a recommendation to the proof that what was done has worked."""

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from ncpi.accounts.models import JournalEntry
from ncpi.actions import operations
from ncpi.actions.models import Action, Proof, Recommendation, Report
from ncpi.actions.recommendation_rows import RecommendationRowsError, read_recommendations
from ncpi.inspections import operations as inspections
from ncpi.inspections.models import ChangeMark
from ncpi.lib.uploads import inspect
from ncpi.lib.versions import StaleVersion
from tests import worlds
from tests.factories import NOW, TODAY, make_action, make_force, make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


def make_world():
    force = make_force()
    coordinator = make_user("coordinator", force=force)
    owner = make_user("action_owner", force=force)
    chief = make_user("chief_officer", force=force)
    inspection = make_inspection(by=coordinator)
    return {
        "force": force,
        "coordinator": coordinator,
        "owner": owner,
        "chief": chief,
        "inspection": inspection,
    }


made = worlds.copies(make_world)


@pytest.fixture
def world(made, db):
    return made()


@pytest.fixture
def force(world):
    return world["force"]


@pytest.fixture
def coordinator(world):
    return world["coordinator"]


@pytest.fixture
def owner(world):
    return world["owner"]


@pytest.fixture
def chief(world):
    return world["chief"]


@pytest.fixture
def inspection(world):
    return world["inspection"]


@pytest.fixture
def recommendation(inspection, coordinator):
    return make_recommendation(inspection, by=coordinator)


@pytest.fixture
def action(inspection, coordinator, owner):
    return make_action(inspection, by=coordinator, owner=owner)


def marked(inspection):
    return ChangeMark.objects.get(inspection=inspection).changed_at


# Recommendations


@pytest.mark.parametrize(
    ("deadline", "stated", "due"),
    [
        ("within_3_months", None, date(2021, 6, 1)),
        ("within_6_months", None, date(2021, 9, 1)),
        ("immediately", None, None),
        ("fixed_date", date(2021, 11, 30), date(2021, 11, 30)),
        ("", None, None),
    ],
)
def test_the_due_date_follows_from_the_programmes_rule(inspection, coordinator, deadline, stated, due):
    row = make_recommendation(inspection, by=coordinator, deadline_kind=deadline, stated_date=stated)

    assert row.due_date == due


def test_entering_begins_the_trail_and_marks_the_inspection(inspection, coordinator):
    row = make_recommendation(inspection, by=coordinator)

    entry = row.trail.get()
    assert (entry.status, entry.on_date, entry.by_id) == ("awaiting_review", TODAY, coordinator.pk)
    assert marked(inspection) == NOW
    assert JournalEntry.objects.filter(verb="entered", subject="Recommendation 1").count() == 1


def test_a_number_stands_once_in_a_report(inspection, coordinator, recommendation):
    with pytest.raises(operations.NumberTaken, match="This report has a recommendation 1 already"):
        make_recommendation(inspection, by=coordinator)

    assert Recommendation.objects.count() == 1


def test_a_deadline_that_the_programme_does_not_know_is_refused(inspection, coordinator):
    with pytest.raises(operations.UnknownDeadline):
        make_recommendation(inspection, by=coordinator, deadline_kind="soon")


def test_nothing_is_entered_under_a_closed_inspection(inspection, coordinator):
    inspections.close_inspection(by=coordinator, inspection=inspection, version=1, at=NOW)

    with pytest.raises(inspections.InspectionClosed):
        make_recommendation(inspection, by=coordinator)


CSV = (
    b"number,report,published_on,text,deadline,force\n"
    b"1,NCPI,2021-03-01,Act,within_3_months,\n"
    b"2,NCPI,2021-03-01,Act more,immediately,\n"
    b"1,NCPI,2020-01-15,Act elsewhere,within_6_months,Other Police\n"
)


def bring_in(inspection, by, raw=CSV):
    rows = read_recommendations(raw)
    return operations.import_recommendations(by=by, inspection=inspection, rows=rows, on=TODAY, at=NOW)


def test_importing_enters_every_row_under_its_report(inspection, coordinator):
    bring_in(inspection, coordinator)

    assert list(Recommendation.objects.order_by("pk").values_list("report__about", "number", "due_date")) == [
        ("Fenshire Constabulary", "1", date(2021, 6, 1)),
        ("Fenshire Constabulary", "2", None),
        ("Other Police", "1", date(2020, 7, 15)),
    ]
    assert Report.objects.count() == 2


def test_the_same_file_twice_is_said_and_changes_nothing(inspection, coordinator):
    bring_in(inspection, coordinator)

    with pytest.raises(operations.AlreadyImported):
        bring_in(inspection, coordinator)

    assert Recommendation.objects.count() == 3


def test_a_file_that_partly_overlaps_is_refused_whole_and_names_the_rows(inspection, coordinator):
    bring_in(inspection, coordinator)

    with pytest.raises(RecommendationRowsError) as refused:
        bring_in(inspection, coordinator, CSV + b"3,NCPI,2021-03-01,New,,\n")

    assert [problem.row for problem in refused.value.problems] == [2, 3, 4]
    assert Recommendation.objects.count() == 3


def test_the_same_recommendation_in_another_forces_tracker_is_no_obstacle(inspection, coordinator):
    bring_in(inspection, coordinator)
    other = make_inspection(make_force("Other Police"), name="Other")

    bring_in(other, coordinator)

    assert Recommendation.objects.filter(force=other.force).count() == 3


def step(row, by, status, day, version=None):
    return operations.change_status(
        by=by,
        recommendation=row,
        version=version or row.version,
        status=status,
        comment="",
        on_date=day,
        on=TODAY,
        at=LATER,
    )


def test_a_step_along_the_trail_keeps_the_earlier_ones(recommendation, coordinator, inspection):
    step(recommendation, coordinator, "being_progressed", TODAY)

    assert recommendation.status == "being_progressed"
    assert list(recommendation.trail.order_by("pk").values_list("status", flat=True)) == [
        "awaiting_review",
        "being_progressed",
    ]
    assert marked(inspection) == LATER


@pytest.mark.parametrize("days", [-1, 1])
def test_a_step_before_the_last_one_or_in_the_future_is_refused(recommendation, coordinator, days):
    with pytest.raises(operations.BeforeTheLastStep):
        step(recommendation, coordinator, "complete", TODAY + timedelta(days=days))


def test_the_same_status_again_is_refused(recommendation, coordinator):
    with pytest.raises(operations.SameStatus):
        step(recommendation, coordinator, "awaiting_review", TODAY)


def test_a_stale_step_leaves_no_trace(recommendation, coordinator):
    step(recommendation, coordinator, "being_progressed", TODAY)

    with pytest.raises(StaleVersion):
        step(recommendation, coordinator, "complete", TODAY, version=1)

    assert recommendation.trail.count() == 2


def repeat(row, by, earlier):
    return operations.link_repeat(by=by, recommendation=row, version=row.version, repeats=earlier, at=NOW)


def test_a_recommendation_is_linked_to_what_it_repeats_and_unlinked(inspection, coordinator, recommendation):
    later = make_recommendation(inspection, by=coordinator, number="2")

    repeat(later, coordinator, recommendation)
    linked = later.repeats_id
    repeat(later, coordinator, None)

    assert (linked, later.repeats_id) == (recommendation.pk, None)


def test_a_circle_of_repeats_is_refused(inspection, coordinator, recommendation):
    second = make_recommendation(inspection, by=coordinator, number="2")
    third = make_recommendation(inspection, by=coordinator, number="3")
    repeat(second, coordinator, recommendation)
    repeat(third, coordinator, second)

    for earlier in (third, recommendation):
        with pytest.raises(operations.RepeatsItself):
            repeat(recommendation, coordinator, earlier)


def test_another_forces_recommendation_is_not_repeated(coordinator, recommendation):
    other = make_recommendation(make_inspection(make_force("Other Police"), name="Other"))

    with pytest.raises(operations.RepeatsItself):
        repeat(recommendation, coordinator, other)


def test_owner_and_date_change_with_a_line_in_the_journal(recommendation, coordinator, owner):
    operations.edit_recommendation(
        by=coordinator,
        recommendation=recommendation,
        version=1,
        owner=owner,
        due_date=date(2021, 8, 1),
        theme="voice",
        area=None,
        at=LATER,
    )

    assert (recommendation.owner_id, recommendation.due_date) == (owner.pk, date(2021, 8, 1))
    assert JournalEntry.objects.get(verb="changed").detail == "due 2021-06-01 to 2021-08-01"


# Actions


def test_an_action_has_an_owner_and_a_date_from_the_start(action, owner, coordinator):
    assert (action.owner_id, action.raised_by_id, action.status) == (owner.pk, coordinator.pk, "open")
    assert JournalEntry.objects.get(verb="raised").subject == f"Action {action.pk}"


def test_an_action_due_before_today_is_refused(inspection, coordinator):
    with pytest.raises(operations.DueBeforeRaised):
        make_action(inspection, by=coordinator, due_date=TODAY - timedelta(days=1))


def report(action, by, version=None, status="in_progress"):
    return operations.update_action(
        by=by,
        action=action,
        version=version or action.version,
        text="Begun.",
        next_step="Go on",
        status=status,
        at=LATER,
    )


def test_an_update_says_what_was_done_and_what_comes_next(action, owner, inspection):
    report(action, owner)

    assert (action.status, action.next_step, action.updates.get().text) == ("in_progress", "Go on", "Begun.")
    assert marked(inspection) == LATER


def test_an_update_cannot_close_an_action(action, owner):
    with pytest.raises(ValueError, match="closed"):
        report(action, owner, status="closed")


def test_a_stale_update_is_refused_and_nothing_is_kept_of_it(action, owner):
    report(action, owner)

    with pytest.raises(StaleVersion):
        report(action, owner, version=1)

    assert action.updates.count() == 1


def test_a_moved_date_keeps_every_earlier_one_with_the_reason(action, owner):
    for day in (10, 20):
        operations.move_due_date(
            by=owner, action=action, version=action.version, new_date=date(2021, 7, day), reason=f"To {day}", at=LATER
        )

    assert action.due_date == date(2021, 7, 20)
    assert list(action.date_changes.order_by("pk").values_list("old_date", "new_date", "reason")) == [
        (date(2021, 7, 1), date(2021, 7, 10), "To 10"),
        (date(2021, 7, 10), date(2021, 7, 20), "To 20"),
    ]


def test_a_date_is_not_moved_before_the_action_was_raised(action, owner):
    with pytest.raises(operations.DueBeforeRaised):
        operations.move_due_date(
            by=owner, action=action, version=1, new_date=TODAY - timedelta(days=1), reason="", at=LATER
        )


def test_an_action_is_handed_over(action, coordinator, chief):
    operations.hand_over(by=coordinator, action=action, version=1, owner=chief, at=LATER)

    assert action.owner_id == chief.pk


def prove(action, by, **values):
    return operations.add_proof(by=by, action=action, text="Shows it.", at=LATER, **values)


def test_proof_keeps_the_document_under_a_generated_name_with_its_digest(action, owner):
    proof = prove(action, owner, document=inspect(io.BytesIO(b"what was done"), "proof.txt"))

    assert (proof.file_name, proof.size) == ("proof.txt", 13)
    assert (Path(settings.MEDIA_ROOT) / proof.stored_name).read_bytes() == b"what was done"
    assert JournalEntry.objects.get(verb="proved").detail == proof.sha256


def ask(action, by):
    return operations.ask_for_closure(by=by, action=action, version=action.version, text="Done.", at=LATER)


def decide(action, by, worked=True):
    return operations.decide_closure(
        by=by,
        action=action,
        version=action.version,
        worked=worked,
        test_of_effect="Ten cases read.",
        on=TODAY,
        at=LATER,
    )


def test_closure_needs_proof(action, owner):
    with pytest.raises(operations.NoProof):
        ask(action, owner)

    assert action.status == "open"


def test_a_second_person_closes_what_worked(action, owner, chief):
    prove(action, owner)
    ask(action, owner)

    decide(action, chief)

    assert (action.status, action.closed_date) == ("closed", TODAY)
    assert (action.closures.get().worked, action.closures.get().by_id) == (True, chief.pk)


def test_what_is_not_shown_to_work_goes_back_to_its_owner(action, owner, chief):
    prove(action, owner)
    ask(action, owner)

    decide(action, chief, worked=False)

    assert (action.status, action.closed_date) == ("in_progress", None)


@pytest.mark.parametrize("who", ["owner", "coordinator"])
def test_nobody_closes_what_they_own_or_raised(action, owner, coordinator, who):
    prove(action, owner)
    ask(action, owner)

    with pytest.raises(operations.OwnAction):
        decide(action, {"owner": owner, "coordinator": coordinator}[who])

    assert action.status == "proving"


def test_closure_is_not_decided_before_it_was_asked_for(action, chief):
    with pytest.raises(operations.NotAskedFor):
        decide(action, chief)


def test_an_action_is_not_adopted_by_a_second_person_with_a_reason(action, owner, chief):
    with pytest.raises(operations.OwnAction):
        operations.not_adopt(by=owner, action=action, version=1, reason="No", at=LATER)

    operations.not_adopt(by=chief, action=action, version=1, reason="Done elsewhere.", at=LATER)

    assert (action.status, action.updates.get().text) == ("not_adopted", "Done elsewhere.")


def test_nothing_more_is_done_with_an_action_that_ended(action, owner, chief):
    operations.not_adopt(by=chief, action=action, version=1, reason="Done elsewhere.", at=LATER)

    for act in (
        lambda: report(action, owner),
        lambda: prove(action, owner),
        lambda: ask(action, owner),
        lambda: decide(action, chief),
        lambda: operations.hand_over(by=owner, action=action, version=2, owner=chief, at=LATER),
        lambda: operations.move_due_date(by=owner, action=action, version=2, new_date=TODAY, reason="", at=LATER),
        lambda: operations.not_adopt(by=chief, action=action, version=2, reason="", at=LATER),
    ):
        with pytest.raises(operations.ActionNotOpen):
            act()

    assert (Action.objects.get().version, Proof.objects.count()) == (2, 0)
