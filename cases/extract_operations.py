"""Bringing a case extract in: brought, its columns named, checked in the background, kept whole or refused whole.

    brought -> checking -> imported | refused
        \\-> put aside

The file is kept on disk until one of the three ends, and no longer. It goes when the transaction that ended it is
through; what a crash leaves there is cleared every night.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F

from cases.checking import Checked, Look
from cases.extract import check_mapped
from cases.models import Extract, ExtractState, Frame
from cases.operations import FrameIsFrozen, ImportedAlready, hold, keep_frame, refuse_imported
from ncpi.accounts import journal
from ncpi.inspections.models import Inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.jobs import operations as jobs
from ncpi.jobs.models import Job
from ncpi.lib.tables import UnreadableTable
from ncpi.lib.uploads import Document, kept, remove

KIND = "import_extract"
KEPT = timedelta(days=2)
LOST = "The file is no longer there. Bring it again."


class BeingChecked(Exception):
    """Another file is being checked for this inspection."""


@transaction.atomic
def bring_extract(*, by: Any, inspection: Inspection, document: Document, look: Look, at: datetime) -> Extract:
    """Keep a file until its columns are named; one that waited before is put aside for it."""
    hold(inspection)
    refuse_imported(_frame_of(inspection), document.sha256)
    waiting = Extract.objects.open().filter(inspection=inspection).first()
    if waiting and is_being_checked(waiting):
        raise BeingChecked(f"{waiting.file_name} is being checked. Wait until that is done.")
    if waiting:
        _end(waiting, ExtractState.PUT_ASIDE, at=at)
    with kept(document) as stored:
        extract = Extract.objects.create(
            inspection=inspection,
            number=Extract.objects.filter(inspection=inspection).count() + 1,
            file_name=document.file_name,
            sha256=document.sha256,
            size=document.size,
            kind=document.extension,
            stored_name=stored.stored_name,
            header=look.header,
            preview=look.rows,
            brought_by=by,
            brought_at=at,
        )
        journal.record(by=by, verb="brought", subject=extract, force=inspection.force, detail=document.sha256)
    return extract


class NotWaiting(Exception):
    """The file is not waiting for its columns any more."""


@transaction.atomic
def start_import(*, by: Any, extract: Extract, mapping: Mapping[str, str], now: datetime) -> Extract:
    """Name the columns and have the file checked and imported in the background. The first of two clicks counts."""
    hold(extract.inspection)
    wrong = check_mapped(extract.header, mapping)
    if wrong:
        raise UnreadableTable(*wrong)
    chosen = {ours: theirs for ours, theirs in mapping.items() if theirs}
    waiting = Extract.objects.filter(pk=extract.pk, state=ExtractState.BROUGHT)
    if not waiting.update(state=ExtractState.CHECKING, mapping=chosen):
        raise NotWaiting("This file is being checked already, or was put aside.")
    jobs.enqueue(
        by=by,
        kind=KIND,
        key=job_key(extract),
        args={"extract": extract.pk},
        force=extract.inspection.force,
        at=now,
    )
    extract.refresh_from_db()
    journal.record(by=by, verb="asked to import", subject=extract, force=extract.inspection.force)
    return extract


@transaction.atomic
def finish_import(*, by: Any, extract: Extract, checked: Checked, at: datetime) -> Extract:
    """Keep what was checked as the frame, or its problems. A second delivery of the same work changes nothing."""
    held = _being_checked(extract)
    if held is None:
        return extract
    if not checked.is_valid:
        refusal = "Nothing was imported. Put the file right and bring it again."
        return _refuse(by, held, checked, refusal, at)
    try:
        frame = keep_frame(
            by=by, inspection=held.inspection, file_name=held.file_name, sha256=held.sha256, checked=checked, at=at
        )
    except (ImportedAlready, FrameIsFrozen, InspectionClosed) as refusal:
        return _refuse(by, held, checked, str(refusal), at)
    return _end(held, ExtractState.IMPORTED, at=at, frame=frame)


@transaction.atomic
def give_up_import(*, by: Any, extract: Extract, refusal: str, at: datetime) -> Extract:
    """End an import whose file cannot be read at all."""
    held = _being_checked(extract)
    return _refuse(by, held, None, refusal, at) if held else extract


@transaction.atomic
def put_aside(*, by: Any, extract: Extract, at: datetime) -> Extract:
    """Forget a file that waits for its columns, or whose check failed for good."""
    hold(extract.inspection)
    extract.refresh_from_db()
    if not extract.is_open or is_being_checked(extract):
        raise NotWaiting("This file is being checked already, or was put aside.")
    journal.record(by=by, verb="put aside", subject=extract, force=extract.inspection.force)
    return _end(extract, ExtractState.PUT_ASIDE, at=at)


@transaction.atomic
def forget_old_extracts(*, at: datetime) -> int:
    """Put aside what nobody went on with, and remove files that a crash left behind; say how many."""
    # A demonstration force lives at its own date.
    brought = ExpressionWrapper(F("brought_at") + F("inspection__force__clock_offset"), DateTimeField())
    old = Extract.objects.alias(brought=brought).filter(state=ExtractState.BROUGHT, brought__lte=at - KEPT)
    forgotten = list(old.order_by("pk"))
    for extract in forgotten:
        _end(extract, ExtractState.PUT_ASIDE, at=at)
    left = Extract.objects.exclude(stored_name="").exclude(state__in=ExtractState.open_states())
    for row in left:
        _remove_file(row.pk, row.stored_name)
    return len(forgotten)


def is_being_checked(extract: Extract) -> bool:
    """Say whether work on it is under way; work that failed for good leaves it to be put aside."""
    return (
        extract.state == ExtractState.CHECKING and Job.objects.open().filter(kind=KIND, key=job_key(extract)).exists()
    )


def job_key(extract: Extract) -> str:
    return f"extract-{extract.pk}"


def _frame_of(inspection: Inspection) -> Frame | None:
    return Frame.objects.filter(inspection=inspection, discarded_at=None).first()


def _being_checked(extract: Extract) -> Extract | None:
    """Lock the row: of two deliveries at once the second waits, and finds the work done."""
    rows = Extract.objects.select_for_update(no_key=True, of=("self",)).select_related("inspection__force")
    return rows.filter(pk=extract.pk, state=ExtractState.CHECKING).first()


def _refuse(by: Any, extract: Extract, checked: Checked | None, refusal: str, at: datetime) -> Extract:
    changes: dict[str, Any] = {"refusal": refusal}
    if checked and checked.problem_count:
        changes |= {
            "problem_count": checked.problem_count,
            "first_problems": [asdict(problem) for problem in checked.first_problems],
            "problems": checked.problems_packed,
        }
    journal.record(by=by, verb="refused", subject=extract, force=extract.inspection.force)
    return _end(extract, ExtractState.REFUSED, at=at, **changes)


def _end(extract: Extract, state: str, *, at: datetime, **changes: Any) -> Extract:
    Extract.objects.filter(pk=extract.pk).update(state=state, checked_at=at, preview=[], **changes)
    pk, stored_name = extract.pk, extract.stored_name
    transaction.on_commit(lambda: _remove_file(pk, stored_name))
    extract.refresh_from_db()
    return extract


def _remove_file(pk: int, stored_name: str) -> None:
    remove(stored_name)
    Extract.objects.filter(pk=pk).update(stored_name="")
