"""The case extract: the list of candidate cases a force exports, checked before a row of it is kept.

A case is known by its reference only. A column or a value that looks like a name, a date of birth or an
address is refused by row and column, and nothing passes unless everything is valid. A problem never repeats a
value that looks personal, because problems are shown on pages and kept with the import.

Rows are checked one by one and nothing of them is held but a number for each reference, so that the longest extract
needs no more memory than the shortest.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from cases.seen import SeenBefore
from ncpi.lib import personal
from ncpi.lib.tables import HEADER_ROW, WHOLE_FILE, Limits, Problem, Row, UnreadableTable, normal_header

REQUIRED_COLUMNS = ("reference", "case_type", "district", "team", "reported_on", "finalised_on", "outcome")
OPTIONAL_COLUMNS = ("ethnicity_recorded", "disability_recorded")
TEXT_COLUMNS = {"district": 80, "team": 80, "outcome": 200}
LIMITS = Limits(size=20_000_000, rows=100_000, columns=60, cell=1_000)

NO_CASE = "The file has a header and no case."

# How forces' own systems call the columns, for a first guess that a person looks at.
ALSO_CALLED: dict[str, tuple[str, ...]] = {
    "reference": (
        "ref",
        "our_ref",
        "case_ref",
        "case_reference",
        "occurrence",
        "occurrence_ref",
        "occurrence_reference",
        "urn",
    ),
    "case_type": ("type", "category", "case_category", "theme"),
    "district": ("bcu", "lpa", "area", "division", "local_policing_area"),
    "team": ("unit", "department", "owning_team", "investigating_team"),
    "reported_on": ("reported", "report_date", "date_reported", "created", "created_on", "date_created"),
    "finalised_on": ("finalised", "closed", "closed_on", "date_finalised", "date_closed", "finalised_date"),
    "outcome": ("result", "disposal", "outcome_type", "final_outcome"),
    "ethnicity_recorded": ("ethnicity", "has_ethnicity"),
    "disability_recorded": ("disability", "has_disability", "send_recorded"),
}

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
# Of distinct texts and days.
MOST_REMEMBERED = 5_000
_FLAGS = {"yes": True, "y": True, "no": False, "n": False, "": None}


class Candidate(NamedTuple):
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


def check(
    header: Sequence[str], rows: Iterable[Row], *, mapping: Mapping[str, str], case_types: Mapping[str, str]
) -> Iterator[Candidate | Problem]:
    """Give each good row's candidate and everything that is wrong, in the order of the rows.

    `mapping` says which of the file's columns holds which of ours, `case_types` gives the programme's (id to title).
    A file is valid when no problem was given.
    """
    reading = _Reading(header, mapping, case_types)
    try:
        for row in rows:
            yield from reading.take(row)
    except UnreadableTable as error:
        yield from error.problems
        return
    yield from reading.finish()


# Columns


def own_columns(header: Iterable[str]) -> dict[str, str]:
    """Map a file that names its columns as the service does."""
    return {name: name for name in header if name in (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS)}


def proposed_mapping(header: Sequence[str]) -> dict[str, str]:
    """Guess which column holds what, by its name; a column is proposed once."""
    mapping = own_columns(header)
    for ours, others in ALSO_CALLED.items():
        free = [name for name in others if name in header and name not in mapping.values()]
        if ours not in mapping and free:
            mapping[ours] = free[0]
    return mapping


def check_mapped(header: Sequence[str], mapping: Mapping[str, str]) -> tuple[Problem, ...]:
    """Name every column that is personal, not there, missing, or chosen for two things."""
    chosen = [name for name in mapping.values() if name]
    problems = list(personal_columns(header))
    problems += [Problem(HEADER_ROW, ours, "must be chosen.") for ours in REQUIRED_COLUMNS if not mapping.get(ours)]
    problems += [Problem(HEADER_ROW, name[:40], "is no column of the file.") for name in chosen if name not in header]
    problems += [
        Problem(HEADER_ROW, name[:40], "was chosen for two things.")
        for name in dict.fromkeys(chosen)
        if chosen.count(name) > 1
    ]
    return tuple(problems)


def check_shape(header: Sequence[str], *, has_rows: bool) -> tuple[Problem, ...]:
    """Say what no choice of columns can put right."""
    if len(header) < len(REQUIRED_COLUMNS):
        needed = f"{len(REQUIRED_COLUMNS)} are needed: " + ", ".join(REQUIRED_COLUMNS)
        return (Problem(HEADER_ROW, "", f"has {len(header)} column{'s' * (len(header) != 1)}; {needed}."),)
    return () if has_rows else (Problem(WHOLE_FILE, "", NO_CASE),)


def personal_columns(header: Iterable[str]) -> tuple[Problem, ...]:
    """Name every column that looks personal: it must not even come with the file."""
    found = (_personal_column(name) for name in header)
    return tuple(problem for problem in found if problem)


def shown(header: Sequence[str], cells: Sequence[str]) -> list[str]:
    """Give a row for looking at, with what looks personal left out."""
    return [_shown(name, cell) for name, cell in zip(header, cells, strict=True)]


def _shown(name: str, cell: str) -> str:
    # A day is shown where days are expected; anywhere else it may be a date of birth.
    problem = reference_problem(cell) if name in ("reference", *ALSO_CALLED["reference"]) else text_problem(cell)
    is_day = parse_date(cell) is not None and not _looks_personal(normal_header(name))
    return "" if not cell else cell[:60] if is_day or not problem.startswith("looks like") else f"({problem})"


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
    said = _personal_column(name)
    return said or Problem(HEADER_ROW, name[:40], "is not a column of the extract. Take it out.")


def _personal_column(name: str) -> Problem | None:
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
    return None


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


# Rows


class _Reading:
    """The state of one reading: what was seen before."""

    def __init__(self, header: Sequence[str], mapping: Mapping[str, str], case_types: Mapping[str, str]) -> None:
        positions = {ours: header.index(theirs) for ours, theirs in mapping.items() if theirs}
        # A column that the file does not have is read as the empty cell behind the last.
        self._positions = [positions.get(name, len(header)) for name in (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS)]
        # What is not imported must not come with the file either, if it is personal.
        self._others = {at: name for at, name in enumerate(header) if at not in positions.values()}
        self._types = {key.casefold(): key for key in case_types}
        self._types |= {title.casefold(): key for key, title in case_types.items()}
        self._allowed = ", ".join(case_types)
        self._found: list[Problem] = []
        self._count = 0
        self._seen = SeenBefore()
        self._dates: dict[str, date | None] = {}
        self._texts: dict[str, str] = {}
        self._ten_digits = 0
        self._nhs_rows = array("L")

    def take(self, row: Row) -> Iterator[Candidate | Problem]:
        self._count += 1
        self._found = []
        cells = (*row.cells, "")
        reference, kind, district, team, reported, finalised, outcome, *flags = [cells[at] for at in self._positions]
        self._reference(row.number, reference)
        case_type = self._case_type(row.number, kind)
        for column, text in (("district", district), ("team", team), ("outcome", outcome)):
            self._text(row.number, column, text)
        reported_on, finalised_on = self._period(row.number, reported, finalised)
        ethnicity, disability = (self._flag(row.number, *pair) for pair in zip(OPTIONAL_COLUMNS, flags, strict=True))
        if self._others:
            self._unnamed(row)
        if self._found or reported_on is None:
            yield from self._found
        else:
            yield Candidate(
                reference, case_type, district, team, reported_on, finalised_on, outcome, ethnicity, disability
            )

    def finish(self) -> Iterator[Problem]:
        # One ten-digit number in eleven passes the check by chance: only a file in which all do is refused.
        if self._nhs_rows and len(self._nhs_rows) == self._ten_digits:
            for number in self._nhs_rows:
                yield Problem(number, "reference", "looks like an NHS number.")
        if not self._count:
            yield Problem(WHOLE_FILE, "", NO_CASE)

    def _say(self, row: int, column: str, message: str) -> None:
        self._found.append(Problem(row, column, message))

    def _reference(self, row: int, text: str) -> None:
        problem = reference_problem(text)
        if problem:
            self._say(row, "reference", problem)
            return
        if text.isdigit() and len(text) == 10:
            self._ten_digits += 1
            if personal.is_nhs_number(text):
                self._nhs_rows.append(row)
        # Two references that differ only in case would be one to a reader.
        before = self._seen.row_of(text.casefold(), row)
        if before != row:
            self._say(row, "reference", f"{text} is there twice: it is in row {before} too.")

    def _case_type(self, row: int, text: str) -> str:
        known = self._types.get(text.casefold())
        if known:
            return known
        if not text:
            self._say(row, "case_type", f"is empty. Use one of: {self._allowed}.")
        elif self._personal(text):
            self._say(row, "case_type", self._personal(text))
        else:
            self._say(row, "case_type", f"“{text[:40]}” is not a case type. Use one of: {self._allowed}.")
        return ""

    def _text(self, row: int, column: str, text: str) -> None:
        problem = self._personal(text) if text else ""
        if not text and column != "outcome":
            problem = "is empty."
        if len(text) > TEXT_COLUMNS[column]:
            problem = f"is longer than {TEXT_COLUMNS[column]} characters."
        if problem:
            self._say(row, column, problem)

    def _unnamed(self, row: Row) -> None:
        """Look into the columns that nobody named; of each only the first value that looks personal is told."""
        for at, name in tuple(self._others.items()):
            text = row.cells[at]
            problem = self._personal(text) if text else ""
            if problem and parse_date(text[:10]) is None:
                self._say(row.number, name[:40], f"{problem} The column is not imported: take it out of the file.")
                del self._others[at]

    def _personal(self, text: str) -> str:
        """Remember the last distinct texts: districts, teams and outcomes repeat thousands of times."""
        if text not in self._texts:
            if len(self._texts) >= MOST_REMEMBERED:
                self._texts.clear()
            self._texts[text] = text_problem(text)
        return self._texts[text]

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
            if len(self._dates) >= MOST_REMEMBERED:
                self._dates.clear()
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
