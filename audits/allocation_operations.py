"""Making the audit tool and giving cases to auditors."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, F

from audits import allocation
from audits.models import Audit, AuditState, Capacity, Tool, ToolQuestion
from cases.hooks import CaseInUse
from cases.models import Case, Sample
from ncpi.accounts import journal
from ncpi.accounts.access import colleagues, permissions_in
from ncpi.accounts.permissions import Permission
from ncpi.inspections.models import Question
from ncpi.inspections.operations import refuse_closed
from ncpi.lib.digests import digest
from ncpi.lib.versions import swap

DAYS_FOR_AN_AUDIT = 14


# The tool


@transaction.atomic
def make_tool(*, by: Any, force: Any, programme: Any, at: datetime) -> Tool:
    """Return the force's tool with the programme's questions; the same questions are the same tool."""
    questions = list(Question.objects.filter(programme=programme).order_by("order", "pk"))
    mark = digest({"questions": [_question_state(question) for question in questions]})
    tool, is_new = Tool.objects.get_or_create(
        force=force, programme=programme, digest=mark, defaults=_tool_defaults(force, programme, by, at)
    )
    if is_new:
        ToolQuestion.objects.bulk_create(_tool_question(tool, question) for question in questions)
        journal.record(by=by, verb="made", subject=tool, force=force)
    return tool


def _tool_defaults(force: Any, programme: Any, by: Any, at: datetime) -> dict[str, Any]:
    number = Tool.objects.filter(force=force, programme=programme).count() + 1
    return {"number": number, "made_by": by, "made_at": at}


def _question_state(question: Question) -> list[Any]:
    return [
        question.key, question.case_type_id, question.area_id, question.section, question.ask, question.kind,
        question.is_required, question.follow_up, question.escalates, question.order,
    ]  # fmt: skip


def _tool_question(tool: Tool, question: Question) -> ToolQuestion:
    return ToolQuestion(
        tool=tool,
        key=question.key,
        case_type_id=question.case_type_id,
        area_id=question.area_id,
        section=question.section,
        ask=question.ask,
        kind=question.kind,
        is_required=question.is_required,
        follow_up=question.follow_up,
        escalates=question.escalates,
        order=question.order,
    )


# Allocation


class NoAuditor(Exception):
    """Nobody in the force may audit, or everybody has read the case already."""


class NothingToAllocate(Exception):
    """Every case of the sample has its auditors."""


@transaction.atomic
def allocate_sample(*, by: Any, sample: Sample, on: date, at: datetime) -> list[Audit]:
    """Give every case of the sample a first auditor, and the plan's share a second, where there is none yet."""
    refuse_closed(sample.inspection)
    Sample.objects.select_for_update(no_key=True).get(pk=sample.pk)
    cases = list(sample.cases.in_sample().select_related("candidate").order_by("case_type__order", "rank", "pk"))
    second = allocation.chosen_for_second(
        (case.candidate.reference for case in cases), seed=sample.seed, percent=sample.second_grading_percent
    )
    have = set(Audit.objects.current().filter(case__sample=sample).values_list("case_id", "capacity"))
    wanted = [(case, Capacity.FIRST) for case in cases if (case.pk, "first") not in have]
    wanted += [
        (case, Capacity.SECOND)
        for case in cases
        if case.candidate.reference in second and (case.pk, "second") not in have
    ]
    if not wanted:
        raise NothingToAllocate("Every case has its auditors already.")
    return _allocate(by=by, inspection=sample.inspection, wanted=wanted, on=on, at=at)


@transaction.atomic
def ask_second_grading(*, by: Any, case: Case, on: date, at: datetime) -> Audit:
    """Have a chosen case graded a second time, by somebody who has not read it."""
    refuse_closed(case.inspection)
    if Audit.objects.current().filter(case=case, capacity=Capacity.SECOND).exists():
        raise NothingToAllocate("The case has a second auditor already.")
    made = _allocate(by=by, inspection=case.inspection, wanted=[(case, Capacity.SECOND)], on=on, at=at)
    return made[0]


@transaction.atomic
def allocate_case(*, by: Any, case: Case, capacity: str, auditor: Any, on: date, at: datetime) -> Audit:
    """Give one case to one named auditor; whoever had it unfinished loses it, and what they did is kept."""
    refuse_closed(case.inspection)
    if Permission.AUDIT_DO not in permissions_in(auditor, case.inspection.force_id):
        raise NoAuditor("That person does not audit cases in this force.")
    earlier = Audit.objects.filter(case=case, capacity=capacity, ended_at=None).select_for_update(no_key=True)
    if earlier.filter(state=AuditState.SUBMITTED).exists():
        raise NothingToAllocate("The case has been audited in this capacity already.")
    earlier.update(ended_at=at, ended_reason="Given to another auditor", version=F("version") + 1)
    try:
        with transaction.atomic():
            made = _audit(by, case, capacity, auditor.pk, _tool_of(by, case.inspection, at), on, at)
            made.save(force_insert=True)
    except IntegrityError:
        raise NoAuditor("That person has had this case already.") from None
    journal.record(by=by, verb="allocated", subject=made, force=case.inspection.force, detail=str(capacity))
    return made


def _allocate(*, by: Any, inspection: Any, wanted: Sequence[tuple[Case, str]], on: date, at: datetime) -> list[Audit]:
    auditors = [user.pk for user in colleagues(inspection.force, Permission.AUDIT_DO)]
    had, load = _had_and_load(inspection)
    tool = _tool_of(by, inspection, at)
    audits: list[Audit] = []
    # First and second in turn: the second needs to know who has the first.
    for capacity in (Capacity.FIRST, Capacity.SECOND):
        cases = {case.pk: case for case, wanted_capacity in wanted if wanted_capacity == capacity}
        try:
            given = allocation.allocate(list(cases), auditors=auditors, had=had, load=load)
        except allocation.NobodyLeft as error:
            raise NoAuditor(str(error)) from None
        for case_id, auditor in given.items():
            had.setdefault(case_id, set()).add(auditor)
            load[auditor] = load.get(auditor, 0) + 1
            audits.append(_audit(by, cases[case_id], capacity, auditor, tool, on, at))
    made = Audit.objects.bulk_create(audits)
    for audit in made:
        journal.record(by=by, verb="allocated", subject=audit, force=inspection.force, detail=audit.capacity)
    return made


def _had_and_load(inspection: Any) -> tuple[dict[int, set[int]], dict[int, int]]:
    had: dict[int, set[int]] = {}
    rows = Audit.objects.filter(inspection=inspection)
    for case_id, auditor in rows.values_list("case_id", "auditor_id"):
        had.setdefault(case_id, set()).add(auditor)
    counts = rows.current().values("auditor_id").annotate(n=Count("pk")).order_by()
    return had, {row["auditor_id"]: row["n"] for row in counts}


def _tool_of(by: Any, inspection: Any, at: datetime) -> Tool:
    return make_tool(by=by, force=inspection.force, programme=inspection.programme, at=at)


def _audit(by: Any, case: Case, capacity: str, auditor: int, tool: Tool, on: date, at: datetime) -> Audit:
    return Audit(
        inspection_id=case.inspection_id,
        case=case,
        tool=tool,
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
