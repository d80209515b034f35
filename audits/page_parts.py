"""The static part of each question, rendered once a process.

A tool never changes, and rendering sixty questions with five choices each by template loop costs three times the rest
of the page. What the auditor wrote is put beside it on each request.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string

from audits import scoring
from audits.models import ToolQuestion
from audits.operations import Typed

_LABELS = dict(scoring.REPLIES)
_RECORDED = {scoring.YES: "Recorded", scoring.NO: "Not recorded", scoring.NOT_APPLICABLE: "Not applicable"}


@dataclass(frozen=True)
class QuestionPart:
    """One question as the page shows it."""

    pk: int
    number: int
    key: str
    section: str
    is_text: bool
    choices: str
    text: str
    version: int
    label: str
    guidance: str
    is_answered: bool
    opens_comment: bool


@dataclass(frozen=True)
class Section:
    title: str
    slug: str
    parts: tuple[QuestionPart, ...]

    @property
    def answered(self) -> int:
        return sum(1 for part in self.parts if part.is_answered)


@dataclass(frozen=True)
class ErrorLink:
    href: str
    message: str


def question_parts(questions: list[ToolQuestion], typed: Mapping[int, Typed]) -> list[QuestionPart]:
    """Give the page's questions in order, with what was typed in place of what is stored."""
    return [_part(number, question, typed.get(question.pk)) for number, question in enumerate(questions, start=1)]


def sections(parts: list[QuestionPart]) -> list[Section]:
    titles = dict.fromkeys(part.section for part in parts)
    return [
        Section(title, f"section-{number}", tuple(part for part in parts if part.section == title))
        for number, title in enumerate(titles, start=1)
    ]


def error_links(errors: Iterable[tuple[str, str]], parts: list[QuestionPart]) -> list[ErrorLink]:
    """Turn what is missing into links to where it stands; a message without question is about the grade."""
    places = {part.key: (number, part.pk) for number, part in enumerate(parts, start=1)}
    links = []
    for key, message in errors:
        if key in places:
            number, pk = places[key]
            links.append(ErrorLink(f"#question-{pk}", f"Question {number}: {message}"))
        else:
            links.append(ErrorLink("#grade", message))
    return links


def _part(number: int, question: Any, typed: Typed | None) -> QuestionPart:
    given = typed or Typed(question.value or "", question.text or "", question.answer_version or 0)
    is_text = question.kind == scoring.TEXT
    return QuestionPart(
        pk=question.pk,
        number=number,
        key=question.key,
        section=question.section,
        is_text=is_text,
        choices=_choices(question.pk, number, question.ask, question.kind, given.value, question.escalates),
        text=given.text,
        version=given.version,
        label="Your answer" if is_text else question.follow_up or "Comment",
        guidance=question.guidance or "",
        is_answered=bool(given.text.strip()) if is_text else bool(given.value),
        opens_comment=bool(given.text) or (given.value == scoring.NO and bool(question.follow_up)),
    )


@lru_cache(maxsize=4096)
def _choices(pk: int, number: int, ask: str, kind: str, value: str, escalates: bool) -> str:
    """Render a question's text and choices with one of them chosen; everything it shows is in its arguments."""
    labels = _RECORDED if kind == scoring.COMPLETENESS else _LABELS
    return render_to_string(
        "audits/_choices.html",
        {
            "pk": pk,
            "number": number,
            "ask": ask,
            "kind": kind,
            "value": value,
            "escalates": escalates,
            "choices": [
                (key, choice, labels[choice]) for key, choice in enumerate(scoring.REPLIES_BY_KIND[kind], start=1)
            ],
        },
    )
