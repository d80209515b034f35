"""The demonstration's audits: most of the sample graded, some twice, some settled, and two concerns. About nobody."""

import heapq
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from audits import (
    allocation_operations,
    calibration_operations,
    concern_operations,
    demo_later,
    feedback_operations,
    figure_operations,
    finding_operations,
    inspector_operations,
    operations,
    scoring,
    tool_operations,
)
from audits.feedback_queries import feedback_list
from audits.models import Audit, Capacity, Finding
from audits.queries import cases_to_moderate
from cases.models import Case
from ncpi.accounts.access import colleagues
from ncpi.accounts.permissions import Permission
from ncpi.inspections.demo import moment, reached
from ncpi.inspections.models import Criterion, Grade

BEGINS = moment(date(2021, 6, 17), 10)
UNFINISHED = 3
PUBLISHED = [moment(date(2021, 6, day), 17) for day in (18, 23, 30)]

GRADES = ["good", "requires_improvement", "inadequate"]
WEIGHTS = [27, 41, 32]
# How often an answer is yes, partly, no or cannot tell, by the grade of the case.
REPLIES = {
    "good": [78, 14, 5, 3],
    "requires_improvement": [45, 27, 20, 8],
    "inadequate": [22, 24, 43, 11],
}
VALUES = [scoring.YES, scoring.PARTLY, scoring.NO, scoring.CANNOT_TELL]

REASONS = {
    "good": [
        "The risk was seen early, partners were told the same day, and the child's own words are on the record.",
        "Supervision set clear tasks and checked them. The plan changed when the circumstances did.",
        "The child was seen alone and listened to; what was said shaped what happened next.",
    ],
    "requires_improvement": [
        "The first response was sound, but the strategy discussion came late and its plan is hard to find.",
        "Partners were told, but the referral left out earlier reports that would have changed the picture.",
        "The enquiry was right in the end. Two weeks without supervision let it drift.",
    ],
    "inadequate": [
        "Earlier reports were not read together, so rising risk was taken for separate small incidents.",
        "Nobody spoke to the child. The record cannot show whether the child was safe for eleven days.",
        "A child in the same household was missed, and the suspect was not dealt with for three weeks.",
    ],
}
COMMENTS = {
    scoring.PARTLY: ["Done, but later than it should have been.", "Begun and not followed through."],
    scoring.NO: ["Nothing on the record shows it.", "It was asked for by a supervisor and not done."],
    scoring.CANNOT_TELL: ["The entry is missing or cannot be opened."],
}
EFFECTS = [
    "The child was moved to a safe place the same night and has been seen weekly since.",
    "Contact with the suspect stopped. School reports that the child is settled.",
    "Little changed: the visits went on as before and the child was not asked.",
    "The child was found quickly, but the reasons for going missing were not explored.",
]
STRENGTHS = [
    "Clear log of decisions.",
    "Quick contact with children's social care.",
    "The officer went back unasked.",
    "",
]
LEARNING = [
    "Read the whole history before grading the risk.",
    "Write down what the child said, in the child's words.",
    "",
]
FINDINGS = [
    "Referrals leave out earlier reports when the child lives in another district.",
    "Strategy discussion plans are kept in e-mail and not on the system.",
    "Nobody owns a missing child's record between shifts.",
]
SETTLED = [
    "The late strategy discussion left the child at risk for four days; good work afterwards does not undo that.",
    "Both auditors saw the same facts. The child was safe throughout, and the missing plan is a matter of record.",
    "No enquiry reached the child. What partners did well was not the police's doing.",
]


# What allocation knows of the auditors: nobody has a case of their own team.
DESCRIBED: list[dict[str, Any]] = [
    {"team": "Child protection team", "specialisms": ["missing", "exploitation"], "share": 40},
    {"team": "Response", "specialisms": ["s47", "police_protection"], "share": 30},
    {"team": "", "specialisms": [], "share": 30},
]


OWN_QUESTION: dict[str, Any] = {
    "ask": "Is the force's own prompt card for hearing a child followed, as far as the record shows?",
    "kind": scoring.SCALE,
    "case_type": None,
    "is_required": False,
    "follow_up": "",
}


def auditors_of(demo: Any) -> list[Any]:
    return list(colleagues(demo.force, Permission.AUDIT_DO))


