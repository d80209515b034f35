"""The published case figures that the self-assessment shows beside the force's claims; `settings.CLAIM_FIGURES`."""

from collections import defaultdict
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from ncpi.board.intervals import wilson
from ncpi.board.models import Figure
from ncpi.inspections.models import Grade, Inspection
from ncpi.lib.prepared import Parameter, Prepared
from ncpi.selfassessment.case_figures import CaseFigures, GradeCount

MEASURE = "audit_grade"


def case_figures(inspection: Inspection) -> dict[str, CaseFigures]:
    """Return the newest published grades of the cases that speak for each area, by the area's key; one query.

    A figure that was withdrawn or held back counts for nothing: an area where one is held back has no figures here.
    """
    by_area: dict[str, list[Any]] = defaultdict(list)
    for row in _LATEST.rows(inspection=inspection.pk, programme=inspection.programme_id):
        if not row.is_withdrawn:
            by_area[row.area].append(row)
    return {area: _of_area(area, found) for area, found in by_area.items() if _is_whole(found)}


def _latest() -> QuerySet[Any]:
    scale = Grade.objects.filter(programme=Parameter("programme"), key=OuterRef("breakdown"))
    rows = Figure.objects.filter(inspection=Parameter("inspection"), measure=MEASURE).exclude(area="").latest()
    return rows.annotate(
        label=Subquery(scale.values("label")),
        place=Subquery(scale.values("order")),
        is_good=Subquery(scale.values("is_good_side")),
    )


_LATEST = Prepared(_latest)


def _is_whole(found: list[Any]) -> bool:
    """Every count is there, of one total, in grades of the scale."""
    known = all(row.numerator is not None and row.label is not None for row in found)
    return known and len({row.denominator for row in found}) == 1


def _of_area(area: str, found: list[Any]) -> CaseFigures:
    total = found[0].denominator or 0
    good = sum(row.numerator for row in found if row.is_good)
    interval = wilson(good, total)
    return CaseFigures(
        area=area,
        good=good,
        cases=total,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        as_at=max(row.as_at for row in found),
        grades=tuple(
            GradeCount(row.label, str(row.place + 1), row.numerator)
            for row in sorted(found, key=lambda row: int(row.place))
        ),
    )
