"""Tables that people send and tables that people take away.

Reading: one way in for every import. The whole file is refused when it cannot be read with certainty; what is
wrong is named by row and column as a spreadsheet numbers them (the header is row 1). Writing: one way out for
every export. Text that a spreadsheet would run as a formula is neutralised (CWE-1236).
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from ncpi.lib.table_text import (
    LIMITS,
    WHOLE_FILE,
    Limits,
    Problem,
    Text,
    UnreadableTable,
    has_forbidden,
    open_text,
    whole_file,
    without_forbidden,
)

__all__ = [
    "HEADER_ROW",
    "LIMITS",
    "WHOLE_FILE",
    "Limits",
    "Problem",
    "Row",
    "Sheet",
    "Table",
    "UnreadableTable",
    "csv_lines",
    "has_forbidden",
    "neutralise",
    "normal_header",
    "read_csv",
    "stream_csv",
    "whole_file",
    "without_forbidden",
    "write_csv",
    "write_xlsx",
]

HEADER_ROW = 1

_NOT_IN_A_SHEET_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST_CELL = 32_767
_CUT_MARK = " [cut here: a spreadsheet cell holds no more]"


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Give each row's number and its cells by column name."""
        for row in self.rows:
            yield row.number, dict(zip(self.header, row.cells, strict=True))


# Reading


def read_csv(data: bytes, *, limits: Limits = LIMITS) -> Table:
    """Read a whole CSV file, or raise `UnreadableTable`."""
    with stream_csv(io.BytesIO(data), limits=limits) as (header, rows):
        return Table(header=header, rows=tuple(rows))


@contextmanager
def stream_csv(file: IO[bytes], *, limits: Limits = LIMITS) -> Iterator[tuple[tuple[str, ...], Iterator[Row]]]:
    """Give the header and the rows of an open file one by one, so that a long file is never held."""
    with open_text(file, limits=limits) as text:
        records = _records(text, limits)
        header = _header(next(records, []), limits)
        yield header, _rows(records, header, limits)


def normal_header(text: str) -> str:
    """Give a header the way columns are named: lower case, underscores for blanks and hyphens."""
    return re.sub(r"[\s\-]+", "_", text.strip().casefold())


def _records(text: Text, limits: Limits) -> Iterator[list[str]]:
    reader = csv.reader(text.lines, delimiter=text.delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise UnreadableTable(
                Problem(number, "", "has quotation marks that do not close, or a cell that is too long.")
            ) from None
        if len(record) > limits.columns:
            raise UnreadableTable(Problem(number, "", f"has more than {limits.columns} columns."))
        if text.has_forbidden:
            _refuse_forbidden(number, record)
        yield record


def _refuse_forbidden(number: int, record: Sequence[str]) -> None:
    for position, cell in enumerate(record, start=1):
        if has_forbidden(cell):
            raise UnreadableTable(Problem(number, str(position), "has a control character that text never holds."))


def _header(record: Sequence[str], limits: Limits) -> tuple[str, ...]:
    names = [normal_header(cell) for cell in record]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise UnreadableTable(Problem(HEADER_ROW, "", "must hold the names of the columns."))
    problems = [
        Problem(HEADER_ROW, str(position), "has no name.") for position, name in enumerate(names, start=1) if not name
    ]
    problems += [
        Problem(HEADER_ROW, name, "is there more than once.")
        for name in dict.fromkeys(names)
        if name and names.count(name) > 1
    ]
    problems += [
        Problem(HEADER_ROW, name[:40], "has a name that is too long.") for name in names if len(name) > limits.cell
    ]
    if problems:
        raise UnreadableTable(*problems)
    return tuple(names)


def _rows(records: Iterator[list[str]], header: tuple[str, ...], limits: Limits) -> Iterator[Row]:
    width = len(header)
    count = 0
    for number, record in enumerate(records, start=HEADER_ROW + 1):
        cells = [cell.strip() for cell in record]
        if not any(cells):
            continue
        count += 1
        if count > limits.rows:
            raise whole_file(f"The file has more than {limits.rows:,} rows.")
        if len(cells) != width:
            cells = _squared(number, cells, width)
        if max(map(len, cells)) > limits.cell:
            _refuse_long(number, header, cells, limits)
        yield Row(number, tuple(cells))


def _squared(number: int, cells: list[str], width: int) -> list[str]:
    if any(cells[width:]):
        raise UnreadableTable(Problem(number, str(width + 1), "has a value beyond the last named column."))
    return cells[:width] + [""] * (width - len(cells))


def _refuse_long(number: int, header: Sequence[str], cells: Sequence[str], limits: Limits) -> None:
    for name, cell in zip(header, cells, strict=True):
        if len(cell) > limits.cell:
            raise UnreadableTable(Problem(number, name, f"is longer than {limits.cell:,} characters."))


# Writing


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Any]]


def neutralise(text: str) -> str:
    """Make text safe to open in a spreadsheet: what would run as a formula becomes text."""
    return "'" + text if text.startswith(_RUNS_AS_FORMULA) else text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Give a CSV export line by line, marked as UTF-8 because Excel guesses otherwise."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield b"\xef\xbb\xbf"
    for row in _with_header(header, rows):
        writer.writerow([_plain(value) for value in row])
        yield buffer.getvalue().encode("utf-8", "replace")
        buffer.seek(0)
        buffer.truncate()


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    return b"".join(csv_lines(header, rows))


def write_xlsx(*sheets: Sheet) -> bytes:
    """Write a workbook whose text cells are text and never formulas."""
    from openpyxl import Workbook  # noqa: PLC0415 slow import

    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(_sheet_title(sheet.title))
        page.freeze_panes = "A2"
        for row in _with_header(sheet.header, sheet.rows):
            page.append([_cell(page, value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _with_header(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    yield header
    yield from rows


def _plain(value: Any) -> str | int | float | Decimal:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return neutralise(without_forbidden(str(value)))


def _cell(page: Any, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 slow import

    make: Any = WriteOnlyCell
    if type(value) is date or (isinstance(value, datetime) and value.tzinfo is None):
        return make(page, value=value)
    plain = _plain(value)
    if not isinstance(plain, str):
        return make(page, value=plain)
    if len(plain) > _LONGEST_CELL:
        plain = plain[: _LONGEST_CELL - len(_CUT_MARK)] + _CUT_MARK
    cell = make(page, value=plain)
    cell.data_type = "s"
    return cell


def _sheet_title(title: str) -> str:
    return _NOT_IN_A_SHEET_TITLE.sub(" ", title).strip(" '")[:31] or "Sheet"
