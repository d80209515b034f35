"""What a workbook that was brought back would change: its rows read, and each cell compared three ways.

The three sides of a cell are what the workbook said when it was taken away, what is saved now, and what the workbook
says. A cell that nobody touched offline changes nothing, whatever has been saved since.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from ncpi.lib.digests import digest
from ncpi.lib.tables import has_forbidden, without_forbidden
from ncpi.lib.text import is_storable
from ncpi.lib.wording import Part, parts, with_plain_line_ends
from ncpi.lib.workbooks import Cell, SheetCells, Workbook
from ncpi.selfassessment.canonical import LONGEST_TEXT, TEXTS
from ncpi.selfassessment.limits import too_long
from ncpi.selfassessment.workbook import COLUMNS, DATA, FORMAT, HEADER_ROW, JUDGEMENTS, TYPED, seen_digest

LABELS = {"grade": COLUMNS["grade"], **TEXTS}
_NEEDED = ("key", *TYPED)
_MOST_VERSION = 2**31 - 1


@dataclass(frozen=True)
class CellProblem:
    """One thing wrong with a workbook. Without a cell it is about the whole file."""

    cell: str
    message: str

    def __str__(self) -> str:
        return f"{JUDGEMENTS}!{self.cell} {self.message}" if self.cell else self.message


class UnreadableReturn(Exception):
    """The workbook cannot be brought back as it is; `problems` names each cell."""

    def __init__(self, *problems: CellProblem) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class Row:
    """One criterion as the workbook has it; `columns` says in which column each value stands."""

    number: int
    key: str
    values: Mapping[str, str]
    columns: Mapping[str, str]
    version: int
    seen: str
    is_hidden: bool

    def as_json(self) -> dict[str, object]:
        return dict(vars(self))


def rows_of(book: Workbook, *, ref: str, keys: Sequence[str], grades: Sequence[str]) -> list[Row]:
    """Return the rows of a brought-back workbook, or raise `UnreadableReturn` with every problem by its cell."""
    sheet = _right_sheet(book, ref)
    columns = _columns(sheet)
    problems = [
        CellProblem(area.partition(":")[0], f"is merged with others ({area}). Unmerge them.") for area in sheet.merged
    ]
    rows: list[Row] = []
    for number, cells in sheet.rows().items():
        if number > HEADER_ROW and any(letter in cells for letter in columns.values()):
            row, found = _row(number, cells, columns, keys, grades, is_hidden=number in sheet.hidden)
            rows.append(row)
            problems += found
    problems += _twice(rows, columns["key"])
    if problems:
        raise UnreadableReturn(*problems)
    if not rows:
        raise UnreadableReturn(CellProblem("", f"The sheet “{JUDGEMENTS}” has no rows."))
    return rows


def _right_sheet(book: Workbook, ref: str) -> SheetCells:
    sheet, data = book.sheet(JUDGEMENTS), book.sheet(DATA)
    if sheet is None:
        there = ", ".join(f"“{title}”" for title in book.titles[:10])
        raise UnreadableReturn(CellProblem("", f"There is no sheet “{JUDGEMENTS}” in the workbook, only {there}."))
    said = {name: cell.text for name, cell in data.cells.items()} if data else {}
    if said.get("B1") != FORMAT:
        raise UnreadableReturn(
            CellProblem("", "This is not a workbook of this service, or an older one. Take the return away again.")
        )
    if said.get("B2") != ref:
        raise UnreadableReturn(CellProblem("", "This workbook was taken away from another inspection."))
    return sheet


def _columns(sheet: SheetCells) -> dict[str, str]:
    """Find each column by its title, wherever it stands."""
    names = {title.casefold(): name for name, title in COLUMNS.items()}
    found: dict[str, str] = {}
    problems = []
    for letter, cell in sheet.rows().get(HEADER_ROW, {}).items():
        name = names.get(cell.text.strip().casefold())
        if name in found:
            problems.append(CellProblem(cell.name, f"says “{cell.text.strip()}”, as {found[name]}{HEADER_ROW} does."))
        elif name is not None:
            found[name] = letter
    problems += [
        CellProblem(str(HEADER_ROW), f"has no column “{COLUMNS[name]}”. Its title was changed or the column deleted.")
        for name in _NEEDED
        if name not in found
    ]
    if problems:
        raise UnreadableReturn(*problems)
    return found


def _row(
    number: int, cells: Mapping[str, Cell], columns: Mapping[str, str], keys: Sequence[str], grades: Sequence[str],
    *, is_hidden: bool,
) -> tuple[Row, list[CellProblem]]:  # fmt: skip
    problems: list[CellProblem] = []
    values: dict[str, str] = {}
    for name in _NEEDED:
        letter = columns[name]
        cell = cells.get(letter, Cell(f"{letter}{number}", ""))
        values[name] = normal(cell.text)
        problems += [CellProblem(cell.name, message) for message in _wrong(name, cell, values[name], keys)]
    labels = {label.casefold(): label for label in grades}
    if values["grade"] and values["grade"].casefold() not in labels:
        problems.append(CellProblem(f"{columns['grade']}{number}", f"must be one of: {', '.join(grades)}."))
    values["grade"] = labels.get(values["grade"].casefold(), "")
    hidden = {name: cells.get(columns.get(name, ""), Cell("", "")).text for name in ("version", "seen")}
    version = int(hidden["version"]) if hidden["version"].isascii() and hidden["version"].isdigit() else 0
    row = Row(
        number=number, key=values.pop("key"), values=values, columns={name: columns[name] for name in TYPED},
        version=min(version, _MOST_VERSION), seen=hidden["seen"], is_hidden=is_hidden,
    )  # fmt: skip
    return row, problems


def _wrong(name: str, cell: Cell, text: str, keys: Sequence[str]) -> Iterator[str]:
    if not cell.is_text:
        yield f"holds {cell.holds}. Type it as text."
    elif has_forbidden(text) or not is_storable(text):
        yield "has a character that cannot be stored. Type the text again."
    elif len(text) > LONGEST_TEXT:
        yield f"is longer than {LONGEST_TEXT:,} characters ({len(text):,})."
    elif name == "key" and text not in keys:
        yield f"is no criterion of this programme: “{text[:40]}”." if text else "is empty. Each row needs its key."


def _twice(rows: Sequence[Row], letter: str) -> list[CellProblem]:
    first: dict[str, int] = {}
    found = []
    for row in rows:
        if row.key in first:
            found.append(CellProblem(f"{letter}{row.number}", f"says {row.key}, as {letter}{first[row.key]} does."))
        first.setdefault(row.key, row.number)
    return found


def normal(text: str) -> str:
    """Return a text as the service keeps it: LF line ends, nothing before it and nothing after."""
    return with_plain_line_ends(text).strip()


def as_written(text: str) -> str:
    """Return a saved text as a workbook has it."""
    return normal(without_forbidden(text))


class Outcome(StrEnum):
    """What becomes of one cell of a workbook."""

    CHANGE = "change"
    CONFLICT = "conflict"
    CLOSED = "closed"


@dataclass(frozen=True)
class Cellwise:
    """One cell that differs from what is saved."""

    name: str
    label: str
    cell: str
    saved: str
    offered: str
    outcome: Outcome

    @property
    def parts(self) -> list[Part]:
        return parts(self.saved, self.offered)


@dataclass(frozen=True)
class Saved:
    """One judgement as it is saved now, and as it was when the workbook says it was taken away (or nothing)."""

    key: str
    title: str
    version: int
    values: Mapping[str, str]
    state: str
    is_open: bool
    is_agreed: bool
    base: Mapping[str, str] | None


@dataclass(frozen=True)
class Line:
    """One criterion with the cells that would change."""

    saved: Saved
    row: Row
    cells: tuple[Cellwise, ...]

    def values(self, takes: frozenset[str]) -> dict[str, str]:
        """Return what would be saved: every change, and of the conflicts those that the person takes."""
        found = dict(self.saved.values)
        for cell in self.cells:
            if cell.outcome == Outcome.CHANGE or (cell.outcome == Outcome.CONFLICT and cell.cell in takes):
                found[cell.name] = cell.offered
        return found


@dataclass(frozen=True)
class Comparison:
    """Everything that a workbook would change, in the order of its rows."""

    lines: tuple[Line, ...] = field(default_factory=tuple)
    untouched: int = 0

    def of(self, outcome: Outcome) -> list[tuple[Line, Cellwise]]:
        return [(line, cell) for line in self.lines for cell in line.cells if cell.outcome == outcome]

    @property
    def digest(self) -> str:
        """The digest of what the page shows, so that nothing else is applied than what was read."""
        return digest(
            {
                line.row.key: [line.saved.version, *([cell.cell, cell.offered, cell.outcome] for cell in line.cells)]
                for line in self.lines
            }
        )


def compare(rows: Sequence[Row], saved: Mapping[str, Saved]) -> Comparison:
    """Compare each row with what is saved; rows of criteria that are not there any more are left out."""
    lines = [_line(row, saved[row.key]) for row in rows if row.key in saved]
    touched = tuple(line for line in lines if line.cells)
    return Comparison(lines=touched, untouched=len(lines) - len(touched))


def over_the_limit(comparison: Comparison, *, word_limit: int | None) -> list[CellProblem]:
    """Name each cell whose new text has more words than the programme allows; what nobody touched is let be."""
    texts = [cell for line in comparison.lines for cell in line.cells if cell.name in TEXTS]
    return [
        CellProblem(cell.cell, f"is too long. {said}")
        for cell in texts
        for said in too_long({cell.name: cell.offered}, limit=word_limit).values()
    ]


def base_of(row: Row, then: Mapping[str, str] | None) -> Mapping[str, str] | None:
    """Return what the row said when it was taken away, if the history and the row's own digest agree on it."""
    return then if then is not None and seen_digest(then) == row.seen else None


def _line(row: Row, saved: Saved) -> Line:
    cells = []
    for name in TYPED:
        now, offered = as_written(saved.values[name]), row.values[name]
        base = as_written(saved.base[name]) if saved.base is not None else None
        if offered in (now, base):
            continue
        outcome = Outcome.CHANGE if now == base else Outcome.CONFLICT
        cells.append(
            Cellwise(
                name=name,
                label=LABELS[name],
                cell=f"{row.columns[name]}{row.number}",
                saved=saved.values[name],
                offered=offered,
                outcome=outcome if saved.is_open else Outcome.CLOSED,
            )
        )
    return Line(saved, row, tuple(cells))