def build(demo: Any, *, stage: str) -> None:
    if not reached(stage, "audit"):
        return
    for number, user in enumerate(auditors_of(demo)):
        allocation_operations.describe_auditor(
            by=demo.people["coordinator"], inspection=demo.inspection, user=user, version=0, **DESCRIBED[number % 3]
        )
    tool_operations.add_question(
        by=demo.people["coordinator"], inspection=demo.inspection, at=moment(date(2021, 6, 14), 9), **OWN_QUESTION
    )
    allocation_operations.allocate_cases(
        by=demo.people["coordinator"],
        inspection=demo.inspection,
        way="specialism",
        on=date(2021, 6, 16),
        at=moment(date(2021, 6, 16), 16),
    )
    _calibrate(demo)
    diary = _Diary(demo)
    diary.play()
    if reached(stage, "fieldwork"):
        demo_later.build(demo)
    diary.publish(demo.at)


# What each auditor in turn gave in the exercise; no dice, so that it changes nothing else of the story.
CALIBRATED = [
    ["good", "good", "good"],
    ["requires_improvement", "inadequate", "requires_improvement"],
    ["good", "requires_improvement", "good"],
    ["inadequate", "inadequate", "inadequate"],
    ["good", "inadequate", "requires_improvement"],
]


def _calibrate(demo: Any) -> None:
    """Before the audits begin, the auditors grade the same five cases and the moderator shows them the spread."""
    at = moment(date(2021, 6, 16), 17)
    moderator = demo.people["moderator"]
    exercise = calibration_operations.begin_calibration(by=moderator, inspection=demo.inspection, at=at)
    grades = {grade.key: grade for grade in Grade.objects.filter(programme=demo.inspection.programme)}
    cases = exercise.cases.select_related("inspection__force").order_by("order")
    for case, given in zip(cases, CALIBRATED, strict=True):
        for number, auditor in enumerate(auditors_of(demo)):
            key = given[number % len(given)]
            calibration_operations.grade_for_calibration(
                by=auditor, case=case, grade=grades[key], reason=REASONS[key][0], at=at
            )
    calibration_operations.close_calibration(
        by=moderator, exercise=exercise, version=exercise.version, at=at + timedelta(minutes=50)
    )


