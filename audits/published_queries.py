"""The figures that readers outside this room have, as they were last published, laid out for a page."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audits.figure_counts import BY_DISTRICT, BY_FACT
from audits.models import ToolQuestion
from ncpi.board.figures import MEASURES
from ncpi.board.models import Figure
from ncpi.inspections.models import Area, CaseType, Grade

SOURCE = "case audits"
STATES = {
    "recorded": "recorded",
    "not_recorded": "not recorded",
    "not_applicable": "not applicable",
    "not_stated": "not stated",
}
FACTS = {"ethnicity": "Ethnicity, by the extract", "disability": "Disability, by the extract"}
SINGLE = (
    "cases_audited",
    "cases_graded",
    "cases_double_graded",
    "cases_awaiting_moderation",
    "cases_graded_by_inspectors",
    "inspectors_further_cases",
    "recorded",
    "grading_agreement",
    "grading_within_one",
    "grading_first_higher",
    "grading_pairs",
    "concerns",
)


@dataclass(frozen=True)
class Line:
    """One category with its grades: for each a count and its share with interval, or nothing where it is held back."""

    label: str
    cells: list[tuple[str, int | None, str]]
    of: int | None
    as_at: datetime


@dataclass(frozen=True)
class Table:
    title: str
    says: str
    first: str
    lines: list[Line]


@dataclass(frozen=True)
class Published:
    """Tables of grades, and single figures with what each counts."""

    labels: list[str]
    tables: list[Table]
    singles: list[tuple[str, str, Figure]]


def published(inspection: Any) -> Published:
    """Lay the latest figures of the audits out; five queries."""
    rows = Figure.objects.filter(inspection=inspection, source=SOURCE).exclude(measure__startswith="answers").latest()
    figures = [row for row in rows if not row.is_withdrawn]
    programme = inspection.programme_id
    grades = dict(Grade.objects.filter(programme=programme).order_by("order", "pk").values_list("key", "label"))
    types = dict(CaseType.objects.filter(programme=programme).order_by("order", "pk").values_list("key", "title"))
    areas = dict(Area.objects.filter(programme=programme).order_by("order", "pk").values_list("key", "title"))
    asks = dict(
        ToolQuestion.objects.filter(tool__force=inspection.force_id, tool__programme=programme, kind="completeness")
        .order_by("tool__number", "pk")
        .values_list("key", "ask")
    )
    facts = {**asks, **FACTS}

    def fact(name: str) -> str:
        key, _, state = name.partition(".")
        return f"{facts.get(key, key)}: {STATES.get(state, state)}"

    def table(title: str, first: str, wanted: Iterable[Figure], label: Callable[[str], str]) -> Table:
        chosen = list(wanted)
        says = MEASURES.get(chosen[0].measure, "") if chosen else ""
        return Table(title, says, first, _lines(chosen, grades, label))

    of = {measure: [row for row in figures if row.measure == measure] for measure in {row.measure for row in figures}}
    overall = [row for row in of.get("audit_grade", []) if not row.area]
    tables = [
        table("Overall", "", overall, lambda name: "All graded cases"),
        table("What inspectors gave", "", of.get("inspector_grade", []), lambda name: "All that they graded"),
        table("By type of case", "Type", of.get("audit_grade_by_type", []), lambda name: types.get(name, name)),
        table("By area", "Area", [row for row in of.get("audit_grade", []) if row.area], lambda n: areas.get(n, n)),
        table("By district", "District", of.get(BY_DISTRICT, []), str),
        table("By what the record holds", "Recorded", of.get(BY_FACT, []), fact),
    ]
    singles = [(measure, MEASURES[measure], row) for measure in SINGLE for row in of.get(measure, [])]
    return Published(list(grades.values()), [one for one in tables if one.lines], singles)


def _lines(rows: Iterable[Figure], grades: Mapping[str, str], label: Callable[[str], str]) -> list[Line]:
    """Put figures of one measure into lines, one a category, in the order of their names."""
    found: dict[str, dict[str, Figure]] = {}
    for row in rows:
        # A district may have a dot in its name, a grade's key has none.
        category, _, grade = row.breakdown.rpartition(".")
        found.setdefault(row.area or category, {})[grade] = row
    return [
        Line(
            label=label(category),
            cells=[(title, *_shown(cells.get(key))) for key, title in grades.items()],
            of=next((row.denominator for row in cells.values()), None),
            as_at=max(row.as_at for row in cells.values()),
        )
        for category, cells in sorted(found.items(), key=lambda pair: label(pair[0]))
    ]


def _shown(row: Figure | None) -> tuple[int | None, str]:
    if row is None or row.is_suppressed:
        return None, ""
    if row.value is None or row.low is None or row.high is None:
        return row.numerator, ""
    share, low, high = (round(100 * part) for part in (row.value, row.low, row.high))
    return row.numerator, f"({share}%, {low} to {high}%)"
