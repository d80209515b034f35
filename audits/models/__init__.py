"""Audits of drawn cases: tool, answers, grades, moderation, concerns, findings. Child-level."""

from audits.models.auditors import Auditor
from audits.models.audits import (
    Answer,
    AnswerValue,
    Audit,
    AuditQuerySet,
    AuditState,
    Capacity,
    Finding,
    FindingQuerySet,
)
from audits.models.calibration import Calibration, CalibrationCase, CalibrationGrade
from audits.models.concerns import Concern, ConcernQuerySet, ConcernState
from audits.models.feedback import Feedback, FeedbackLink, FeedbackState, FeedbackTo
from audits.models.gradings import Grading, GradingQuerySet, Moderation, Rule
from audits.models.inspectors import FurtherGrading, GradeList
from audits.models.tools import OwnQuestion, Tool, ToolQuestion

__all__ = [
    "Answer",
    "AnswerValue",
    "Audit",
    "AuditQuerySet",
    "AuditState",
    "Auditor",
    "Calibration",
    "CalibrationCase",
    "CalibrationGrade",
    "Capacity",
    "Concern",
    "ConcernQuerySet",
    "ConcernState",
    "Feedback",
    "FeedbackLink",
    "FeedbackState",
    "FeedbackTo",
    "Finding",
    "FindingQuerySet",
    "FurtherGrading",
    "GradeList",
    "Grading",
    "GradingQuerySet",
    "Moderation",
    "OwnQuestion",
    "Rule",
    "Tool",
    "ToolQuestion",
]
