"""What people do with audits: answer, hand in, moderate.

In a closed inspection nothing of this is done any more; what was written stays readable.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from audits import agreement, scoring
from audits.allocation_operations import ask_second_at_extremes
from audits.models import Answer, Audit, AuditState, Capacity, Grading, Moderation, Rule, ToolQuestion
from audits.queries import asked_of
from audits.tool_queries import same_questions
from cases.models import Case
from ncpi.accounts import journal
from ncpi.accounts.permissions import Permission, roles_with
from ncpi.inspections.marks import mark_changed
from ncpi.inspections.models import Grade, Inspection
from ncpi.inspections.operations import InspectionClosed, refuse_closed
from ncpi.lib.dates import to_local
from ncpi.lib.versions import swap

AUDITING = sorted(roles_with(Permission.AUDIT_DO))

# Auditing

# One statement: who asks and may, whose audit, which question, what was there, the answer, the audit's first touch.
# Autosave runs at every key press that counts, so it must not cost more; history is kept by the table's trigger.
_RECORD_ANSWER = """
WITH mine AS (
    SELECT a.id, a.inspection_id, a.state, q.id AS question_id, i.closed_at IS NOT NULL AS is_closed,
        %(now)s - f.clock_offset AS at
    FROM audits_audit a
    JOIN ncpi_inspection i ON i.id = a.inspection_id
    JOIN ncpi_force f ON f.id = i.force_id
    JOIN cases_case c ON c.id = a.case_id
    JOIN audits_toolquestion q ON q.tool_id = a.tool_id
    WHERE a.id = %(audit)s AND a.auditor_id = %(user)s AND a.ended_at IS NULL
      AND a.state IN ('allocated', 'started') AND i.ref = %(ref)s AND EXISTS (
          SELECT 1 FROM ncpi_membership m
          WHERE m.user_id = %(user)s AND m.force_id = i.force_id AND m.role = ANY(%(roles)s)
            AND m.starts_date <= %(on)s AND (m.ends_date IS NULL OR m.ends_date > %(on)s))
      AND q.id = %(question)s AND (q.case_type_id IS NULL OR q.case_type_id = c.case_type_id)
      AND (%(value)s = '' OR %(value)s = ANY(
          CASE q.kind
              WHEN 'scale' THEN ARRAY['yes', 'partly', 'no', 'not_applicable', 'cannot_tell']
              WHEN 'completeness' THEN ARRAY['yes', 'no', 'not_applicable']
              ELSE ARRAY['']
          END))
    FOR KEY SHARE OF a
), saved AS (
    INSERT INTO audits_answer (inspection_id, audit_id, question_id, value, text, answered_at, version)
    SELECT inspection_id, id, question_id, %(value)s, %(text)s, at, 1 FROM mine
    WHERE NOT is_closed AND (%(version)s = 0 OR EXISTS (
        SELECT 1 FROM audits_answer o WHERE o.audit_id = mine.id AND o.question_id = mine.question_id))
    ON CONFLICT (audit_id, question_id) DO UPDATE
    SET value = EXCLUDED.value, text = EXCLUDED.text, answered_at = EXCLUDED.answered_at,
        version = audits_answer.version + 1
    WHERE audits_answer.version = %(version)s
    RETURNING version
), touched AS (
    UPDATE audits_audit SET state = 'started', started_at = mine.at FROM mine
    WHERE audits_audit.id = mine.id AND mine.state = 'allocated' AND EXISTS (SELECT 1 FROM saved)
)
SELECT (SELECT version FROM saved), (SELECT is_closed FROM mine)
"""


class NotYours(Exception):
    """The audit is not this person's to change, or has been handed in."""


class StaleAnswer(Exception):
    """The answer was changed elsewhere, such as in another tab."""


def record_answer(
    *, by: Any, ref: str, audit_id: int, question_id: int, value: str, text: str, version: int, on: date, now: datetime
) -> int:
    """Keep one answer if it still has `version` (0: none yet) and return its new version.

    `on` and `now` are the server's; the statement itself goes by the force's clock. One statement is its own
    transaction; asking for another would double the cost of every autosave.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD_ANSWER,
            {
                "audit": audit_id, "user": by.pk, "ref": ref, "question": question_id, "value": value,
                "text": text, "version": version, "on": on, "now": now, "roles": AUDITING,
            },
        )  # fmt: skip
        new_version, is_closed = cursor.fetchone()
    if is_closed is None:
        raise NotYours("This audit is not yours to change.")
    if is_closed:
        raise InspectionClosed("The inspection is closed: its audits stay as they are.")
    if new_version is None:
        raise StaleAnswer("This answer was changed in another window.")
    return int(new_version)


@transaction.atomic
def record_notes(*, by: Any, audit: Audit, version: int, changes: Mapping[str, Any], at: datetime) -> Audit:
    """Keep what the auditor wrote about the case as a whole: strengths, learning, grade, reason."""
    _require_open(by, audit)
    moved = {name: value for name, value in changes.items() if getattr(audit, name) != value}
    if not moved:
        return audit
    if audit.state == AuditState.ALLOCATED:
        changes = {**changes, "state": AuditState.STARTED, "started_at": at}
    return swap(audit, version=version, **changes)


@transaction.atomic
def take_to_paper(*, by: Any, audit: Audit, at: datetime) -> Audit:
    """Begin an audit to do it on a printed form: from here on it keeps the questions that the form has."""
    _require_open(by, audit)
    if audit.state == AuditState.ALLOCATED:
        swap(audit, version=audit.version, state=AuditState.STARTED, started_at=at)
    journal.record(by=by, verb="printed", subject=audit, force=audit.inspection.force)
    return audit


@dataclass(frozen=True)
class Typed:
    """One answer as a whole page sends it, with the version that the page was made from."""

    value: str
    text: str
    version: int

    @property
    def shown(self) -> str:
        return f"{self.value} {self.text}".strip()

    def over(self, version: int) -> "Typed":
        """Give the same answer, to be kept over a newer version."""
        return Typed(self.value, self.text, version)


class StaleAnswers(Exception):
    """Some answers were changed in another window; `answers` are they as stored."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        super().__init__("Some answers were changed in another window.")
        self.answers = tuple(answers)


