"""The whole return as it stands: its areas, its state to sign, its signatures, its gaps."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from ncpi.actions.models import Action
from ncpi.inspections.models import Area, Grade, Inspection
from ncpi.selfassessment import canonical
from ncpi.selfassessment.case_figures import CaseFigures, Figures
from ncpi.selfassessment.evidence_gaps import Claim, Support, Weakness, weaknesses
from ncpi.selfassessment.models import (
    Evidence,
    EvidenceFile,
    EvidenceKind,
    EvidenceLink,
    Judgement,
    JudgementState,
    ReviewStep,
    Signature,
    Step,
)
from ncpi.selfassessment.queries.claims import (
    WeakLine,
    case_figures,
    dates_of,
    gap_lines,
    open_against,
    open_recommendations,
    with_gap_rule,
)
from ncpi.selfassessment.signing import Status, status_of


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


@dataclass(frozen=True)
class Standing:
    """The newest word on a scope: its signature, if any, and what that is worth now."""

    signature: Signature | None
    status: Status


UNSIGNED = Standing(None, Status.UNSIGNED)


class Return:
    """A whole self-assessment as it stands, from which scopes and digests are made."""

    def __init__(
        self,
        inspection: Inspection,
        judgements: list[Judgement],
        links: Mapping[int, list[Any]],
        actions: Mapping[tuple[int, int | None], list[Action]],
    ) -> None:
        self.inspection = inspection
        self.judgements = judgements
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
        return canonical.CriterionState(
            key=row.criterion.key,
            title=row.criterion.title,
            grade=row.grade.label if row.grade else "",
            **{name: getattr(row, name) for name in canonical.TEXTS},
            evidence=tuple(_evidence(link) for link in self.links[row.pk]),
            actions=tuple(
                canonical.ActionState(action.pk, action.title, action.due_date)
                for action in self.actions[row.criterion_id]
            ),
        )


def returns(inspections: Iterable[Inspection], *, area: Area | None = None) -> list[Return]:
    """Read the self-assessments of these inspections, or one area of them, in three queries."""
    wanted = list(inspections)
    rows = Judgement.objects.filter(inspection__in=wanted).select_related(
        "criterion__area", "grade", "lead", "reviewer", "carried_from__inspection"
    )
    links = EvidenceLink.objects.standing().filter(judgement__inspection__in=wanted)
    actions = with_gap_rule(Action.objects.open().filter(inspection__in=wanted, criterion__isnull=False))
    if area is not None:
        rows = rows.filter(criterion__area=area).annotate(last_reason=_last_reason())
        links = links.filter(judgement__criterion__area=area)
        actions = actions.filter(criterion__area=area)
    by_inspection = _grouped(rows.in_order(), lambda row: row.inspection_id)
    by_judgement = _grouped(
        links.select_related("evidence").with_newest_file().order_by("evidence_id", "pk"), lambda row: row.judgement_id
    )
    by_criterion = _grouped(actions.order_by("pk"), lambda row: (row.inspection_id, row.criterion_id))
    return [Return(row, by_inspection.get(row.pk, []), by_judgement, by_criterion) for row in wanted]


def whole_return(inspection: Inspection, *, area: Area | None = None) -> Return:
    """Read one self-assessment, or one area of it, in three queries."""
    return returns([inspection], area=area)[0]


def scope_to_sign(inspection: Inspection, area: Area | None) -> Scope:
    """Return the state of an area or of the whole return, with its digest, as it is in the database now."""
    return whole_return(inspection, area=area).scope(area)


def standings(wholes: Iterable[Return]) -> dict[tuple[int, int | None], Standing]:
    """Return what each scope's standing signature is worth now, by inspection and area, in one query.

    The area of the whole return is None.
    """
    by_inspection = {whole.inspection.pk: whole for whole in wholes}
    rows = Signature.objects.standing().filter(inspection__in=by_inspection).select_related("area", "signed_by")
    return {
        (row.inspection_id, row.area_id): Standing(
            row, status_now(row, by_inspection[row.inspection_id].scope(row.area).digest)
        )
        for row in rows.defer("signed_state").order_by("signed_at", "pk")
    }


def standing_signatures(inspection: Inspection) -> QuerySet[Signature]:
    """Return the signatures that stand, the whole return's first."""
    rows = Signature.objects.standing().filter(inspection=inspection).select_related("area", "signed_by")
    return rows.defer("signed_state").order_by(F("area__order").asc(nulls_first=True), "pk")


