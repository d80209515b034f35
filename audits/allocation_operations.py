"""Giving cases to auditors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from audits import allocation, allocation_queries, tool_operations
from audits.models import Audit, Auditor, AuditState, Capacity, Tool
from cases.hooks import CaseInUse
from cases.models import Case
from ncpi.accounts import journal
from ncpi.accounts.access import colleagues, permissions_in
from ncpi.accounts.permissions import Permission
from ncpi.inspections.marks import mark_changed
from ncpi.inspections.models import Inspection
from ncpi.inspections.operations import refuse_closed
from ncpi.lib.versions import StaleVersion, swap

DAYS_FOR_AN_AUDIT = 14


class NoAuditor(Exception):
    """Nobody in the force may audit, or everybody has read the case already."""


class NothingToAllocate(Exception):
    """Every case of the sample has its auditors."""


@dataclass(frozen=True)
class Allocated:
    """What an allocation did: audits made, audits that changed hands, and readings that nobody may take."""

    made: list[Audit]
    moved: list[Audit]
    left: tuple[allocation.Piece, ...]

    def __str__(self) -> str:
        said = [f"{len(self.made)} audits allocated." if self.made or not self.moved else ""]
        said += [f"{len(self.moved)} changed hands." if self.moved else ""]
        said += [f"{len(self.left)} are left: nobody may take them." if self.left else ""]
        return " ".join(filter(None, said))


@transaction.atomic
def allocate_cases(
    *, by: Any, inspection: Inspection, way: str = allocation.Way.EQUAL, again: bool = False, on: date, at: datetime
) -> Allocated:
    """Give every case of every round its first auditor, and each plan's share a second, where there is none yet.

    `again` shares out anew what nobody has begun and nobody gave by hand; what was begun stays where it is.
    """
    _hold(inspection)
    untouched = {
        allocation_queries.piece_of(audit): audit for audit in allocation_queries.untouched(inspection) if again
    }
    wanted = [*allocation_queries.wanted(inspection), *untouched]
    if not wanted:
        raise NothingToAllocate("Every case has its auditors already.")
    shared = _share(inspection, wanted, allocation.Way(way), ignoring=untouched.values())
    new = {piece: auditor for piece, auditor in shared.given.items() if piece not in untouched}
    moved = _change_hands(by, untouched, shared.given, on=on, at=at)
    return Allocated(made=_make(by, inspection, new, on=on, at=at), moved=moved, left=shared.left)


@transaction.atomic
def ask_second_grading(*, by: Any, case: Case, on: date, at: datetime) -> Audit:
    """Have a chosen case graded a second time, by somebody who has not read it."""
    _hold(case.inspection)
    if Audit.objects.current().filter(case=case, capacity=Capacity.SECOND).exists():
        raise NothingToAllocate("The case has a second auditor already.")
    piece = allocation_queries.piece(case, Capacity.SECOND)
    shared = _share(case.inspection, [piece], allocation.Way.EQUAL)
    return _make(by, case.inspection, shared.given, on=on, at=at)[0]


@transaction.atomic
def ask_second_at_extremes(*, by: Any, case: Case, on: date, at: datetime) -> Audit | None:
    """Have a case that was graded best or worst graded again at once, where its round's plan asks for that.

    Where nobody may take it the case waits for the next allocation, which asks again.
    """
    if case.pk not in allocation_queries.at_extremes(case.inspection):
        return None
    try:
        return ask_second_grading(by=by, case=case, on=on, at=at)
    except (NothingToAllocate, NoAuditor):
        return None


@transaction.atomic
def allocate_case(*, by: Any, case: Case, capacity: str, auditor: Any, on: date, at: datetime) -> Audit:
    """Give one case to one named auditor; whoever had it unfinished loses it, and what they did is kept."""
    _hold(case.inspection)
    if Permission.AUDIT_DO not in permissions_in(auditor, case.inspection.force_id):
        raise NoAuditor("That person does not audit cases in this force.")
    works_in = Auditor.objects.filter(inspection=case.inspection_id, user=auditor).values_list("team", flat=True)
    if allocation.is_own_team(works_in.first() or "", case.candidate.team):
        raise NoAuditor("That person works in the team that ran the case.")
    earlier = Audit.objects.filter(case=case, capacity=capacity, ended_at=None).select_for_update(no_key=True)
    if earlier.filter(state=AuditState.SUBMITTED).exists():
        raise NothingToAllocate("The case has been audited in this capacity already.")
    earlier.update(ended_at=at, ended_reason="Given to another auditor", version=F("version") + 1)
    try:
        with transaction.atomic():
            made = _audit(by, case.pk, case.inspection_id, capacity, auditor.pk, on=on, at=at)
            made.tool, made.is_pinned = _tool_of(by, case.inspection, at), True
            made.save(force_insert=True)
    except IntegrityError:
        raise NoAuditor("That person has had this case already.") from None
    journal.record(by=by, verb="allocated", subject=made, force=case.inspection.force, detail=str(capacity))
    mark_changed(inspection_id=case.inspection_id, at=at)
    return made


class TooLate(Exception):
    """The audit was handed in, or is somebody else's by now."""


