"""Keeping and erasing the cases of an inspection: reviewed, held, proposed by one person and decided by another.

    kept -> proposed -> erased
      ^--------'
    a legal hold takes a proposal back and blocks another

What is erased is gone from the tables, their history and the disk in one transaction. Figures that were published
stay, and so do the frame's digest, the plans' numbers, the seeds, and the journal, which never held content.
All of it goes on in a closed inspection: closing keeps the record as it is, not the content for ever.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from typing import Any

import pgtrigger
from django.db import connection, transaction

from cases.hooks import tell_erased
from cases.models import Case, Extract, Frame, Retention, RetentionState
from cases.queries import retention_of
from ncpi.accounts import journal
from ncpi.inspections.models import Inspection
from ncpi.lib.uploads import remove
from ncpi.lib.versions import StaleVersion, swap


class NotPossible(Exception):
    """The cases are not in a state in which this can be done; the message says why."""


class SamePerson(Exception):
    """A second person has to decide that cases are erased."""


@transaction.atomic
def keep_until(*, by: Any, inspection: Inspection, version: int, review_date: date, reason: str, at: datetime) -> Any:
    """Decide to keep the cases on, and when to look at them again."""
    row = _held(inspection, version)
    if row.state != RetentionState.KEPT:
        raise NotPossible("Decide on the proposal first.")
    if review_date <= at.date():
        raise NotPossible("The day of the next review must lie ahead.")
    return _change(by, row, f"kept until {review_date}", review_date=review_date, kept_reason=reason.strip())


@transaction.atomic
def hold(*, by: Any, inspection: Inspection, version: int, reason: str, at: datetime) -> Retention:
    """Put the cases under a legal hold: a proposal to erase them falls, and none can be made."""
    row = _held(inspection, version)
    if row.is_held:
        raise NotPossible("The cases are under a legal hold already.")
    held = {"held_by": by, "held_at": at, "held_reason": reason.strip()}
    return _change(by, row, "put a legal hold on", **held, **_NO_PROPOSAL)


@transaction.atomic
def release(*, by: Any, inspection: Inspection, version: int, at: datetime) -> Retention:
    """Take the legal hold off."""
    row = _held(inspection, version)
    if not row.is_held:
        raise NotPossible("There is no legal hold.")
    return _change(by, row, "took the legal hold off", held_by=None, held_at=None, held_reason="")


@transaction.atomic
def propose(*, by: Any, inspection: Inspection, version: int, reason: str, at: datetime) -> Retention:
    """Propose that the cases are erased; somebody else decides."""
    row = _held(inspection, version)
    if row.is_held:
        raise NotPossible("The cases are under a legal hold and cannot be erased.")
    if row.state != RetentionState.KEPT:
        raise NotPossible("Erasing the cases was proposed already.")
    proposal = {"proposed_by": by, "proposed_at": at, "proposed_reason": reason.strip()}
    return _change(by, row, "proposed to erase", state=RetentionState.PROPOSED, **proposal)


@transaction.atomic
def decline(*, by: Any, inspection: Inspection, version: int, at: datetime) -> Retention:
    """Take a proposal back or turn it down: the cases are kept."""
    row = _held(inspection, version)
    if row.state != RetentionState.PROPOSED:
        raise NotPossible("Nobody has proposed to erase the cases.")
    return _change(by, row, "declined to erase", **_NO_PROPOSAL)


@transaction.atomic
def erase(*, by: Any, inspection: Inspection, version: int, at: datetime) -> Retention:
    """Erase the cases, as a second person's decision.

    1. Rooms above erase what is theirs, or refuse.
    2. The frames are taken out of use, so that their rows may go.
    3. Rows and their history go, by statements of our own: the ORM would read every row to see what hangs on it.
    4. Files go when the transaction is through.
    """
    row = _held(inspection, version)
    if row.state != RetentionState.PROPOSED:
        raise NotPossible("Nobody has proposed to erase the cases.")
    if row.proposed_by_id == by.pk:
        raise SamePerson("You proposed it, so somebody else has to decide.")
    count = Case.objects.filter(inspection=inspection).count()
    tell_erased(by=by, inspection=inspection, at=at)
    for frame in Frame.objects.filter(inspection=inspection).order_by("pk"):
        swap(frame, version=frame.version, file_name="", discarded_at=frame.discarded_at or at)
    extracts = Extract.objects.filter(inspection=inspection)
    files = list(extracts.exclude(stored_name="").values_list("stored_name", flat=True))
    with erasing("cases.PlanLine:plan_is_fixed", "cases.SetAside:kept_as_made"):
        for statement in _STATEMENTS:
            erase_rows(statement, inspection)
    for name in files:
        transaction.on_commit(partial(remove, name))
    return _change(by, row, f"erased {count} cases of", state=RetentionState.ERASED, erased_by=by, erased_at=at)


_NO_PROPOSAL: dict[str, Any] = {
    "state": RetentionState.KEPT,
    "proposed_by": None,
    "proposed_at": None,
    "proposed_reason": "",
}

# The update that took a frame out of use has left one version of it without its file's name.
_STATEMENTS = (
    "DELETE FROM cases_extract WHERE inspection_id = %s",
    "DELETE FROM cases_caseevent WHERE inspection_id = %s",
    "DELETE FROM cases_case WHERE inspection_id = %s",
    "DELETE FROM cases_setaside WHERE inspection_id = %s",
    "DELETE FROM cases_candidate USING cases_frame f WHERE f.id = frame_id AND f.inspection_id = %s",
    "DELETE FROM cases_planline USING cases_sample s WHERE s.id = sample_id AND place <> '' AND s.inspection_id = %s",
    "DELETE FROM cases_frameevent WHERE inspection_id = %s AND file_name <> ''",
)


@contextmanager
def erasing(*protections: str) -> Iterator[None]:
    """Let rows go that a trigger keeps as they were made: erasing is the one reason for it."""
    with pgtrigger.ignore(*protections):
        yield


def erase_rows(statement: str, inspection: Inspection) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [inspection.pk])


def _held(inspection: Inspection, version: int) -> Retention:
    """Lock the row as the person saw it; the first decision about an inspection makes it."""
    default = retention_of(inspection)
    Retention.objects.get_or_create(inspection=inspection, defaults={"review_date": default.review_date})
    row = Retention.objects.select_for_update(no_key=True).get(inspection=inspection)
    if row.version != version:
        raise StaleVersion(row)
    if row.is_erased:
        raise NotPossible("The cases were erased.")
    return row


def _change(by: Any, row: Retention, verb: str, **changes: Any) -> Retention:
    swap(row, version=row.version, **changes)
    journal.record(by=by, verb=verb, subject=row.inspection, force=row.inspection.force)
    return row