def last_signature(inspection: Inspection, area: Area | None) -> Signature | None:
    """Return the scope's newest signature that nobody withdrew."""
    rows = Signature.objects.filter(inspection=inspection, area=area, withdrawn_at=None).select_related("signed_by")
    return rows.order_by("-signed_at", "-pk").first()


def files_signed(signature: Signature) -> dict[str, EvidenceFile]:
    """Return the files that a signature names, by evidence number and SHA-256 as its state writes them."""
    named = {
        f"{number} {row['file']}"
        for criterion in json.loads(signature.signed_state)["criteria"].values()
        for number, row in criterion["evidence"].items()
        if row["file"]
    }
    rows = EvidenceFile.objects.filter(evidence__inspection=signature.inspection_id).order_by("number", "pk")
    return {key: row for row in rows if (key := f"{row.evidence_id} {row.sha256}") in named}


def status_now(signature: Signature, current_digest: str) -> Status:
    return status_of(
        is_withdrawn=signature.withdrawn_at is not None,
        is_superseded=signature.superseded_by_id is not None,
        signed_digest=signature.digest,
        current_digest=current_digest,
    )


@dataclass(frozen=True)
class Segment:
    """One grade's part of a bar: where it starts and how wide it is, in hundredths; `place` 1 is the best."""

    label: str
    place: str
    count: int
    start: float
    width: float


@dataclass(frozen=True)
class AreaLine:
    """One area on the overview."""

    area: Area
    judgements: tuple[Judgement, ...]
    standing: Standing
    spread: tuple[Segment, ...]
    states: tuple[tuple[str, str, int], ...]
    weak: int
    mine: int
    next_due_date: date | None

    @property
    def agreed(self) -> int:
        return sum(row.state == JudgementState.AGREED for row in self.judgements)

    @property
    def carried(self) -> int:
        return sum(row.carried_from_id is not None for row in self.judgements)


@dataclass(frozen=True)
class Overview:
    lines: tuple[AreaLine, ...]
    whole: Standing
    states: tuple[tuple[str, str, int], ...]
    spread: tuple[Segment, ...]
    total: int
    weak: int
    evidence: int

    @property
    def agreed(self) -> int:
        return sum(count for key, _, count in self.states if key == JudgementState.AGREED)

    @property
    def is_any_not_started(self) -> bool:
        return any(key == JudgementState.NOT_STARTED for key, _, _ in self.states)

    @property
    def is_all_agreed(self) -> bool:
        return bool(self.total) and all(key == JudgementState.AGREED for key, _, _ in self.states)


def overview(inspection: Inspection, *, user: Any) -> Overview:
    """Return every area with its grades, states, signature and gaps."""
    whole = whole_return(inspection)
    standing = standings([whole])
    weak = Counter(row.claim.key for row in _weaknesses(whole) if row.is_serious)
    grades = sorted({row.grade for row in whole.judgements if row.grade}, key=lambda grade: (grade.order, grade.pk))
    lines = []
    for area in whole.areas():
        rows = whole.of_area(area)
        mine = [row for row in rows if user.pk in (row.lead_id, row.reviewer_id)]
        due = [row.due_date for row in rows if row.due_date and row.state != JudgementState.AGREED]
        lines.append(
            AreaLine(
                area=area,
                judgements=tuple(rows),
                standing=standing.get((inspection.pk, area.pk), UNSIGNED),
                spread=_spread(rows, grades),
                states=_states(rows),
                weak=sum(weak[row.criterion.key] for row in rows),
                mine=len(mine),
                next_due_date=min(due, default=None),
            )
        )
    return Overview(
        lines=tuple(lines),
        whole=standing.get((inspection.pk, None), UNSIGNED),
        states=_states(whole.judgements),
        spread=_spread(whole.judgements, grades),
        total=len(whole.judgements),
        weak=sum(weak.values()),
        evidence=Evidence.objects.in_use().filter(inspection=inspection).count(),
    )


