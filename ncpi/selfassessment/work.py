"""What this room puts on a person's work list and on the inspection's page."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse

from ncpi.accounts.access import forces_granting
from ncpi.accounts.permissions import Permission
from ncpi.accounts.work import Tile, WorkItem, for_holders
from ncpi.inspections.models import Inspection
from ncpi.lib.clocks import Clock
from ncpi.selfassessment import queries
from ncpi.selfassessment.models import Judgement, JudgementState
from ncpi.selfassessment.signing import Status
from ncpi.selfassessment.thread_models import Thread

TO_WRITE = [JudgementState.NOT_STARTED, JudgementState.DRAFTING, JudgementState.RETURNED]
NOTES = {
    JudgementState.NOT_STARTED: "Not started",
    JudgementState.DRAFTING: "Being written",
    JudgementState.RETURNED: "Returned to you: read why",
}
URGENT, SOON, LATER = 0, 1, 2


def my_work(user: Any, *, clock: Clock) -> list[WorkItem]:
    """Return what the person has to do here, in forces with this clock."""
    return [*_held(user, clock), *_waiting(user, clock), *_to_answer(user, clock), *_to_sign(user, clock)]


def _open_judgements(clock: Clock) -> QuerySet[Judgement]:
    rows = Judgement.objects.filter(inspection__closed_at=None, inspection__force__clock_offset=clock.offset)
    return rows.select_related("inspection", "criterion")


def tile(inspection: Any, permissions: set, *, clock: Clock) -> Tile | None:
    """Return this room's tile for those who may open it."""
    if Permission.JUDGEMENT_VIEW not in permissions:
        return None
    address = reverse("selfassessment:overview", args=[inspection.ref])
    if Permission.DRAFT_VIEW not in permissions:
        submitted = queries.submitted_returns(inspection).count()
        return Tile("Self-assessment", str(submitted), "submitted returns to read", address)
    found = _counts(inspection, clock.on)
    count = f"{found['agreed']} of {found['total']}" if found["total"] else "–"
    late = f", {found['late']} overdue" if found["late"] else ""
    text = f"criteria agreed{late}" if found["total"] else "Not begun"
    return Tile("Self-assessment", count, text, address, next_date=found["next"], is_warning=bool(found["late"]))


@for_holders(Permission.JUDGEMENT_EDIT)
def _held(user: Any, clock: Clock) -> list[WorkItem]:
    may = forces_granting(user, Permission.JUDGEMENT_EDIT)
    rows = _open_judgements(clock).filter(lead=user, state__in=TO_WRITE, inspection__force_id__in=may)
    return [_to_write(row, clock.on) for row in rows]


@for_holders(Permission.JUDGEMENT_REVIEW)
def _waiting(user: Any, clock: Clock) -> list[WorkItem]:
    """Return what is in review with this person, or with nobody in particular and not their own."""
    may = forces_granting(user, Permission.JUDGEMENT_REVIEW)
    open_to = Q(reviewer=user) | Q(reviewer=None) & ~Q(saved_by=user) & ~Q(lead=user)
    rows = _open_judgements(clock).filter(open_to, state=JudgementState.IN_REVIEW, inspection__force_id__in=may)
    return [_to_review(row, clock.on) for row in rows]


@for_holders(Permission.DRAFT_VIEW)
def _to_answer(user: Any, clock: Clock) -> list[WorkItem]:
    """Return the questions and remarks to which the next word is this person's, one line a thread."""
    return [_to_say(row, user) for row in queries.waiting_for(user, clock=clock)]


def _to_say(row: Thread, user: Any) -> WorkItem:
    criterion, inspection = row.judgement.criterion, row.judgement.inspection
    if row.opened_by_id == user.pk:
        note = "Answered: resolve it, or ask on"
    elif row.is_question:
        note = "A question waits for your answer"
    else:
        note = "A colleague named you in a comment"
    return WorkItem(
        urgency=SOON,
        title=criterion.title,
        kind="Question" if row.is_question else "Comment",
        address=f"{reverse('selfassessment:talk', args=[inspection.ref, criterion.key])}#thread-{row.pk}",
        inspection=inspection.name,
        note=note,
        force=inspection.force_id,
        waits="question" if row.is_question else "",
    )


def _to_write(row: Judgement, on: date) -> WorkItem:
    state = JudgementState(row.state)
    overdue = row.due_date is not None and row.due_date < on
    returned = state == JudgementState.RETURNED
    item = _item(row, "Judgement to write", NOTES[state], "criterion", overdue, SOON if returned else LATER)
    return replace(item, waits="returned") if returned else item


def _to_review(row: Judgement, on: date) -> WorkItem:
    overdue = row.due_date is not None and row.due_date < on
    return _item(row, "Judgement to review", "Sent for review", "review", overdue, SOON)


def _item(row: Judgement, kind: str, note: str, page: str, overdue: bool, urgency: int) -> WorkItem:
    return WorkItem(
        urgency=URGENT if overdue else urgency,
        title=row.criterion.title,
        kind=kind,
        address=reverse(f"selfassessment:{page}", args=[row.inspection.ref, row.criterion.key]),
        inspection=row.inspection.name,
        due_date=row.due_date,
        is_overdue=overdue,
        note=note,
        force=row.inspection.force_id,
    )


@for_holders(Permission.SIGN)
def _to_sign(user: Any, clock: Clock) -> list[WorkItem]:
    """Return the areas that a chief officer can sign, or must look at again."""
    may = forces_granting(user, Permission.SIGN)
    inspections = list(
        Inspection.objects.open()
        .filter(force_id__in=may, force__clock_offset=clock.offset)
        .select_related("programme")
        .order_by("fieldwork_start_date", "pk")
    )
    wholes = queries.returns(inspections) if inspections else []
    standing = queries.standings(wholes) if wholes else {}
    return [item for whole in wholes for item in _areas_to_sign(whole, standing)]


def _areas_to_sign(whole: queries.Return, standing: dict[tuple[int, int | None], queries.Standing]) -> list[WorkItem]:
    items = []
    for area in whole.areas():
        status = standing.get((whole.inspection.pk, area.pk), queries.UNSIGNED).status
        ready = all(row.state == JudgementState.AGREED for row in whole.of_area(area))
        if status == Status.STALE or (status == Status.UNSIGNED and ready):
            note = "Changed since you signed" if status == Status.STALE else "Every criterion is agreed"
            page = "sign-area" if ready else "area"
            address = reverse(f"selfassessment:{page}", args=[whole.inspection.ref, area.key])
            item = WorkItem(SOON, area.title, "Area to sign", address, whole.inspection.name, note=note)
            items.append(replace(item, force=whole.inspection.force_id))
    return items


def _counts(inspection: Inspection, on: date) -> dict[str, Any]:
    to_do = ~Q(state=JudgementState.AGREED)
    found: dict[str, Any] = defaultdict(int)
    found.update(
        Judgement.objects.filter(inspection=inspection).aggregate(
            total=Count("pk"),
            agreed=Count("pk", filter=~to_do),
            late=Count("pk", filter=to_do & Q(due_date__lt=on)),
            next=Min("due_date", filter=to_do & Q(due_date__gte=on)),
        )
    )
    return found
