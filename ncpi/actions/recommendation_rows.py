"""Recommendations from a spreadsheet: a CSV file read whole, or refused whole with every mistake named.

Columns, in any order, names as written here; the last five may be left out:

    number        the recommendation's own number or reference; once in each report
    report        title of the report that made it
    published_on  the report's day of publication, 2022-08-05 or 05/08/2022; may be empty where unknown
    text          what it asks for
    deadline      immediately, within_3_months, within_6_months, fixed_date, or empty where unknown
    due_on        the stated date; needed with fixed_date, and only then
    kind          recommendation (when empty), cause_of_concern, accelerated_cause_of_concern,
                  improvement_area, area_for_improvement
    theme         one word or phrase to sort by
    source        web address of the page
    force         whom it was addressed to; empty means the force of the inspection

Rows are counted as a spreadsheet counts them: the header is row 1.
"""

import csv
import datetime
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ncpi.inspections.located_yaml import is_web_address

REQUIRED_COLUMNS = ("number", "report", "published_on", "text", "deadline")
OPTIONAL_COLUMNS = ("due_on", "kind", "theme", "source", "force")
COLUMNS = REQUIRED_COLUMNS + OPTIONAL_COLUMNS
DEADLINES = ("immediately", "within_3_months", "within_6_months", "fixed_date")
KINDS = (
    "recommendation",
    "cause_of_concern",
    "accelerated_cause_of_concern",
    "improvement_area",
    "area_for_improvement",
)
LARGEST_FILE = 2 * 1024 * 1024
MOST_ROWS = 2_000
LONGEST = {"number": 40, "report": 200, "text": 4_000, "theme": 60, "source": 500, "force": 100}
EARLIEST_DAY = datetime.date(1990, 1, 1)
LATEST_DAY = datetime.date(2099, 12, 31)


@dataclass(frozen=True, order=True)
class RowProblem:
    """One thing wrong: which row, which column, what. Row 0 is the file itself."""

    row: int
    column: str
    what: str

    def __str__(self) -> str:
        where = [f"row {self.row}"] if self.row else []
        where += [f"column {self.column}"] if self.column else []
        return f"{', '.join(where)}: {self.what}" if where else self.what