@transaction.atomic
def record_answers(*, by: Any, audit: Audit, typed: Mapping[int, Typed], at: datetime) -> int:
    """Keep a whole page of answers and say how many changed; one that moved on elsewhere refuses all."""
    _require_open(by, audit)
    kinds = dict(questions_of(audit).values_list("pk", "kind"))
    moved = same_questions(audit, [key for key in typed if key not in kinds])
    # What is no longer asked and was left empty is left out.
    typed = {moved.get(key, key): answer for key, answer in typed.items() if key not in moved or answer.shown}
    stored = {answer.question_id: answer for answer in audit.answers.all()}
    new: list[Answer] = []
    changed: list[tuple[Answer, Typed]] = []
    stale: list[tuple[Answer, Typed]] = []
    for question_id, answer in typed.items():
        if question_id not in kinds or answer.value not in ("", *scoring.REPLIES_BY_KIND[kinds[question_id]]):
            raise NotYours("That answer does not belong to this audit.")
        known = stored.get(question_id)
        if known is None and (answer.value or answer.text):
            new.append(_answer(audit, question_id, answer, at))
        elif known is not None and (known.value, known.text) != (answer.value, answer.text):
            (changed if known.version == answer.version else stale).append((known, answer))
    if stale:
        raise StaleAnswers([known for known, _ in stale])
    for known, answer in changed:
        swap(known, version=answer.version, value=answer.value, text=answer.text, answered_at=at)
    Answer.objects.bulk_create(new)
    return len(new) + len(changed)


def _answer(audit: Audit, question_id: int, typed: Typed, at: datetime) -> Answer:
    return Answer(
        inspection_id=audit.inspection_id,
        audit=audit,
        question_id=question_id,
        value=typed.value,
        text=typed.text,
        answered_at=at,
    )


def _require_open(by: Any, audit: Audit) -> None:
    if audit.auditor_id != by.pk or audit.ended_at is not None:
        raise NotYours("This audit is not yours to change.")
    if audit.state == AuditState.SUBMITTED:
        raise NotYours("This audit has been handed in.")
    refuse_closed(audit.inspection)


class NotComplete(Exception):
    """Something required is missing; `blocks` says what."""

    def __init__(self, blocks: Sequence[scoring.Block]) -> None:
        super().__init__("The audit is not complete.")
        self.blocks = tuple(blocks)


@transaction.atomic
def submit_audit(*, by: Any, audit: Audit, version: int, at: datetime) -> Grading:
    """Hand in a complete audit: its grade becomes a grading, and the case's gradings are compared.

    1. Lock the case, so that two auditors who hand in at the same moment are compared once. Where the plan may ask for
       another grading the inspection comes first, as it does for everybody who allocates.
    2. Refuse what is incomplete.
    3. Write the grading; ask for a second at the ends of the scale; settle the case by rule where the rule allows.
    """
    asks_again = audit.capacity == Capacity.FIRST and audit.case.sample.second_at_extremes
    if asks_again:
        Inspection.objects.select_for_update(no_key=True).get(pk=audit.inspection_id)
    case = Case.objects.select_for_update(no_key=True).get(pk=audit.case_id)
    audit.refresh_from_db()
    _require_open(by, audit)
    progress = progress_of(audit)
    if progress.blocks:
        raise NotComplete(progress.blocks)
    swap(audit, version=version, state=AuditState.SUBMITTED, submitted_at=at)
    assert audit.grade_id is not None  # or it were not complete
    grading = Grading.objects.create(
        inspection_id=audit.inspection_id,
        case=case,
        audit=audit,
        capacity=audit.capacity,
        grade_id=audit.grade_id,
        reason=audit.grade_reason,
        by=by,
        at=at,
    )
    journal.record(by=by, verb="handed in", subject=audit, force=audit.inspection.force)
    if asks_again:
        ask_second_at_extremes(by=by, case=case, on=to_local(at).date(), at=at)
    settle_by_rule(by=by, case=case, at=at)
    mark_changed(inspection_id=audit.inspection_id, at=at)
    return grading


