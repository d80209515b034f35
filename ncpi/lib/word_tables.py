"""Tables in Word documents: repeated headers, rows that stay whole, a description for who cannot see them."""

from collections.abc import Collection, Sequence
from xml.sax.saxutils import escape

from docx.document import Document as Doc
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Length, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell, _Row

from ncpi.lib.word_styles import NAVY, TEXT_WIDTH

SHORT = 12


def add_table(
    document: Doc,
    *,
    header: Sequence[str],
    rows: Sequence[Sequence[Sequence[str]]],
    widths: Sequence[float],
    description: str,
    numeric: Collection[int] = (),
) -> None:
    """Add a table over the width of the text. A cell is a list of lines; `widths` are shares of the width."""
    table = document.add_table(rows=1, cols=len(header), style="Board Table")
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    table.autofit = False
    _describe_table(table, description)
    lengths: list[Length] = [Cm(TEXT_WIDTH * width / sum(widths)) for width in widths]
    style = document.styles["Cell"].style_id
    for place, words in enumerate(header):
        _write(table.rows[0].cells[place], [words], style, bold=True, right=place in numeric)
        _shade(table.rows[0].cells[place], "EEF3F5")
    _repeat(table.rows[0])
    _set_widths(table, lengths)
    is_short = len(rows) <= SHORT
    if is_short and rows:
        _keep_with_next(table.rows[0])
    for place, row in enumerate(rows, start=1):
        table._tbl.append(_body_row(row, lengths, numeric, keeps=is_short and place < len(rows)))
    document.add_paragraph(style="After Table")


def _body_row(
    row: Sequence[Sequence[str]], lengths: Sequence[Length], numeric: Collection[int], *, keeps: bool
) -> BaseOxmlElement:
    """Return a row that stays whole, parsed in one go: built part by part, two thousand rows take twenty seconds."""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{length.twips}"/></w:tcPr>'
        f"{_lines(cell, place in numeric, keeps)}</w:tc>"
        for place, (cell, length) in enumerate(zip(row, lengths, strict=True))
    )
    return parse_xml(f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")


def _lines(lines: Sequence[str], right: bool, keeps: bool) -> str:
    form = ("<w:keepNext/>" if keeps else "") + ('<w:jc w:val="right"/>' if right else "")
    return "".join(
        f'<w:p><w:pPr><w:pStyle w:val="Cell"/>{form}</w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
        for line in lines or [""]
    )


def _repeat(row: _Row) -> None:
    properties = row._tr.get_or_add_trPr()
    for tag in ("w:cantSplit", "w:tblHeader"):
        properties.append(OxmlElement(tag))


def _shade(cell: _Cell, colour: str) -> None:
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shading.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shading)


def _write(cell: _Cell, lines: Sequence[str], style: str, *, bold: bool = False, right: bool = False) -> None:
    """Write lines into an empty cell; `style` is a style's id, as looking each up by name is most of a paper's cost."""
    for place, words in enumerate(lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        paragraph._p.style = style
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


def _keep_with_next(row: _Row) -> None:
    for cell in row.cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True
