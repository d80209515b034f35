"""A programme of the inspectorate as files: read, checked whole, every mistake named by file and line.

A programme is a folder of seven YAML files; `programme_content` says what they hold.
"""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ncpi.inspections.deadlines import Counting, Kind, Roll
from ncpi.inspections.located_yaml import Fields, Problem, ProgrammeFileError, Value, read_document
from ncpi.inspections.programme_checks import Place, problems_between
from ncpi.inspections.programme_content import (
    ANSWER_KINDS,
    BASES,
    COMMON,
    GRADED,
    INSPECTION_DATES,
    SESSION_FORMS,
    SWITCHES,
    Area,
    CaseType,
    Criterion,
    Deadline,
    FindingType,
    Grade,
    Grounds,
    Programme,
    ProgrammeFile,
    Question,
    SamplePlan,
    SessionKind,
    Switch,
)

FILES = (
    "programme.yaml",
    "grades.yaml",
    "criteria.yaml",
    "case_types.yaml",
    "questions.yaml",
    "session_kinds.yaml",
    "deadlines.yaml",
)

T = TypeVar("T")


def load_programme(path: Path) -> ProgrammeFile:
    """Read and check the folder; raise ProgrammeFileError naming everything wrong with it."""
    reading = _Reading(path)
    programme = reading.programme()
    sample, case_types = reading.case_types()
    areas, criteria = reading.areas()
    found = ProgrammeFile(
        programme=programme,
        grades=reading.all_of("grades.yaml", "grades", "grade", _grade),
        areas=areas,
        criteria=criteria,
        sample=sample,
        case_types=case_types,
        questions=reading.all_of("questions.yaml", "questions", "question", _question),
        session_kinds=reading.all_of("session_kinds.yaml", "session_kinds", "session kind", _session_kind),
        deadlines=reading.all_of("deadlines.yaml", "deadlines", "deadline", _deadline),
    )
    if not reading.unread:
        spoiled = {problem.file for problem in reading.problems}
        reading.problems.extend(problems_between(found, reading.places, spoiled))
    if reading.problems:
        raise ProgrammeFileError(reading.problems)
    return found


class _Reading:
    """The files of one folder, the problems met, and where each item stood."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.places: dict[tuple[str, str], Place] = {}
        self.unread = False
        for extra in sorted(path.glob("*.y*ml")):
            if extra.name not in FILES:
                self.problems.append(Problem(extra.name, 0, f"unknown file (known: {', '.join(FILES)})"))

    def document(self, file: str) -> Fields:
        try:
            value = read_document(self.path / file)
        except ProgrammeFileError as error:
            self.problems.extend(error.problems)
            self.unread = True
            return Fields(Value({}, 0), file=file, who="file", problems=[])
        return Fields(value, file=file, who="file", problems=self.problems)

    def fields(self, value: Value, file: str, noun: str) -> Fields:
        """The item's fields, named in messages by its id, which must not have been used before."""
        id_value = value.content.get("id") if isinstance(value.content, dict) else None
        name = str(id_value.content) if id_value else ""
        fields = Fields(value, file=file, who=f"{noun} {name}".strip(), problems=self.problems)
        if name and (noun, name) in self.places:
            fields.note(f"the id is already used on line {self.places[noun, name].line}", value.line)
        place = Place(file, value.line, fields.who)
        self.places.setdefault((noun, name), place)
        self.places.setdefault((noun, ""), place)  # an item whose id cannot be read still stands somewhere
        return fields

    def all_of(self, file: str, key: str, noun: str, read: Callable[[Fields], T]) -> tuple[T, ...]:
        document = self.document(file)
        items = self.items_of(document, key, noun, read)
        document.finish()
        return items

    def items_of(self, within: Fields, key: str, noun: str, read: Callable[[Fields], T]) -> tuple[T, ...]:
        found = []
        for value in within.items(key):
            fields = self.fields(value, within.file, noun)
            found.append(read(fields))
            fields.finish()
        return tuple(found)

    def programme(self) -> Programme:
        fields = self.document("programme.yaml")
        found = Programme(
            id=fields.name(),
            edition=fields.number("edition", low=1, high=999) or 0,
            title=fields.text("title"),
            version=fields.text("version"),
            in_force_from=fields.day("in_force_from") or datetime.date.min,
            in_force_to=fields.day("in_force_to", required=False),
            source_title=fields.text("source_title"),
            source_address=fields.address("source_address"),
            note=fields.text("note"),
            graded=fields.choice("graded", GRADED),
            switches=self.items_of(fields, "switches", "switch", _switch),
            finding_types=self.items_of(fields, "finding_types", "finding type", _finding_type),
            word_limit=fields.number("word_limit", low=1, high=20_000, required=False),
        )
        if found.in_force_to and found.in_force_to < found.in_force_from:
            fields.note("in_force_to lies before in_force_from")
        for switch in SWITCHES:
            if switch not in {found_switch.id for found_switch in found.switches}:
                fields.note(f"the switch {switch} is missing")
        fields.finish()
        return found

    def areas(self) -> tuple[tuple[Area, ...], tuple[Criterion, ...]]:
        document = self.document("criteria.yaml")
        criteria: list[Criterion] = []

        def read(fields: Fields) -> Area:
            area = _area(fields)
            criteria.extend(self.items_of(fields, "criteria", "criterion", lambda inner: _criterion(inner, area.id)))
            return area

        areas = self.items_of(document, "areas", "area", read)
        document.finish()
        return areas, tuple(criteria)

    def case_types(self) -> tuple[SamplePlan, tuple[CaseType, ...]]:
        document = self.document("case_types.yaml")
        fields = self.fields(document.one("sample"), document.file, "sample")
        plan = SamplePlan(fields.number("total", low=1, high=1_000) or 0, _grounds(fields))
        fields.finish()
        types = self.items_of(document, "case_types", "case type", _case_type)
        document.finish()
        return plan, types


