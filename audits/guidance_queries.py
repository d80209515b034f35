"""The reasons of earlier moderations, as guidance for whoever grades next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from audits.models import Audit, AuditState, Moderation, Rule
from ncpi.inspections.models import CaseType, Criterion

ENGLISH = "english"


@dataclass(frozen=True, slots=True)
class Guidance:
    """One reason with what it is about. It names no case: the next auditor has another one."""

    reason: str
    grade: str
    case_type: str
    question: str
    question_key: str
    criterion: str
    at: datetime


@dataclass(frozen=True)
class Choices:
    """What the reasons found so far are about, to choose from."""

    case_types: list[tuple[str, str]]
    questions: list[tuple[str, str]]
    criteria: list[tuple[str, str]]


def standing_reasons(user: Any, inspection: Any) -> QuerySet[Moderation]:
    """Return the moderations of the force under this programme that still stand.

    Without those of a case that the person is auditing now: its decision would tell what they are about to judge.
    """
    own = Audit.objects.filter(case=OuterRef("case"), auditor=user, ended_at=None, state__in=AuditState.open_states())
    return Moderation.objects.filter(
        ~Exists(own),
        inspection__force_id=inspection.force_id,
        inspection__programme_id=inspection.programme_id,
        rule=Rule.MODERATED,
        first__corrected_by=None,
        second__corrected_by=None,
    )


def guidance(user: Any, inspection: Any, *, asked: Mapping[str, str]) -> QuerySet[Moderation]:
    """Return the reasons that fit what was asked: words, the key of a question or a criterion, a case type."""
    rows = standing_reasons(user, inspection)
    if words := asked.get("words"):
        query = SearchQuery(words, search_type="websearch", config=ENGLISH)
        # Words that are too common to search for find everything, not nothing.
        vector = SearchVector("reason", "question__ask", config=ENGLISH)
        rows = rows.annotate(words=vector).filter(Q(words=query) | Q(reason__icontains=words))
    if question := asked.get("question"):
        rows = rows.filter(question__key=question)
    if criterion := asked.get("criterion"):
        rows = rows.filter(criterion_key=criterion)
    if case_type := asked.get("case_type"):
        rows = rows.filter(case__case_type__key=case_type)
    rows = rows.select_related("agreed__grade", "case__case_type", "question")
    return rows.order_by("-at", "-pk")


def shown(rows: Any, inspection: Any) -> list[Guidance]:
    """Give one page of reasons as the page shows them."""
    criteria = dict(_criteria(inspection))
    return [
        Guidance(
            reason=row.reason,
            grade=row.agreed.grade.label,
            case_type=row.case.case_type.title,
            question=row.question.ask if row.question else "",
            question_key=row.question.key if row.question else "",
            criterion=criteria.get(row.criterion_key, row.criterion_key),
            at=row.at,
        )
        for row in rows
    ]


def choices(user: Any, inspection: Any) -> Choices:
    """Return what can be chosen: only what some reason is about, in the programme's order."""
    rows = standing_reasons(user, inspection)
    asked = rows.filter(question__isnull=False).values_list("question__key", "question__ask", "question__order")
    used = set(rows.values_list("criterion_key", flat=True))
    types = CaseType.objects.filter(pk__in=rows.values("case__case_type_id")).order_by("order", "pk")
    # A question may be worded anew in a later version of the tool; its newest words are shown.
    questions = {key: ask for key, ask, _ in asked.order_by("question__order", "at", "pk")}
    return Choices(
        case_types=list(types.values_list("key", "title")),
        questions=list(questions.items()),
        criteria=[(key, title) for key, title in _criteria(inspection) if key in used],
    )


def _criteria(inspection: Any) -> list[tuple[str, str]]:
    rows = Criterion.objects.filter(area__programme_id=inspection.programme_id).annotate(where=F("area__title"))
    found = rows.order_by("area__order", "order", "pk").values_list("key", "where", "title")
    return [(key, f"{where}: {title}") for key, where, title in found]
