"""The case extract: the list of candidate cases a force exports, checked before a row of it is kept.

A case is known by its reference only. A column or a value that looks like a name, a date of birth or an
address is refused by row and column, and nothing passes unless everything is valid. A problem never repeats a
value that looks personal, because problems are shown on pages and kept with the import.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ncpi.lib import personal
from ncpi.lib.tables import HEADER_ROW, WHOLE_FILE, Limits, Problem, Row, UnreadableTable, open_csv

REQUIRED_COLUMNS = ("reference", "case_type", "district", "team", "reported_on", "finalised_on", "outcome")
OPTIONAL_COLUMNS = ("ethnicity_recorded", "disability_recorded")
TEXT_COLUMNS = {"district": 80, "team": 80, "outcome": 200}
LIMITS = Limits(size=20_000_000, rows=100_000, columns=60, cell=1_000)
MOST_PROBLEMS = 1_000

REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_.-]{0,39}")

# Words of a header that no column of an extract needs, and what such a column seems to hold.
REFUSED_HEADERS: tuple[tuple[str, str], ...] = (
    (
        "a name",
        r"name|surname|forename|nominal|victim|suspect|offender|child|parent|mother|father|officer|oic|alias",
    ),
    ("a date of birth", r"dob|birth|born|birthday|d_o_b|age"),
    (
        "an address",
        r"address|addr|postcode|post_code|street|road|house|town|village|location|uprn|easting|northing",
    ),
    ("a way to reach a person", r"phone|mobile|tel|telephone|email|e_mail|contact"),
    ("a personal number", r"nhs|nino|ni|pnc|pncid|upn|passport|insurance|custody|crime"),
)
_HEADER_RULES = tuple((says, re.compile(rf"(?:^|_)(?:{words})(?:s|_?\d+)?(?:_|$)")) for says, words in REFUSED_HEADERS)
_RUN_TOGETHER = re.compile(r"(?:sur|fore|first|last|full|given|family|middle|child|victim)name|dateofbirth|birthdate")

# A reference may be a crime number, since forces know cases by them, and an incident number may hold a
# short date.
REFERENCE_RULES: tuple[personal.Rule, ...] = (
    *(rule for rule in personal.RULES if rule.kind == "birth" or rule.says == "a postcode"),
    personal.Rule(
        "birth",
        "a date of birth",
        r"^(?:(?:19|20)\d{2}(?:0\d|1[0-2])[0-3]\d|[0-3]\d(?:0\d|1[0-2])(?:19|20)\d{2})$",
    ),
    personal.Rule("phone", "a telephone number", r"^(?:44|0)[1-3578]\d{8,9}$"),
    personal.Rule("number", "a National Insurance number", r"^[A-CEGHJ-PR-TW-Z]{2}\d{6}[A-D]$"),
    personal.Rule("number", "an NHS number", r"^\d{3}[-./]\d{3}[-./]\d{4}$", check=personal.is_nhs_number),
)
# One search tells the many innocent references from the few to look at closely.
_WORTH_A_LOOK = re.compile("|".join(rule.pattern for rule in REFERENCE_RULES), re.IGNORECASE)

_DIGIT = re.compile(r"[0-9]")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: 00:00(?::00)?)?", re.ASCII)
_FLAGS = {"yes": True, "y": True, "no": False, "n": False, "": None}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One line of a valid extract."""

    reference: str
    case_type: str
    district: str
    team: str
    reported_on: date
    finalised_on: date | None
    outcome: str
    ethnicity_recorded: bool | None = None
    disability_recorded: bool | None = None


@dataclass(frozen=True, slots=True)
class Extract:
    """Either all candidates and no problem, or problems and no candidate."""

    candidates: tuple[Candidate, ...]
    problems: tuple[Problem, ...]

    @property
    def is_valid(self) -> bool:
        return not self.problems


def read_extract(data: bytes, *, case_types: Mapping[str, str], limits: Limits = LIMITS) -> Extract:
    """Check an extract against the programme's case types (id to title)."""
    try:
        header, rows = open_csv(data, limits=limits)
        problems = check_header(header)
        if problems:
            return Extract((), problems)
        reading = _Reading(header, case_types)
        for row in rows:
            reading.take(row)
    except UnreadableTable as error:
        return Extract((), error.problems)
    return reading.finish()


def check_header(header: tuple[str, ...]) -> tuple[Problem, ...]:
    """Name every column that is personal, unknown or missing."""
    allowed = (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS)
    problems = [_strange_column(name) for name in header if name not in allowed]
    problems += [
        Problem(HEADER_ROW, name, "is missing. The columns are " + ", ".join(REQUIRED_COLUMNS) + ".")
        for name in REQUIRED_COLUMNS
        if name not in header
    ]
    return tuple(problems)


def _strange_column(name: str) -> Problem:
    says = _looks_personal(name)
    if says:
        return Problem(
            HEADER_ROW,
            name,
            f"looks like {says}. Take the column out: a case is known by its reference only.",
        )
    # Where the header line is missing, the first row stands in its place and may hold anything.
    if personal.first(name.replace("_", " ")):
        return Problem(HEADER_ROW, "", "looks like a person's details, not like the names of columns.")
    return Problem(HEADER_ROW, name[:40], "is not a column of the extract. Take it out.")


def _looks_personal(header: str) -> str:
    if _RUN_TOGETHER.search(header):
        return "a name or a date of birth"
    return next((says for says, pattern in _HEADER_RULES if pattern.search(header)), "")


