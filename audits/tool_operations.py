"""A force's audit questions: the programme's and its own, in numbered versions that never change."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from audits.models import Audit, AuditState, OwnQuestion, Tool, ToolQuestion
from audits.tool_queries import current_tool, own_questions
from ncpi.accounts import journal
from ncpi.inspections.models import Force, Inspection, Question
from ncpi.inspections.operations import refuse_closed
from ncpi.lib.digests import digest
from ncpi.lib.prepared import Parameter, Prepared
from ncpi.lib.versions import StaleVersion, swap

OWN_SECTION = "Our own questions"


@transaction.atomic
def make_tool(*, by: Any, force: Any, programme: Any, at: datetime) -> Tool:
    """Return the version of the tool that is in use; the first one is made when it is first needed."""
    known = current_tool(force.pk, programme.pk)
    if known is not None:
        return known
    Force.objects.select_for_update(no_key=True).get(pk=force.pk)
    return current_tool(force.pk, programme.pk) or _next_version(by, force, programme, at, number=1)


@transaction.atomic
def add_question(
    *,
    by: Any,
    inspection: Inspection,
    ask: str,
    kind: str,
    case_type: Any,
    area: Any = None,
    is_required: bool,
    follow_up: str,
    at: datetime,
) -> OwnQuestion:
    """Write down a question of the force's own; it is asked once a version that has it is put to use."""
    refuse_closed(inspection)
    Force.objects.select_for_update(no_key=True).get(pk=inspection.force_id)
    rows = OwnQuestion.objects.filter(force=inspection.force_id, programme=inspection.programme_id)
    question = OwnQuestion.objects.create(
        force_id=inspection.force_id,
        programme_id=inspection.programme_id,
        number=rows.count() + 1,
        case_type=case_type,
        area=area,
        section=OWN_SECTION,
        ask=ask,
        kind=kind,
        is_required=is_required,
        follow_up=follow_up,
        added_by=by,
        added_at=at,
    )
    journal.record(by=by, verb="added", subject=question, force=inspection.force)
    return question


class Withdrawn(Exception):
    """The question was withdrawn already."""


@transaction.atomic
def withdraw_question(
    *, by: Any, inspection: Inspection, question: OwnQuestion, version: int, at: datetime
) -> OwnQuestion:
    """Leave a question out of the next version; audits that were begun with it keep it."""
    refuse_closed(inspection)
    try:
        swap(question, version=version, withdrawn_by=by, withdrawn_at=at)
    except StaleVersion:
        raise Withdrawn("That question was withdrawn already.") from None
    journal.record(by=by, verb="withdrew", subject=question, force=inspection.force)
    return question


class NothingNew(Exception):
    """The version in use has exactly these questions."""


@transaction.atomic
def put_to_use(*, by: Any, inspection: Inspection, at: datetime) -> tuple[Tool, int]:
    """Make the next version of the tool and give it to audits that nobody has begun; say to how many.

    A begun audit keeps its version. Whoever gives a first answer at this moment either has begun, or finds that the
    questions were renewed: the audits are locked against an answer, which locks its audit too.
    """
    refuse_closed(inspection)
    force = Force.objects.select_for_update(no_key=True).get(pk=inspection.force_id)
    known = current_tool(force.pk, inspection.programme_id)
    questions = _questions(force, inspection.programme)
    if known is not None and known.digest == _mark(questions):
        raise NothingNew("The version in use has exactly these questions.")
    tool = _next_version(by, force, inspection.programme, at, number=known.number + 1 if known else 1)
    waiting = Audit.objects.filter(
        inspection__force=force,
        inspection__programme=inspection.programme_id,
        inspection__closed_at=None,
        state=AuditState.ALLOCATED,
        ended_at=None,
    )
    locked = list(waiting.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    moved = Audit.objects.filter(pk__in=locked).update(tool=tool, version=F("version") + 1)
    return tool, moved


def _next_version(by: Any, force: Any, programme: Any, at: datetime, *, number: int) -> Tool:
    questions = _questions(force, programme)
    tool = Tool.objects.create(
        force=force, programme=programme, number=number, digest=_mark(questions), made_by=by, made_at=at
    )
    for question in questions:
        question.tool = tool
    ToolQuestion.objects.bulk_create(questions)
    journal.record(by=by, verb="made", subject=tool, force=force)
    return tool


_ASKED = Prepared(lambda: Question.objects.filter(programme=Parameter("programme")).order_by("order", "pk"))


def _questions(force: Any, programme: Any) -> list[ToolQuestion]:
    """Give the questions of the next version: the programme's, then the force's own."""
    asked = [
        _tool_question(question, area_id=question.area_id, escalates=question.escalates, order=question.order)
        for question in _ASKED.rows(programme=programme.pk)
    ]
    last = max((question.order for question in asked), default=0)
    own = own_questions(force.pk, programme.pk).filter(withdrawn_at=None)
    return asked + [
        _tool_question(question, area_id=question.area_id, escalates=False, order=last + question.number)
        for question in own
    ]


def _tool_question(question: Any, *, area_id: int | None, escalates: bool, order: int) -> ToolQuestion:
    return ToolQuestion(
        key=question.key,
        case_type_id=question.case_type_id,
        area_id=area_id,
        section=question.section,
        ask=question.ask,
        kind=question.kind,
        is_required=question.is_required,
        follow_up=question.follow_up,
        escalates=escalates,
        order=order,
    )


def _mark(questions: Iterable[ToolQuestion]) -> str:
    return digest({"questions": [_state(question) for question in questions]})


def _state(question: ToolQuestion) -> list[Any]:
    return [
        question.key, question.case_type_id, question.area_id, question.section, question.ask, question.kind,
        question.is_required, question.follow_up, question.escalates, question.order,
    ]  # fmt: skip
