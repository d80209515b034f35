"""Opening an inspection, moving its dates, ticking off its milestones."""

from datetime import date, timedelta

import pytest

from ncpi.accounts.models import JournalEntry
from ncpi.inspections import operations
from ncpi.inspections.models import ChangeMark, Force, Milestone
from ncpi.lib.versions import StaleVersion
from tests.factories import NOW, TODAY, make_force, make_inspection, make_programme, make_user

pytestmark = pytest.mark.django_db

DATES = {
    "notice_date": date(2021, 5, 24),
    "fieldwork_start_date": date(2021, 7, 5),
    "fieldwork_end_date": date(2021, 7, 16),
    "publication_date": None,
    "evidence_from_date": date(2020, 7, 1),
    "evidence_to_date": date(2021, 6, 30),
}


@pytest.fixture
def coordinator():
    return make_user("coordinator", force=make_force())


@pytest.fixture
def inspection(coordinator):
    return make_inspection(by=coordinator)


def due(inspection):
    rows = inspection.milestones.exclude(rule=None).values_list("rule__key", "due_date")
    return dict(rows)


def change(inspection, by, **dates):
    return operations.change_dates(
        by=by, inspection=inspection, version=inspection.version, name=inspection.name, at=NOW, **{**DATES, **dates}
    )


def test_opening_an_inspection_counts_its_milestones_from_its_dates(inspection):
    assert due(inspection) == {
        "document_request": date(2021, 6, 7),
        "self_assessment_return": date(2021, 6, 7),
        "case_audit_return": date(2021, 6, 14),
        "timetable_agreed": date(2021, 6, 21),
        "briefing": date(2021, 7, 1),
        "fieldwork_end": date(2021, 7, 16),
        "feedback": date(2021, 7, 16),
        "report_expected": date(2021, 12, 16),
    }


def test_opening_an_inspection_is_journalled_and_marks_it_as_changed(inspection, coordinator):
    entry = JournalEntry.objects.get(verb="opened")

    assert (entry.by_id, entry.force_id, entry.subject) == (
        coordinator.pk,
        inspection.force_id,
        "Inspection fenshire-2021",
    )
    assert ChangeMark.objects.get(inspection=inspection).changed_at == NOW


def test_a_programme_that_asks_for_no_returns_gives_no_milestones_for_them():
    inspection = make_inspection(programme=make_programme("ncpi-2024"))

    assert {"self_assessment_return", "case_audit_return"} & set(due(inspection)) == set()
    assert len(due(inspection)) == 6


def test_a_second_inspection_of_the_year_gets_an_address_of_its_own(inspection):
    second = make_inspection(name="Again")
    third = make_inspection(name="And again")

    assert [inspection.ref, second.ref, third.ref] == ["fenshire-2021", "fenshire-2021-2", "fenshire-2021-3"]


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        ({"notice_date": date(2021, 7, 6)}, "fieldwork_start_date"),
        ({"fieldwork_end_date": date(2021, 7, 4)}, "fieldwork_end_date"),
        ({"publication_date": date(2021, 7, 15)}, "publication_date"),
        ({"evidence_to_date": date(2020, 6, 30)}, "evidence_to_date"),
    ],
)
def test_dates_that_contradict_each_other_are_refused_by_name(inspection, coordinator, dates, field):
    with pytest.raises(operations.DatesOutOfOrder) as refused:
        change(inspection, coordinator, **dates)

    assert refused.value.field == field


def test_moving_fieldwork_moves_what_counts_from_it_but_nothing_done_or_set_by_hand(inspection, coordinator):
    by_key = {row.rule.key: row for row in inspection.milestones.select_related("rule", "inspection")}
    operations.finish_milestone(
        by=coordinator, milestone=by_key["self_assessment_return"], version=1, done_date=TODAY, on=TODAY, at=NOW
    )
    operations.move_milestone(
        by=coordinator, milestone=by_key["briefing"], version=1, due_date=date(2021, 7, 2), at=NOW
    )

    change(inspection, coordinator, fieldwork_start_date=date(2021, 7, 12), fieldwork_end_date=date(2021, 7, 23))

    assert due(inspection) == {
        "document_request": date(2021, 6, 7),
        "self_assessment_return": date(2021, 6, 7),
        "case_audit_return": date(2021, 6, 21),
        "timetable_agreed": date(2021, 6, 28),
        "briefing": date(2021, 7, 2),
        "fieldwork_end": date(2021, 7, 23),
        "feedback": date(2021, 7, 23),
        "report_expected": date(2021, 12, 23),
    }


