"""The programme's criteria with the sessions that speak to each."""

from collections import defaultdict
from dataclasses import dataclass

from ncpi.fieldwork.coverage import Speaks, spoken_to
from ncpi.fieldwork.models import Session, SessionState
from ncpi.fieldwork.queries import published_of
from ncpi.inspections.models import Area, Criterion, Inspection


@dataclass(frozen=True)
class SpokenTo:
    """One session that speaks to a criterion; `is_placed` in the published timetable."""

    session: Session
    is_placed: bool


@dataclass(frozen=True)
class CriterionRow:
    criterion: Criterion
    sessions: list[SpokenTo]


@dataclass(frozen=True)
class AreaRow:
    area: Area
    criteria: list[CriterionRow]

    @property
    def uncovered(self) -> int:
        return sum(not one.sessions for one in self.criteria)


@dataclass(frozen=True)
class Coverage:
    areas: list[AreaRow]

    @property
    def total(self) -> int:
        return sum(len(area.criteria) for area in self.areas)

    @property
    def uncovered(self) -> list[CriterionRow]:
        return [one for area in self.areas for one in area.criteria if not one.sessions]

    @property
    def covered(self) -> int:
        return self.total - len(self.uncovered)


def coverage_of(inspection: Inspection) -> Coverage:
    """Return every criterion in the programme's order; cancelled sessions speak to nothing."""
    rows = Criterion.objects.filter(area__programme_id=inspection.programme_id).select_related("area")
    criteria = list(rows.order_by("area__order", "area__pk", "order", "pk"))
    sessions = list(
        Session.objects.filter(inspection=inspection)
        .exclude(state=SessionState.CANCELLED)
        .prefetch_related("areas", "criteria")
        .order_by("reference", "pk")
    )
    found = spoken_to({one.pk: one.area_id for one in criteria}, [_speaks(one) for one in sessions])
    published = published_of(inspection)
    placed = set(published.placements.values_list("session_id", flat=True)) if published else set()
    by_id = {one.pk: SpokenTo(one, one.pk in placed) for one in sessions}
    of_area: dict[int, list[CriterionRow]] = defaultdict(list)
    for one in criteria:
        of_area[one.area_id].append(CriterionRow(one, [by_id[key] for key in found[one.pk]]))
    areas = {one.area_id: one.area for one in criteria}
    return Coverage([AreaRow(area, of_area[key]) for key, area in areas.items()])


def _speaks(session: Session) -> Speaks:
    areas = frozenset(one.pk for one in session.areas.all())
    return Speaks(session.pk, areas, frozenset(one.pk for one in session.criteria.all()))
