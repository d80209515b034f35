"""The page of one audit below its messages: a mould for each tool, type of case and state, filled for each reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string

from audits.models import Audit, AuditState
from audits.page_parts import Questions, grades_of
from ncpi.lib.addresses import address_of
from ncpi.lib.moulds import Marks, Mould, filled, kept_mould, mould_of, once_key
from ncpi.lib.written_dates import day, days_until, moment

_MARKS = Marks()
_FORMS = ("save", "paper", "concern", "finding")


@dataclass(frozen=True, slots=True)
class _Part:
    """A section as the mould shows it: what is counted and the questions themselves are marks."""

    title: str
    slug: str
    total: int
    answered: str
    questions: str


@dataclass(frozen=True, slots=True)
class _Shape:
    """What tells one mould from another."""

    tool_id: int
    digest: str
    case_type_id: int
    programme_id: int
    state: str
    is_closed: bool
    is_finalised: bool

    @property
    def is_open(self) -> bool:
        return self.state in AuditState.open_states() and not self.is_closed


@dataclass(frozen=True)
class Beside:
    """What stands on the page beside the questions: concerns, forms sent back, doubts about names."""

    at: datetime
    concerns: Sequence[Any] = ()
    concern_form: Any = None
    finding_form: Any = None
    doubts: Sequence[Any] = ()
    is_refused: bool = False


def sheet(
    audit: Audit, questions: Questions, notes: Mapping[str, Any], beside: Beside, *, on: date, csrf_token: str
) -> str:
    """Give the page as markup. Whatever came from a person or the database is escaped as it is put in."""
    shape = _Shape(
        audit.tool_id,
        audit.tool.digest,
        audit.case.case_type_id,
        audit.inspection.programme_id,
        audit.state,
        audit.inspection.is_closed,
        audit.case.candidate.finalised_on is not None,
    )
    posting = {f"once_{name}": once_key() for name in _FORMS}
    posting |= {"own": address_of("audits:audit", audit.inspection.ref, audit.pk), "csrf_token": csrf_token}
    return filled(
        _mould(shape, tuple((section.title, section.slug, section.total) for section in questions.sections)),
        **posting,
        **_facts(audit, on),
        **_written(shape.programme_id, notes),
        **_answers(questions),
        unsafe=filled(_unsafe(beside), **posting),
        finding=filled(_finding(beside, is_closed=shape.is_closed), **posting),
        doubts=render_to_string("audits/_doubts.html", vars(beside)) if beside.doubts else "",
    )


def _unsafe(beside: Beside) -> Mould:
    template = "audits/_unsafe.html"
    if not beside.concerns and beside.concern_form is None:
        return kept_mould(template)
    return mould_of(template, at=beside.at, concerns=beside.concerns, concern_form=beside.concern_form)


def _finding(beside: Beside, *, is_closed: bool) -> Mould:
    template = "audits/_finding.html"
    if beside.finding_form is not None:
        return mould_of(template, finding_form=beside.finding_form)
    return ("",) if is_closed else kept_mould(template)


@lru_cache(maxsize=256)
def _mould(shape: _Shape, outline: tuple[tuple[str, str, int], ...]) -> Mould:
    sections = [
        _Part(title, slug, total, _MARKS[f"answered_{place}"], _MARKS[f"questions_{place}"])
        for place, (title, slug, total) in enumerate(outline)
    ]
    return mould_of(
        "audits/_sheet.html",
        state=shape.state,
        state_label=AuditState(shape.state).label,
        is_open=shape.is_open,
        is_closed=shape.is_closed,
        is_submitted=shape.state == AuditState.SUBMITTED,
        is_finalised=shape.is_finalised,
        sections=sections,
        total=sum(section.total for section in sections),
        grades=[(pk, label, _MARKS[f"grade_{pk}"]) for pk, label in grades_of(shape.programme_id)],
        to_paper=_MARKS["own"] + "/paper",
    )


def _facts(audit: Audit, on: date) -> dict[str, str]:
    case, candidate = audit.case, audit.case.candidate
    return {
        "code": case.code,
        "case_type": case.case_type.title,
        "reference": candidate.reference,
        "district": candidate.district,
        "reported_on": day(candidate.reported_on),
        "finalised_on": day(candidate.finalised_on),
        "due_on": day(audit.due_date),
        "due_in": days_until(audit.due_date, on),
        "submitted_at": moment(audit.submitted_at),
    }


def _answers(questions: Questions) -> dict[str, Any]:
    values: dict[str, Any] = {"answered": questions.answered}
    for place, section in enumerate(questions.sections):
        values[f"answered_{place}"] = section.answered
        values[f"questions_{place}"] = section.questions
    return values


def _written(programme_id: int, notes: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the auditor wrote about the case as a whole, and which grade is chosen."""
    checked = {f"grade_{pk}": " checked" if pk == notes["grade"] else "" for pk, _ in grades_of(programme_id)}
    texts = {name: notes[name] for name in ("strengths", "learning", "grade_reason")}
    return {**checked, **texts, "version": notes["version"]}
