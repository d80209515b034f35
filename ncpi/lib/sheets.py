"""The first sheet of a workbook as CSV, made in a process that cannot take the service down with it."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ncpi.lib.sheet_reader import REFUSED
from ncpi.lib.tables import LIMITS, UnreadableTable, whole_file

_READER = Path(__file__).with_name("sheet_reader.py")
# Of the processor; on a busy machine the clock runs faster.
_SECONDS = 120
_PATIENCE = 2.5
_LOOK_EVERY = 1.0
_CHUNK = 64 * 1024


@contextmanager
def sheet_as_csv(
    file: IO[bytes],
    *,
    most_rows: int = LIMITS.rows,
    most_columns: int = LIMITS.columns,
    seconds: int = _SECONDS,
    report: Callable[[int], None] = lambda lines: None,
) -> Iterator[IO[bytes]]:
    """Give the sheet as an open CSV file in UTF-8, or raise `UnreadableTable`; `report` hears the lines so far."""
    with tempfile.TemporaryFile() as book, tempfile.TemporaryFile() as text:
        file.seek(0)
        shutil.copyfileobj(file, book)
        book.seek(0)
        _convert(book, text, [str(most_rows), str(most_columns), str(seconds)], seconds * _PATIENCE, report)
        yield text


def _convert(
    book: IO[bytes], text: IO[bytes], limits: list[str], patience: float, report: Callable[[int], None]
) -> None:
    command = [sys.executable, "-I", str(_READER), *limits]
    with subprocess.Popen(command, stdin=book, stdout=text, stderr=subprocess.PIPE) as reader:
        try:
            said = _waited_for(reader, text, patience, report)
        except BaseException:
            reader.kill()
            raise
    if reader.returncode == REFUSED:
        raise whole_file(said.decode("utf-8", "replace")[:300])
    if reader.returncode:
        raise _too_much()


def _waited_for(
    reader: subprocess.Popen[bytes], text: IO[bytes], patience: float, report: Callable[[int], None]
) -> bytes:
    """Give what the reader said in the end, and tell meanwhile how much it has written."""
    ends, lines, place = time.monotonic() + patience, 0, 0
    while time.monotonic() < ends:
        try:
            return reader.communicate(timeout=_LOOK_EVERY)[1]
        except subprocess.TimeoutExpired:
            while chunk := os.pread(text.fileno(), _CHUNK, place):
                lines, place = lines + chunk.count(b"\n"), place + len(chunk)
            report(lines)
    raise _too_much()


def _too_much() -> UnreadableTable:
    return whole_file("The workbook takes too much time or memory to read. Save the sheet as CSV and bring that.")
