"""What readers of the published figures have already."""

from typing import Any

from audits.figure_counts import BY_DISTRICT
from audits.holding_back import Published
from audits.queries import scale_by_key
from ncpi.board.models import Figure


def published_by_district(inspection: Any) -> Published | None:
    """Return the grades by district as they were last published, with the totals of that moment."""
    grades = scale_by_key(inspection.programme_id).keys
    rows = [
        row
        for row in Figure.objects.filter(inspection=inspection, measure=BY_DISTRICT).latest()
        if not row.is_withdrawn
    ]
    if not rows:
        return None
    totals = Figure.objects.filter(
        inspection=inspection, measure="audit_grade", area="", as_at__lte=max(row.as_at for row in rows)
    )
    overall = {row.breakdown: row.numerator or 0 for row in totals.latest() if not row.is_withdrawn}
    shown: dict[str, dict[str, int]] = {}
    held = set()
    for row in rows:
        # A district may have a dot in its name, a grade's key has none.
        district, _, grade = row.breakdown.rpartition(".")
        if row.is_suppressed:
            held.add(district)
        else:
            shown.setdefault(district, {})[grade] = row.numerator or 0
    return Published(
        shown={district: tuple(counts.get(grade, 0) for grade in grades) for district, counts in shown.items()},
        held=frozenset(held),
        totals=tuple(overall.get(grade, 0) for grade in grades),
    )
