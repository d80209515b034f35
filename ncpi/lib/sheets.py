"""The first sheet of a workbook as CSV, made in a process that cannot take the service down with it."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ncpi.lib.sheet_reader import REFUSED
from ncpi.lib.tables import LIMITS, UnreadableTable, whole_file

_READER = Path(__file__).with_name("sheet_reader.py")
# Of the processor; on a busy machine the clock runs faster.
_SECONDS = 120
_PATIENCE = 2.5


@contextmanager
def sheet_as_csv(
    file: IO[bytes], *, most_rows: int = LIMITS.rows, most_columns: int = LIMITS.columns, seconds: int = _SECONDS
) -> Iterator[IO[bytes]]:
    """Give the sheet as an open CSV file in UTF-8, or raise `UnreadableTable`."""
    with tempfile.TemporaryFile() as book, tempfile.TemporaryFile() as text:
        file.seek(0)
        shutil.copyfileobj(file, book)
        book.seek(0)
        _convert(book, text, [str(most_rows), str(most_columns), str(seconds)], seconds * _PATIENCE)
        yield text


def _convert(book: IO[bytes], text: IO[bytes], limits: list[str], patience: float) -> None:
    command = [sys.executable, "-I", str(_READER), *limits]
    try:
        ran = subprocess.run(command, stdin=book, stdout=text, stderr=subprocess.PIPE, timeout=patience, check=False)
    except subprocess.TimeoutExpired:
        raise _too_much() from None
    if ran.returncode == REFUSED:
        raise whole_file(ran.stderr.decode("utf-8", "replace")[:300])
    if ran.returncode:
        raise _too_much()


def _too_much() -> UnreadableTable:
    return whole_file("The workbook takes too much time or memory to read. Save the sheet as CSV and bring that.")
