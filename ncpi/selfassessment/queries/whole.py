"""The whole return as it stands: its areas, its state to sign, its signatures, its gaps."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from ncpi.actions.models import Action
from ncpi.inspections.models import Area, Inspection
from ncpi.lib.prepared import OfEach, Parameter, Prepared
from ncpi.selfassessment import canonical
from ncpi.selfassessment.case_figures import Figures
from ncpi.selfassessment.evidence_gaps import Claim, Support
from ncpi.selfassessment.models import (
    EvidenceKind,
    EvidenceLink,
    Judgement,
    JudgementState,
    ReviewStep,
    Step,
)
from ncpi.selfassessment.queries.claims import (
    case_figures,
    open_against,
    with_gap_rule,
)
from ncpi.selfassessment.queries.evidence import evidence_in_use, links_with
from ncpi.selfassessment.queries.states import criterion_state, evidence_state


@dataclass(frozen=True)
class Scope:
    """What a signature would be over: one area, or without an area the whole return."""

    area: Area | None
    text: str
    digest: str
    judgements: tuple[Judgement, ...]

    @property
    def is_all_agreed(self) -> bool:
        return bool(self.judgements) and all(row.state == JudgementState.AGREED for row in self.judgements)

    @property
    def not_agreed(self) -> list[Judgement]:
        return [row for row in self.judgements if row.state != JudgementState.AGREED]


class Return:
    """A whole self-assessment as it stands, from which scopes and digests are made."""

    def __init__(
        self,
        inspection: Inspection,
        judgements: list[Judgement],
        links: Mapping[int, list[Any]],
        actions: Mapping[tuple[int, int | None], list[Action]],
        *,
        pieces: int = 0,
    ) -> None:
        self.inspection = inspection
        self.judgements = judgements
        self.pieces = pieces
        self.links = {row.pk: links.get(row.pk, []) for row in judgements}
        self.actions = {row.criterion_id: actions.get((inspection.pk, row.criterion_id), []) for row in judgements}

    @cached_property
    def figures(self) -> Figures:
        """What the case audits published, by area."""
        return case_figures(self.inspection)

    def areas(self) -> list[Area]:
        return list({row.criterion.area_id: row.criterion.area for row in self.judgements}.values())

    def of_area(self, area: Area) -> list[Judgement]:
        return [row for row in self.judgements if row.criterion.area_id == area.pk]

    def scope(self, area: Area | None) -> Scope:
        rows = self.judgements if area is None else self.of_area(area)
        form = canonical.return_form(
            inspection=self.inspection.ref,
            programme=f"{self.inspection.programme.key}/{self.inspection.programme.edition}",
            scope=area.key if area else "",
            criteria=[self._state(row) for row in rows],
        )
        text = canonical.canonical_text(form)
        return Scope(area=area, text=text, digest=canonical.digest_of(text), judgements=tuple(rows))

    def claim(self, row: Judgement, recommendations: Mapping[int | None, int]) -> Claim:
        area = row.criterion.area
        return Claim(
            key=row.criterion.key,
            title=row.criterion.title,
            area=area.title,
            grade=row.grade.label if row.grade else "",
            is_good_side=bool(row.grade and row.grade.is_good_side),
            support=tuple(support_of(link) for link in self.links[row.pk]),
            open_actions=open_against(self.actions[row.criterion_id]),
            open_recommendations=recommendations.get(area.pk, 0),
            carried_from=row.carried_from.inspection.name if row.carried_from else "",
            cases=self.figures.get(area.key),
        )

    def _state(self, row: Judgement) -> canonical.CriterionState:
        actions = [
            canonical.ActionState(action.pk, action.title, action.due_date) for action in self.actions[row.criterion_id]
        ]
        return criterion_state(row, map(_evidence, self.links[row.pk]), actions)


def _judgements() -> QuerySet[Any]:
    rows = Judgement.objects.select_related("criterion__area", "grade", "lead", "reviewer", "carried_from__inspection")
    return rows.in_order()


def _actions() -> QuerySet[Action]:
    return with_gap_rule(Action.objects.open().filter(criterion__isnull=False)).order_by("pk")


def _links() -> QuerySet[EvidenceLink]:
    rows = EvidenceLink.objects.standing().select_related("evidence").with_newest_file()
    return rows.order_by("evidence_id", "pk")


_JUDGEMENTS = OfEach("inspection", _judgements)
_ACTIONS = OfEach("inspection", _actions)
# Of one area: its links are few, so that one query will do, whatever its plan.
_HERE = {"inspection": Parameter("inspection"), "criterion__area": Parameter("area")}
_JUDGEMENTS_OF_AREA = Prepared(lambda: _judgements().filter(**_HERE).annotate(last_reason=_last_reason()))
_ACTIONS_OF_AREA = Prepared(lambda: _actions().filter(**_HERE))
_LINKS_OF_AREA = Prepared(lambda: _links().filter(**{f"judgement__{name}": given for name, given in _HERE.items()}))


def returns(inspections: Iterable[Inspection]) -> list[Return]:
    """Read the self-assessments of these inspections in four queries."""
    wanted = list(inspections)
    pieces = evidence_in_use(wanted)
    counts = Counter(piece.inspection_id for piece in pieces.values())
    by_inspection = _grouped(_JUDGEMENTS.rows(wanted), lambda row: row.inspection_id)
    by_judgement = _grouped(links_with(pieces, wanted), lambda row: row.judgement_id)
    by_criterion = _grouped(_ACTIONS.rows(wanted), _criterion)
    return [
        Return(row, by_inspection.get(row.pk, []), by_judgement, by_criterion, pieces=counts[row.pk]) for row in wanted
    ]


def whole_return(inspection: Inspection, *, area: Area | None = None) -> Return:
    """Read one self-assessment in four queries, or one area of it in three."""
    if area is None:
        return returns([inspection])[0]
    here = {"inspection": inspection.pk, "area": area.pk}
    return Return(
        inspection,
        _JUDGEMENTS_OF_AREA.rows(**here),
        _grouped(_LINKS_OF_AREA.rows(**here), lambda row: row.judgement_id),
        _grouped(_ACTIONS_OF_AREA.rows(**here), _criterion),
    )


def scope_to_sign(inspection: Inspection, area: Area | None) -> Scope:
    """Return the state of an area or of the whole return, with its digest, as it is in the database now."""
    return whole_return(inspection, area=area).scope(area)


def _criterion(row: Action) -> tuple[int, int | None]:
    return row.inspection_id, row.criterion_id


def _grouped(rows: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _last_reason() -> Subquery:
    steps = ReviewStep.objects.filter(judgement=OuterRef("pk"), step=Step.RETURNED)
    return Subquery(steps.order_by("-at", "-pk").values("text")[:1])


def support_of(link: Any) -> Support:
    evidence = link.evidence
    return Support(
        kind=evidence.kind,
        kind_label=EvidenceKind(evidence.kind).label,
        period_from_date=evidence.period_from_date,
        period_to_date=evidence.period_to_date,
        review_date=evidence.review_date,
    )


def _evidence(link: Any) -> canonical.EvidenceState:
    sha256 = link.newest_sha256 or ""
    return evidence_state(link.evidence, number=link.evidence_id, shows=link.shows, sha256=sha256)
