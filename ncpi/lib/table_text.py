"""What a table that somebody sent is written in: found in one look through the file, then read as text, in flat memory.

UTF-8, UTF-16 with its mark, or Windows-1252, and nothing else; a file that cannot be read with certainty is refused.
"""

import codecs
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

WHOLE_FILE = 0

_CHUNK = 64 * 1024
_DELIMITERS = ",;\t|"
_ARCHIVE = b"PK\x03\x04"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_ENCODED_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_BEYOND_ASCII = re.compile("[\x80-\ufffc\U00010000-\U0010ffff]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile(r"\r\n|\r|\n")


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


class UnreadableTable(Exception):
    """The file cannot be read; `problems` says why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


def whole_file(message: str) -> UnreadableTable:
    return UnreadableTable(Problem(WHOLE_FILE, "", message))


@dataclass(frozen=True, slots=True)
class Text:
    """A file as lines of text, and what one look through it found."""

    lines: Iterator[str]
    delimiter: str
    has_forbidden: bool


@contextmanager
def open_text(file: IO[bytes], *, limits: Limits = LIMITS) -> Iterator[Text]:
    """Read an open file as text, or raise `UnreadableTable`. The file is left open."""
    _check_size(file, limits)
    encoding, start, is_suspicious = _known_by_its_bytes(file)
    file.seek(0)
    lines = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield Text(lines, _delimiter(start), is_suspicious)
    finally:
        lines.detach()


def without_forbidden(text: str) -> str:
    """Return the text without the characters that no spreadsheet and no XML can hold."""
    return _FORBIDDEN.sub("", text)


def has_forbidden(text: str) -> bool:
    return _FORBIDDEN.search(text) is not None


def _check_size(file: IO[bytes], limits: Limits) -> None:
    if file.seek(0, io.SEEK_END) > limits.size:
        raise whole_file(f"The file is larger than {limits.size // 1_000_000 or 1} MB.")
    if not any(chunk.strip() for chunk in _chunks(file)):
        raise whole_file("The file is empty.")


def _known_by_its_bytes(file: IO[bytes]) -> tuple[str, str, bool]:
    """Give the encoding, the first text, and whether a forbidden character stands anywhere."""
    file.seek(0)
    first = file.read(4)
    if first.startswith(_ARCHIVE):
        raise whole_file("The file is a workbook or an archive. Save it as CSV first.")
    if first.startswith(_UTF16_MARKS):
        return _looked_through(file, "utf-16")
    try:
        return _looked_through(file, "utf-8-sig")
    except UnreadableTable:
        if _is_mixture(file):
            raise
    return _looked_through(file, "cp1252")


def _looked_through(file: IO[bytes], encoding: str) -> tuple[str, str, bool]:
    start, is_suspicious = "", False
    for text in _texts(file, encoding):
        if not start.strip("\r\n \ufeff"):
            start = text
        is_suspicious = is_suspicious or has_forbidden(text)
    return encoding, start, is_suspicious


def _is_mixture(file: IO[bytes]) -> bool:
    """Say whether a file is partly UTF-8: read as Windows-1252 it would turn into wrong letters."""
    tail = b""
    for chunk in _chunks(file):
        if _ENCODED_SURROGATE.search(tail + chunk):
            return True
        tail = chunk[-2:]
    return any(_BEYOND_ASCII.search(text) for text in _texts(file, "utf-8", errors="replace"))


def _texts(file: IO[bytes], encoding: str, errors: str = "strict") -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    end = 0
    try:
        for chunk in _chunks(file):
            end += len(chunk)
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        # What the decoder had kept of the piece before stands in front of what it was given.
        raise _broken(file, end - len(error.object) + error.start) from None


def _broken(file: IO[bytes], position: int) -> UnreadableTable:
    row, last = 1, ""
    for chunk in _chunks(file):
        text = last + chunk[: max(0, position)].decode("latin-1")
        position -= len(chunk)
        # A line end that two pieces share counts once.
        last = "\r" if text.endswith("\r") and position > 0 else ""
        row += len(_LINE_END.findall(text.removesuffix(last)))
        if position <= 0:
            break
    return UnreadableTable(Problem(row, "", "has characters that cannot be read. Save the file as CSV UTF-8."))


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk


def _delimiter(text: str) -> str:
    """Take the separator that the first line with anything in it uses most, outside quotation marks."""
    start = text.lstrip("\r\n \ufeff")
    end = _LINE_END.search(start)
    line = re.sub(r'"[^"]*"', "", start[: end.start()] if end else start)
    best = max(_DELIMITERS, key=line.count)
    return best if line.count(best) else ","