def parse_date(text: str) -> date | None:
    """Read `2021-07-05` or `05/07/2021` (day first, as written in Britain); anything else is None."""
    iso = _ISO.fullmatch(text)
    british = None if iso else _BRITISH.fullmatch(text)
    if iso:
        year, month, day = map(int, iso.groups())
    elif british:
        day, month, year = map(int, british.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


class _Reading:
    """The state of one reading: what was kept, what is wrong, what was seen before."""

    def __init__(self, header: tuple[str, ...], case_types: Mapping[str, str]) -> None:
        self._position = {name: header.index(name) for name in header}
        self._types = {key.casefold(): key for key in case_types}
        self._types |= {title.casefold(): key for key, title in case_types.items()}
        self._allowed = ", ".join(case_types)
        self._candidates: list[Candidate] = []
        self._problems: list[Problem] = []
        self._more = 0
        self._row_of: dict[str, int] = {}
        self._dates: dict[str, date | None] = {}
        self._texts: dict[tuple[str, str], str] = {}
        self._ten_digits = 0
        self._nhs_rows: list[int] = []

    def take(self, row: Row) -> None:
        cell = {name: row.cells[position] for name, position in self._position.items()}
        reference = self._reference(row.number, cell["reference"])
        case_type = self._case_type(row.number, cell["case_type"])
        district, team, outcome = (self._text(row.number, name, cell[name]) for name in TEXT_COLUMNS)
        reported, finalised = self._period(row.number, cell["reported_on"], cell["finalised_on"])
        ethnicity, disability = (self._flag(row.number, name, cell.get(name, "")) for name in OPTIONAL_COLUMNS)
        # Once anything is wrong nothing will pass, so that no more is kept; the rest is read for
        # its problems.
        if reported is not None and not self._problems:
            self._candidates.append(
                Candidate(reference, case_type, district, team, reported, finalised, outcome, ethnicity, disability)
            )

    def finish(self) -> Extract:
        # One ten-digit number in eleven passes the check by chance: only a file in which all do is refused.
        if self._nhs_rows and len(self._nhs_rows) == self._ten_digits:
            for number in self._nhs_rows:
                self._say(number, "reference", "looks like an NHS number.")
        if not self._row_of and not self._problems:
            self._say(WHOLE_FILE, "", "The file has a header and no case.")
        if self._more:
            self._problems.append(Problem(WHOLE_FILE, "", f"There are {self._more:,} further problems."))
        return Extract(() if self._problems else tuple(self._candidates), tuple(self._problems))

    def _say(self, row: int, column: str, message: str) -> None:
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(Problem(row, column, message))
        else:
            self._more += 1

    def _reference(self, row: int, text: str) -> str:
        problem = reference_problem(text)
        if problem:
            self._say(row, "reference", problem)
            return text
        if text.isdigit() and len(text) == 10:
            self._ten_digits += 1
            if personal.is_nhs_number(text):
                self._nhs_rows.append(row)
        # Two references that differ only in case would be one to a reader.
        before = self._row_of.setdefault(text.casefold(), row)
        if before != row:
            self._say(row, "reference", f"{text} is there twice: it is in row {before} too.")
        return text

    def _case_type(self, row: int, text: str) -> str:
        known = self._types.get(text.casefold())
        if known:
            return known
        if not text:
            self._say(row, "case_type", f"is empty. Use one of: {self._allowed}.")
        elif self._personal("case_type", text):
            self._say(row, "case_type", self._personal("case_type", text))
        else:
            self._say(row, "case_type", f"“{text[:40]}” is not a case type. Use one of: {self._allowed}.")
        return ""

    def _text(self, row: int, column: str, text: str) -> str:
        problem = self._personal(column, text) if text else ""
        if not text and column != "outcome":
            problem = "is empty."
        if len(text) > TEXT_COLUMNS[column]:
            problem = f"is longer than {TEXT_COLUMNS[column]} characters."
        if problem:
            self._say(row, column, problem)
        return text

    def _personal(self, column: str, text: str) -> str:
        """Remember each distinct text: districts, teams and outcomes repeat thousands of times."""
        key = (column, text)
        if key not in self._texts:
            self._texts[key] = text_problem(text)
        return self._texts[key]

    def _period(self, row: int, reported_text: str, finalised_text: str) -> tuple[date | None, date | None]:
        reported = self._date(row, "reported_on", reported_text)
        if not reported_text:
            self._say(row, "reported_on", "is empty.")
        finalised = self._date(row, "finalised_on", finalised_text)
        if reported and finalised and finalised < reported:
            self._say(row, "finalised_on", "is before the day the case was reported.")
        return reported, finalised

    def _date(self, row: int, column: str, text: str) -> date | None:
        if not text:
            return None
        if text not in self._dates:
            self._dates[text] = parse_date(text)
        if self._dates[text] is None:
            self._say(row, column, "is not a date. Write it as 2021-07-05 or 05/07/2021 (day first).")
        return self._dates[text]

    def _flag(self, row: int, column: str, text: str) -> bool | None:
        if text.casefold() not in _FLAGS:
            self._say(row, column, "must be yes or no.")
            return None
        return _FLAGS[text.casefold()]


def reference_problem(text: str) -> str:
    """Say what is wrong with a reference, or nothing."""
    if not text:
        return "is empty."
    if not REFERENCE.fullmatch(text):
        return text_problem(text) or "may have letters, digits and - / _ . only, and at most 40 of them."
    likeness = personal.first(text, rules=REFERENCE_RULES) if _WORTH_A_LOOK.search(text) else None
    if likeness:
        return f"looks like {likeness.says}."
    if not _DIGIT.search(text) or personal.name_in_reference(text):
        return "looks like a name. A reference has at least one digit and no name in it."
    return ""


def text_problem(text: str) -> str:
    """Say what is wrong with the text of a district, team or outcome, or nothing."""
    likeness = personal.first(text)
    return f"looks like {likeness.says}." if likeness else ""
