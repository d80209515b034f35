"""Pairs of gradings of the same cases: whose, of what type, in which order they came in."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from audits.agreement import Agreement, Scale, agreement, stretches
from audits.models import Capacity
from ncpi.accounts.models import User
from ncpi.inspections.models import CaseType

FIRST_SECOND = (Capacity.FIRST, Capacity.SECOND)
FIRST_INSPECTOR = (Capacity.FIRST, Capacity.INSPECTOR)
SECOND_INSPECTOR = (Capacity.SECOND, Capacity.INSPECTOR)
AGREED_INSPECTOR = (Capacity.AGREED, Capacity.INSPECTOR)
WANTED = (FIRST_SECOND, FIRST_INSPECTOR, SECOND_INSPECTOR, AGREED_INSPECTOR)

# Two capacities are joined as often as a case has both, which is once. A pair came in when the later of its two did.
# An agreed grade is left out while it is open again: a second grading is awaited, or it was decided over a grading that
# was corrected since.
_PAIRS = """
WITH standing AS MATERIALIZED (
    SELECT g.id, g.case_id, g.capacity, grade.key, type.key AS case_type, g.by_id, g.at FROM audits_grading g
    JOIN ncpi_grade grade ON grade.id = g.grade_id
    JOIN cases_case c ON c.id = g.case_id AND c.replaced_at IS NULL
    JOIN ncpi_casetype type ON type.id = c.case_type_id
    WHERE g.inspection_id = %s AND NOT EXISTS (SELECT 1 FROM audits_grading later WHERE later.corrects_id = g.id)
), reopened AS (
    SELECT a.case_id FROM audits_audit a
    WHERE a.inspection_id = %s AND a.ended_at IS NULL AND a.state <> 'submitted'
    UNION SELECT second.case_id FROM standing second WHERE second.capacity = 'second' AND NOT EXISTS (
        SELECT 1 FROM audits_moderation m WHERE m.second_id = second.id
          AND NOT EXISTS (SELECT 1 FROM audits_grading later WHERE later.corrects_id = m.first_id))
)
SELECT one.capacity, other.capacity, one.key, other.key, one.case_type, one.by_id, other.by_id,
    greatest(one.at, other.at) AS at
FROM standing one JOIN standing other ON other.case_id = one.case_id
 AND (one.capacity, other.capacity) IN %s
WHERE one.capacity <> 'agreed' OR one.case_id NOT IN (SELECT case_id FROM reopened)
ORDER BY at, one.case_id
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two standing gradings of one case by different people."""

    row: str
    column: str
    case_type: str
    row_by: int
    column_by: int
    at: datetime

    def turned(self) -> "Pair":
        return Pair(self.column, self.row, self.case_type, self.column_by, self.row_by, self.at)


Pairs = dict[tuple[str, str], list[Pair]]


def pairs_of(inspection: Any) -> Pairs:
    """Read all pairs of the inspection in one query, oldest first, by the capacities that are compared."""
    found: Pairs = {wanted: [] for wanted in WANTED}
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, [inspection.pk, inspection.pk, tuple((str(one), str(other)) for one, other in WANTED)])
        for one, other, *pair in cursor.fetchall():
            found[Capacity(one), Capacity(other)].append(Pair(*pair))
    return found


def measured(scale: Scale, pairs: Iterable[Pair]) -> Agreement:
    return agreement(scale, Counter((pair.row, pair.column) for pair in pairs))


def by_case_type(scale: Scale, pairs: Iterable[Pair], inspection: Any) -> list[tuple[str, Agreement]]:
    """Give the agreement on each type of case that has pairs, in the programme's order."""
    found = _grouped(pairs, lambda pair: pair.case_type)
    types = CaseType.objects.filter(programme_id=inspection.programme_id, key__in=found).order_by("order", "pk")
    return [(title, measured(scale, found[key])) for key, title in types.values_list("key", "title")]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some pairs that came in one after the other."""

    first: int
    last: int
    since: datetime
    until: datetime
    result: Agreement


def drift(scale: Scale, pairs: Sequence[Pair]) -> list[Stretch]:
    """Cut the pairs, in the order in which they came in, into stretches that are long enough to say something."""
    return [
        Stretch(start + 1, end, pairs[start].at, pairs[end - 1].at, measured(scale, pairs[start:end]))
        for start, end in stretches(len(pairs))
    ]


@dataclass(frozen=True, slots=True)
class OneAuditor:
    """One auditor's gradings beside the other auditors' and beside the inspectors'."""

    name: str
    peers: Agreement
    inspectors: Agreement


def of_auditor(scale: Scale, pairs: Pairs, user: Any) -> OneAuditor:
    """Measure one person's own gradings, in whatever capacity they were given."""
    return OneAuditor(
        name=user.name,
        peers=measured(scale, _peers(pairs).get(user.pk, [])),
        inspectors=measured(scale, _inspectors(pairs).get(user.pk, [])),
    )


def by_auditor(scale: Scale, pairs: Pairs) -> list[OneAuditor]:
    """Give the agreement of each auditor who shares a case with somebody, by name."""
    known = {*_peers(pairs), *_inspectors(pairs)}
    return [of_auditor(scale, pairs, user) for user in User.objects.filter(pk__in=known).order_by("name", "pk")]


def _peers(pairs: Pairs) -> dict[Any, list[Pair]]:
    both = [*pairs[FIRST_SECOND], *(pair.turned() for pair in pairs[FIRST_SECOND])]
    return _grouped(both, lambda pair: pair.row_by)


def _inspectors(pairs: Pairs) -> dict[Any, list[Pair]]:
    return _grouped([*pairs[FIRST_INSPECTOR], *pairs[SECOND_INSPECTOR]], lambda pair: pair.row_by)


def _grouped(pairs: Iterable[Pair], key: Callable[[Pair], Any]) -> dict[Any, list[Pair]]:
    found: dict[Any, list[Pair]] = {}
    for pair in pairs:
        found.setdefault(key(pair), []).append(pair)
    return found
