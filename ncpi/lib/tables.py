"""Tables that people send and tables that people take away.

Reading: one way in for every import. The whole file is refused when it cannot be read with certainty; what is
wrong is named by row and column as a spreadsheet numbers them (the header is row 1). Writing: one way out for
every export. Text that a spreadsheet would run as a formula is neutralised (CWE-1236).
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

WHOLE_FILE = 0
HEADER_ROW = 1

_DELIMITERS = ",;\t|"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_ENCODED_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_BEYOND_ASCII = re.compile("[\x80-\ufffc\U00010000-\U0010ffff]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_NOT_IN_A_SHEET_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST_CELL = 32_767
_CUT_MARK = " [cut here: a spreadsheet cell holds no more]"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file. Row 0 is the whole file; an empty column is the whole row."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        if self.row == WHOLE_FILE:
            return self.message
        if not self.column:
            return f"Row {self.row}: {self.message}"
        return f"Row {self.row}, column {self.column}: {self.message}"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold. Counted while reading, never taken from what the file says of itself."""

    size: int = 10_000_000
    rows: int = 5_000
    columns: int = 60
    cell: int = 10_000


LIMITS = Limits()


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


class UnreadableTable(Exception):
    """The file cannot be read; `problems` says why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


# Reading


def read_csv(data: bytes, *, limits: Limits = LIMITS) -> Table:
    """Read a whole CSV file, or raise `UnreadableTable`."""
    header, rows = open_csv(data, limits=limits)
    return Table(header=header, rows=tuple(rows))


def open_csv(data: bytes, *, limits: Limits = LIMITS) -> tuple[tuple[str, ...], Iterator[Row]]:
    """Give the header and the rows one by one, so that a long file is never held twice."""
    text = decode(data, limits=limits)
    records = _records(text, limits)
    header = _header(next(records, []), limits)
    return header, _rows(records, header, limits)


def decode(data: bytes, *, limits: Limits = LIMITS) -> str:
    """Turn bytes into text as UTF-8, UTF-16 with its mark, or Windows-1252, and nothing else."""
    if len(data) > limits.size:
        raise _whole_file(f"The file is larger than {limits.size // 1_000_000 or 1} MB.")
    if not data.strip():
        raise _whole_file("The file is empty.")
    if data.startswith(b"PK\x03\x04"):
        raise _whole_file("The file is a workbook or an archive. Save it as CSV first.")
    if data.startswith(_UTF16_MARKS):
        return _decode_as(data, "utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _decode_windows(data, error)


def normal_header(text: str) -> str:
    """Give a header the way columns are named: lower case, underscores for blanks and hyphens."""
    return re.sub(r"[\s\-]+", "_", text.strip().casefold())


def _decode_windows(data: bytes, error: UnicodeDecodeError) -> str:
    if _ENCODED_SURROGATE.search(data):
        raise _broken(data, error.start)
    # A file that is partly UTF-8 would turn into wrong letters if it were read as Windows-1252.
    if _BEYOND_ASCII.search(data.decode("utf-8", "replace")):
        raise _broken(data, error.start)
    return _decode_as(data, "cp1252")


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _broken(data, error.start) from None


def _broken(data: bytes, position: int) -> UnreadableTable:
    row = len(_LINE_END.findall(data[:position].decode("latin-1"))) + 1
    return UnreadableTable(Problem(row, "", "has characters that cannot be read. Save the file as CSV UTF-8."))


def _whole_file(message: str) -> UnreadableTable:
    return UnreadableTable(Problem(WHOLE_FILE, "", message))


def _records(text: str, limits: Limits) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    suspicious = _FORBIDDEN.search(text) is not None
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
        if suspicious:
            _refuse_forbidden(number, record)
        yield record


def _refuse_forbidden(number: int, record: Sequence[str]) -> None:
    for position, cell in enumerate(record, start=1):
        if _FORBIDDEN.search(cell):
            raise UnreadableTable(Problem(number, str(position), "has a control character that text never holds."))


def _delimiter(text: str) -> str:
    """Take the separator that the first line with anything in it uses most, outside quotation marks."""
    start = text.lstrip("\r\n \ufeff")
    end = _LINE_END.search(start)
    line = re.sub(r'"[^"]*"', "", start[: end.start()] if end else start)
    best = max(_DELIMITERS, key=line.count)
    return best if line.count(best) else ","


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
            raise _whole_file(f"The file has more than {limits.rows:,} rows.")
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


def without_forbidden(text: str) -> str:
    """Return the text without the characters that no spreadsheet and no XML can hold."""
    return _FORBIDDEN.sub("", text)


def has_forbidden(text: str) -> bool:
    return _FORBIDDEN.search(text) is not None


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
