"""Reading the cells of one row; what is wrong is noted by row and column, and reading goes on."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from ncpi.lib import dates, tables

Span = tuple[datetime, datetime]


class RowsRefused(ValueError):
    """The file was refused whole; `problems` lists everything wrong with it."""

    def __init__(self, problems: Iterable[tables.Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.row, problem.column)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Columns:
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


def rows_of(table: tables.Table, columns: Columns) -> list["Cells"]:
    """Return the rows of a table whose header is as it should be, or raise RowsRefused."""
    known = (*columns.required, *columns.optional)
    problems = [
        tables.Problem(tables.HEADER_ROW, name, f"is not a column of this file (those are {', '.join(known)}).")
        for name in table.header
        if name not in known
    ]
    problems += [
        tables.Problem(tables.HEADER_ROW, name, "is missing.") for name in columns.required if name not in table.header
    ]
    if not table.rows and not problems:
        problems.append(tables.Problem(tables.WHOLE_FILE, "", "The file has a header and no rows."))
    if problems:
        raise RowsRefused(problems)
    return [Cells(number, values) for number, values in table.records()]


@dataclass(slots=True)
class Cells:
    row: int
    values: Mapping[str, str]
    problems: list[tables.Problem] = field(default_factory=list)

    def note(self, column: str, message: str) -> None:
        self.problems.append(tables.Problem(self.row, column, message))

    def text(self, column: str, longest: int, *, required: bool = False) -> str:
        cell = " ".join(self.values.get(column, "").split())
        if required and not cell:
            self.note(column, "is empty.")
        if len(cell) > longest:
            self.note(column, f"is longer than {longest} characters.")
        return cell

    def number(self, column: str, lowest: int, highest: int, *, default: int | None = None) -> int:
        cell = self.values.get(column, "")
        if not cell and default is not None:
            return default
        if not (cell.isascii() and cell.isdigit() and len(cell) < 10 and lowest <= int(cell) <= highest):
            self.note(column, f"must be a whole number from {lowest} to {highest}.")
            return lowest
        return int(cell)

    def choice(self, column: str, allowed: Collection[str]) -> str:
        cell = self.values.get(column, "").casefold()
        if cell not in allowed:
            self.note(column, f"must be one of {', '.join(sorted(allowed))}.")
        return cell

    def words(self, column: str) -> tuple[str, ...]:
        """Return what stands between semicolons, each once."""
        parts = (" ".join(part.split()) for part in self.values.get(column, "").split(";"))
        return tuple(dict.fromkeys(part for part in parts if part))

    def day(self, column: str, *, required: bool = True) -> date | None:
        cell = self.values.get(column, "")
        if not cell and not required:
            return None
        found = parse_day(cell)
        if found is None:
            self.note(column, "must be a date such as 2021-07-05 or 05/07/2021.")
        return found

    def days(self, column: str) -> tuple[date, ...]:
        """Return the days that stand between semicolons, in order."""
        found = {word: parse_day(word) for word in self.words(column)}
        for word, day in found.items():
            if day is None:
                self.note(column, f"holds {word[:20]}, which is not a date such as 2021-07-05 or 05/07/2021.")
        return tuple(sorted({day for day in found.values() if day is not None}))

    def clock(self, column: str, *, required: bool = True) -> time | None:
        cell = self.values.get(column, "")
        if not cell and not required:
            return None
        found = parse_clock(cell)
        if found is None:
            self.note(column, "must be a time such as 09:30.")
        return found

    def windows(self, column: str) -> tuple[Span, ...]:
        """Return windows written as `2021-07-05 09:00-12:00`, between semicolons."""
        found = []
        for word in self.words(column):
            span = self._window(column, word)
            if span is not None:
                found.append(span)
        ordered = sorted(found)
        for before, after in zip(ordered, ordered[1:], strict=False):
            if after[0] < before[1]:
                self.note(column, "has windows that overlap.")
        return tuple(ordered)

    def _window(self, column: str, word: str) -> Span | None:
        day_text, _, clocks = word.partition(" ")
        day = parse_day(day_text)
        start, end = (parse_clock(part.strip()) for part in (*clocks.split("-", 1), "")[:2])
        if day is None or start is None or end is None:
            self.note(column, "must hold windows such as 2021-07-05 09:00-12:00, between semicolons.")
            return None
        return self.span(column, day, start, day, end)

    def span(
        self, column: str, start_day: date, start: time, end_day: date, end: time, *, end_column: str = ""
    ) -> Span | None:
        """Return a range; what is wrong with its end is noted at `end_column`."""
        moments = []
        for name, day, clock in ((column, start_day, start), (end_column or column, end_day, end)):
            try:
                moments.append(dates.combine(day, clock))
            except dates.LocalTimeError as error:
                self.note(name, str(error))
        if len(moments) < 2:
            return None
        if moments[1] <= moments[0]:
            self.note(end_column or column, "The end must be after the start.")
            return None
        return moments[0], moments[1]


def parse_day(text: str) -> date | None:
    for layout in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(text, layout).date()  # noqa: DTZ007 a day has no zone
        except ValueError:
            continue
        return day if 2000 <= day.year <= 2099 else None
    return None


def parse_clock(text: str) -> time | None:
    """Read 09:30; a workbook writes it 09:30:00."""
    for layout in ("%H:%M", "%H:%M:00"):
        try:
            return datetime.strptime(text, layout).time()  # noqa: DTZ007 a clock has no zone
        except ValueError:
            continue
    return None


def refuse_repeats(rows: Iterable[Cells], column: str) -> None:
    """Note every second use of a value that must stand once, whatever its case."""
    first: dict[str, int] = {}
    for row in rows:
        value = row.values.get(column, "").casefold()
        if value and value in first:
            row.note(column, f"is the same as on row {first[value]}.")
        first.setdefault(value, row.row)


def refuse_if_wrong(rows: Iterable[Cells]) -> None:
    problems = [problem for row in rows for problem in row.problems]
    if problems:
        raise RowsRefused(problems)
