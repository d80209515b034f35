"""The questions of an audit page: what never changes is rendered once a process, what was answered is put in.

A tool never changes, and rendering sixty questions by template costs several times the rest of the page. So each
question is a mould (`ncpi.lib.moulds`), and once more for each way in which it may be answered: a page puts the forms
of its questions behind one another and fills all of them at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from audits import scoring
from audits.models import Audit, ToolQuestion
from audits.operations import Typed
from audits.queries import Given, asked_of
from ncpi.inspections import queries
from ncpi.lib.moulds import Marks, Mould, filled, joined, kept_mould, mould_of, partly_filled

_LABELS = dict(scoring.REPLIES)
_RECORDED = {scoring.YES: "Recorded", scoring.NO: "Not recorded", scoring.NOT_APPLICABLE: "Not applicable"}
_NOTHING = Given("", "", 0, "")
_MARKS = Marks()
# How often an answer may have been changed for the question to be kept as it stands.
_FEW = 9
_KEPT = ("", *scoring.REPLY_VALUES)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the page shows it; its mould has a place wherever an answer shows."""

    pk: int
    key: str
    section: str
    is_text: bool
    asks_why: bool
    mould: Mould
    # A mould for each way of being answered, with only version, text and guidance left: made when first needed.
    _moulds: dict[tuple[str, bool, bool], Mould] = field(default_factory=dict)
    # And what is whole already, where nothing is written: most questions of most audits.
    _bare: dict[tuple[str, int], str] = field(default_factory=dict)

    def filled(self, given: Given, guidance_address: str = "") -> str:
        if given.text or given.guidance or given.version > _FEW or given.value not in _KEPT:
            return self._filled(given, guidance_address)
        key = (given.value, given.version)
        return self._bare.get(key) or self._bare.setdefault(key, self._filled(given, guidance_address))

    def _filled(self, given: Given, guidance_address: str) -> str:
        value = given.value if given.value in scoring.REPLY_VALUES else ""
        way = (value, self.is_answered(given), bool(given.text) or (value == scoring.NO and self.asks_why))
        return filled(
            self._moulds.get(way) or self._add(*way),
            version=given.version,
            text=given.text,
            guidance=_guidance(given.guidance, self.key, guidance_address) if given.guidance else "",
        )

    def is_answered(self, given: Given) -> bool:
        return bool(given.text.strip()) if self.is_text else bool(given.value)

    def _add(self, value: str, is_answered: bool, opens: bool) -> Mould:
        found = partly_filled(
            self.mould,
            answered=" ncpi-question--answered" if is_answered else "",
            open=" open" if opens else "",
            **{reply: " checked" if reply == value else "" for reply in scoring.REPLY_VALUES},
        )
        return self._moulds.setdefault((value, is_answered, opens), found)


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
    for place, row in enumerate(_asked(audit.tool_id, audit.case.case_type_id), start=1):
        labels = _RECORDED if row.kind == scoring.COMPLETENESS else _LABELS
        boxes = tuple(labels[reply] for reply in scoring.REPLIES_BY_KIND[row.kind])
        found.setdefault(row.section, []).append(PaperQuestion(place, row.ask, row.follow_up, boxes))
    return list(found.items())


@dataclass(frozen=True)
class ErrorLink:
    href: str
    message: str


def questions(
    asked: tuple[Asked, ...], stored: Mapping[int, Given], typed: Mapping[int, Typed], *, guidance_address: str = ""
) -> Questions:
    """Fill the page's questions, with what was typed in place of what is stored."""
    shown: dict[str, list[str]] = {question.section: [] for question in asked}
    answered = dict.fromkeys(shown, 0)
    for question in asked:
        given = stored.get(question.pk, _NOTHING)
        if question.pk in typed:
            given = _over(given, typed[question.pk])
        shown[question.section].append(question.filled(given, guidance_address))
        answered[question.section] += question.is_answered(given)
    sections = tuple(
        Section(title, slug, len(shown[title]), answered[title], joined(shown[title]))
        for title, slug in _slugs(asked).items()
    )
    return Questions(sections, len(asked), sum(answered.values()))


def error_links(errors: Iterable[tuple[str, str]], asked: tuple[Asked, ...]) -> list[ErrorLink]:
    """Turn what is missing into links to where it stands; a message without question is about the grade."""
    places = {question.key: (number, question.pk) for number, question in enumerate(asked, start=1)}
    links = []
    for key, message in errors:
        if key in places:
            number, pk = places[key]
            links.append(ErrorLink(f"#question-{pk}", f"Question {number}: {message}"))
        else:
            links.append(ErrorLink("#grade", message))
    return links


def _over(stored: Given, typed: Typed) -> Given:
    return Given(typed.value, typed.text, typed.version, stored.guidance)


def _slugs(questions: Iterable[Any]) -> dict[str, str]:
    titles = dict.fromkeys(question.section for question in questions)
    return {title: f"section-{number}" for number, title in enumerate(titles, start=1)}


def _guidance(text: str, key: str, address: str) -> str:
    return filled(kept_mould("audits/_guidance.html", key=key), guidance=text, address=address)


# What never changes, kept by the process, a bounded number of each: tools and programmes are final in the database.


def asked_in(audit: Audit) -> tuple[Asked, ...]:
    """Give the questions asked of this audit's case, in the tool's order."""
    return _asked_in(audit.tool_id, audit.tool.digest, audit.case.case_type_id)


@lru_cache(maxsize=256)
def _asked_in(tool_id: int, digest: str, case_type_id: int) -> tuple[Asked, ...]:
    rows = _asked(tool_id, case_type_id)
    slugs = _slugs(rows)
    return tuple(_question(number, row, slugs[row.section]) for number, row in enumerate(rows, start=1))


def _asked(tool_id: int, case_type_id: int) -> list[ToolQuestion]:
    return list(asked_of(tool_id=tool_id, case_type_id=case_type_id).order_by("order", "pk"))


def grades_of(programme_id: int) -> list[tuple[str, str]]:
    """Give the programme's grades as (id, label), best first."""
    return [(str(grade.pk), grade.label) for grade in queries.grades_of(programme_id)]


def _question(number: int, question: ToolQuestion, slug: str) -> Asked:
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
        "choices": [(key, reply, labels[reply], _MARKS[reply]) for key, reply in enumerate(replies, start=1)],
    }
    mould = mould_of("audits/_question.html", **context)
    return Asked(question.pk, question.key, question.section, is_text, bool(question.follow_up), mould)
