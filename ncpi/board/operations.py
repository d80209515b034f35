"""Publishing figures, compiling summaries, approving and releasing them, and what the Board answers."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from ncpi.accounts import journal
from ncpi.accounts.access import colleagues, memberships
from ncpi.accounts.permissions import ROLES, Permission
from ncpi.board import queries
from ncpi.board.figures import Basis, FigureValue
from ncpi.board.models import (
    Ask,
    Figure,
    Meeting,
    Publication,
    Response,
    ResponseKind,
    Summary,
    SummaryChart,
    SummaryState,
)
from ncpi.board.pictures import Chart
from ncpi.board.readiness import content_of
from ncpi.inspections.marks import mark_changed
from ncpi.inspections.models import Inspection
from ncpi.jobs.models import Job
from ncpi.jobs.operations import enqueue, queue_mail
from ncpi.lib.digests import canonical, sha256
from ncpi.lib.versions import swap

NUMBERS = ("numerator", "denominator", "value", "low", "high", "is_suppressed")


def _has_moved(known: Figure | None, value: FigureValue) -> bool:
    if known is None or known.is_withdrawn:
        return True
    return any(getattr(known, name) != getattr(value, name) for name in NUMBERS)


def _row(
    inspection: Inspection, value: FigureValue, known: Figure | None, *, source: str, as_at: datetime, withdrawn: bool
) -> Figure:
    """Date a figure; one that corrects a figure of the same or a later moment is dated just after that one."""
    dated = as_at if known is None or known.as_at < as_at else known.as_at + timedelta(microseconds=1)
    numbers = {} if withdrawn else {name: getattr(value, name) for name in NUMBERS}
    return Figure(
        inspection=inspection,
        measure=value.measure,
        area=value.area,
        breakdown=value.breakdown,
        is_withdrawn=withdrawn,
        as_at=dated,
        source=source,
        published_at=as_at,
        **numbers,
    )


@transaction.atomic
def publish_figures(
    *,
    by: Any,
    inspection: Inspection,
    source: str,
    figures: Iterable[FigureValue],
    as_at: datetime,
    basis: Basis | None = None,
) -> int:
    """Publish what differs from the latest figure of its key and withdraw keys that are gone; say how many rows.

    Two publishers of one inspection wait for each other on its row, so nothing is published twice. `basis` is kept, so
    that the source can tell later whether there is anything to count again (`queries.stands`).
    """
    Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk)
    latest = {
        (row.measure, row.area, row.breakdown): row
        for row in Figure.objects.filter(inspection=inspection, source=source).latest()
    }
    offered = {value.key: value for value in figures}
    rows = [
        _row(inspection, value, latest.get(key), source=source, as_at=as_at, withdrawn=False)
        for key, value in offered.items()
        if _has_moved(latest.get(key), value)
    ]
    rows += [
        _row(inspection, FigureValue(*key), known, source=source, as_at=as_at, withdrawn=True)
        for key, known in latest.items()
        if key not in offered and not known.is_withdrawn
    ]
    Figure.objects.bulk_create(rows, batch_size=500)
    if basis:
        Publication.objects.update_or_create(
            inspection=inspection, source=source, defaults={"as_at": as_at, **asdict(basis)}
        )
    if rows:
        journal.record(
            by=by, verb="published figures", subject=inspection, force=inspection.force, detail=f"{len(rows)} figures"
        )
    return len(rows)


class InspectionClosed(Exception):
    """The inspection is closed and nothing is compiled for it any more."""


@transaction.atomic
def request_compile(*, by: Any, inspection: Inspection, at: datetime) -> Job:
    """Ask for a summary of the inspection as it stands; asking while one is being compiled gives that one."""
    if inspection.is_closed:
        raise InspectionClosed(f"{inspection.name} is closed.")
    return enqueue(
        by=by,
        kind="compile_summary",
        key=f"inspection-{inspection.pk}",
        args={"inspection": inspection.pk},
        force=inspection.force,
        at=at,
    )


class StateWouldNotStandStill(Exception):
    """The inspection was being changed all the while; compile again when it is quieter."""


TRIES = 5


def compile_summary(
    *, by: Any, inspection: Inspection, on: date, job: Job | None, at: datetime, as_at: datetime | None = None
) -> Summary:
    """Compile the summary of the inspection's state and keep it once; `as_at` asks for an earlier moment.

    1. Read the state; when something changed meanwhile, read it again.
    2. A summary with these very bytes is the one that is there already.
    3. Draw its pictures, then keep all in one transaction. A worker that was killed before leaves nothing behind,
       and a second delivery finds the first one's summary.
    """
    from ncpi.board.charts import charts  # noqa: PLC0415 slow import

    content = _settled_content(inspection, on, as_at)
    data = canonical(content)
    known = Summary.objects.filter(inspection=inspection, digest=sha256(data)).first()
    return known or _keep(
        by=by, inspection=inspection, as_at=content["as_at"], data=data, drawn=charts(data), job=job, at=at
    )


def _settled_content(inspection: Inspection, on: date, as_at: datetime | None) -> dict[str, Any]:
    for _ in range(TRIES):
        before = queries.moment_of(inspection, on)
        state = queries.state_of(inspection, as_at=as_at or before, on=on)
        if queries.moment_of(inspection, on) == before:
            return content_of(state)
    raise StateWouldNotStandStill("The inspection was being changed all the while. Compile again.")


@transaction.atomic
def _keep(
    *, by: Any, inspection: Inspection, as_at: str, data: bytes, drawn: Sequence[Chart], job: Job | None, at: datetime
) -> Summary:
    """Number the summary and write it with its pictures; the race is with another compilation of the same state."""
    Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk)
    mine = Summary.objects.filter(inspection=inspection)
    known = mine.filter(digest=sha256(data)).first()
    if known:
        return known
    summary = Summary.objects.create(
        inspection=inspection,
        number=(mine.aggregate(last=Max("number"))["last"] or 0) + 1,
        as_at=datetime.fromisoformat(as_at),
        content=data.decode("utf-8"),
        digest=sha256(data),
        job=job,
        compiled_at=at,
    )
    SummaryChart.objects.bulk_create(
        SummaryChart(
            summary=summary,
            name=chart.name,
            title=chart.title,
            description=chart.description,
            svg=chart.svg.decode("utf-8"),
            png=chart.png,
            order=place,
        )
        for place, chart in enumerate(drawn)
    )
    journal.record(by=by, verb="compiled", subject=summary, force=inspection.force, detail=summary.digest)
    return summary


class NotADraft(Exception):
    """Only a draft can be approved or have its covering note changed."""


@transaction.atomic
def write_covering_note(*, by: Any, summary: Summary, version: int, text: str) -> Summary:
    """Write the words that stand before the figures, while the summary is a draft."""
    if summary.state != SummaryState.DRAFT:
        raise NotADraft("This summary has been approved. Its covering note no longer changes.")
    swap(summary, version=version, covering_note=text)
    journal.record(by=by, verb="wrote the covering note", subject=summary, force=summary.inspection.force)
    return summary


@transaction.atomic
def approve(*, by: Any, summary: Summary, version: int, at: datetime) -> Summary:
    """Approve a draft: the chief officer stands by it. Nobody on the Board sees it yet."""
    if summary.state != SummaryState.DRAFT:
        raise NotADraft("This summary is not a draft.")
    swap(summary, version=version, state=SummaryState.APPROVED, approved_by=by, approved_at=at)
    journal.record(by=by, verb="approved", subject=summary, force=summary.inspection.force, detail=summary.digest)
    return summary


class NotApproved(Exception):
    """A summary is approved before it is released."""


@transaction.atomic
def release(*, by: Any, summary: Summary, version: int, at: datetime) -> Summary:
    """Release an approved summary to the Board, and tell its members once."""
    if summary.state != SummaryState.APPROVED:
        raise NotApproved("Only an approved summary can be released.")
    inspection = summary.inspection
    swap(
        summary,
        version=version,
        state=SummaryState.RELEASED,
        released_by=by,
        released_by_title=_title_of(by, inspection),
        released_at=at,
    )
    journal.record(by=by, verb="released", subject=summary, force=inspection.force, detail=summary.digest)
    mark_changed(inspection_id=inspection.pk, at=at)
    for member in colleagues(inspection.force, Permission.BOARD_RESPOND):
        queue_mail(
            key=f"summary-{summary.pk}-released-{member.pk}",
            to=member.email,
            subject=f"{inspection.name}: readiness summary {summary.number} for the Board",
            body=(
                f"Summary {summary.number} of {inspection.name} has been released to the Board. "
                "Sign in to NCPI readiness to read it and to download the paper.\n"
            ),
            at=at,
        )
    return summary


def _title_of(by: Any, inspection: Inspection) -> str:
    mine = [row for row in memberships(by) if row.force_id == inspection.force_id]
    held = [row for row in mine if Permission.SUMMARY_APPROVE in ROLES[row.role].permissions]
    return held[0].title if held else ""


class MeetingTaken(Exception):
    """There is a meeting on that day already."""


@transaction.atomic
def set_meeting(
    *, by: Any, inspection: Inspection, meeting: Meeting | None, version: int, at: datetime, **facts: Any
) -> Meeting:
    """Write down where the paper goes: a new meeting, or new facts of one that is known."""
    try:
        with transaction.atomic():
            if meeting is None:
                row = Meeting.objects.create(inspection=inspection, **facts)
            else:
                row = swap(meeting, version=version, **facts)
    except IntegrityError as error:
        raise MeetingTaken("There is a Board meeting on that day already.") from error
    journal.record(by=by, verb="set", subject=row, force=inspection.force)
    mark_changed(inspection_id=inspection.pk, at=at)
    return row


@transaction.atomic
def ask_board(*, by: Any, inspection: Inspection, kind: str, text: str, at: datetime) -> Ask:
    """Put something to the Board, to note or to decide; the next summary carries it."""
    mine = Ask.objects.filter(inspection=inspection)
    row = Ask.objects.create(
        inspection=inspection, kind=kind, text=text, order=(mine.aggregate(last=Max("order"))["last"] or 0) + 1
    )
    journal.record(by=by, verb="asked the Board", subject=row, force=inspection.force)
    mark_changed(inspection_id=inspection.pk, at=at)
    return row


class AskWithdrawn(Exception):
    """This is not being asked any more."""


@transaction.atomic
def withdraw_ask(*, by: Any, ask: Ask, version: int, at: datetime) -> Ask:
    """Take back what was put to the Board; summaries that carried it keep it."""
    if ask.withdrawn_at:
        raise AskWithdrawn("This has been withdrawn already.")
    swap(ask, version=version, withdrawn_at=at)
    journal.record(by=by, verb="withdrew", subject=ask, force=ask.inspection.force)
    mark_changed(inspection_id=ask.inspection_id, at=at)
    return ask


class NotReleased(Exception):
    """The Board answers released summaries only."""


class NothingSaid(Exception):
    """A question or a decision needs its words."""


@transaction.atomic
def respond(*, by: Any, summary: Summary, kind: str, text: str, at: datetime) -> Response:
    """Keep what a member of the Board notes, asks or decides on a released summary."""
    if summary.state != SummaryState.RELEASED:
        raise NotReleased("This summary has not been released to the Board.")
    if kind != ResponseKind.NOTED and not text:
        raise NothingSaid("Write the question or the decision.")
    row = Response.objects.create(summary=summary, kind=kind, text=text, by=by, at=at)
    journal.record(by=by, verb=kind, subject=summary, force=summary.inspection.force)
    return row
