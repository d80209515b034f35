"""What stands beside a claim: the published case figures, and the actions that its gaps were turned into."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, F, QuerySet
from django.utils.module_loading import import_string

from ncpi.actions.models import Action, Recommendation
from ncpi.inspections.models import Area, Inspection
from ncpi.selfassessment.case_figures import Figures, GradeCount
from ncpi.selfassessment.evidence_gaps import Dates, Gap, Weakness
from ncpi.selfassessment.models import Judgement


@dataclass(frozen=True)
class GapLine:
    """One gap, and the open action that it was turned into, if it was."""

    gap: Gap
    action: Action | None


@dataclass(frozen=True)
class WeakLine:
    """A claim with its gaps, on the page of gaps."""

    weakness: Weakness
    gaps: tuple[GapLine, ...]


def case_figures(inspection: Inspection) -> Figures:
    """Return the published case figures by area; the board holds them, and this room is below it."""
    figures: Figures = import_string(settings.CLAIM_FIGURES)(inspection)
    return figures


@dataclass(frozen=True)
class LastTime:
    """What the force said of an area at its inspection before this one: the grades with their counts, best first."""

    name: str
    ref: str
    grades: tuple[GradeCount, ...]


def last_time(inspection: Inspection, area: Area) -> LastTime | None:
    """Return the grades of the last inspection under the same criteria; none are mapped from others."""
    rows = Judgement.objects.filter(
        inspection__force=inspection.force_id,
        inspection__notice_date__lt=inspection.notice_date,
        criterion__area=area,
        grade__isnull=False,
    )
    counts = rows.values_list("inspection__name", "inspection__ref", "grade__label", "grade__order")
    found = list(counts.annotate(Count("pk")).order_by("-inspection__notice_date", "inspection__ref", "grade__order"))
    if not found:
        return None
    name, ref = found[0][:2]
    grades = tuple(GradeCount(label, str(order + 1), count) for _, at, label, order, count in found if at == ref)
    return LastTime(name, ref, grades)


def with_gap_rule(actions: QuerySet[Action]) -> QuerySet[Action]:
    """Annotate the rule of the gap that each action came from, or nothing."""
    return actions.annotate(gap_rule=F("gap__rule"))


def open_against(actions: Iterable[Any]) -> int:
    """Count the actions that speak against a claim; one that closes a gap in its support does not."""
    return sum(action.gap_rule is None for action in actions)


def gap_lines(gaps: Iterable[Gap], actions: Iterable[Any]) -> tuple[GapLine, ...]:
    by_rule = {action.gap_rule: action for action in actions if action.gap_rule}
    return tuple(GapLine(gap, by_rule.get(gap.rule)) for gap in gaps)


def dates_of(inspection: Inspection) -> Dates:
    return Dates(inspection.evidence_from_date, inspection.evidence_to_date, inspection.fieldwork_start_date)


def open_recommendations(inspection: Inspection) -> QuerySet[Recommendation]:
    """Return what others asked of the force and is still open, where it names an area."""
    return Recommendation.objects.open().filter(force=inspection.force_id, area__programme=inspection.programme_id)
