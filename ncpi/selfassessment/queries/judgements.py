"""One criterion's judgement: what stands beside it, and how it came to say what it says."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from ncpi.accounts.models import Draft
from ncpi.actions.models import Action, Recommendation
from ncpi.inspections.models import Criterion
from ncpi.selfassessment import canonical
from ncpi.selfassessment.case_figures import CaseFigures
from ncpi.selfassessment.evidence_gaps import Claim, Gap, gaps_of
from ncpi.selfassessment.models import EvidenceLink, Judgement, ReviewStep
from ncpi.selfassessment.queries.claims import (
    case_figures,
    dates_of,
    gap_lines,
    open_against,
    open_recommendations,
    with_gap_rule,
)
from ncpi.selfassessment.queries.whole import support_of

VERSIONS: Any = Judgement.pgh_event_model  # type: ignore[attr-defined]
MATERIAL_FIELDS = ("grade_id", *canonical.TEXTS)


def beside(judgement: Judgement) -> dict[str, Any]:
    """Return what the criterion's page shows beside the judgement."""
    links, actions = list(standing_links(judgement)), list(open_actions(judgement))
    asked = list(asked_in_area(judgement))
    cases = case_figures(judgement.inspection).get(judgement.criterion.area.key)
    gaps = gaps_of_one(judgement, links, open_against(actions), len(asked), cases)
    before, after = neighbours(judgement)
    return {
        "links": links,
        "actions": actions,
        "recommendations": asked,
        "cases": cases,
        "gaps": gap_lines(gaps, actions),
        "steps": steps(judgement),
        "before": before,
        "after": after,
    }


def open_actions(judgement: Judgement) -> QuerySet[Action]:
    rows = Action.objects.open().filter(inspection=judgement.inspection_id, criterion=judgement.criterion_id)
    return with_gap_rule(rows).order_by("due_date", "pk")


def asked_in_area(judgement: Judgement) -> QuerySet[Recommendation]:
    """Return what others asked of the force in this area and is still open."""
    rows = open_recommendations(judgement.inspection).filter(area=judgement.criterion.area_id)
    return rows.order_by("due_date", "number", "pk")


def gap_of(judgement: Judgement, rule: str) -> tuple[Gap | None, Action | None]:
    """Return the gap that this rule finds now, and the open action that it was turned into; each may be nothing."""
    links, actions = list(standing_links(judgement)), list(open_actions(judgement))
    cases = case_figures(judgement.inspection).get(judgement.criterion.area.key)
    gaps = gaps_of_one(judgement, links, open_against(actions), asked_in_area(judgement).count(), cases)
    action = next((row for row in actions if row.gap_rule == rule), None)  # type: ignore[attr-defined]
    return next((gap for gap in gaps if gap.rule == rule), None), action


def standing_links(judgement: Judgement) -> QuerySet[EvidenceLink]:
    """Return the evidence that supports a judgement, with its newest files."""
    rows = EvidenceLink.objects.standing().filter(judgement=judgement).select_related("evidence")
    return rows.with_newest_file().order_by("evidence__period_to_date", "pk")


def steps(judgement: Judgement) -> QuerySet[ReviewStep]:
    return judgement.steps.select_related("by").order_by("-at", "-pk")


def drafts(judgement: Judgement) -> list[Draft]:
    """Return what people have typed here and not saved, the latest first."""
    rows = Draft.objects.filter(form=judgement.draft_form).select_related("user")
    return list(rows.order_by("-updated_at", "-pk"))


def gaps_of_one(
    judgement: Judgement,
    links: Iterable[Any],
    open_actions: int,
    open_recommendations: int,
    cases: CaseFigures | None,
) -> tuple[Gap, ...]:
    """Return the gaps of one judgement from rows already read."""
    claim = Claim(
        key=judgement.criterion.key,
        title=judgement.criterion.title,
        area=judgement.criterion.area.title,
        grade=judgement.grade.label if judgement.grade else "",
        is_good_side=bool(judgement.grade and judgement.grade.is_good_side),
        support=tuple(support_of(link) for link in links),
        open_actions=open_actions,
        open_recommendations=open_recommendations,
        carried_from=judgement.carried_from.inspection.name if judgement.carried_from else "",
        cases=cases,
    )
    return gaps_of(claim, dates_of(judgement.inspection))


def neighbours(judgement: Judgement) -> tuple[str, str]:
    """Return the keys of the criteria before and after this one in the programme's order; empty at the ends."""
    rows = Criterion.objects.filter(area__programme=judgement.inspection.programme_id)
    keys = list(rows.order_by("area__order", "order", "pk").values_list("key", flat=True))
    at = keys.index(judgement.criterion.key)
    return (keys[at - 1] if at else "", keys[at + 1] if at + 1 < len(keys) else "")


def as_seen(judgement: Judgement, *, version: int) -> Any:
    """Return the judgement's row as it was at a version, or nothing."""
    return VERSIONS.objects.filter(pgh_obj=judgement, version=version).order_by("pgh_id").first()


def says_the_same_since(judgement: Judgement, *, version: int) -> bool:
    """Say whether grade, texts and state are still what they were at the version seen."""
    seen = as_seen(judgement, version=version)
    names = (*MATERIAL_FIELDS, "state")
    return seen is not None and all(getattr(seen, name) == getattr(judgement, name) for name in names)
