"""The whole return as a Word document in the programme's order, for reading, printing and handing on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from docx.document import Document as Doc

from ncpi.lib.tables import without_forbidden
from ncpi.lib.word_files import new_document, saved
from ncpi.lib.word_styles import LANGUAGE, page, styles
from ncpi.lib.word_tables import add_table
from ncpi.lib.wording import with_plain_line_ends

NOT_GRADED = "Not graded"


@dataclass(frozen=True)
class EvidenceLine:
    """One piece of evidence beside one criterion."""

    title: str
    kind: str
    period: str
    marking: str
    where: str
    shows: str


@dataclass(frozen=True)
class CriterionPart:
    """One criterion: its grade, its texts by their labels, its evidence, its open actions."""

    key: str
    title: str
    grade: str
    state: str
    texts: Sequence[tuple[str, str]]
    evidence: Sequence[EvidenceLine]
    actions: Sequence[str] = ()


@dataclass(frozen=True)
class AreaPart:
    """One area; `signature` is what stands under it, in words."""

    key: str
    title: str
    summary: str
    signature: str
    grades: str
    criteria: Sequence[CriterionPart]


@dataclass(frozen=True)
class Contents:
    """What the document is made of."""

    force: str
    inspection: str
    programme: str
    marking: str
    standing: str
    as_at: datetime
    as_at_in_words: str
    areas: Sequence[AreaPart]


def write(contents: Contents) -> bytes:
    """Return the document's bytes; the same contents give the same bytes."""
    document = new_document()
    styles(document)
    page(document, marking=contents.marking, force=_plain(contents.force))
    _properties(document, contents)
    _front(document, contents)
    for area in contents.areas:
        _area(document, area)
    return saved(document)


def _front(document: Doc, contents: Contents) -> None:
    document.add_paragraph("Self-assessment", style="Title")
    document.add_paragraph(_plain(f"{contents.force}: {contents.inspection}"), style="Subtitle")
    facts = [
        ("Programme", contents.programme),
        ("As at", contents.as_at_in_words),
        ("Whole return", contents.standing),
        ("Marking", contents.marking),
    ]
    for label, words in facts:
        line = document.add_paragraph()
        line.add_run(f"{label}: ").bold = True
        line.add_run(_plain(words))
    document.add_paragraph("Areas, their grades and their signatures", style="Caption")
    add_table(
        document,
        header=("Area", "Our grades", "Signature"),
        rows=[[[_plain(area.title)], [area.grades], [_plain(area.signature)]] for area in contents.areas],
        widths=(5, 6, 6),
        description="Each area with its grades and its signature",
    )


def _area(document: Doc, area: AreaPart) -> None:
    heading = document.add_paragraph(_plain(area.title), style="Heading 1")
    heading.paragraph_format.page_break_before = True
    if area.summary:
        document.add_paragraph(_plain(area.summary))
    line = document.add_paragraph()
    line.add_run("Signature: ").bold = True
    line.add_run(_plain(area.signature))
    for criterion in area.criteria:
        _criterion(document, criterion)


def _criterion(document: Doc, part: CriterionPart) -> None:
    document.add_paragraph(_plain(f"{part.key} {part.title}"), style="Heading 2")
    line = document.add_paragraph()
    line.add_run("Our grade: ").bold = True
    line.add_run(part.grade or NOT_GRADED).bold = bool(part.grade)
    line.add_run(f"  ({part.state.lower()})")
    line.paragraph_format.keep_with_next = True
    for label, text in part.texts:
        document.add_paragraph(label, style="Heading 3")
        for paragraph in _paragraphs(text):
            document.add_paragraph(paragraph)
    document.add_paragraph("Evidence", style="Heading 3")
    if part.evidence:
        _evidence(document, part)
    else:
        document.add_paragraph("None linked.")
    if part.actions:
        document.add_paragraph("Open actions", style="Heading 3")
        for action in part.actions:
            document.add_paragraph(_plain(action), style="List Bullet")


def _evidence(document: Doc, part: CriterionPart) -> None:
    rows = [
        [
            [_plain(row.title), _plain(row.where)],
            [row.kind, *([row.marking] if row.marking else [])],
            [row.period],
            [_plain(row.shows)],
        ]
        for row in part.evidence
    ]
    add_table(
        document,
        header=("Evidence", "Kind", "Speaks for", "What it shows"),
        rows=rows,
        widths=(5, 2.6, 3, 6),
        description=f"Evidence for {_plain(part.title)}",
    )


def _paragraphs(text: str) -> list[str]:
    lines = [without_forbidden(line).strip() for line in with_plain_line_ends(text).split("\n")]
    return [line for line in lines if line] or ["Nothing written."]


def _plain(text: str) -> str:
    return " ".join(without_forbidden(text).split())


def _properties(document: Doc, contents: Contents) -> None:
    about = document.core_properties
    about.title = _plain(f"Self-assessment: {contents.inspection}")[:255]
    about.author = _plain(contents.force)[:255]
    about.subject = _plain(contents.programme)[:255]
    about.keywords = contents.marking
    about.language = LANGUAGE
    about.comments = about.last_modified_by = ""
    about.created = about.modified = contents.as_at.replace(tzinfo=None, microsecond=0)
    about.revision = 1
