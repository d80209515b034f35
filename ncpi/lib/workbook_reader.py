"""Reads the cells of a workbook that somebody sent. Run as a program of its own, with limits on memory and time.

What a workbook says of its own size is never believed: rows, cells and letters are counted while reading. The answer
is JSON: the sheets' titles, and of each sheet asked for its cells by name (`E14`), each with its type as openpyxl
names it, its merged ranges, and its hidden rows. A refusal is an answer too.

    python -I workbook_reader.py Judgements Data < workbook.xlsx
"""

import gc
import io
import json
import os
import re
import resource
import sys
import zipfile
from typing import Any
from xml.parsers import expat

MOST_MEMORY = 512 * 1024**2
MOST_SECONDS = 5
MOST_ROWS = 1_000
MOST_COLUMNS = 60
MOST_LETTERS = 12_000_000
MOST_SHEETS = 50
_CHUNK = 64 * 1024
# Excel writes characters that XML cannot hold like this, and a carriage return, too (ECMA-376, 22.4.2.4).
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class Refused(Exception):
    """The workbook is not read; the text says why, in words for the page."""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    _leave_out_what_is_not_needed()
    # What is loaded stays: looking for garbage in it, then and later, is a tenth of a small workbook's time.
    gc.disable()
    import openpyxl  # noqa: F401, PLC0415 slow import, and only after the limits are set

    gc.freeze()
    gc.enable()
    data = sys.stdin.buffer.read()
    try:
        answer = read(data, sys.argv[1:])
    except Refused as refusal:
        answer = {"refused": str(refusal)}
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()
    # Nothing is left to put away; taking a program apart piece by piece is a fifth of a small workbook's time.
    os._exit(0)


def read(data: bytes, titles: list[str]) -> dict[str, Any]:
    """Return the sheets with these titles, each title taken without regard to case."""
    from openpyxl import load_workbook  # noqa: PLC0415 slow import

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise Refused("The workbook cannot be read. Open it in Excel, save it again, and try once more.") from error
    if len(book.sheetnames) > MOST_SHEETS:
        raise Refused(f"The workbook has more than {MOST_SHEETS} sheets.")
    wanted = {title.casefold() for title in titles}
    found = {}
    for page in book.worksheets:
        if page.title.casefold() in wanted:
            found[page.title] = _sheet(page, data)
    return {"sheets": list(book.sheetnames), "found": found}


def _sheet(page: Any, data: bytes) -> dict[str, Any]:
    scan = _Scan(page.title)
    with zipfile.ZipFile(io.BytesIO(data)) as package, package.open(page._worksheet_path) as part:
        scan.read(part)
    cells, letters = {}, 0
    for row in page.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS):
        for cell in row:
            if cell.value is None:
                continue
            text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(cell.value))
            letters += len(text)
            if letters > MOST_LETTERS:
                raise Refused(f"The sheet “{page.title}” holds more text than the service reads.")
            cells[cell.coordinate] = [cell.data_type, text]
    return {"cells": cells, "merged": scan.merged, "hidden": scan.hidden}


class _Scan:
    """One pass over a sheet's own XML, for what a stream of values does not show."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.rows = 0
        self.row = 0
        self.merged: list[str] = []
        self.hidden: list[int] = []

    def read(self, part: Any) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EntityDeclHandler = self._entity
        try:
            while chunk := part.read(_CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Refused(f"The sheet “{self.title}” is damaged. Save the workbook again.") from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "row":
            self._next_row(attributes)
        elif tag == "c":
            self._cell(attributes.get("r", ""))
        elif tag == "mergeCell" and len(self.merged) < MOST_ROWS:
            self.merged.append(attributes.get("ref", ""))

    def _next_row(self, attributes: dict[str, str]) -> None:
        self.rows += 1
        number = attributes.get("r", "")
        self.row = int(number) if number.isascii() and number.isdigit() else self.row + 1
        if self.rows > MOST_ROWS:
            raise Refused(f"The sheet “{self.title}” has more than {MOST_ROWS:,} rows.")
        if attributes.get("hidden") in ("1", "true"):
            self.hidden.append(self.row)

    def _cell(self, name: str) -> None:
        if self.row > MOST_ROWS:
            raise Refused(f"The sheet “{self.title}” has something in row {self.row:,}. Delete what lies below.")
        if len(name.rstrip("0123456789")) > 2:
            raise Refused(f"The sheet “{self.title}” has something in {name[:10]}. Delete what lies beyond.")

    def _entity(self, *declaration: Any) -> None:
        raise Refused(f"The sheet “{self.title}” is built in a way that no spreadsheet writes.")


def _leave_out_what_is_not_needed() -> None:
    """Keep what openpyxl would load beside itself out of the memory that is left for the workbook."""
    os.environ["OPENPYXL_LXML"] = "False"
    for name in ("numpy", "PIL", "lxml"):
        sys.modules[name] = None  # type: ignore[assignment]


if __name__ == "__main__":
    main()
