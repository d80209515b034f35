"""What people do with forces and inspections: open one, move its dates, tick off what is done."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from ncpi.accounts import journal
from ncpi.inspections import deadlines
from ncpi.inspections.adoption import AlreadyAdopted, EditionChanged, adopt_programme
from ncpi.inspections.marks import mark_changed
from ncpi.inspections.models import DeadlineRule, DeadlineUse, Force, Inspection, InspectionKind, Milestone, Programme
from ncpi.lib.prepared import Parameter, Prepared
from ncpi.lib.versions import swap

__all__ = ["AlreadyAdopted", "EditionChanged", "adopt_programme"]

DATES = ("notice_date", "fieldwork_start_date", "fieldwork_end_date", "publication_date")
PERIOD = ("evidence_from_date", "evidence_to_date")


class ForceNameTaken(Exception):
    """A force of this name is there already."""


@transaction.atomic
def add_force(*, by: Any, name: str, slug: str, is_demonstration: bool = False, clock_offset: timedelta) -> Force:
    """Add a force; nobody sees it until somebody has a role in it."""
    try:
        with transaction.atomic():
            force = Force.objects.create(
                name=name, slug=slug, is_demonstration=is_demonstration, clock_offset=clock_offset
            )
    except IntegrityError as error:
        raise ForceNameTaken(f"There is a force named {name} already.") from error
    journal.record(by=by, verb="added", subject=force, force=force)
    return force


class DatesOutOfOrder(Exception):
    """The dates of an inspection contradict each other; `field` is the one to look at."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class InspectionClosed(Exception):
    """The inspection is closed and nothing in it changes any more."""


@transaction.atomic
def open_inspection(
    *,
    by: Any,
    force: Force,
    programme: Programme,
    name: str,
    notice_date: date,
    fieldwork_start_date: date,
    fieldwork_end_date: date,
    evidence_from_date: date,
    evidence_to_date: date,
    kind: str = InspectionKind.FULL,
    publication_date: date | None = None,
    at: datetime,
) -> Inspection:
    """Open an inspection of a force under a programme; its milestones follow from the programme's deadlines."""
    dates = {
        "notice_date": notice_date,
        "fieldwork_start_date": fieldwork_start_date,
        "fieldwork_end_date": fieldwork_end_date,
        "publication_date": publication_date,
        "evidence_from_date": evidence_from_date,
        "evidence_to_date": evidence_to_date,
    }
    _check_order(dates)
    inspection = Inspection.objects.create(
        force=force,
        programme=programme,
        name=name,
        kind=kind,
        ref=_free_ref(force, fieldwork_start_date),
        opened_at=at,
        **dates,
    )
    _count_milestones(inspection)
    journal.record(by=by, verb="opened", subject=inspection, force=force)
    mark_changed(inspection_id=inspection.pk, at=at)
    return inspection


@transaction.atomic
def change_dates(
    *,
    by: Any,
    inspection: Inspection,
    version: int,
    name: str,
    notice_date: date,
    fieldwork_start_date: date,
    fieldwork_end_date: date,
    publication_date: date | None,
    evidence_from_date: date,
    evidence_to_date: date,
    at: datetime,
) -> Inspection:
    """Change an inspection's dates; milestones neither done nor set by hand move with them."""
    refuse_closed(inspection)
    changes: dict[str, Any] = {
        "notice_date": notice_date,
        "fieldwork_start_date": fieldwork_start_date,
        "fieldwork_end_date": fieldwork_end_date,
        "publication_date": publication_date,
        "evidence_from_date": evidence_from_date,
        "evidence_to_date": evidence_to_date,
    }
    _check_order(changes)
    before = {field: getattr(inspection, field) for field in changes}
    swap(inspection, version=version, name=name, **changes)
    _count_milestones(inspection)
    moved = ", ".join(
        f"{field} {before[field]} to {value}" for field, value in changes.items() if before[field] != value
    )
    journal.record(by=by, verb="changed", subject=inspection, force=inspection.force, detail=moved)
    mark_changed(inspection_id=inspection.pk, at=at)
    return inspection


@transaction.atomic
def close_inspection(*, by: Any, inspection: Inspection, version: int, at: datetime) -> Inspection:
    """Close an inspection when its last recommendation is; it stays readable."""
    refuse_closed(inspection)
    swap(inspection, version=version, closed_at=at)
    journal.record(by=by, verb="closed", subject=inspection, force=inspection.force)
    mark_changed(inspection_id=inspection.pk, at=at)
    return inspection


class MilestoneDone(Exception):
    """The milestone is done; take that back before moving it."""


class DoneInTheFuture(Exception):
    """Something cannot have been done on a day that has not come."""


@transaction.atomic
def add_milestone(
    *, by: Any, inspection: Inspection, title: str, due_date: date, note: str = "", at: datetime
) -> Milestone:
    """Add a date of the force's own."""
    refuse_closed(inspection)
    milestone = Milestone.objects.create(
        inspection=inspection, title=title, due_date=due_date, note=note, is_set_by_hand=True
    )
    journal.record(by=by, verb="added", subject=milestone, force=inspection.force)
    mark_changed(inspection_id=inspection.pk, at=at)
    return milestone


