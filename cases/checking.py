"""A whole extract checked before any of it reaches the database: good rows to one file, problems to another.

Both files have no name on disk and vanish with the process. What is held in memory does not grow with the extract.
"""

import gzip
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import IO

from cases.copying import copy_line
from cases.extract import (
    LIMITS,
    Candidate,
    check,
    check_header,
    check_mapped,
    check_shape,
    own_columns,
    personal_columns,
    shown,
)
from ncpi.lib.sheets import sheet_as_csv
from ncpi.lib.tables import Limits, Problem, Row, UnreadableTable, csv_lines, stream_csv

FIRST_PROBLEMS = 100
PROBLEM_HEADER = ("row", "column", "problem")
# A workbook's rows as CSV, which says more in letters than the workbook did packed.
_UNPACKED = Limits(size=200_000_000, rows=LIMITS.rows, columns=LIMITS.columns, cell=LIMITS.cell)
_REPORT_EVERY = 5_000
_CHUNK = 64 * 1024

# Called with the rows checked so far and about how many there are.
Report = Callable[[int, int], None]
# Called with the rows read so far, while a workbook is being opened.
Reading = Callable[[int], None]


def _silent(*numbers: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Look:
    """The columns of an extract and its first rows, with what looks personal left out."""

    header: list[str]
    rows: list[list[str]]


FIRST_ROWS = 5
# Of the processor: a person waits for the look, a worker does the check.
LOOK_SECONDS, CHECK_SECONDS = 10, 120


def look(file: IO[bytes], kind: str) -> Look:
    """Look at the top of an extract, or raise `UnreadableTable`; a personal column is refused here already."""
    with (
        opened(file, kind, most_rows=FIRST_ROWS, seconds=LOOK_SECONDS) as (text, limits),
        stream_csv(text, limits=limits) as (header, rows),
    ):
        first = [shown(header, row.cells) for row in islice(rows, FIRST_ROWS)]
        wrong = personal_columns(header) or check_shape(header, has_rows=bool(first))
        if wrong:
            raise UnreadableTable(*wrong)
        return Look(list(header), first)


@dataclass
class Checked:
    """What came of an extract: its good rows as COPY reads them, or everything that is wrong."""

    lines: IO[bytes]
    problems_file: IO[bytes]
    rows: int = 0
    problem_count: int = 0
    first_problems: list[Problem] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        return not self.problem_count

    @property
    def problems_packed(self) -> bytes:
        """All problems as a compressed CSV."""
        self.problems_file.seek(0)
        return self.problems_file.read()


@contextmanager
def opened(
    file: IO[bytes],
    kind: str,
    *,
    most_rows: int = LIMITS.rows,
    seconds: int = CHECK_SECONDS,
    reading: Reading = _silent,
) -> Iterator[tuple[IO[bytes], Limits]]:
    """Give an extract as CSV, whichever kind of file it came in."""
    if kind == "csv":
        yield file, LIMITS
    else:
        with sheet_as_csv(file, most_rows=most_rows, seconds=seconds, report=reading) as text:
            yield text, _UNPACKED


@contextmanager
def check_extract(
    file: IO[bytes],
    kind: str,
    *,
    mapping: Mapping[str, str] | None,
    case_types: Mapping[str, str],
    case_type_ids: Mapping[str, int],
    report: Report = _silent,
    reading: Reading = _silent,
) -> Iterator[Checked]:
    """Check every row of an open extract. Without a mapping its columns must have the service's own names."""
    with tempfile.TemporaryFile() as lines, tempfile.TemporaryFile() as problems:
        checked = Checked(lines, problems)
        found = _found(file, kind, mapping, case_types, report, reading)
        with gzip.open(problems, "wb", compresslevel=6) as packed:
            for line in csv_lines(PROBLEM_HEADER, _sorted_out(checked, found, case_type_ids)):
                packed.write(line)
        lines.seek(0)
        yield checked


def _sorted_out(
    checked: Checked, found: Iterable[Candidate | Problem], case_type_ids: Mapping[str, int]
) -> Iterator[tuple[int, str, str]]:
    """Write good rows down, as long as all are good, and give the problems."""
    for one in found:
        if isinstance(one, Problem):
            checked.problem_count += 1
            if len(checked.first_problems) < FIRST_PROBLEMS:
                checked.first_problems.append(one)
            yield one.row, one.column, one.message
        elif checked.is_valid:
            checked.rows += 1
            checked.lines.write(copy_line(one, case_type_ids))


def _found(
    file: IO[bytes],
    kind: str,
    mapping: Mapping[str, str] | None,
    case_types: Mapping[str, str],
    report: Report,
    reading: Reading,
) -> Iterator[Candidate | Problem]:
    try:
        with opened(file, kind, reading=reading) as (text, limits):
            total = _count_lines(text)
            with stream_csv(text, limits=limits) as (header, rows):
                used = own_columns(header) if mapping is None else mapping
                wrong = check_header(header) if mapping is None else check_mapped(header, mapping)
                yield from wrong
                if not wrong:
                    counted = _reported(rows, report, total)
                    yield from check(header, counted, mapping=used, case_types=case_types)
    except UnreadableTable as error:
        yield from error.problems


def _count_lines(text: IO[bytes]) -> int:
    text.seek(0)
    return sum(chunk.count(b"\n") for chunk in iter(lambda: text.read(_CHUNK), b""))


def _reported(rows: Iterable[Row], report: Report, total: int) -> Iterator[Row]:
    for count, row in enumerate(rows, start=1):
        if count % _REPORT_EVERY == 0:
            report(count, max(total, count))
        yield row
