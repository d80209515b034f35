"""The questions of an audit page: what never changes is rendered once a process, what was answered is put in.

A tool never changes, and rendering sixty questions by template costs several times the rest of the page. So each
question is rendered once, with marks where its answer goes, and becomes a mould of `format_html`, which escapes
whatever is put in. A mark is made of a character that neither a form nor the database lets in, so that no question's
text can hold one.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join

from audits import scoring
from audits.models import Audit, ToolQuestion
from audits.operations import Typed
from audits.queries import Given, asked_of
from ncpi.inspections.models import Grade

_LABELS = dict(scoring.REPLIES)
_RECORDED = {scoring.YES: "Recorded", scoring.NO: "Not recorded", scoring.NOT_APPLICABLE: "Not applicable"}
_MARK = re.compile("\x00([a-z_]+)\x00")
_NOTHING = Given("", "", 0, "")
# Escaped once; `format_html` lets what is escaped already pass.
_EMPTY = format_html("{}", "")
_OPEN, _CHECKED, _ANSWERED = (format_html("{}", word) for word in (" open", " checked", " ncpi-question--answered"))
_UNCHECKED = dict.fromkeys(scoring.REPLY_VALUES, _EMPTY)


@dataclass(frozen=True, slots=True)
class Mould:
    """One question as the page shows it, with a field wherever an answer shows."""

    pk: int
    key: str
    section: str
    is_text: bool
    asks_why: bool
    form: str

    def filled(self, given: Given, guidance_address: str = "") -> str:
        opens = given.text or (given.value == scoring.NO and self.asks_why)
        checked = _UNCHECKED | {given.value: _CHECKED} if given.value in _UNCHECKED else _UNCHECKED
        return format_html(
            self.form,
            answered=_ANSWERED if self.is_answered(given) else _EMPTY,
            open=_OPEN if opens else _EMPTY,
            version=str(given.version),
            text=given.text or _EMPTY,
            guidance=_guidance(given.guidance, self.key, guidance_address) if given.guidance else _EMPTY,
            **checked,
        )

    def is_answered(self, given: Given) -> bool:
        return bool(given.text.strip()) if self.is_text else bool(given.value)


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    slug: str
    total: int
    answered: int
    questions: str


@dataclass(frozen=True, slots=True)
class Questions:
    """All questions of the page, section by section."""

    sections: tuple[Section, ...]
    total: int
    answered: int


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """One question as the blank form prints it, under the number that it has on the audit page."""

    number: int
    ask: str
    follow_up: str
    boxes: tuple[str, ...]


def paper_sections(audit: Audit) -> list[tuple[str, list[PaperQuestion]]]:
    """Give the questions of an audit for printing, section by section, in the order of its page."""
    found: dict[str, list[PaperQuestion]] = {}
    for number, row in enumerate(_asked(audit.tool_id, audit.case.case_type_id), start=1):
        labels = _RECORDED if row.kind == scoring.COMPLETENESS else _LABELS
        boxes = tuple(labels[reply] for reply in scoring.REPLIES_BY_KIND[row.kind])
        found.setdefault(row.section, []).append(PaperQuestion(number, row.ask, row.follow_up, boxes))
    return list(found.items())


@dataclass(frozen=True)
class ErrorLink:
    href: str
    message: str


def questions(
    moulds: tuple[Mould, ...], stored: Mapping[int, Given], typed: Mapping[int, Typed], *, guidance_address: str = ""
) -> Questions:
    """Fill the page's questions, with what was typed in place of what is stored."""
    given = {mould.pk: _given(stored.get(mould.pk, _NOTHING), typed.get(mould.pk)) for mould in moulds}
    sections = []
    for title, slug in _slugs(moulds).items():
        mine = [mould for mould in moulds if mould.section == title]
        answered = sum(mould.is_answered(given[mould.pk]) for mould in mine)
        html = format_html_join("", "{}", ((mould.filled(given[mould.pk], guidance_address),) for mould in mine))
        sections.append(Section(title, slug, len(mine), answered, html))
    return Questions(tuple(sections), len(moulds), sum(section.answered for section in sections))


def error_links(errors: Iterable[tuple[str, str]], moulds: tuple[Mould, ...]) -> list[ErrorLink]:
    """Turn what is missing into links to where it stands; a message without question is about the grade."""
    places = {mould.key: (number, mould.pk) for number, mould in enumerate(moulds, start=1)}
    links = []
    for key, message in errors:
        if key in places:
            number, pk = places[key]
            links.append(ErrorLink(f"#question-{pk}", f"Question {number}: {message}"))
        else:
            links.append(ErrorLink("#grade", message))
    return links


def _given(stored: Given, typed: Typed | None) -> Given:
    return Given(typed.value, typed.text, typed.version, stored.guidance) if typed else stored


def _slugs(questions: Iterable[Any]) -> dict[str, str]:
    titles = dict.fromkeys(question.section for question in questions)
    return {title: f"section-{number}" for number, title in enumerate(titles, start=1)}


def _guidance(text: str, key: str, address: str) -> str:
    return render_to_string("audits/_guidance.html", {"guidance": text, "key": key, "address": address})


# What never changes, kept by the process, a bounded number of each: tools and programmes are final in the database.


def moulds_of(audit: Audit) -> tuple[Mould, ...]:
    """Give the moulds of the questions asked of this audit's case, in the tool's order."""
    return _moulds(audit.tool_id, audit.tool.digest, audit.case.case_type_id)


@lru_cache(maxsize=256)
def _moulds(tool_id: int, digest: str, case_type_id: int) -> tuple[Mould, ...]:
    rows = _asked(tool_id, case_type_id)
    slugs = _slugs(rows)
    return tuple(_mould(number, row, slugs[row.section]) for number, row in enumerate(rows, start=1))


def _asked(tool_id: int, case_type_id: int) -> list[ToolQuestion]:
    return list(asked_of(tool_id=tool_id, case_type_id=case_type_id).order_by("order", "pk"))


@lru_cache(maxsize=64)
def grades_of(programme_id: int) -> tuple[tuple[str, str], ...]:
    """Give the programme's grades as (id, label), best first."""
    rows = Grade.objects.filter(programme_id=programme_id).order_by("order", "pk")
    return tuple((str(pk), label) for pk, label in rows.values_list("pk", "label"))


def _mould(number: int, question: ToolQuestion, slug: str) -> Mould:
    is_text = question.kind == scoring.TEXT
    labels = _RECORDED if question.kind == scoring.COMPLETENESS else _LABELS
    replies = scoring.REPLIES_BY_KIND[question.kind]
    context = {
        "question": question,
        "pk": str(question.pk),
        "number": number,
        "slug": slug,
        "is_text": is_text,
        "label": question.follow_up or "Comment",
        "choices": [(key, reply, labels[reply], _mark(reply)) for key, reply in enumerate(replies, start=1)],
        "mark": {name: _mark(name) for name in ("answered", "guidance", "version", "open", "text")},
    }
    html = render_to_string("audits/_question.html", context).strip()
    form = _MARK.sub(r"{\1}", html.replace("{", "{{").replace("}", "}}"))
    return Mould(question.pk, question.key, question.section, is_text, bool(question.follow_up), form)


def _mark(name: str) -> str:
    return f"\0{name}\0"
