"""The Board's paper as Word: real heading styles, automatic numbering, repeated table headers, alt text."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.text.paragraph import Paragraph as WordParagraph

from ncpi.board.paper import Heading, Meeting, Paper, Paragraph, Picture, Standing, Table
from ncpi.board.paper_numbers import Numbered, numbered
from ncpi.board.paper_sections import RELEASED, sections
from ncpi.board.pictures import Chart
from ncpi.board.wording import clean, shown_day
from ncpi.lib.word_files import new_document, saved
from ncpi.lib.word_styles import LANGUAGE, NUMBERING, TEXT_WIDTH, page, styles
from ncpi.lib.word_tables import add_table


def _level(paragraph: WordParagraph, level: int) -> None:
    """Number a paragraph at a level of the paper's list."""
    properties = paragraph._p.get_or_add_pPr()
    numbering = OxmlElement("w:numPr")
    for tag, value in (("w:ilvl", level), ("w:numId", NUMBERING)):
        element = OxmlElement(tag)
        element.set(qn("w:val"), str(value))
        numbering.append(element)
    properties.append(numbering)


def _facts(document: Doc, paper: Paper) -> None:
    meeting = paper.meeting
    item = document.add_paragraph(style="Meeting")
    item.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    item.add_run(f"Agenda Item: {meeting.agenda_item}").bold = True
    for label, value in (("To:", meeting.to), ("From:", meeting.sender), ("Date:", shown_day(meeting.on))):
        line = document.add_paragraph(style="Meeting")
        line.add_run(label).bold = True
        line.add_run(f"\t{value}")
    document.add_paragraph(meeting.title, style="Title")
    document.add_paragraph(clean(paper.subtitle), style="Subtitle")


def _paragraph(document: Doc, block: Paragraph, paper: Paper, *, leads: bool) -> None:
    paragraph = document.add_paragraph(paper.words(block.sentence), style="Numbered")
    _level(paragraph, 1)
    paragraph.paragraph_format.keep_with_next = leads or bool(block.bullets)
    for bullet in block.bullets:
        document.add_paragraph(paper.words(bullet), style="List Bullet")


def _table(document: Doc, label: str, block: Table, paper: Paper) -> None:
    document.add_paragraph(f"{label}. {block.caption}", style="Caption")
    add_table(
        document,
        header=block.header,
        rows=[[[paper.words(line) for line in lines] for lines in row] for row in block.rows],
        widths=block.widths,
        description=block.caption,
        numeric=block.numeric,
    )


def _picture(document: Doc, label: str, block: Picture, charts: Mapping[str, Chart]) -> None:
    chart = charts[block.chart]
    document.add_paragraph(f"{label}. {block.caption}", style="Caption")
    shape = document.add_picture(io.BytesIO(chart.png), width=Cm(TEXT_WIDTH))
    described = shape._inline.docPr
    described.set("name", label)
    described.set("title", chart.title)
    described.set("descr", f"{chart.title}. {chart.description}")


def _add(document: Doc, item: Numbered, paper: Paper, charts: Mapping[str, Chart]) -> None:
    block = item.block
    if isinstance(block, Heading):
        _level(document.add_paragraph(block.text, style="Heading 1"), 0)
    elif isinstance(block, Paragraph):
        _paragraph(document, block, paper, leads=item.leads)
    elif isinstance(block, Table):
        _table(document, item.number, block, paper)
    else:
        _picture(document, item.number, block, charts)


def _properties(document: Doc, paper: Paper, force: str) -> None:
    about = document.core_properties
    about.title = f"{paper.meeting.title} \u2013 {clean(paper.subtitle)}"[:255]
    about.author = paper.meeting.sender[:255]
    about.subject = clean(force)[:255]
    about.keywords = paper.meeting.marking[:255]
    about.language = LANGUAGE
    about.comments = ""
    about.last_modified_by = ""
    about.created = about.modified = paper.as_at.replace(tzinfo=None, microsecond=0)
    about.revision = 1


def docx(content: Mapping[str, Any], meeting: Meeting, charts: Iterable[Chart], standing: Standing = RELEASED) -> bytes:
    """Return the paper as a Word file; the same content, meeting and charts give the same bytes."""
    paper = sections(content, meeting, standing)
    drawn = {chart.name: chart for chart in charts}
    document = new_document()
    styles(document)
    page(document, marking=paper.meeting.marking, force=clean(content["inspection"]["force"]))
    _properties(document, paper, content["inspection"]["force"])
    _facts(document, paper)
    for item in numbered(paper):
        _add(document, item, paper, drawn)
    return saved(document)