def _grounds(fields: Fields) -> Grounds:
    found = Grounds(
        basis=fields.choice("basis", BASES),
        seen_in=fields.addresses("seen_in", required=False),
        note=fields.text("note", required=False),
    )
    if found.basis == "reports" and not found.seen_in:
        fields.note("basis 'reports' needs the pages it was seen in (seen_in)")
    return found


def _switch(fields: Fields) -> Switch:
    return Switch(fields.choice("id", SWITCHES), fields.flag("value"), _grounds(fields))


def _finding_type(fields: Fields) -> FindingType:
    return FindingType(fields.name(), fields.text("title"), _grounds(fields))


def _grade(fields: Fields) -> Grade:
    return Grade(
        id=fields.name(),
        title=fields.text("title"),
        order=fields.number("order", low=0, high=20) or 0,
        is_good=fields.flag("is_good"),
        in_use=fields.flag("in_use", default=True),
        grounds=_grounds(fields),
    )


def _area(fields: Fields) -> Area:
    return Area(
        id=fields.name(),
        title=fields.text("title"),
        report_heading=fields.text("report_heading", required=False),
        summary=fields.text("summary"),
        grounds=_grounds(fields),
    )


def _criterion(fields: Fields, area: str) -> Criterion:
    return Criterion(fields.name(), area, fields.text("title"), fields.texts("looks_for"), _grounds(fields))


def _case_type(fields: Fields) -> CaseType:
    found = CaseType(
        id=fields.name(),
        title=fields.text("title"),
        report_label=fields.text("report_label", required=False),
        sample=fields.number("sample", low=0, high=1_000) or 0,
        sample_basis=fields.choice("sample_basis", BASES),
        grounds=_grounds(fields),
    )
    if found.id == COMMON:
        fields.note(f"the id {COMMON!r} stands for every case type")
    return found


def _question(fields: Fields) -> Question:
    case_type = fields.name("case_type")
    found = Question(
        id=fields.name(),
        case_type="" if case_type == COMMON else case_type,
        section=fields.text("section", longest=100),
        ask=fields.text("ask", longest=300),
        answer=fields.choice("answer", ANSWER_KINDS),
        required=fields.flag("required"),
        follow_up=fields.text("follow_up", required=False, longest=300),
        escalates=fields.flag("escalates", default=False),
        area=fields.name("area"),
        part_of=fields.name("part_of", required=False),
        grounds=_grounds(fields),
    )
    if found.answer == "text" and (found.follow_up or found.escalates):
        fields.note("a text answer cannot be 'no': it takes no follow_up and does not escalate")
    if found.escalates and not found.required:
        fields.note("a question that escalates has to be required")
    return found


def _session_kind(fields: Fields) -> SessionKind:
    found = SessionKind(
        id=fields.name(),
        title=fields.text("title"),
        form=fields.choice("form", SESSION_FORMS),
        who=fields.text("who", longest=300),
        minutes=fields.number("minutes", low=15, high=240) or 0,
        size=fields.number("size", low=1, high=30) or 0,
        inspectors=fields.number("inspectors", low=1, high=12) or 0,
        wanted=fields.number("wanted", low=0, high=50) or 0,
        priority=fields.number("priority", low=1, high=3) or 0,
        after=fields.names("after", required=False),
        covers=fields.names("covers"),
        grounds=_grounds(fields),
    )
    if found.minutes % 15:
        fields.note("'minutes' should be a multiple of 15")
    return found


def _deadline(fields: Fields) -> Deadline:
    before = len(fields.problems)
    found = Deadline(
        id=fields.name(),
        title=fields.text("title"),
        kind=fields.choice("kind", [kind.value for kind in Kind]),
        anchor=fields.choice("anchor", INSPECTION_DATES),
        counting=fields.choice("counting", [counting.value for counting in Counting], required=False) or "after",
        days=fields.number("days", low=0, high=1_000, required=False),
        months=fields.number("months", low=1, high=36, required=False),
        roll=fields.choice("roll", [roll.value for roll in Roll], required=False) or "none",
        asked_when=fields.choice("asked_when", SWITCHES, required=False),
        grounds=_grounds(fields),
    )
    if found.days is not None and found.months is not None:
        fields.note("has both 'days' and 'months'")
    sound = len(fields.problems) == before
    if sound and found.days is None and found.months is None and found.kind != Kind.RECOMMENDATION:
        fields.note("needs 'days' or 'months'")
    if found.days == 0 and found.counting == Counting.BEGINNING_WITH:
        fields.note("a period that begins with its anchor lasts at least one day")
    return found
