"""The figures that readers outside this room have, as they were last published, laid out for a page."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audits import scoring
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
_REPLIES = dict(scoring.REPLIES)
_ASKED = ("key", "order", "ask")
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
    "grading_kappa",
    "concerns",
    "concern_minutes",
)
OF = {
    "inspector": "agreed grade and inspectors'",
    "to_acknowledge": "until it is acknowledged",
    "to_close": "until it is closed",
}
_PAIRS = ("grading_agreement", "grading_within_one", "grading_first_higher", "grading_pairs", "grading_kappa")


@dataclass(frozen=True)
class Line:
    """One category: for each grade or reply a count and its share with interval, or nothing where it is held back."""

    key: str
    label: str
    measure: str
    cells: list[tuple[str, int | None, str]]
    of: int | None
    as_at: datetime


@dataclass(frozen=True)
class Table:
    """Lines of one measure under the titles of its columns."""

    title: str
    says: str
    first: str
    labels: list[str]
    lines: list[Line]


@dataclass(frozen=True)
class Single:
    """One figure in words and numbers."""

    says: str
    shows: str
    as_at: datetime


@dataclass(frozen=True)
class Published:
    """Tables of grades and answers, and single figures with what each counts."""

    tables: list[Table]
    singles: list[Single]


def published(inspection: Any) -> Published:
    """Lay the latest figures of the audits out; five queries."""
    rows = Figure.objects.filter(inspection=inspection, source=SOURCE).exclude(measure="answers_by_area").latest()
    of: dict[str, list[Figure]] = {}
    for row in rows:
        if not row.is_withdrawn:
            of.setdefault(row.measure, []).append(row)
    singles = [_single(row) for measure in SINGLE for row in of.get(measure, [])]
    return Published([one for one in _tables(inspection, of) if one.lines], singles)


def _tables(inspection: Any, of: Mapping[str, list[Figure]]) -> Iterator[Table]:
    programme = inspection.programme_id
    grades = dict(Grade.objects.filter(programme=programme).order_by("order", "pk").values_list("key", "label"))
    types = dict(CaseType.objects.filter(programme=programme).order_by("order", "pk").values_list("key", "title"))
    areas = dict(Area.objects.filter(programme=programme).order_by("order", "pk").values_list("key", "title"))
    asks = _asks(inspection)

    def fact(name: str) -> str:
        key, _, state = name.partition(".")
        return f"{FACTS.get(key) or asks.get(key, key)}: {STATES.get(state, state)}"

    def named(names: Mapping[str, str]) -> Callable[[str], str]:
        return lambda key: names.get(key, key)

    def table(title: str, first: str, rows: list[Figure], label: Callable[[str], str]) -> Table:
        return _table(title, first, grades, sorted(_lines(rows, grades, label), key=lambda line: line.label))

    overall = [row for row in of.get("audit_grade", []) if not row.area]
    by_area = [row for row in of.get("audit_grade", []) if row.area]
    yield table("Overall", "", overall, lambda name: "All graded cases")
    yield table("What inspectors gave", "", of.get("inspector_grade", []), lambda name: "All that they graded")
    yield table("By type of case", "Type", of.get("audit_grade_by_type", []), named(types))
    yield table("By area", "Area", by_area, named(areas))
    yield table("By district", "District", of.get(BY_DISTRICT, []), str)
    yield table("By what the record holds", "Recorded", of.get(BY_FACT, []), fact)
    answers = {line.key: line for line in _lines(of.get("answers", []), _REPLIES, named(asks))}
    yield _table("Answers by question", "Question", _REPLIES, [answers[key] for key in asks if key in answers])


def _asks(inspection: Any) -> dict[str, str]:
    """Name the questions in their order, each as its newest version asks it."""
    rows = ToolQuestion.objects.filter(tool__force=inspection.force_id, tool__programme=inspection.programme_id)
    found = {key: (order, ask) for key, order, ask in rows.order_by("tool__number", "pk").values_list(*_ASKED)}
    return {key: ask for key, (_, ask) in sorted(found.items(), key=lambda item: item[1])}


def _table(title: str, first: str, columns: Mapping[str, str], lines: list[Line]) -> Table:
    says = MEASURES.get(lines[0].measure, "") if lines else ""
    return Table(title, says, first, list(columns.values()), lines)


def _lines(rows: Iterable[Figure], columns: Mapping[str, str], label: Callable[[str], str]) -> list[Line]:
    """Put figures of one measure into lines, one a category."""
    found: dict[str, dict[str, Figure]] = {}
    for row in rows:
        # A district may have a dot in its name, the key of a grade or a reply has none.
        category, _, column = row.breakdown.rpartition(".")
        found.setdefault(category or row.area, {})[column] = row
    return [
        Line(
            key=category,
            label=label(category),
            measure=next(iter(cells.values())).measure,
            cells=[(title, *_shown(cells.get(key))) for key, title in columns.items()],
            of=next((row.denominator for row in cells.values()), None),
            as_at=max(row.as_at for row in cells.values()),
        )
        for category, cells in found.items()
    ]


def _single(row: Figure) -> Single:
    """Say what one figure counts, and its number as people read it."""
    by = OF.get(row.breakdown, row.breakdown) or ("first and second auditor" if row.measure in _PAIRS else "")
    shows = str(row.numerator)
    if row.measure == "grading_kappa":
        shows = f"{row.value:.2f} ({row.low:.2f} to {row.high:.2f}), {row.denominator} pairs"
    elif row.denominator is not None:
        shows = f"{row.numerator} of {row.denominator}"
    return Single(says=MEASURES[row.measure] + (f" ({by})" if by else ""), shows=shows, as_at=row.as_at)


def _shown(row: Figure | None) -> tuple[int | None, str]:
    if row is None or row.is_suppressed:
        return None, ""
    if row.value is None or row.low is None or row.high is None:
        return row.numerator, ""
    share, low, high = (round(100 * part) for part in (row.value, row.low, row.high))
    # Five replies with an interval each would be a wall of numbers; every figure's own page has it.
    if row.measure == "answers":
        return row.numerator, f"({share}%)" if row.numerator else ""
    return row.numerator, f"({share}%, {low} to {high}%)"
