"""What this room puts on a person's work list and on the inspection's page."""

from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse

from ncpi.accounts.access import forces_granting
from ncpi.accounts.permissions import Permission
from ncpi.accounts.work import Tile, WorkItem, for_holders
from ncpi.board.models import Meeting, Response, Summary, SummaryQuerySet, SummaryState
from ncpi.board.wording import shown_moment
from ncpi.inspections.models import Inspection
from ncpi.lib.clocks import Clock


def my_work(user: Any, *, clock: Clock) -> list[WorkItem]:
    """Return what the person has to do here, in forces with this clock: approve, release, answer."""
    return [*_undecided(user, clock), *_unread(user, clock)]


def _latest(user: Any, clock: Clock) -> SummaryQuerySet:
    """Return the newest summary of each inspection."""
    latest = Summary.objects.filter(inspection=OuterRef("inspection")).order_by("-number").values("pk")[:1]
    answered = Response.objects.filter(summary=OuterRef("pk"), by=user)
    return (
        Summary.objects.filter(inspection__force__clock_offset=clock.offset, pk=Subquery(latest))
        .without_content()
        .select_related("inspection")
        .annotate(is_answered=Exists(answered), meets=_meets(clock))
        .order_by("pk")
    )


@for_holders(Permission.SUMMARY_APPROVE)
def _undecided(user: Any, clock: Clock) -> list[WorkItem]:
    waiting = _latest(user, clock).filter(
        inspection__force__in=forces_granting(user, Permission.SUMMARY_APPROVE),
        state__in=[SummaryState.DRAFT, SummaryState.APPROVED],
    )
    return [_to_decide(row) for row in waiting]


@for_holders(Permission.BOARD_RESPOND)
def _unread(user: Any, clock: Clock) -> list[WorkItem]:
    unread = _latest(user, clock).filter(
        inspection__force__in=forces_granting(user, Permission.BOARD_RESPOND),
        state=SummaryState.RELEASED,
        is_answered=False,
    )
    return [_to_answer(row) for row in unread]


def _meets(clock: Clock) -> Subquery:
    coming = Meeting.objects.filter(inspection=OuterRef("inspection"), held_date__gte=clock.on)
    return Subquery(coming.order_by("held_date").values("held_date")[:1])


def _to_decide(summary: Any) -> WorkItem:
    act = "Approve" if summary.state == SummaryState.DRAFT else "Release"
    return WorkItem(
        urgency=2,
        title=f"{act} readiness summary {summary.number}",
        kind="Readiness",
        address=reverse("board:summary", args=[summary.inspection.ref, summary.number]),
        inspection=summary.inspection.name,
        due_date=summary.meets,
        force=summary.inspection.force_id,
        note=f"As at {shown_moment(summary.as_at.isoformat())}",
    )


def _to_answer(summary: Any) -> WorkItem:
    return WorkItem(
        urgency=2,
        title=f"Read readiness summary {summary.number} for the Board",
        kind="Board",
        address=reverse("board:dashboard", args=[summary.inspection.ref]),
        inspection=summary.inspection.name,
        due_date=summary.meets,
        force=summary.inspection.force_id,
        note=f"As at {shown_moment(summary.as_at.isoformat())}",
    )


def tile(inspection: Inspection, permissions: set, *, clock: Clock) -> Tile | None:
    """Return this room's tile for those who may open it."""
    rows = Summary.objects.filter(inspection=inspection).without_content()
    meeting = Meeting.objects.filter(inspection=inspection, held_date__gte=clock.on).order_by("held_date").first()
    held = meeting.held_date if meeting else None
    if Permission.SUMMARY_VIEW in permissions:
        latest = rows.order_by("-number").first()  # numbers have no gaps: the latest is also how many
        text = f"summaries; the latest is {latest.get_state_display().lower()}" if latest else "summaries compiled"
        address = reverse("board:readiness", args=[inspection.ref])
        return Tile("Board", str(latest.number if latest else 0), text, address, next_date=held)
    if Permission.BOARD_VIEW not in permissions:
        return None
    released = rows.released().count()
    text = "summary released to the Board" if released == 1 else "summaries released to the Board"
    return Tile("Board", str(released), text, reverse("board:dashboard", args=[inspection.ref]), next_date=held)
