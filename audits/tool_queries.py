"""The versions of a force's audit questions."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from audits.models import Audit, AuditState, OwnQuestion, Tool, ToolQuestion
from ncpi.inspections.models import CaseType
from ncpi.lib.prepared import Parameter, Prepared

_NEWEST = Prepared(
    lambda: Tool.objects.filter(force=Parameter("force"), programme=Parameter("programme")).order_by("-number")[:1]
)


def current_tool(force_id: int, programme_id: int) -> Tool | None:
    return next(iter(_NEWEST.rows(force=force_id, programme=programme_id)), None)


def own_questions(force_id: int, programme_id: int) -> QuerySet[OwnQuestion]:
    rows = OwnQuestion.objects.filter(force=force_id, programme=programme_id)
    return rows.select_related("case_type", "area").order_by("number", "pk")


def versions(inspection: Any) -> QuerySet[Tool]:
    """Return the versions, newest first, with how many of this inspection's audits have each."""
    audits = Q(audits__inspection=inspection, audits__ended_at=None)
    rows = Tool.objects.filter(force=inspection.force_id, programme=inspection.programme_id)
    return rows.annotate(
        waiting=Count("audits", filter=audits & Q(audits__state=AuditState.ALLOCATED)),
        begun=Count("audits", filter=audits & ~Q(audits__state=AuditState.ALLOCATED)),
    ).order_by("-number", "pk")


@dataclass(frozen=True)
class OwnRow:
    """One of the force's own questions and where it stands beside the version in use."""

    question: OwnQuestion
    state: str
    says: str


def own_rows(inspection: Any) -> list[OwnRow]:
    """Give the force's own questions with what would become of each in the next version."""
    tool = current_tool(inspection.force_id, inspection.programme_id)
    in_use = set(ToolQuestion.objects.filter(tool=tool).values_list("key", flat=True)) if tool else set()
    return [
        OwnRow(question, *_standing(bool(question.withdrawn_at), question.key in in_use))
        for question in own_questions(inspection.force_id, inspection.programme_id)
    ]


def _standing(is_withdrawn: bool, is_in_use: bool) -> tuple[str, str]:
    if is_withdrawn:
        return ("stale", "Leaves with the next version") if is_in_use else ("withdrawn", "Withdrawn")
    return ("valid", "In use") if is_in_use else ("draft", "Comes with the next version")


def waiting_audits(inspection: Any) -> int:
    """Count the audits that the next version would be given to."""
    return Audit.objects.current().filter(inspection=inspection, state=AuditState.ALLOCATED).count()


def questions_by_type(inspection: Any) -> list[tuple[str, int]]:
    """Count the questions that a case of each type is asked in the version in use."""
    tool = current_tool(inspection.force_id, inspection.programme_id)
    if tool is None:
        return []
    counted: Counter[int | None] = Counter(
        ToolQuestion.objects.filter(tool=tool).values_list("case_type_id", flat=True)
    )
    types = CaseType.objects.filter(programme_id=inspection.programme_id).order_by("order", "pk")
    return [(row.title, counted[None] + counted[row.pk]) for row in types]


def same_questions(audit: Audit, questions: Collection[int]) -> dict[int, int]:
    """Find questions of another version of the audit's tool in its own; one that it no longer has stays as it is.

    An audit that nobody has begun may be given a new version while its page is open.
    """
    if not questions:
        return {}
    rows = ToolQuestion.objects.filter(pk__in=questions, tool__force=audit.inspection.force_id)
    old = dict(rows.exclude(tool=audit.tool_id).values_list("pk", "key"))
    new = dict(ToolQuestion.objects.filter(tool=audit.tool_id, key__in=old.values()).values_list("key", "pk"))
    return {pk: new.get(key, pk) for pk, key in old.items()}
