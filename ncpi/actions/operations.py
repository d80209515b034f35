"""What people do with recommendations and actions, from the first reading to the proof that it worked."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from ncpi.accounts import journal
from ncpi.actions.models import (
    Action,
    ActionStatus,
    ActionUpdate,
    Closure,
    DateChange,
    Proof,
    Recommendation,
    RecommendationKind,
    Report,
    StatusEntry,
)
from ncpi.actions.recommendation_rows import RecommendationRow, RecommendationRowsError, RowProblem
from ncpi.inspections import deadlines
from ncpi.inspections.marks import mark_changed
from ncpi.inspections.models import DeadlineUse, Inspection
from ncpi.inspections.operations import refuse_closed, rule_of
from ncpi.lib.uploads import Document, kept
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
    deadline_basis: str = "",
    kind: str = RecommendationKind.RECOMMENDATION,
    theme: str = "",
    area: Any = None,
    owner: Any = None,
    basis: str = "",
    source_address: str = "",
    on: date,
    at: datetime,
) -> Recommendation:
    """Enter one recommendation; its date follows from the programme's rule for its deadline."""
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
                deadline_basis=deadline_basis,
                due_date=due,
                kind=kind,
                theme=theme,
                area=area,
                owner=owner,
                basis=basis,
                source_address=source_address,
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


class DueBeforeRaised(Exception):
    """An action cannot be due before the day it was raised."""


@transaction.atomic
def raise_action(
    *,
    by: Any,
    inspection: Inspection,
    title: str,
    owner: Any,
    due_date: date,
    detail: str = "",
    next_step: str = "",
    recommendation: Recommendation | None = None,
    criterion: Any = None,
    on: date,
    at: datetime,
) -> Action:
    """Raise an action against an open inspection; it has an owner and a date from the start."""
    refuse_closed(inspection)
    if due_date < on:
        raise DueBeforeRaised("The action cannot be due before today.")
    action = Action.objects.create(
        inspection=inspection,
        title=title,
        detail=detail,
        next_step=next_step,
        owner=owner,
        raised_by=by,
        raised_date=on,
        due_date=due_date,
        recommendation=recommendation,
        criterion=criterion,
    )
    journal.record(by=by, verb="raised", subject=action, force=inspection.force)
    mark_changed(inspection_id=inspection.pk, at=at)
    return action


class ActionNotOpen(Exception):
    """The action is closed or was not adopted; nothing more is done with it."""


@transaction.atomic
def update_action(
    *, by: Any, action: Action, version: int, text: str, next_step: str, status: str, at: datetime
) -> ActionUpdate:
    """Report on an action: what was done, what comes next, whether it has begun."""
    _refuse_ended(action)
    if status not in (ActionStatus.OPEN, ActionStatus.IN_PROGRESS):
        raise ValueError(status)
    swap(action, version=version, next_step=next_step, status=status)
    return _said(by, action, text, "updated", at)


@transaction.atomic
def move_due_date(*, by: Any, action: Action, version: int, new_date: date, reason: str, at: datetime) -> DateChange:
    """Move an action's date, with the reason; every earlier date is kept."""
    _refuse_ended(action)
    if new_date < action.raised_date:
        raise DueBeforeRaised("The action cannot be due before it was raised.")
    old = action.due_date
    swap(action, version=version, due_date=new_date)
    change = DateChange.objects.create(action=action, old_date=old, new_date=new_date, reason=reason, by=by, at=at)
    _note(by, action, "moved", at, detail=f"{old} to {new_date}")
    return change


@transaction.atomic
def hand_over(*, by: Any, action: Action, version: int, owner: Any, at: datetime) -> Action:
    """Give an action to another owner."""
    _refuse_ended(action)
    swap(action, version=version, owner=owner)
    _note(by, action, "handed over", at, detail=f"to User {owner.pk}")
    return action


@transaction.atomic
def add_proof(
    *, by: Any, action: Action, text: str, link: str = "", document: Document | None = None, at: datetime
) -> Proof:
    """Add what shows that the action was done: words, and with them a link or a document."""
    _refuse_ended(action)
    values = {"action": action, "text": text, "link": link, "by": by, "at": at}
    if document is None:
        proof = Proof.objects.create(**values)
        _note(by, action, "proved", at)
        return proof
    with kept(document) as file:
        proof = Proof.objects.create(**values, **file.columns())
        _note(by, action, "proved", at, detail=file.sha256)
    return proof


class NoProof(Exception):
    """Closure needs something that shows the action was done."""


@transaction.atomic
def ask_for_closure(*, by: Any, action: Action, version: int, text: str, at: datetime) -> ActionUpdate:
    """Say that it is done and ask a second person to test the effect."""
    _refuse_ended(action)
    if not action.proofs.exists():
        raise NoProof("Add what shows that it was done before asking for closure.")
    swap(action, version=version, status=ActionStatus.PROVING)
    return _said(by, action, text, "asked to close", at)


class NotAskedFor(Exception):
    """Closure is decided once its owner has asked for it."""


class OwnAction(Exception):
    """Nobody closes an action that they own or raised."""


@transaction.atomic
def decide_closure(
    *, by: Any, action: Action, version: int, worked: bool, test_of_effect: str, on: date, at: datetime
) -> Closure:
    """Close an action that worked, or send it back; always by somebody who neither owns nor raised it."""
    _refuse_ended(action)
    if by.pk in (action.owner_id, action.raised_by_id):
        raise OwnAction("Somebody who neither owns nor raised this action has to decide.")
    if action.status != ActionStatus.PROVING:
        raise NotAskedFor("Its owner has not asked for closure yet.")
    if worked:
        swap(action, version=version, status=ActionStatus.CLOSED, closed_date=on)
    else:
        swap(action, version=version, status=ActionStatus.IN_PROGRESS)
    closure = Closure.objects.create(action=action, worked=worked, test_of_effect=test_of_effect, by=by, at=at)
    _note(by, action, "closed" if worked else "sent back", at)
    return closure


@transaction.atomic
def not_adopt(*, by: Any, action: Action, version: int, reason: str, at: datetime) -> ActionUpdate:
    """Decide that an action will not be done, with the reason; by somebody who neither owns nor raised it."""
    _refuse_ended(action)
    if by.pk in (action.owner_id, action.raised_by_id):
        raise OwnAction("Somebody who neither owns nor raised this action has to decide.")
    swap(action, version=version, status=ActionStatus.NOT_ADOPTED)
    return _said(by, action, reason, "did not adopt", at)


def mark_force_changed(*, force_id: int, at: datetime) -> None:
    """Mark every open inspection of the force: its tracker is part of each summary."""
    for pk in Inspection.objects.open().filter(force_id=force_id).values_list("pk", flat=True):
        mark_changed(inspection_id=pk, at=at)


def _refuse_ended(action: Action) -> None:
    refuse_closed(action.inspection)
    if not action.is_open:
        raise ActionNotOpen("This action has ended; nothing more is done with it.")


def _said(by: Any, action: Action, text: str, verb: str, at: datetime) -> ActionUpdate:
    update = ActionUpdate.objects.create(action=action, text=text, status=action.status, by=by, at=at)
    _note(by, action, verb, at)
    return update


def _note(by: Any, action: Action, verb: str, at: datetime, detail: str = "") -> None:
    journal.record(by=by, verb=verb, subject=action, force=action.inspection.force, detail=detail)
    mark_changed(inspection_id=action.inspection_id, at=at)
