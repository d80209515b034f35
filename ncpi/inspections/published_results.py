"""Grades that other forces were given, read from a data file, and which of them may stand beside one's own.

A set is used as a reference only when every grade and the total were reported, the grades add up to the total, the
inspectorate gave them over a general sample, and its scale is the programme's: grades are never mapped. Everything else
is shown with the reason why it is not used.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ncpi.inspections.located_yaml import Fields, Value, read_each

FILE = Path(__file__).with_name("published_results.yaml")
KINDS = ("first_inspection", "first_inspection_of_this_round", "inspection", "post_inspection_review",
         "quarterly_update")  # fmt: skip
STATED = ("exact", "combined", "partial", "percentage", "count_only", "qualitative")
TIERS = ("inspectorate", "police_or_commissioner", "press")
# A general sample is what a force is compared with; a theme, or cases chosen for a reason, is not.
GENERAL = ("All cases examined", "The five topics")


@dataclass(frozen=True)
class Source:
    title: str
    address: str
    tier: str


@dataclass(frozen=True)
class ResultSet:
    """One set of grades as it was reported."""

    id: str
    force: str
    programme: str
    kind: str
    fieldwork: str
    published: str
    set: str
    graded_by: str
    total: int | None
    grades: tuple[tuple[str, int], ...]
    stated: str
    note: str
    sources: tuple[Source, ...]

    @property
    def sum_of_grades(self) -> int:
        return sum(number for _, number in self.grades)

    @property
    def adds_up(self) -> bool:
        return self.stated != "exact" or self.sum_of_grades == self.total


def why_not_used(found: ResultSet, *, graded: str, scale: tuple[str, ...]) -> str:
    """Say why a set is no reference for a programme that grades `graded` on this scale; nothing when it is one."""
    if found.programme != {"case": "cases", "topic": "topics"}[graded]:
        return "Graded under another programme."
    if not found.adds_up:
        return f"Does not add up: the grades sum to {found.sum_of_grades}, the total is {found.total}."
    if found.stated != "exact" or not found.total:
        return "Not every grade was reported."
    if found.graded_by != "inspectorate":
        return "Graded by the force itself."
    if found.set not in GENERAL:
        return "Not a general sample."
    if not {grade for grade, _ in found.grades} <= set(scale):
        return "Graded on another scale."
    return ""


@lru_cache(maxsize=4)
def load_published_results(path: Path = FILE) -> tuple[ResultSet, ...]:
    """Read every set, or raise ProgrammeFileError naming each mistake by file and line."""
    return read_each(path, "sets", "set", _result)


def _result(fields: Fields) -> ResultSet:
    found = ResultSet(
        id=fields.name("id"),
        force=fields.text("force", longest=100),
        programme=fields.choice("programme", ("cases", "topics")),
        kind=fields.choice("kind", KINDS),
        fieldwork=fields.text("fieldwork", required=False, longest=100),
        published=fields.text("published", required=False, longest=30),
        set=fields.text("set", longest=100),
        graded_by=fields.choice("graded_by", ("inspectorate", "force")),
        total=fields.number("total", low=1, high=10_000, required=False),
        grades=tuple(_grade(fields, item) for item in fields.items("grades", required=False)),
        stated=fields.choice("stated", STATED),
        note=fields.text("note", required=False),
        sources=tuple(_source(fields, item) for item in fields.items("sources")),
    )
    if found.stated == "exact" and (found.total is None or not found.grades):
        fields.note("a set that is stated exactly has its total and its grades")
    return found


def _grade(parent: Fields, value: Value) -> tuple[str, int]:
    fields = parent.inside(value, "grades")
    grade = (fields.name("grade"), fields.number("number", low=0, high=10_000) or 0)
    fields.finish()
    return grade


def _source(parent: Fields, value: Value) -> Source:
    fields = parent.inside(value, "sources")
    source = Source(fields.text("title"), fields.address("address"), fields.choice("tier", TIERS))
    fields.finish()
    return source