class _Diary:
    """Plays what people do in the order of its time, up to the demonstration's now."""

    def __init__(self, demo: Any) -> None:
        self.demo = demo
        self.people = demo.people
        self.rng = demo.rng
        self.given: dict[int, str] = {}
        self._numbers = count()
        self._events: list[tuple[datetime, int, Callable[[datetime], None]]] = []

    def on(self, at: datetime, act: Callable[[datetime], None]) -> None:
        if at <= self.demo.at:
            heapq.heappush(self._events, (at, next(self._numbers), act))

    def play(self) -> None:
        self._plan_audits()
        self._plan_concerns()
        self._plan_feedback()
        for at in PUBLISHED:
            self.on(at, self.publish)
        while self._events:
            at, _, act = heapq.heappop(self._events)
            act(at)

    def _plan_audits(self) -> None:
        audits = Audit.objects.filter(inspection=self.demo.inspection)
        rows = audits.select_related("case", "auditor", "inspection").order_by("-capacity", "case__rank", "pk")
        # Seconds come first in the list and late in time: a moderation needs both and some days.
        firsts = [audit for audit in rows if audit.capacity == Capacity.FIRST]
        seconds = [audit for audit in rows if audit.capacity == Capacity.SECOND]
        second_cases = {audit.case_id for audit in seconds}
        firsts.sort(key=lambda audit: audit.case_id not in second_cases)
        for number, audit in enumerate(firsts[:-UNFINISHED]):
            self.on(BEGINS + timedelta(hours=14 * number), self._audits(audit))
        for number, audit in enumerate(seconds):
            self.on(BEGINS + timedelta(days=7, hours=26 * number), self._audits(audit))
        self.on(BEGINS + timedelta(days=9), lambda at: self._begin(firsts[-1], at))
        for number in range(12):
            self.on(moment(date(2021, 7, 6), 9) + timedelta(hours=8 * number), self._inspects(number))

    def _audits(self, audit: Audit) -> Callable[[datetime], None]:
        def act(at: datetime) -> None:
            grade = self._grade_for(audit)
            self._answer(audit, grade, at - timedelta(hours=2))
            row = self._note(audit, grade, at - timedelta(minutes=10))
            if operations.progress_of(row).blocks:
                self._raise_concern(row, at - timedelta(minutes=5))
            if self.rng.random() < 0.15 and Finding.objects.filter(audit__inspection=audit.inspection).count() < 3:
                self._find(row, at)
            operations.submit_audit(by=audit.auditor, audit=row, version=row.version, at=at)
            if audit.capacity == Capacity.SECOND:
                self.on(at + timedelta(days=2), lambda later: self._settle(audit.case_id, later))

        return act

    def _grade_for(self, audit: Audit) -> str:
        before = self.given.get(audit.case_id)
        if before is None:
            self.given[audit.case_id] = self.rng.choices(GRADES, WEIGHTS)[0]
            return self.given[audit.case_id]
        step = self.rng.choices([0, 1, -1], [5, 3, 2])[0]
        return GRADES[min(max(GRADES.index(before) + step, 0), 2)]

    def _answer(self, audit: Audit, grade: str, at: datetime) -> None:
        typed = {}
        for question in operations.questions_of(audit).order_by("order", "pk"):
            value, text = self._reply(question, grade)
            typed[question.pk] = operations.Typed(value, text, 0)
        operations.record_answers(by=audit.auditor, audit=audit, typed=typed, at=at)

    def _reply(self, question: Any, grade: str) -> tuple[str, str]:
        if question.ask == OWN_QUESTION["ask"]:
            # No dice: whether the force adds a question changes nothing else of the story.
            return scoring.YES if grade == "good" else scoring.PARTLY, ""
        if question.kind == scoring.TEXT:
            return "", self.rng.choice(EFFECTS)
        value = self.rng.choices(VALUES, REPLIES[grade])[0]
        if question.kind == scoring.COMPLETENESS and value not in (scoring.YES, scoring.NO):
            value = scoring.NO
        if question.escalates:
            # A child who may not be safe now is rare, and each is planned below.
            value = scoring.PARTLY if grade == "inadequate" else scoring.YES
        return value, self.rng.choice(COMMENTS[value]) if value in COMMENTS else ""

    def _note(self, audit: Audit, grade: str, at: datetime) -> Audit:
        changes = {
            "grade": Grade.objects.get(programme=self.demo.inspection.programme, key=grade),
            "grade_reason": self.rng.choice(REASONS[grade]),
            "strengths": self.rng.choice(STRENGTHS),
            "learning": self.rng.choice(LEARNING),
        }
        return operations.record_notes(by=audit.auditor, audit=audit, version=audit.version, changes=changes, at=at)

    def _begin(self, audit: Audit, at: datetime) -> None:
        questions = operations.questions_of(audit).order_by("order", "pk")[:7]
        typed = {
            question.pk: operations.Typed(scoring.YES, "", 0) for question in questions if question.kind == "scale"
        }
        operations.record_answers(by=audit.auditor, audit=audit, typed=typed, at=at)
        operations.record_notes(
            by=audit.auditor, audit=audit, version=audit.version, changes={"strengths": "Quick first response."}, at=at
        )

    def _find(self, audit: Audit, at: datetime) -> None:
        number = Finding.objects.filter(audit__inspection=audit.inspection).count()
        finding_operations.record_finding(by=audit.auditor, audit=audit, text=FINDINGS[number], area=None, at=at)

    def _settle(self, case_id: int, at: datetime) -> None:
        case = cases_to_moderate().filter(pk=case_id, is_moderated=False).select_related("inspection__force").first()
        # The newest difference is left for the moderator to settle.
        if case is None or at > self.demo.at - timedelta(days=2):
            return
        audits = Audit.objects.filter(case=case, ended_at=None).select_related("grade", "tool")
        lower = max((audit.grade for audit in audits if audit.grade), key=lambda grade: grade.order)
        question = (
            operations.questions_of(audits[0]).filter(kind=scoring.SCALE).order_by("order")[self.rng.randrange(6)]
        )
        operations.moderate(
            by=self.people["moderator"],
            case=case,
            grade=lower,
            reason=self.rng.choice(SETTLED),
            criterion_key=self._criterion(question.area_id),
            question=question,
            at=at,
        )

    def _criterion(self, area_id: int | None) -> str:
        rows = Criterion.objects.filter(area__programme=self.demo.inspection.programme)
        rows = rows.filter(area_id=area_id) if area_id else rows
        return rows.order_by("area__order", "order", "pk").values_list("key", flat=True)[0]

    def _inspects(self, number: int) -> Callable[[datetime], None]:
        def act(at: datetime) -> None:
            rows = Case.objects.in_sample().filter(inspection=self.demo.inspection, audits__state="submitted")
            case = rows.distinct().order_by("code", "pk").select_related("inspection__force")[number]
            ours = self.given.get(case.pk, "requires_improvement")
            lower = self.rng.random() < 0.4
            grade = GRADES[min(GRADES.index(ours) + lower, 2)]
            inspector_operations.grade_as_inspector(
                by=self.people[f"inspector_{number % 2 + 1}"],
                case=case,
                grade=Grade.objects.get(programme=self.demo.inspection.programme, key=grade),
                reason=self.rng.choice(REASONS[grade]),
                at=at,
            )

        return act

    def _plan_feedback(self) -> None:
        """Of the cases with a final grade, two have feedback that was released, one has a draft."""
        for number in range(3):
            self.on(moment(date(2021, 7, 7), 10) + timedelta(hours=number), self._gives_feedback(number))

    def _gives_feedback(self, number: int) -> Callable[[datetime], None]:
        def act(at: datetime) -> None:
            by = self.people["coordinator"]
            row = feedback_list(self.demo.inspection)[number]
            case = Case.objects.select_related("inspection__force").get(pk=row.pk)
            said = {"good": "A clear log of decisions.", "learn": "Read the whole history before grading the risk."}
            feedback = feedback_operations.write_feedback(by=by, case=case, version=0, to="team", at=at, **said)
            if number < 2:
                feedback = feedback_operations.release_feedback(
                    by=by, case=case, feedback=feedback, version=1, at=at + timedelta(minutes=5)
                )

        return act

    def _plan_concerns(self) -> None:
        cases = list(
            Case.objects.in_sample()
            .filter(inspection=self.demo.inspection)
            .select_related("inspection__force")
            .order_by("code")
        )
        first = moment(date(2021, 6, 18), 11, 20)
        self.on(first, lambda at: self._closed_concern(cases[0], at))
        self.on(self.demo.at - timedelta(hours=3), lambda at: self._open_concern(cases[1], at))

    def _closed_concern(self, case: Case, at: datetime) -> None:
        audit = Audit.objects.get(case=case, capacity=Capacity.FIRST, ended_at=None)
        concern = concern_operations.raise_concern(
            by=audit.auditor,
            case=case,
            audit=audit,
            text="The last visit on the record is five weeks old and the suspect has moved back to the household.",
            at=at,
            now=timezone.now(),
        )
        handler, second = self.people["coordinator"], self.people["chief_officer"]
        concern = concern_operations.acknowledge_concern(
            by=handler, concern=concern, version=concern.version, at=at + timedelta(minutes=25)
        )
        concern = concern_operations.resolve_concern(
            by=handler,
            concern=concern,
            version=concern.version,
            done="An officer and a social worker visited at 13:40. The child was seen alone and is safe.",
            at=at + timedelta(hours=4),
        )
        concern_operations.close_concern(
            by=second, concern=concern, version=concern.version, at=at + timedelta(hours=6)
        )

    def _open_concern(self, case: Case, at: datetime) -> None:
        audit = Audit.objects.get(case=case, capacity=Capacity.FIRST, ended_at=None)
        concern = self._raise_concern(audit, at)
        concern_operations.acknowledge_concern(
            by=self.people["coordinator"], concern=concern, version=concern.version, at=at + timedelta(minutes=22)
        )

    def _raise_concern(self, audit: Audit, at: datetime) -> Any:
        return concern_operations.raise_concern(
            by=audit.auditor,
            case=audit.case,
            audit=audit,
            text="The record ends with a safety plan that nobody was given, and not with where the child lives.",
            at=at,
            now=timezone.now(),
        )

    def publish(self, at: datetime) -> None:
        figure_operations.publish_figures(by=None, inspection=self.demo.inspection, as_at=at)
