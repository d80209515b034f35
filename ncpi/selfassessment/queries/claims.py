"""What stands beside a claim: the published case figures, and the actions that its gaps were turned into."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils.module_loading import import_string

from ncpi.actions.models import Action, Recommendation
from ncpi.inspections.models import Inspection
from ncpi.selfassessment.case_figures import Figures
from ncpi.selfassessment.evidence_gaps import Dates, Gap, Weakness


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