def test_publication_starts_the_two_clocks_and_taking_it_back_stops_them(inspection, coordinator):
    change(inspection, coordinator, publication_date=date(2021, 12, 22))
    started = due(inspection)
    change(inspection, coordinator)

    assert (started["action_plan"], started["pcc_comment"]) == (date(2022, 2, 2), date(2022, 2, 15))
    assert {"action_plan", "pcc_comment"} & set(due(inspection)) == set()


def test_a_change_of_dates_by_somebody_else_in_between_is_not_overwritten(inspection, coordinator):
    change(inspection, coordinator, evidence_to_date=date(2021, 5, 31))

    with pytest.raises(StaleVersion):
        operations.change_dates(by=coordinator, inspection=inspection, version=1, name="Mine", at=NOW, **DATES)

    inspection.refresh_from_db()
    assert (inspection.name, inspection.evidence_to_date) == ("Inspection 2021", date(2021, 5, 31))


def test_a_closed_inspection_changes_no_more(inspection, coordinator):
    milestone = inspection.milestones.first()
    operations.close_inspection(by=coordinator, inspection=inspection, version=1, at=NOW)
    milestone = Milestone.objects.select_related("inspection").get(pk=milestone.pk)
    told = {"by": coordinator, "at": NOW}

    for act in (
        lambda: change(inspection, coordinator),
        lambda: operations.close_inspection(inspection=inspection, version=2, **told),
        lambda: operations.add_milestone(inspection=inspection, title="More", due_date=TODAY, **told),
        lambda: operations.move_milestone(milestone=milestone, version=1, due_date=TODAY, **told),
        lambda: operations.finish_milestone(milestone=milestone, version=1, done_date=TODAY, on=TODAY, **told),
        lambda: operations.reopen_milestone(milestone=milestone, version=1, **told),
    ):
        with pytest.raises(operations.InspectionClosed):
            act()


def test_a_milestone_is_finished_and_taken_back(inspection, coordinator):
    milestone = inspection.milestones.first()

    operations.finish_milestone(by=coordinator, milestone=milestone, version=1, done_date=TODAY, on=TODAY, at=NOW)
    finished = (milestone.done_date, milestone.done_by_id)
    operations.reopen_milestone(by=coordinator, milestone=milestone, version=2, at=NOW)

    assert finished == (TODAY, coordinator.pk)
    assert (milestone.done_date, milestone.done_by_id) == (None, None)


def test_nothing_is_finished_on_a_day_that_has_not_come(inspection, coordinator):
    milestone = inspection.milestones.first()

    with pytest.raises(operations.DoneInTheFuture):
        operations.finish_milestone(
            by=coordinator, milestone=milestone, version=1, done_date=TODAY + timedelta(days=1), on=TODAY, at=NOW
        )


def test_a_finished_milestone_is_not_moved(inspection, coordinator):
    milestone = inspection.milestones.first()
    operations.finish_milestone(by=coordinator, milestone=milestone, version=1, done_date=TODAY, on=TODAY, at=NOW)

    with pytest.raises(operations.MilestoneDone):
        operations.move_milestone(by=coordinator, milestone=milestone, version=2, due_date=TODAY, at=NOW)


def test_a_date_of_the_forces_own_stays_where_it_is_put(inspection, coordinator):
    own = operations.add_milestone(
        by=coordinator, inspection=inspection, title="Mock fieldwork", due_date=date(2021, 6, 23), at=NOW
    )

    change(inspection, coordinator, fieldwork_start_date=date(2021, 7, 12), fieldwork_end_date=date(2021, 7, 23))

    own.refresh_from_db()
    assert (own.rule, own.due_date, own.is_set_by_hand) == (None, date(2021, 6, 23), True)


def test_two_forces_of_one_name_are_refused():
    make_force("Fenshire Constabulary")

    with pytest.raises(operations.ForceNameTaken):
        operations.add_force(by=None, name="Fenshire Constabulary", slug="other", clock_offset=timedelta(0))

    assert Force.objects.count() == 1
