"""Turns the first sheet of a workbook into CSV. Run as a program of its own, with limits on memory, time and output.

What a workbook says of its own size is never believed: rows and columns are counted while reading. What a person sees
in a cell is what is written: a formula's last result, a date as 2021-07-05. A refusal is the answer on standard error,
with the status 3.

    python -I sheet_reader.py 100000 60 120 < workbook.xlsx > sheet.csv
"""

import csv
import io
import os
import re
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from xml.parsers import expat

MOST_MEMORY = 512 * 1024**2
MOST_OUTPUT = 250 * 1024**2
REFUSED = 3
CANNOT_BE_READ = "The workbook cannot be read. Open it in Excel, save it again, and try once more."
# As many as a sheet can have.
_LAST_ROW = 1_048_576
_CHUNK = 64 * 1024
# Excel writes characters that XML cannot hold like this, and a carriage return, too (ECMA-376, 22.4.2.4).
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class Refused(Exception):
    """The workbook is not read; the text says why, in words for the page."""


def main() -> None:
    most_rows, most_columns, seconds = map(int, sys.argv[1:4])
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_OUTPUT, MOST_OUTPUT))
    os.environ["OPENPYXL_LXML"] = "False"
    for name in ("numpy", "PIL", "lxml"):
        sys.modules[name] = None  # type: ignore[assignment]
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    try:
        csv.writer(out).writerows(rows(sys.stdin.buffer.read(), most_rows=most_rows, most_columns=most_columns))
        out.flush()
    except Refused as refusal:
        sys.stderr.write(str(refusal))
        sys.exit(REFUSED)


def rows(data: bytes, *, most_rows: int, most_columns: int) -> Iterator[list[str]]:
    """Give every row of the first sheet, empty ones too, so that each keeps its number."""
    filled, number = 0, 0
    for place, cells in _rows(_sheet(data), most_columns):
        while cells and not cells[-1]:
            cells.pop()
        # One row more than is let in, and the header: whoever reads on says that there are too many.
        filled += bool(cells)
        if filled > most_rows + 2:
            return
        for _ in range(number + 1, place):
            yield []
        number = place
        yield cells


def _sheet(data: bytes) -> Any:
    from openpyxl import load_workbook  # noqa: PLC0415 slow import
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet  # noqa: PLC0415 slow import

    # It looks for what the sheet says of its size, which is not believed; where nothing is said it reads all of it.
    ReadOnlyWorksheet._get_size = lambda self: None  # type: ignore[attr-defined]
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        return next(page for page in book.worksheets if page.sheet_state == "visible")
    except (MemoryError, RecursionError):
        raise
    except StopIteration:
        raise Refused("The workbook has no sheet that can be seen.") from None
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise Refused(CANNOT_BE_READ) from error


def _rows(page: Any, most_columns: int) -> Iterator[tuple[int, list[str]]]:
    """Give the rows that the sheet has, each with its number.

    The cells are read here and not by openpyxl, which makes an object of each and so takes five times as long.
    """
    cells = _Cells(page, most_columns)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = cells.start, cells.end
    parser.CharacterDataHandler, parser.EntityDeclHandler = cells.hear, cells.entity
    try:
        with page._get_source() as part:
            while chunk := part.read(_CHUNK):
                parser.Parse(chunk, False)
                yield from cells.taken()
            parser.Parse(b"", True)
        yield from cells.taken()
    except (MemoryError, RecursionError, Refused):
        raise
    except Exception as error:  # a damaged file fails in one of many ways
        raise Refused(CANNOT_BE_READ) from error


class _Cells:
    """Collects the rows of a sheet while its XML goes by (ECMA-376, 18.3.1)."""

    def __init__(self, page: Any, most_columns: int) -> None:
        self.most_columns = most_columns
        self.strings = page._shared_strings
        self.number_of = _NumberText(page.parent)
        self.done: list[tuple[int, list[str]]] = []
        self.row = self.column = self.style = 0
        self.cells: list[str] = []
        self.kind = ""
        self.said: list[str] | None = None
        self.is_heard = self.is_phonetic = False

    def taken(self) -> list[tuple[int, list[str]]]:
        done, self.done = self.done, []
        return done

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "c":
            place = attributes.get("r", "")
            self.column = _column(place.rstrip("0123456789")) if place else self.column + 1
            self.kind, self.style, self.said = attributes.get("t", "n"), int(attributes.get("s", 0)), []
        elif tag == "v" or tag == "t":
            is_inline = self.kind == "inlineStr"
            self.is_heard = self.said is not None and is_inline == (tag == "t") and not self.is_phonetic
        elif tag == "row":
            self._begin(attributes.get("r", ""))
        elif tag == "rPh":
            self.is_phonetic = True

    def hear(self, text: str) -> None:
        if self.is_heard and self.said is not None:
            self.said.append(text)

    def end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "v" or tag == "t":
            self.is_heard = False
        elif tag == "c":
            said, self.said = "".join(self.said or ()), None
            if said:
                self._keep(self._text(said))
        elif tag == "row":
            self.done.append((self.row, self.cells))
        elif tag == "rPh":
            self.is_phonetic = False

    def entity(self, *declaration: Any) -> None:
        raise Refused(CANNOT_BE_READ)

    def _begin(self, number: str) -> None:
        before = self.row
        self.row = int(float(number)) if number else before + 1
        if not before < self.row <= _LAST_ROW:
            raise Refused(CANNOT_BE_READ)
        self.cells, self.column = [], 0

    def _keep(self, text: str) -> None:
        if self.column > self.most_columns and text:
            raise Refused(f"Row {self.row:,} of the sheet has more than {self.most_columns} columns.")
        missing = self.column - len(self.cells)
        if missing > 0:
            self.cells += [""] * missing
        self.cells[self.column - 1] = text

    def _text(self, said: str) -> str:
        if self.kind == "s":
            return _unescaped(self.strings[int(said)])
        if self.kind == "str" or self.kind == "inlineStr":
            return _unescaped(said)
        if self.kind == "b":
            return "yes" if int(said) else "no"
        if self.kind == "e":
            raise Refused(f"Row {self.row:,} of the sheet shows an error ({said}). Put it right in Excel first.")
        return self.number_of(said, self.style, self.kind)


class _NumberText:
    """Says a number as a person sees it: with the style of a date it is one."""

    def __init__(self, book: Any) -> None:
        self.dates, self.spans, self.epoch = book._date_formats, book._timedelta_formats, book.epoch
        # The same days and amounts come again and again.
        self.day = lru_cache(maxsize=5_000)(self._day)

    def __call__(self, said: str, style: int, kind: str) -> str:
        if kind == "d" or style in self.dates:
            return self.day(said, style, kind)
        if said.isdecimal():
            return str(int(said))
        number = float(said)
        return str(int(number)) if number.is_integer() else str(number)

    def _day(self, said: str, style: int, kind: str) -> str:
        from openpyxl.utils.datetime import from_excel, from_ISO8601  # noqa: PLC0415 slow import

        value = from_ISO8601(said) if kind == "d" else from_excel(float(said), self.epoch, style in self.spans)
        if isinstance(value, datetime):
            return value.isoformat(" ").removesuffix(" 00:00:00")
        return value.isoformat() if isinstance(value, date) else str(value)


@lru_cache(maxsize=1_000)
def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z" or len(letters) > 3:
            raise Refused(CANNOT_BE_READ)
        number = 26 * number + ord(letter) - 64
    return number


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


if __name__ == "__main__":
    main()
