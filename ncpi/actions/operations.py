"""What people do with actions, from raising one to the proof that it worked; and, beside them, with recommendations."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from ncpi.accounts import journal
from ncpi.actions.models import Action, ActionStatus, ActionUpdate, Closure, DateChange, Proof, Recommendation
from ncpi.actions.recommendation_operations import (
    AlreadyImported,
    BeforeTheLastStep,
    NumberTaken,
    RepeatsItself,
    SameStatus,
    UnknownDeadline,
    change_status,
    edit_recommendation,
    enter_recommendation,
    enter_report,
    import_recommendations,
    link_repeat,
)
from ncpi.inspections.marks import mark_changed, record_change
from ncpi.inspections.models import Inspection
from ncpi.inspections.operations import refuse_closed
from ncpi.lib.uploads import Document, kept
from ncpi.lib.versions import swap

__all__ = [
    "AlreadyImported",
    "BeforeTheLastStep",
    "NumberTaken",
    "RepeatsItself",
    "SameStatus",
    "UnknownDeadline",
    "change_status",
    "edit_recommendation",
    "enter_recommendation",
    "enter_report",
    "import_recommendations",
    "link_repeat",
]


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


def _refuse_ended(action: Action) -> None:
    refuse_closed(action.inspection)
    if not action.is_open:
        raise ActionNotOpen("This action has ended; nothing more is done with it.")


def _said(by: Any, action: Action, text: str, verb: str, at: datetime) -> ActionUpdate:
    update = ActionUpdate.objects.create(action=action, text=text, status=action.status, by=by, at=at)
    _note(by, action, verb, at)
    return update


def _note(by: Any, action: Action, verb: str, at: datetime, detail: str = "") -> None:
    record_change(by=by, verb=verb, subject=action, inspection=action.inspection, at=at, detail=detail)
