"""Questions asked of audits by pages. Nothing here shows one grading to somebody who still owes the other."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import (
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from audits import agreement
from audits.allocation_queries import given_back
from audits.models import (
    Answer,
    Audit,
    AuditQuerySet,
    AuditState,
    Capacity,
    Concern,
    Grading,
    Moderation,
    Rule,
    ToolQuestion,
)
from cases.models import Case, CaseQuerySet
from ncpi.inspections.models import Criterion, Grade, Inspection, QuestionKind
from ncpi.lib.counts import CountOf


def _grading(capacity: str) -> QuerySet[Grading]:
    return Grading.objects.standing().filter(case=OuterRef("pk"), capacity=capacity)


def my_cases(user: Any, inspection: Any) -> AuditQuerySet:
    """Return the person's audits in the order in which to do them: begun first, then by date; done ones last."""
    place = models.Case(
        When(state=AuditState.STARTED, then=0),
        When(state=AuditState.ALLOCATED, then=1),
        default=2,
        output_field=IntegerField(),
    )
    rows = Audit.objects.of(user).current().filter(inspection=inspection).annotate(place=place)
    return rows.select_related("case__candidate", "case__case_type", "grade").order_by("place", "due_date", "pk")


def next_audit(user: Any, inspection: Any) -> Audit | None:
    return my_cases(user, inspection).to_do().first()


def asked_of(*, tool_id: int, case_type_id: int) -> QuerySet[ToolQuestion]:
    """Return the questions of the tool that are asked of a case of this type."""
    return ToolQuestion.objects.filter(Q(case_type=None) | Q(case_type_id=case_type_id), tool_id=tool_id)


@dataclass(frozen=True, slots=True)
class Given:
    """What stands at one question of an audit: the answer with its version (0: none yet), and guidance."""

    value: str
    text: str
    version: int
    guidance: str


_GIVEN = """
WITH guidance AS (
    SELECT DISTINCT ON (named.key) named.key, m.reason FROM audits_moderation m
    JOIN audits_toolquestion named ON named.id = m.question_id
    WHERE m.inspection_id = %(inspection)s AND m.rule = 'moderated' AND m.case_id <> %(case)s
      AND NOT EXISTS (SELECT 1 FROM audits_grading later WHERE later.corrects_id IN (m.first_id, m.second_id))
    ORDER BY named.key, m.at DESC, m.id DESC
)
SELECT q.id, coalesce(n.value, ''), coalesce(n.text, ''), coalesce(n.version, 0), coalesce(guidance.reason, '')
FROM audits_toolquestion q
LEFT JOIN audits_answer n ON n.audit_id = %(audit)s AND n.question_id = q.id
LEFT JOIN guidance ON guidance.key = q.key
WHERE q.tool_id = %(tool)s AND (n.id IS NOT NULL OR guidance.reason IS NOT NULL)
"""


def given_answers(audit: Audit) -> dict[int, Given]:
    """Give what stands at each question of an audit where anything does.

    The guidance is the reason of the newest moderation that named the question, in this inspection.
    """
    keys = {"audit": audit.pk, "inspection": audit.inspection_id, "case": audit.case_id, "tool": audit.tool_id}
    with connection.cursor() as cursor:
        cursor.execute(_GIVEN, keys)
        return {question: Given(*given) for question, *given in cursor.fetchall()}


def concerns_about(case: Case) -> QuerySet[Concern]:
    """Give what was raised about a case, the newest first."""
    return Concern.objects.filter(case=case).order_by("-raised_at", "-pk")


def cases_to_moderate() -> CaseQuerySet:
    """Return cases of which both gradings are in and differ by more than the rule allows, settled or not."""
    # A decision over a grading that was corrected since is stale.
    settled = Moderation.objects.filter(
        case=OuterRef("pk"), second__isnull=False, first__corrected_by=None, second__corrected_by=None
    )
    return (
        Case.objects.in_sample()
        .filter(Exists(_grading(Capacity.FIRST)), Exists(_grading(Capacity.SECOND)))
        .annotate(is_moderated=Exists(settled.filter(rule=Rule.MODERATED)))
        .filter(Q(is_moderated=True) | ~Exists(settled))
    )


def moderation_list(inspection: Any) -> QuerySet[Case]:
    rows = cases_to_moderate().filter(inspection=inspection)
    return rows.select_related("candidate", "case_type").order_by("is_moderated", "case_type__order", "code", "pk")


