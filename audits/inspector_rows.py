"""A list of inspectors' gradings: all of it, or none of it with everything wrong named by row and column."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from audits.names import Doubt
from cases.extract import personal_columns, reference_problem
from ncpi.lib.tables import HEADER_ROW, WHOLE_FILE, Limits, Problem, Table

COLUMNS_SAID = {
    "case": "The code of a case of our sample (7F3K); empty where the reference says which it is.",
    "reference": "The force's own reference. Of no case in the sample: a further case.",
    "case_type": "For a further case: a type of the programme, by its key or its title.",
    "grade": "A grade of the programme's scale, by its key or its name.",
    "reason": "Why, without a name; may be empty.",
}
COLUMNS = tuple(COLUMNS_SAID)
LIMITS = Limits(size=2_000_000, rows=2_000, columns=20, cell=4_000)
NO_REASON = "The inspectors' list gives no reason."


class GradesRefused(ValueError):
    """The list was refused whole; `problems` says everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.row, problem.column)))
        super().__init__("Nothing was imported. Put the list right and import it again.")


@dataclass(frozen=True)
class Known:
    """What a row may name: cases of the sample by code and by reference, grades and types by key and title.

    Keys are folded. `graded` are cases, and references of further cases, that have the inspectors' grade already.
    """

    by_code: Mapping[str, int]
    by_reference: Mapping[str, int]
    grades: Mapping[str, int]
    case_types: Mapping[str, int]
    graded: frozenset[int | str]


@dataclass(frozen=True, slots=True)
class GradeRow:
    """One good row: a case of the sample, or else a further case by its reference and type."""

    case: int | None
    reference: str
    case_type: int | None
    grade: int
    reason: str


@dataclass
class _Cells:
    number: int
    values: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")

    def note(self, column: str, message: str) -> None:
        self.problems.append(Problem(self.number, column, message))


Look = Callable[[str], Iterable[Doubt]]


def read_grades(table: Table, known: Known, *, look: Look) -> list[GradeRow]:
    """Read a list, or raise `GradesRefused`; `look` gives what in a reason looks personal."""
    problems = list(_header_problems(table.header))
    if not table.rows and not problems:
        problems.append(Problem(WHOLE_FILE, "", "The list has a header and no row."))
    if problems:
        raise GradesRefused(problems)
    rows = [_Cells(number, values) for number, values in table.records()]
    read = [_row(cells, known, look) for cells in rows]
    _refuse_repeats(rows, read)
    problems = [problem for cells in rows for problem in cells.problems]
    if problems:
        raise GradesRefused(problems)
    return [row for row in read if row]


def _header_problems(header: Sequence[str]) -> Iterable[Problem]:
    personal = personal_columns(name for name in header if name not in COLUMNS)
    yield from personal
    named = {problem.column for problem in personal}
    for name in header:
        if name not in (*COLUMNS, *named):
            yield Problem(HEADER_ROW, name[:40], f"is not a column of this list (those are {', '.join(COLUMNS)}).")
    if "grade" not in header:
        yield Problem(HEADER_ROW, "grade", "is missing.")
    if "case" not in header and "reference" not in header:
        yield Problem(HEADER_ROW, "case", "is missing, and so is reference: one of them says which case it is.")


def _row(cells: _Cells, known: Known, look: Look) -> GradeRow | None:
    case = _case(cells, known)
    grade = known.grades.get(cells["grade"].casefold())
    if grade is None:
        cells.note("grade", "is empty." if not cells["grade"] else "is no grade of this programme's scale.")
    for doubt in look(cells["reason"]):
        cells.note("reason", f"has what looks like {doubt.says}.")
    if case in known.graded or (case is None and cells["reference"].upper() in known.graded):
        cells.note("case" if case else "reference", "has the inspectors' grade already. Correct it on its own page.")
    case_type = None if case else _further_type(cells, known)
    if cells.problems or grade is None:
        return None
    return GradeRow(case, "" if case else cells["reference"], case_type, grade, cells["reason"] or NO_REASON)


def _case(cells: _Cells, known: Known) -> int | None:
    """Find the case of the sample that a row names."""
    by_code = known.by_code.get(cells["case"].casefold())
    by_reference = known.by_reference.get(cells["reference"].casefold())
    if cells["case"] and by_code is None:
        cells.note("case", "is no case of the sample.")
    if by_code and cells["reference"] and by_reference != by_code:
        cells.note("reference", "is not the reference of that case.")
    if not cells["case"] and not cells["reference"]:
        cells.note("case", "is empty, and so is reference.")
    return by_code or by_reference


def _further_type(cells: _Cells, known: Known) -> int | None:
    if cells.problems:
        return None
    problem = reference_problem(cells["reference"])
    if problem:
        cells.note("reference", problem)
    found = known.case_types.get(cells["case_type"].casefold())
    if found is None:
        said = "is no case type of the programme." if cells["case_type"] else "is needed: the force did not draw this."
        cells.note("case_type", said)
    return found


def _refuse_repeats(rows: Iterable[_Cells], read: Iterable[GradeRow | None]) -> None:
    first: dict[int | str, int] = {}
    for cells, row in zip(rows, read, strict=True):
        if row is None:
            continue
        before = first.setdefault(row.case or row.reference.upper(), cells.number)
        if before != cells.number:
            cells.note("case" if row.case else "reference", f"is the same case as in row {before}.")
