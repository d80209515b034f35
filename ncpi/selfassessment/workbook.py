"""The whole return as a workbook that can be filled in offline and brought back (`docs/data-formats.md`).

What may be typed is unlocked, everything else is locked without a password. Every text is written as text: what begins
like a formula stays what was typed, on the way out and on the way back.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ncpi.lib.digests import digest
from ncpi.selfassessment.canonical import LONGEST_TEXT, TEXTS
from ncpi.selfassessment.workbook_looks import CLOSED, DAY, HEAD, LABEL, LETTERS, OPEN, STRONG, TITLE, WORDS, Pen

FORMAT = "ncpi-return-workbook/1"
JUDGEMENTS, EVIDENCE, READ_ME, DATA = "Judgements", "Evidence", "Read me", "Data"
HEADER_ROW = 1
COLUMNS = {
    "key": "Key",
    "area": "Area",
    "title": "Criterion",
    "looks_for": "What good looks like",
    "state": "State",
    "grade": "Our grade",
    **TEXTS,
    "version": "Version",
    "seen": "Check",
}
TYPED = ("grade", *TEXTS)
_HIDDEN = ("version", "seen")
_WIDTHS = {"key": 13, "area": 20, "title": 30, "looks_for": 44, "state": 13, "grade": 20}
_EVIDENCE_WIDTHS = (13, 30, 46, 34, 18, 14, 14, 14, 20, 22, 40)
EVIDENCE_HEADER = (
    "Key", "Criterion", "Evidence", "What it shows", "Kind", "From", "To", "Review by", "Marking", "Owner",
    "File or address",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One criterion as the workbook shows it. A closed line can be read and not typed into."""

    key: str
    area: str
    title: str
    looks_for: Sequence[str]
    state: str
    version: int
    is_open: bool
    values: Mapping[str, str]


@dataclass(frozen=True)
class Support:
    """One piece of evidence beside one criterion."""

    key: str
    title: str
    evidence: str
    shows: str
    kind: str
    period_from_date: date
    period_to_date: date
    review_date: date | None
    marking: str
    owner: str
    where: str


@dataclass(frozen=True)
class Contents:
    """What a workbook is made of."""

    force: str
    inspection: str
    ref: str
    programme: str
    taken_on: str
    marking: str
    grades: Sequence[str]
    lines: Sequence[Line]
    supports: Iterable[Support]
    word_limit: int | None = None


def seen_digest(values: Mapping[str, str]) -> str:
    """Return the digest that says what a row's cells said when the workbook was taken away."""
    return digest({name: values[name] for name in TYPED})[:32]


def write(contents: Contents) -> bytes:
    """Return the workbook's bytes."""
    from openpyxl import Workbook  # noqa: PLC0415 slow import

    book, pen = Workbook(), Pen()
    _read_me(book.active, pen, contents)
    _judgements(book.create_sheet(JUDGEMENTS), pen, contents)
    _evidence(book.create_sheet(EVIDENCE), pen, contents)
    _data(book.create_sheet(DATA), pen, contents)
    for page in book.worksheets:
        _for_print(page, contents)
    book.security.lockStructure = True
    book.properties.title = f"Self-assessment: {contents.inspection}"
    book.properties.creator = contents.force
    book.active = book.sheetnames.index(JUDGEMENTS)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _judgements(page: Any, pen: Pen, contents: Contents) -> None:
    columns = dict(zip(COLUMNS, LETTERS, strict=False))
    _header(page, pen, list(COLUMNS.values()))
    for number, line in enumerate(contents.lines, start=HEADER_ROW + 1):
        values = {
            "key": line.key, "area": line.area, "title": line.title, "state": line.state,
            "looks_for": "\n".join(f"• {text}" for text in line.looks_for),
            **line.values, "version": str(line.version), "seen": seen_digest(line.values),
        }  # fmt: skip
        for name, letter in columns.items():
            look = OPEN if line.is_open and name in TYPED else STRONG if name == "key" else CLOSED
            pen.write(page[f"{letter}{number}"], values[name], look)
    last = HEADER_ROW + max(len(contents.lines), 1)
    for name, letter in columns.items():
        page.column_dimensions[letter].width = _WIDTHS.get(name, 60)
        page.column_dimensions[letter].hidden = name in _HIDDEN
    _rules(page, columns, last, contents)
    page.freeze_panes = f"{columns['looks_for']}{HEADER_ROW + 1}"
    page.auto_filter.ref = f"A{HEADER_ROW}:{columns['plan']}{last}"
    _lock(page)