def moderated_by(case: Case) -> Moderation | None:
    rows = Moderation.objects.filter(case=case, rule=Rule.MODERATED)
    return rows.select_related("agreed__grade", "by", "question").order_by("-at", "-pk").first()


@dataclass(frozen=True)
class ComparedAnswer:
    question: ToolQuestion
    first: Answer | None
    second: Answer | None

    @property
    def is_text(self) -> bool:
        return self.question.kind == QuestionKind.TEXT

    @property
    def differs(self) -> bool:
        return (self.first.value if self.first else "") != (self.second.value if self.second else "")


@dataclass(frozen=True)
class SideBySide:
    """Both gradings of a case with their answers, for a moderator."""

    first: Grading
    second: Grading
    first_audit: Audit
    second_audit: Audit
    answers: list[ComparedAnswer]


def side_by_side(case: Case) -> SideBySide:
    gradings = {
        grading.capacity: grading
        for grading in Grading.objects.standing()
        .filter(case=case, capacity__in=Capacity.of_auditors())
        .select_related("grade", "by")
    }
    # A corrected grading has no audit of its own: the audit is the one that was handed in.
    audits = {
        audit.capacity: audit
        for audit in Audit.objects.filter(case=case, ended_at=None, state=AuditState.SUBMITTED).order_by("pk")
    }
    first, second = audits[Capacity.FIRST], audits[Capacity.SECOND]
    answers = Answer.objects.filter(audit__in=[first.pk, second.pk]).select_related("question")
    by_key: dict[str, dict[int, Answer]] = {}
    questions: dict[str, ToolQuestion] = {}
    for answer in answers.order_by("question__order", "question_id", "pk"):
        questions[answer.question.key] = answer.question
        by_key.setdefault(answer.question.key, {})[answer.audit_id] = answer
    compared = [
        ComparedAnswer(question, by_key[key].get(first.pk), by_key[key].get(second.pk))
        for key, question in questions.items()
    ]
    return SideBySide(gradings[Capacity.FIRST], gradings[Capacity.SECOND], first, second, compared)


def standing_grading(audit: Audit) -> Grading | None:
    """Return the grade that an audit stands at: the one handed in, or what corrects it."""
    if audit.state != AuditState.SUBMITTED:
        return None
    rows = Grading.objects.standing().filter(case=audit.case_id, capacity=audit.capacity, by=audit.auditor_id)
    return rows.select_related("grade").first()


def scale_by_key(programme_id: int) -> agreement.Scale:
    """Give the programme's grades as the rules know them, by key."""
    grades = Grade.objects.filter(programme_id=programme_id).order_by("order", "pk")
    return agreement.Scale([agreement.GradeStep(g.key, g.order, g.is_good_side) for g in grades])


@dataclass(frozen=True)
class TileCounts:
    """Cases of the sample, those audited, concerns still open and overdue, and cases given back for a conflict."""

    drawn: int
    audited: int
    concerns: int
    overdue: int
    given_back: int


def tile_counts(inspection: Any, at: datetime) -> TileCounts:
    """Count what the inspection's page says of the cases, in one query."""
    cases = Case.objects.in_sample().filter(inspection=inspection)
    concerns = Concern.objects.filter(inspection=inspection).open()
    counts = Inspection.objects.filter(pk=inspection.pk).values_list(
        CountOf(cases.values("pk")),
        CountOf(cases.filter(_audited()).values("pk")),
        CountOf(concerns.values("pk")),
        CountOf(concerns.overdue(at).values("pk")),
        CountOf(given_back().filter(inspection=inspection).order_by().values("pk")),
    )
    return TileCounts(*counts.get())


def _audited() -> Exists:
    return Exists(Audit.objects.current().filter(case=OuterRef("pk"), state=AuditState.SUBMITTED))


def audit_progress(inspection: Any) -> dict[str, int]:
    """Count the sample's cases and how many have been audited, in one query."""
    rows = Case.objects.in_sample().filter(inspection=inspection)
    return rows.annotate(done=_audited()).aggregate(drawn=Count("pk"), audited=Count("pk", filter=Q(done=Value(True))))


def criterion_title(programme_id: int, key: str) -> str:
    """Give a criterion's area and title by its key, which is what a moderation keeps."""
    rows = Criterion.objects.filter(area__programme_id=programme_id, key=key).select_related("area")
    row = rows.order_by("pk").first()
    return f"{row.area.title}: {row.title}" if row else key
