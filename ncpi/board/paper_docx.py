"""The Board's paper as Word: real heading styles, automatic numbering, repeated table headers, alt text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph as WordParagraph

from ncpi.board.docx_styles import LANGUAGE, NAVY, NUMBERING, TEXT_WIDTH, page, styles
from ncpi.board.paper import Heading, Meeting, Paper, Paragraph, Picture, Standing, Table
from ncpi.board.paper_numbers import Numbered, numbered
from ncpi.board.paper_sections import RELEASED, sections
from ncpi.board.pictures import Chart
from ncpi.board.wording import clean, shown_day

EPOCH = (1980, 1, 1, 0, 0, 0)
SHORT = 12


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


def _repeat(row: _Row) -> None:
    properties = row._tr.get_or_add_trPr()
    for tag in ("w:cantSplit", "w:tblHeader"):
        properties.append(OxmlElement(tag))


def _shade(cell: _Cell, colour: str) -> None:
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shading.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shading)


def _write(cell: _Cell, lines: list[str], *, bold: bool = False, right: bool = False) -> None:
    for place, words in enumerate(lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        paragraph.style = "Cell"
        run = paragraph.add_run(words)
        if bold:
            run.bold = True
            run.font.color.rgb = RGBColor.from_string(NAVY)
        if right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _describe_table(table: WordTable, caption: str) -> None:
    for tag in ("w:tblCaption", "w:tblDescription"):
        element = OxmlElement(tag)
        element.set(qn("w:val"), caption)
        table._tbl.tblPr.append(element)


def _set_widths(table: WordTable, widths: list[Length]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def _keep_whole(table: WordTable) -> None:
    for row in table.rows[:-1]:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def _table(document: Doc, label: str, block: Table, paper: Paper) -> None:
    document.add_paragraph(f"{label}. {block.caption}", style="Caption")
    table = document.add_table(rows=1, cols=len(block.header), style="Board Table")
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    table.autofit = False
    _describe_table(table, block.caption)
    widths: list[Length] = [Cm(TEXT_WIDTH * width / sum(block.widths)) for width in block.widths]
    for place, words in enumerate(block.header):
        _write(table.rows[0].cells[place], [words], bold=True, right=place in block.numeric)
        _shade(table.rows[0].cells[place], "EEF3F5")
    _repeat(table.rows[0])
    for row in block.rows:
        added = table.add_row()
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for place, lines in enumerate(row):
            _write(added.cells[place], [paper.words(line) for line in lines], right=place in block.numeric)
    _set_widths(table, widths)
    if len(block.rows) <= SHORT:
        _keep_whole(table)
    document.add_paragraph(style="After Table")


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


def _settled(data: bytes) -> bytes:
    """Repack the file with a fixed order and time, so that the same paper has the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in sorted(source.namelist(), key=lambda part: (part != "[Content_Types].xml", part)):
            if name == "docProps/thumbnail.jpeg":
                continue
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name))
    return packed.getvalue()


def _drop_thumbnail(document: Doc) -> None:
    """Remove the picture of somebody else's page that the library's template carries."""
    package = document.part.package
    for name, relationship in list(package.rels.items()):
        if relationship.reltype.endswith("/thumbnail"):
            del package.rels[name]


def docx(content: Mapping[str, Any], meeting: Meeting, charts: Iterable[Chart], standing: Standing = RELEASED) -> bytes:
    """Return the paper as a Word file; the same content, meeting and charts give the same bytes."""
    paper = sections(content, meeting, standing)
    drawn = {chart.name: chart for chart in charts}
    document = Document()
    _drop_thumbnail(document)
    styles(document)
    page(document, marking=paper.meeting.marking, force=clean(content["inspection"]["force"]))
    _properties(document, paper, content["inspection"]["force"])
    _facts(document, paper)
    for item in numbered(paper):
        _add(document, item, paper, drawn)
    saved = io.BytesIO()
    document.save(saved)
    return _settled(saved.getvalue())