@transaction.atomic
def move_milestone(
    *, by: Any, milestone: Milestone, version: int, due_date: date, note: str = "", at: datetime
) -> Milestone:
    """Set a milestone's date by hand; from then on the inspection's dates no longer move it."""
    inspection = milestone.inspection
    refuse_closed(inspection)
    if milestone.done_date is not None:
        raise MilestoneDone("This is marked as done. Take that back before moving its date.")
    before = milestone.due_date
    swap(milestone, version=version, due_date=due_date, note=note, is_set_by_hand=True)
    journal.record(by=by, verb="moved", subject=milestone, force=inspection.force, detail=f"{before} to {due_date}")
    mark_changed(inspection_id=inspection.pk, at=at)
    return milestone


@transaction.atomic
def finish_milestone(
    *, by: Any, milestone: Milestone, version: int, done_date: date, on: date, at: datetime
) -> Milestone:
    """Mark a milestone as done on a day that has come."""
    inspection = milestone.inspection
    refuse_closed(inspection)
    if done_date > on:
        raise DoneInTheFuture("That day has not come yet.")
    swap(milestone, version=version, done_date=done_date, done_by=by)
    journal.record(by=by, verb="finished", subject=milestone, force=inspection.force)
    mark_changed(inspection_id=inspection.pk, at=at)
    return milestone


@transaction.atomic
def reopen_milestone(*, by: Any, milestone: Milestone, version: int, at: datetime) -> Milestone:
    """Take back that a milestone was done."""
    inspection = milestone.inspection
    refuse_closed(inspection)
    swap(milestone, version=version, done_date=None, done_by=None)
    journal.record(by=by, verb="reopened", subject=milestone, force=inspection.force)
    mark_changed(inspection_id=inspection.pk, at=at)
    return milestone


def refuse_closed(inspection: Inspection) -> None:
    """Raise InspectionClosed for a closed inspection."""
    if inspection.is_closed:
        raise InspectionClosed(f"{inspection.name} is closed.")


def rule_of(row: DeadlineRule) -> deadlines.Rule:
    """The row as the plain value that the day counting takes."""
    return deadlines.Rule(
        id=row.key,
        anchor=row.counts_from,
        counting=deadlines.Counting(row.counting),
        days=row.days,
        months=row.months,
        roll=deadlines.Roll(row.roll),
    )


def _check_order(dates: dict[str, Any]) -> None:
    if dates["fieldwork_start_date"] < dates["notice_date"]:
        raise DatesOutOfOrder("fieldwork_start_date", "Fieldwork cannot start before notice was given.")
    if dates["fieldwork_end_date"] < dates["fieldwork_start_date"]:
        raise DatesOutOfOrder("fieldwork_end_date", "Fieldwork cannot end before it starts.")
    published = dates["publication_date"]
    if published is not None and published < dates["fieldwork_end_date"]:
        raise DatesOutOfOrder("publication_date", "The report cannot be published before fieldwork ends.")
    if dates["evidence_to_date"] < dates["evidence_from_date"]:
        raise DatesOutOfOrder("evidence_to_date", "The evidence period cannot end before it starts.")


def _free_ref(force: Force, start: date) -> str:
    """A short address part: the force, the year, and a number where that is taken."""
    stem = f"{slugify(force.slug)[:36]}-{start.year}"
    taken = set(Inspection.objects.filter(ref__startswith=stem).values_list("ref", flat=True))
    number = 2
    ref = stem
    while ref in taken:
        ref, number = f"{stem}-{number}", number + 1
    return ref


def _rules_that_apply(programme: Programme) -> list[DeadlineRule]:
    asked = {
        "": True,
        "self_assessment_asked": programme.self_assessment_asked,
        "case_audit_asked": programme.case_audit_asked,
    }
    return [row for row in _COUNTED.rows(programme=programme.pk) if asked[row.asked_when]]


_COUNTED = Prepared(
    lambda: DeadlineRule.objects.filter(
        programme=Parameter("programme"), use__in=[DeadlineUse.MILESTONE, DeadlineUse.CLOCK]
    ).order_by("order", "pk")
)


def _count_milestones(inspection: Inspection) -> None:
    """Write each rule's milestone where its date is known; leave what is done or set by hand."""
    rows = _rules_that_apply(inspection.programme)
    counted = deadlines.milestone_dates([rule_of(row) for row in rows], _known_dates(inspection))
    kept = {milestone.rule_id: milestone for milestone in inspection.milestones.exclude(rule=None)}
    _write(inspection, ((row, counted[row.key]) for row in rows), kept)


def _known_dates(inspection: Inspection) -> dict[str, date | None]:
    return {
        "notice": inspection.notice_date,
        "fieldwork_start": inspection.fieldwork_start_date,
        "fieldwork_end": inspection.fieldwork_end_date,
        "publication": inspection.publication_date,
    }


def _write(
    inspection: Inspection, wanted: Iterable[tuple[DeadlineRule, date | None]], kept: dict[int | None, Milestone]
) -> None:
    new = []
    for rule, due in wanted:
        milestone = kept.get(rule.pk)
        if milestone is None and due is not None:
            new.append(Milestone(inspection=inspection, rule=rule, title=rule.title, due_date=due))
        elif milestone is not None and not milestone.is_set_by_hand and milestone.done_date is None:
            if due is None:
                milestone.delete()
            elif due != milestone.due_date:
                swap(milestone, version=milestone.version, due_date=due)
    Milestone.objects.bulk_create(new)