def _rules(page: Any, columns: Mapping[str, str], last: int, contents: Contents) -> None:
    """Let Excel itself refuse what the service would refuse."""
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 slow import

    grades = DataValidation(
        type="list", formula1=f"'{DATA}'!$D$1:$D${max(len(contents.grades), 1)}", allow_blank=True,
        showErrorMessage=True, errorTitle="Our grade", error="Choose one of the grades in the list.",
    )  # fmt: skip
    lengths = DataValidation(
        type="textLength", operator="lessThanOrEqual", formula1=str(LONGEST_TEXT), allow_blank=True,
        showErrorMessage=True, errorTitle="Too long", error=f"At most {LONGEST_TEXT:,} characters.",
    )  # fmt: skip
    first = HEADER_ROW + 1
    grades.add(f"{columns['grade']}{first}:{columns['grade']}{last}")
    lengths.add(f"{columns['narrative']}{first}:{columns['plan']}{last}")
    page.add_data_validation(grades)
    page.add_data_validation(lengths)


def _evidence(page: Any, pen: Pen, contents: Contents) -> None:
    _header(page, pen, EVIDENCE_HEADER)
    for number, row in enumerate(contents.supports, start=HEADER_ROW + 1):
        values = (
            row.key, row.title, row.evidence, row.shows, row.kind, row.period_from_date, row.period_to_date,
            row.review_date, row.marking, row.owner, row.where,
        )  # fmt: skip
        for letter, value in zip(LETTERS, values, strict=False):
            pen.write(page[f"{letter}{number}"], value, DAY if isinstance(value, date) else CLOSED)
    for letter, width in zip(LETTERS, _EVIDENCE_WIDTHS, strict=False):
        page.column_dimensions[letter].width = width
    page.freeze_panes = f"C{HEADER_ROW + 1}"
    page.auto_filter.ref = f"A{HEADER_ROW}:K{max(page.max_row, HEADER_ROW + 1)}"
    _lock(page)


def _read_me(page: Any, pen: Pen, contents: Contents) -> None:
    page.title = READ_ME
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 24, 96
    limit = f" The programme allows {contents.word_limit:,} words a text." if contents.word_limit else ""
    rows = [
        ("Inspection", contents.inspection),
        ("Programme", contents.programme),
        ("Taken away", contents.taken_on),
        ("Marking", contents.marking),
        ("How to fill it in", f"Type on the sheet “{JUDGEMENTS}”, in the white cells: our grade and the four texts."),
        ("", "Everything grey is for reading. It is locked, and nothing that is changed there is read back."),
        ("", "A row that is grey throughout is in review: nobody changes it until it is agreed or returned."),
        ("", f"A text holds at most {LONGEST_TEXT:,} characters.{limit} No formulas, no merged cells."),
        ("How to bring it back", "Save it as an Excel workbook (.xlsx). Self-assessment › Fill in offline takes it."),
        ("", "You are shown cell by cell what would change, before anything does. All is saved, or nothing."),
        ("", "Cells that you left alone change nothing, whatever was saved online meanwhile."),
        ("", "Where somebody changed the same cell meanwhile, you see both texts and choose."),
        ("Evidence", f"The sheet “{EVIDENCE}” is for reading. Evidence is added on the criterion's own page."),
    ]
    pen.write(page["A1"], f"Self-assessment: {contents.force}", TITLE)
    for number, (label, words) in enumerate(rows, start=3):
        pen.write(page[f"A{number}"], label, LABEL)
        pen.write(page[f"B{number}"], words, WORDS)
    page.sheet_view.showGridLines = False
    _lock(page)


def _data(page: Any, pen: Pen, contents: Contents) -> None:
    """Say to the service which return this is, and to Excel which grades there are."""
    page.sheet_state = "hidden"
    for number, (name, value) in enumerate((("format", FORMAT), ("inspection", contents.ref)), start=1):
        pen.write(page[f"A{number}"], name, WORDS)
        pen.write(page[f"B{number}"], value, WORDS)
    for number, grade in enumerate(contents.grades, start=1):
        pen.write(page[f"D{number}"], grade, WORDS)
    _lock(page)


def _header(page: Any, pen: Pen, titles: Sequence[str]) -> None:
    for letter, title in zip(LETTERS, titles, strict=False):
        pen.write(page[f"{letter}{HEADER_ROW}"], title, HEAD)
    page.row_dimensions[HEADER_ROW].height = 24


def _lock(page: Any) -> None:
    """Lock what is not to be typed into; widths, heights and filters stay free."""
    page.protection.sheet = True
    page.protection.formatColumns = page.protection.formatRows = False
    page.protection.autoFilter = False


def _for_print(page: Any, contents: Contents) -> None:
    is_words = page.title == READ_ME
    page.page_setup.orientation = "portrait" if is_words else "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4 if is_words else page.PAPERSIZE_A3
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_margins.left = page.page_margins.right = 0.4
    page.oddHeader.center.text = page.oddFooter.center.text = contents.marking
    page.oddFooter.left.text = f"{contents.force}: {contents.inspection}".replace("&", "&&")
    page.oddFooter.right.text = "Page &P of &N"
    if page.title in (JUDGEMENTS, EVIDENCE):
        page.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
