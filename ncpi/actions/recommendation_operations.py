"""What people do with recommendations: enter and import them, follow their trail, link what repeats."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from ncpi.accounts import journal
from ncpi.actions.models import Recommendation, Report, StatusEntry
from ncpi.actions.recommendation_rows import RecommendationRow, RecommendationRowsError, RowProblem
from ncpi.inspections import deadlines
from ncpi.inspections.marks import mark_changed
from ncpi.inspections.models import DeadlineUse, Inspection
from ncpi.inspections.operations import refuse_closed, rule_of
from ncpi.lib.versions import swap


class NumberTaken(Exception):
    """The report has a recommendation of this number already."""


class UnknownDeadline(Exception):
    """The programme knows no such deadline for recommendations."""


@transaction.atomic
def enter_report(
    *,
    by: Any,
    inspection: Inspection,
    title: str,
    published_date: date | None = None,
    about: str = "",
    publisher: str = "HMICFRS",
    source_address: str = "",
) -> Report:
    """Return the force's report of this title and day, entering it when it is new."""
    force = inspection.force
    about = about or force.name
    found = Report.objects.filter(force=force, title=title, published_date=published_date, about=about).first()
    if found is not None:
        return found
    report = Report.objects.create(
        force=force,
        title=title,
        published_date=published_date,
        about=about,
        publisher=publisher,
        source_address=source_address,
    )
    journal.record(by=by, verb="entered", subject=report, force=force)
    return report


@transaction.atomic
def enter_recommendation(
    *,
    by: Any,
    inspection: Inspection,
    report: Report,
    number: str,
    text: str,
    deadline_kind: str = "",
    stated_date: date | None = None,
    on: date,
    at: datetime,
    **facts: Any,
) -> Recommendation:
    """Enter one recommendation; its date follows from the programme's rule for its deadline.

    `facts` are further columns: kind, theme, area, owner, basis, deadline_basis, source_address.
    """
    refuse_closed(inspection)
    due = _due(inspection, deadline_kind, report.published_date, stated_date)
    try:
        with transaction.atomic():
            row = Recommendation.objects.create(
                force=inspection.force,
                inspection=inspection,
                report=report,
                number=number,
                text=text,
                deadline_kind=deadline_kind,
                due_date=due,
                **facts,
            )
    except IntegrityError as error:
        raise NumberTaken(f"This report has a recommendation {number} already.") from error
    StatusEntry.objects.create(recommendation=row, status=row.status, on_date=on, comment="Entered.", by=by)
    journal.record(by=by, verb="entered", subject=row, force=inspection.force)
    mark_force_changed(force_id=inspection.force_id, at=at)
    return row


def _due(inspection: Inspection, kind: str, published: date | None, stated: date | None) -> date | None:
    if not kind:
        return stated
    rules = inspection.programme.deadline_rules.filter(use=DeadlineUse.RECOMMENDATION, key=kind)
    rule = rules.first()
    if rule is None:
        raise UnknownDeadline(f"The programme knows no deadline {kind!r}.")
    return deadlines.recommendation_date(rule_of(rule), published=published, stated=stated)


class AlreadyImported(Exception):
    """Every recommendation in the file is in the tracker already."""


@transaction.atomic
def import_recommendations(
    *, by: Any, inspection: Inspection, rows: Sequence[RecommendationRow], on: date, at: datetime
) -> list[Recommendation]:
    """Enter all rows or none; rows that are there already are named by row, as the file's other mistakes are."""
    taken = _taken(inspection, rows)
    if len(taken) == len(rows):
        raise AlreadyImported("Nothing was imported: all of it is in the tracker already. Was this file sent before?")
    if taken:
        raise RecommendationRowsError(
            RowProblem(row, "number", "this recommendation is in the tracker already") for row in taken
        )
    entered = [_enter_row(by, inspection, row, on, at) for row in rows]
    journal.record(
        by=by, verb="imported", subject=inspection, force=inspection.force, detail=f"{len(entered)} recommendations"
    )
    return entered


