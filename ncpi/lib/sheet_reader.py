"""Turns the first sheet of a workbook into CSV. Run as a program of its own, with limits on memory, time and output.

What a workbook says of its own size is never believed: rows and columns are counted while reading. What a person sees
in a cell is what is written: a formula's last result, a date as 2021-07-05. A refusal is the answer on standard error,
with the status 3.

    python -I sheet_reader.py 100000 60 120 < workbook.xlsx > sheet.csv
"""

import csv
import gc
import io
import os
import re
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

MOST_MEMORY = 512 * 1024**2
MOST_OUTPUT = 250 * 1024**2
REFUSED = 3
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
    # What is loaded stays: looking for garbage in it, then and later, is a tenth of a small workbook's time.
    gc.disable()
    import openpyxl  # noqa: F401, PLC0415 slow import, and only after the limits are set

    gc.freeze()
    gc.enable()
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    try:
        csv.writer(out).writerows(rows(sys.stdin.buffer.read(), most_rows=most_rows, most_columns=most_columns))
        out.flush()
    except Refused as refusal:
        sys.stderr.write(str(refusal))
        sys.exit(REFUSED)
    # Nothing is left to put away; taking a program apart piece by piece is a fifth of a small workbook's time.
    os._exit(0)


def rows(data: bytes, *, most_rows: int, most_columns: int) -> Iterator[list[str]]:
    """Give every row of the first sheet, empty ones too, so that each keeps its number."""
    filled = 0
    for number, row in enumerate(_sheet(data).iter_rows(), start=1):
        cells = [_text(cell, number) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > most_columns:
            raise Refused(f"Row {number:,} of the sheet has more than {most_columns} columns.")
        # One row more than is let in, and the header: whoever reads on says that there are too many.
        filled += bool(cells)
        if filled > most_rows + 2:
            return
        yield cells


def _sheet(data: bytes) -> Any:
    from openpyxl import load_workbook  # noqa: PLC0415 slow import
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet  # noqa: PLC0415 slow import

    # It looks for what the sheet says of its size, which is not believed; where nothing is said it reads all of it.
    ReadOnlyWorksheet._get_size = lambda self: None  # type: ignore[attr-defined]
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = next(page for page in book.worksheets if page.sheet_state == "visible")
    except (MemoryError, RecursionError):
        raise
    except StopIteration:
        raise Refused("The workbook has no sheet that can be seen.") from None
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise Refused("The workbook cannot be read. Open it in Excel, save it again, and try once more.") from error
    return sheet


def _text(cell: Any, row: int) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "e":
        raise Refused(f"Row {row:,} of the sheet shows an error ({value}). Put it right in Excel first.")
    if isinstance(value, str):
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


if __name__ == "__main__":
    main()