class RecommendationRowsError(ValueError):
    """The file was refused whole; `problems` lists everything wrong with it."""

    def __init__(self, problems: Iterable[RowProblem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class RecommendationRow:
    row: int
    number: str
    report: str
    published_date: datetime.date | None
    text: str
    deadline: str
    stated_date: datetime.date | None
    kind: str
    theme: str
    source: str
    force: str


def read_recommendations(raw: bytes) -> tuple[RecommendationRow, ...]:
    """Read the file, or raise RecommendationRowsError; never part of it."""
    records = _records(raw)
    header = _header(records[0])
    problems: list[RowProblem] = []
    rows: list[RecommendationRow] = []
    first_use: dict[tuple[object, ...], int] = {}
    for number, record in enumerate(records[1:], start=2):
        if not any(cell.strip() for cell in record):
            continue
        if len(record) != len(header):
            problems.append(RowProblem(number, "", f"has {len(record)} cells; the header has {len(header)}"))
            continue
        row = _Row(number, dict(zip(header, record, strict=True)), problems).read()
        key = (row.force, row.report, row.published_date, row.number)
        if row.number and key in first_use:
            problems.append(RowProblem(number, "number", f"the same report has {row.number!r} on row {first_use[key]}"))
        first_use.setdefault(key, number)
        rows.append(row)
    if not rows and not problems:
        problems.append(RowProblem(0, "", "The file has a header and no recommendation."))
    if problems:
        raise RecommendationRowsError(problems)
    return tuple(rows)


def _refused(what: str, row: int = 0) -> RecommendationRowsError:
    return RecommendationRowsError([RowProblem(row, "", what)])


def _records(raw: bytes) -> list[list[str]]:
    if len(raw) > LARGEST_FILE:
        raise _refused(f"The file is larger than {LARGEST_FILE // 1024 // 1024} MB.")
    if raw[:2] == b"PK":
        raise _refused("This is a spreadsheet or zip file. Save it as CSV (comma separated, UTF-8) first.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused("The file is not UTF-8. Save it as CSV UTF-8.") from None
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), strict=True):
            records.append(record)
            if len(records) > MOST_ROWS + 1:
                raise _refused(f"The file has more than {MOST_ROWS} rows.")
    except csv.Error as error:
        raise _refused(f"not valid CSV: {error}", len(records) + 1) from None
    if not records:
        raise _refused("The file is empty.")
    return records


def _header(record: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in record]
    problems = [RowProblem(1, name, "unknown column") for name in names if name not in COLUMNS]
    problems += [RowProblem(1, name, "the column is missing") for name in REQUIRED_COLUMNS if name not in names]
    problems += [RowProblem(1, name, "the column stands twice") for name in COLUMNS if names.count(name) > 1]
    if problems:
        raise RecommendationRowsError(problems)
    return names


class _Row:
    """One row being read; what is wrong is noted and reading goes on."""

    def __init__(self, number: int, cells: Mapping[str, str], problems: list[RowProblem]) -> None:
        self.number, self.problems = number, problems
        self.cells = {name: cell.strip() for name, cell in cells.items()}

    def note(self, column: str, what: str) -> None:
        self.problems.append(RowProblem(self.number, column, what))

    def read(self) -> RecommendationRow:
        deadline = self.choice("deadline", DEADLINES)
        stated = self.day("due_on")
        if deadline == "fixed_date" and not self.cells.get("due_on"):
            self.note("due_on", "a fixed_date needs its date")
        if stated and deadline != "fixed_date":
            self.note("due_on", "a date stands here, but the deadline is not fixed_date")
        return RecommendationRow(
            row=self.number,
            number=self.text("number", required=True),
            report=self.text("report", required=True),
            published_date=self.day("published_on"),
            text=self.text("text", required=True, lines=True),
            deadline=deadline,
            stated_date=stated,
            kind=self.choice("kind", KINDS) or "recommendation",
            theme=self.text("theme"),
            source=self.source(),
            force=self.text("force"),
        )

    def text(self, column: str, *, required: bool = False, lines: bool = False) -> str:
        cell = self.cells.get(column, "").replace("\r\n", "\n")
        if required and not cell:
            self.note(column, "is empty")
        if len(cell) > LONGEST[column]:
            self.note(column, f"is longer than {LONGEST[column]} characters")
        allowed = "\n\t" if lines else ""
        if any(character not in allowed and not _is_plain(character) for character in cell):
            self.note(column, "holds a line break or a control character")
        return cell

    def choice(self, column: str, allowed: tuple[str, ...]) -> str:
        cell = self.cells.get(column, "").lower().replace(" ", "_")
        if cell and cell not in allowed:
            self.note(column, f"unknown {column} {cell[:40]!r} (known: {', '.join(allowed)})")
            return ""
        return cell

    def source(self) -> str:
        cell = self.text("source")
        if cell and not is_web_address(cell):
            self.note("source", "is not a web address")
        return cell

    def day(self, column: str) -> datetime.date | None:
        cell = self.cells.get(column, "")
        if not cell:
            return None
        for layout in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                day = datetime.datetime.strptime(cell, layout).date()  # noqa: DTZ007 (a day has no zone)
            except ValueError:
                continue
            if EARLIEST_DAY <= day <= LATEST_DAY:
                return day
            self.note(column, f"{cell[:20]!r} lies outside {EARLIEST_DAY.year} to {LATEST_DAY.year}")
            return None
        self.note(column, f"{cell[:20]!r} is not a date: write 2022-08-05 or 05/08/2022")
        return None


def _is_plain(character: str) -> bool:
    code = ord(character)
    return code >= 32 and code != 127 and not 0xD800 <= code <= 0xDFFF and code not in (0x85, 0x2028, 0x2029)
