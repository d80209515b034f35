"""What readers of the published figures have already, and what decides whether there is anything new for them."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from audits.counting import source_digest
from audits.figure_counts import BY_DISTRICT, BY_FACT
from audits.holding_back import Published
from audits.models import Concern
from audits.queries import scale_by_key
from audits.tool_queries import current_tool
from ncpi.board.models import Figure
from ncpi.lib.digests import digest

Tables = dict[tuple[str, str], Published]


def published_breakdowns(inspection: Any) -> Tables:
    """Return each breakdown of grades as it was last published, with the totals of that moment; three queries."""
    grades = scale_by_key(inspection.programme_id).keys
    rows = Figure.objects.filter(inspection=inspection, measure__in=[BY_DISTRICT, BY_FACT]).latest()
    by_table: dict[tuple[str, str], list[Figure]] = {}
    for row in rows:
        if not row.is_withdrawn:
            by_table.setdefault(_key(row), []).append(row)
    if not by_table:
        return {}
    totals = _Totals(inspection, grades)
    return {key: _published(found, grades, totals) for key, found in by_table.items()}


def _key(row: Figure) -> tuple[str, str]:
    """Say which breakdown a figure belongs to: a fact's name stands first in what it breaks down by."""
    return row.measure, row.breakdown.partition(".")[0] if row.measure == BY_FACT else ""


def terms_of(inspection: Any) -> str:
    """Digest what decides a figure besides the cases; one query."""
    tool = current_tool(inspection.force_id, inspection.programme_id)
    return digest(
        {
            "counting": source_digest(),
            "programme": inspection.programme_id,
            "threshold": inspection.force.suppression_threshold,
            "tool": tool.digest if tool else "",
        }
    )


def next_overdue(inspection: Any, at: datetime) -> datetime | None:
    """Return the moment after which, if nothing is done, one more concern is overdue than at this one."""
    due: datetime | None = (
        Concern.objects.filter(inspection=inspection, closed_at=None, due_at__gte=at)
        .order_by("due_at", "pk")
        .values_list("due_at", flat=True)
        .first()
    )
    return due


class _Totals:
    """The whole force's grades as they were published from moment to moment."""

    def __init__(self, inspection: Any, grades: Iterable[str]) -> None:
        self.grades = tuple(grades)
        rows = Figure.objects.filter(inspection=inspection, measure="audit_grade", area="").order_by("as_at", "pk")
        self.history: dict[str, tuple[list[datetime], list[int]]] = {grade: ([], []) for grade in self.grades}
        for row in rows:
            moments, numbers = self.history.setdefault(row.breakdown, ([], []))
            moments.append(row.as_at)
            numbers.append(0 if row.is_withdrawn else row.numerator or 0)

    def at(self, moment: datetime) -> tuple[int, ...]:
        found = []
        for grade in self.grades:
            moments, numbers = self.history[grade]
            place = bisect_right(moments, moment)
            found.append(numbers[place - 1] if place else 0)
        return tuple(found)


def _published(rows: list[Figure], grades: tuple[str, ...], totals: _Totals) -> Published:
    shown: dict[str, dict[str, int]] = {}
    held = set()
    for row in rows:
        prefix = _key(row)[1]
        # A district may have a dot in its name, a grade's key has none.
        category, _, grade = row.breakdown.removeprefix(f"{prefix}." if prefix else "").rpartition(".")
        if row.is_suppressed:
            held.add(category)
        else:
            shown.setdefault(category, {})[grade] = row.numerator or 0
    return Published(
        shown={category: tuple(counts.get(grade, 0) for grade in grades) for category, counts in shown.items()},
        held=frozenset(held),
        totals=totals.at(max(row.as_at for row in rows)),
    )