def _taken(inspection: Inspection, rows: Sequence[RecommendationRow]) -> list[int]:
    """The spreadsheet rows whose recommendation the tracker has."""
    known = set(
        Recommendation.objects.filter(force_id=inspection.force_id).values_list(
            "report__about", "report__title", "report__published_date", "number"
        )
    )
    name = inspection.force.name
    return [row.row for row in rows if (row.force or name, row.report, row.published_date, row.number) in known]


def _enter_row(by: Any, inspection: Inspection, row: RecommendationRow, on: date, at: datetime) -> Recommendation:
    report = enter_report(
        by=by, inspection=inspection, title=row.report, published_date=row.published_date, about=row.force
    )
    return enter_recommendation(
        by=by,
        inspection=inspection,
        report=report,
        number=row.number,
        text=row.text,
        deadline_kind=row.deadline,
        stated_date=row.stated_date,
        kind=row.kind,
        theme=row.theme,
        source_address=row.source,
        on=on,
        at=at,
    )


@transaction.atomic
def edit_recommendation(
    *,
    by: Any,
    recommendation: Recommendation,
    version: int,
    owner: Any,
    due_date: date | None,
    theme: str,
    area: Any,
    at: datetime,
) -> Recommendation:
    """Change who answers for a recommendation, by when, and what it belongs to."""
    before = recommendation.due_date
    swap(recommendation, version=version, owner=owner, due_date=due_date, theme=theme, area=area)
    moved = f"due {before} to {due_date}" if before != due_date else ""
    journal.record(by=by, verb="changed", subject=recommendation, force=recommendation.force, detail=moved)
    mark_force_changed(force_id=recommendation.force_id, at=at)
    return recommendation


class SameStatus(Exception):
    """The recommendation has this status already."""


class BeforeTheLastStep(Exception):
    """A step cannot be dated before the one that came last, or in the future."""


@transaction.atomic
def change_status(
    *,
    by: Any,
    recommendation: Recommendation,
    version: int,
    status: str,
    comment: str,
    on_date: date,
    on: date,
    at: datetime,
) -> StatusEntry:
    """Take a recommendation one step along its dated trail."""
    if status == recommendation.status:
        raise SameStatus("It has this status already.")
    last = recommendation.trail.order_by("-on_date", "-pk").first()
    if on_date > on or (last is not None and on_date < last.on_date):
        raise BeforeTheLastStep("The day must not be before the last step, nor in the future.")
    swap(recommendation, version=version, status=status)
    entry = StatusEntry.objects.create(
        recommendation=recommendation, status=status, on_date=on_date, comment=comment, by=by
    )
    journal.record(by=by, verb="changed status", subject=recommendation, force=recommendation.force, detail=status)
    mark_force_changed(force_id=recommendation.force_id, at=at)
    return entry


class RepeatsItself(Exception):
    """A recommendation cannot repeat itself, directly or through others."""


@transaction.atomic
def link_repeat(
    *, by: Any, recommendation: Recommendation, version: int, repeats: Recommendation | None, at: datetime
) -> Recommendation:
    """Say that a recommendation repeats an earlier one of the same tracker, or take that back."""
    earlier = repeats
    while earlier is not None:
        if earlier.pk == recommendation.pk or earlier.force_id != recommendation.force_id:
            raise RepeatsItself("A recommendation cannot repeat itself, directly or through others.")
        earlier = earlier.repeats
    swap(recommendation, version=version, repeats=repeats)
    journal.record(
        by=by,
        verb="linked",
        subject=recommendation,
        force=recommendation.force,
        detail=f"repeats {repeats}" if repeats else "repeats none",
    )
    mark_force_changed(force_id=recommendation.force_id, at=at)
    return recommendation


def mark_force_changed(*, force_id: int, at: datetime) -> None:
    """Mark every open inspection of the force: its tracker is part of each summary."""
    for pk in Inspection.objects.open().filter(force_id=force_id).values_list("pk", flat=True):
        mark_changed(inspection_id=pk, at=at)