@transaction.atomic
def declare_conflict(*, by: Any, audit: Audit, reason: str, at: datetime) -> Audit:
    """Give a case back for a conflict of interest. It waits for another auditor; what was done is kept."""
    _hold(audit.inspection)
    audit.refresh_from_db()
    if audit.auditor_id != by.pk or audit.ended_at or audit.state == AuditState.SUBMITTED:
        raise TooLate("This audit is not yours to give back any more.")
    swap(audit, version=audit.version, ended_at=at, ended_reason=reason.strip()[:300], has_conflict=True)
    journal.record(by=by, verb="declared a conflict over", subject=audit, force=audit.inspection.force)
    mark_changed(inspection_id=audit.inspection_id, at=at)
    return audit


@transaction.atomic
def describe_auditor(
    *,
    by: Any,
    inspection: Inspection,
    user: Any,
    version: int,
    team: str,
    specialisms: Iterable[str],
    share: int | None,
) -> Auditor:
    """Say what allocation needs to know of a person; `version` 0 when nothing was said yet."""
    _hold(inspection)
    said: dict[str, Any] = {"team": team, "specialisms": sorted(specialisms), "share": share}
    row = Auditor.objects.filter(inspection=inspection, user=user).first()
    if row is None:
        row = Auditor.objects.create(inspection=inspection, user=user, **said)
    elif row.version != version:
        raise StaleVersion(row)
    else:
        swap(row, version=version, **said)
    journal.record(by=by, verb="described", subject=row, force=inspection.force)
    return row


def _hold(inspection: Inspection) -> None:
    """Let one allocation at a time look at who has what."""
    refuse_closed(Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk))


def _share(
    inspection: Inspection,
    wanted: Sequence[allocation.Piece],
    way: allocation.Way,
    *,
    ignoring: Iterable[Audit] = (),
) -> allocation.Shared:
    people = allocation_queries.people(inspection, colleagues(inspection.force, Permission.AUDIT_DO))
    had, load = allocation_queries.had_and_load(inspection, ignoring=[audit.pk for audit in ignoring])
    shared = allocation.allocate(wanted, people=people, had=had, load=load, way=way)
    if not shared.given:
        without = way == allocation.Way.PERCENT and not any(person.share for person in people)
        raise NoAuditor("No auditor has a percentage yet." if without else "There is no auditor who may take these.")
    return shared


def _make(by: Any, inspection: Inspection, given: Any, *, on: date, at: datetime) -> list[Audit]:
    if not given:
        return []
    tool = _tool_of(by, inspection, at)
    audits = [
        _audit(by, piece.case, inspection.pk, piece.capacity, auditor, on=on, at=at) for piece, auditor in given.items()
    ]
    for audit in audits:
        audit.tool = tool
    made = Audit.objects.bulk_create(audits)
    for audit in made:
        journal.record(by=by, verb="allocated", subject=audit, force=inspection.force, detail=audit.capacity)
    # A case that is to be read again has no grade until then.
    mark_changed(inspection_id=inspection.pk, at=at)
    return made


def _change_hands(by: Any, untouched: Any, given: Any, *, on: date, at: datetime) -> list[Audit]:
    """Write who has an audit now that nobody had begun.

    Where first and second auditor of a case only changed places they stay: nobody has gained, and nobody may have a
    case twice even for a moment. For the same reason the second goes first where the first follows them.
    """
    by_case: dict[int, list[tuple[Audit, int]]] = {}
    for piece, audit in untouched.items():
        if piece in given and given[piece] != audit.auditor_id:
            by_case.setdefault(piece.case, []).append((audit, given[piece]))
    moved = []
    for changes in by_case.values():
        if {audit.auditor_id for audit, _ in changes} == {auditor for _, auditor in changes}:
            continue
        leaving = {audit.auditor_id for audit, _ in changes}
        for audit, auditor in sorted(changes, key=lambda change: (change[1] in leaving, change[0].pk)):
            due = on + timedelta(days=DAYS_FOR_AN_AUDIT)
            swap(audit, version=audit.version, auditor_id=auditor, allocated_by=by, allocated_at=at, due_date=due)
            journal.record(by=by, verb="allocated", subject=audit, force=audit.inspection.force, detail=audit.capacity)
            moved.append(audit)
    return moved


def _tool_of(by: Any, inspection: Any, at: datetime) -> Tool:
    return tool_operations.make_tool(by=by, force=inspection.force, programme=inspection.programme, at=at)


def _audit(by: Any, case: int, inspection: int, capacity: str, auditor: int, *, on: date, at: datetime) -> Audit:
    return Audit(
        inspection_id=inspection,
        case_id=case,
        auditor_id=auditor,
        capacity=capacity,
        due_date=on + timedelta(days=DAYS_FOR_AN_AUDIT),
        allocated_by=by,
        allocated_at=at,
    )


@transaction.atomic
def end_audits_of_replaced(*, by: Any, case: Case, at: datetime) -> None:
    """Take a case that leaves the sample back from its auditors; one that has been graded stays in."""
    refuse_closed(case.inspection)
    audits = Audit.objects.filter(case=case, ended_at=None)
    if audits.filter(state=AuditState.SUBMITTED).exists():
        raise CaseInUse("This case has been audited, so it cannot leave the sample any more.")
    for audit in audits.select_for_update(no_key=True).order_by("pk"):
        swap(audit, version=audit.version, ended_at=at, ended_reason="The case left the sample")
        journal.record(by=by, verb="ended", subject=audit, force=case.inspection.force)