def progress_of(audit: Audit) -> scoring.Progress:
    """Work out how complete an audit is from its rows."""
    replies = {answer.question_id: scoring.Reply(answer.value, answer.text) for answer in audit.answers.all()}
    ordered = list(questions_of(audit).order_by("order", "pk"))
    return scoring.progress(
        [rule_question(question) for question in ordered],
        {question.key: replies[question.pk] for question in ordered if question.pk in replies},
        grade=str(audit.grade_id or ""),
        reason=audit.grade_reason,
        has_concern=audit.case.concerns.exists(),
    )


def questions_of(audit: Audit) -> QuerySet[ToolQuestion]:
    """Return the questions of the tool that are asked of a case of this type."""
    return asked_of(tool_id=audit.tool_id, case_type_id=audit.case.case_type_id)


def rule_question(question: ToolQuestion) -> scoring.Question:
    """Give a stored question as the rules know it."""
    return scoring.Question(
        question.key, question.kind, question.is_required, bool(question.follow_up), question.escalates
    )


# Gradings


def scale_of(programme_id: int) -> agreement.Scale:
    """Give the programme's grades as the rules know them; a grade is known by its row."""
    grades = Grade.objects.filter(programme_id=programme_id).order_by("order", "pk")
    return agreement.Scale([agreement.GradeStep(str(g.pk), g.order, g.is_good_side) for g in grades])


def settle_by_rule(*, by: Any, case: Case, at: datetime) -> Moderation | None:
    """Settle a case whose gradings agree by rule; nothing while one is awaited or a moderator is needed.

    The caller holds the lock of the case.
    """
    standing = {g.capacity: g for g in Grading.objects.standing().filter(case=case)}
    first, second = standing.get(Capacity.FIRST), standing.get(Capacity.SECOND)
    awaited = Audit.objects.current().filter(case=case, grading=None).exists()
    if first is None or awaited:
        return None
    if second is None:
        return _settle(by, case, first, None, Rule.SINGLE, first, "The only grading of this case.", at)
    scale = scale_of(case.inspection.programme_id)
    one, other = str(first.grade_id), str(second.grade_id)
    outcome = agreement.compare(one, other, scale)
    if outcome.needs_moderation:
        return None
    kept = first if scale.lower(one, other) == one else second
    return _settle(by, case, first, second, Rule(outcome.value), kept, outcome.rule, at)


def _settle(
    by: Any, case: Case, first: Grading, second: Grading | None, rule: str, kept: Grading, reason: str, at: datetime
) -> Moderation:
    agreed = _agree(case, grade_id=kept.grade_id, reason=reason, by=kept.by, at=at)
    moderation = Moderation.objects.create(
        inspection_id=case.inspection_id, case=case, first=first, second=second, agreed=agreed, rule=rule, by=by, at=at
    )
    journal.record(by=by, verb="settled by rule", subject=moderation, force=case.inspection.force, detail=rule)
    return moderation


def _agree(case: Case, *, grade_id: int, reason: str, by: Any, at: datetime) -> Grading:
    """Write the grade that counts; an earlier one is corrected by it, never changed."""
    before = Grading.objects.standing().filter(case=case, capacity=Capacity.AGREED).first()
    return Grading.objects.create(
        inspection_id=case.inspection_id,
        case=case,
        capacity=Capacity.AGREED,
        grade_id=grade_id,
        reason=reason,
        by=by,
        at=at,
        corrects=before,
    )


class NothingToModerate(Exception):
    """The gradings are not both in, agree by rule, or were moderated already."""


class OwnAudit(Exception):
    """Nobody moderates a case that they graded."""


@transaction.atomic
def moderate(
    *,
    by: Any,
    case: Case,
    grade: Grade,
    reason: str,
    criterion_key: str,
    question: ToolQuestion | None,
    at: datetime,
) -> Moderation:
    """Resolve two gradings that differ: a person's decision, with its reason and criterion."""
    refuse_closed(case.inspection)
    Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    standing = {g.capacity: g for g in Grading.objects.standing().filter(case=case)}
    first, second = standing.get(Capacity.FIRST), standing.get(Capacity.SECOND)
    if first is None or second is None:
        raise NothingToModerate("Both gradings are not in yet.")
    if Audit.objects.filter(case=case, auditor=by).exists():
        raise OwnAudit("You audited this case, so somebody else has to moderate it.")
    if Moderation.objects.filter(first=first, second=second).exists():
        raise NothingToModerate("This case has been settled already.")
    if grade.programme_id != case.inspection.programme_id:
        raise NothingToModerate("That grade belongs to another programme.")
    agreed = _agree(case, grade_id=grade.pk, reason=reason, by=by, at=at)
    moderation = Moderation.objects.create(
        inspection_id=case.inspection_id,
        case=case,
        first=first,
        second=second,
        agreed=agreed,
        rule=Rule.MODERATED,
        reason=reason,
        criterion_key=criterion_key,
        question=question,
        by=by,
        at=at,
    )
    journal.record(by=by, verb="moderated", subject=moderation, force=case.inspection.force)
    mark_changed(inspection_id=case.inspection_id, at=at)
    return moderation
