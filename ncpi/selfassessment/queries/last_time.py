"""The force's last inspection beside this one: what the force said, what its cases showed, what was asked of it."""

from collections import Counter
from dataclasses import dataclass

from ncpi.actions.models import Recommendation
from ncpi.inspections.models import Area, Inspection
from ncpi.selfassessment.case_figures import CaseFigures, GradeCount
from ncpi.selfassessment.queries.carrying import Earlier, Source, source_of
from ncpi.selfassessment.queries.claims import case_figures


@dataclass(frozen=True)
class LastTime:
    """What the last inspection holds on one area. Under another line of programme its grades stand in words only."""

    source: Source
    area: Area | None
    cases: CaseFigures | None
    asked: tuple[Recommendation, ...]

    @property
    def inspection(self) -> Inspection:
        return self.source.inspection

    @property
    def grades(self) -> tuple[GradeCount, ...]:
        """How often the force gave each grade in this area, the best first."""
        said = [row.grade for row in self.source.criteria.values() if row.judgement.criterion.area == self.area]
        counts = Counter(said)
        return tuple(
            GradeCount(grade.label, self.place_of(grade.label), counts[grade.label])
            for grade in sorted(self.source.grades.values(), key=lambda grade: (grade.order, grade.pk))
            if counts[grade.label]
        )

    def place_of(self, label: str) -> str:
        """Return the place on the scale by which a grade is drawn, where both scales are the same."""
        known = self.source.grades.get(label) if self.source.carries_grades else None
        return str(known.order + 1) if known else "none"

    def said_of(self, key: str) -> Earlier | None:
        return self.source.criteria.get(self.source.match(key))


def last_time(inspection: Inspection, area: Area) -> LastTime | None:
    """Return what the last inspection holds on an area, in seven queries, or nothing where there was none.

    What was asked is what reports about the force itself asked; findings about others, tracked to learn from, are not.
    Within a line of programme an area is known again by its key, in another line by its title.
    """
    source = source_of(inspection)
    if source is None:
        return None
    same = {"key": area.key} if source.is_same_line else {"title__iexact": area.title}
    there = Area.objects.filter(programme=source.inspection.programme_id, **same).first()
    if there is None:
        return LastTime(source, None, None, ())
    about = inspection.force.name
    asked = Recommendation.objects.filter(inspection=source.inspection, area=there, report__about=about)
    figures = case_figures(source.inspection)
    return LastTime(source, there, figures.get(there.key), tuple(asked.order_by("report__title", "number", "pk")))