@dataclass(frozen=True)
class CriterionLine:
    """One criterion on its area's page."""

    judgement: Judgement
    evidence: int
    gaps: tuple[Any, ...]
    returned_because: str


def area_lines(inspection: Inspection, area: Area) -> tuple[list[CriterionLine], Standing, Scope, CaseFigures | None]:
    """Return an area's criteria with evidence, gaps and why they came back; its signature; its published cases."""
    whole = whole_return(inspection, area=area)
    gaps = {row.claim.key: row.gaps for row in _weaknesses(whole)}
    lines = [
        CriterionLine(row, len(whole.links[row.pk]), gaps.get(row.criterion.key, ()), _reason(row))
        for row in whole.judgements
    ]
    scope = whole.scope(area)
    signature = (
        Signature.objects.standing().filter(inspection=inspection, area=area).select_related("signed_by").first()
    )
    standing = Standing(signature, status_now(signature, scope.digest)) if signature else UNSIGNED
    return lines, standing, scope, whole.figures.get(area.key)


def gaps(inspection: Inspection) -> list[WeakLine]:
    """Return the graded criteria with gaps, the strongest claim with the weakest support first."""
    whole = whole_return(inspection)
    actions = {row.criterion.key: whole.actions[row.criterion_id] for row in whole.judgements}
    return [WeakLine(row, gap_lines(row.gaps, actions[row.claim.key])) for row in _weaknesses(whole)]


def _grouped(rows: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _weaknesses(whole: Return) -> list[Weakness]:
    counts = open_recommendations(whole.inspection).values_list("area").annotate(Count("pk")).order_by()
    recommendations = dict(counts)
    claims = [whole.claim(row, recommendations) for row in whole.judgements]
    return weaknesses(claims, dates_of(whole.inspection))


def _last_reason() -> Subquery:
    steps = ReviewStep.objects.filter(judgement=OuterRef("pk"), step=Step.RETURNED)
    return Subquery(steps.order_by("-at", "-pk").values("text")[:1])


def _reason(row: Any) -> str:
    return row.last_reason or "" if row.state == JudgementState.RETURNED else ""


def _states(rows: Iterable[Judgement]) -> tuple[tuple[str, str, int], ...]:
    counts = Counter(row.state for row in rows)
    return tuple((state.value, state.label, counts[state]) for state in JudgementState if counts[state])


def _spread(rows: list[Judgement], grades: list[Grade]) -> tuple[Segment, ...]:
    counts = Counter(row.grade_id for row in rows)
    found, start = [], 0.0
    places = [(grade.label, str(grade.order + 1), counts[grade.pk]) for grade in grades]
    for label, place, count in [*places, ("Not graded", "none", counts[None])]:
        if count:
            width = 100 * count / len(rows)
            found.append(Segment(label, place, count, round(start, 2), round(width, 2)))
            start += width
    return tuple(found)


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
    evidence = link.evidence
    return canonical.EvidenceState(
        number=evidence.pk,
        shows=link.shows,
        title=evidence.title,
        kind=evidence.get_kind_display(),
        period_from_date=evidence.period_from_date,
        period_to_date=evidence.period_to_date,
        marking=evidence.get_marking_display(),
        link=evidence.link,
        file=link.newest_sha256 or "",
    )
