"""Where what is claimed and what supports it do not meet. Every rule is named, and says why it speaks.

The inspectorate gives more weight to the child's experience than to policy and process (HMICFRS, National Child
Protection Inspection assessment criteria 2020, "overall assessment"); the rules on kinds and voice follow from that.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ncpi.selfassessment.case_figures import FEWEST_CASES, CaseFigures

POLICY = "policy"
VOICE = "voice"
# Less of the period than this is too little to speak for it.
LEAST_SHARE = 0.5


@dataclass(frozen=True)
class Support:
    """One piece of evidence as it bears on one criterion."""

    kind: str
    kind_label: str
    period_from_date: date
    period_to_date: date
    review_date: date | None = None


@dataclass(frozen=True)
class Claim:
    """What is said of one criterion, what supports it and what speaks against it."""

    key: str
    title: str
    area: str
    grade: str
    is_good_side: bool
    support: tuple[Support, ...] = ()
    open_actions: int = 0
    open_recommendations: int = 0
    carried_from: str = ""
    cases: CaseFigures | None = None


@dataclass(frozen=True)
class Dates:
    """The period that the inspectors look at, and the day on which they start."""

    evidence_from_date: date
    evidence_to_date: date
    fieldwork_start_date: date


@dataclass(frozen=True)
class Gap:
    """One reason, with its weight: 3 is nothing to show, 1 is worth a look."""

    rule: str
    weight: int
    reason: str


@dataclass(frozen=True)
class Weakness:
    """A claim and its gaps. The higher the claim and the weaker its support, the higher the rank."""

    claim: Claim
    gaps: tuple[Gap, ...]

    @property
    def is_serious(self) -> bool:
        """More than a gap that is merely worth a look."""
        return any(gap.weight > 1 for gap in self.gaps)

    @property
    def rank(self) -> int:
        return sum(gap.weight for gap in self.gaps) * (2 if self.claim.is_good_side else 1)


RULES_IN_WORDS = {
    "carried_over": "Carried over from an earlier inspection, and nobody has changed or confirmed it.",
    "no_evidence": "Graded, and no evidence is linked.",
    "outside_period": "No evidence speaks for any day of the inspection's evidence period.",
    "half_covered": "The evidence speaks for less than half of the inspection's evidence period.",
    "stale_by_fieldwork": "Evidence is due for review before fieldwork starts.",
    "one_kind": "All evidence is of one kind. A policy says what should happen, not what did.",
    "no_voice": "No evidence carries the voice of a child.",
    "open_against": "Claimed on the good side of the scale while something asked or undertaken is still open.",
    "cases_otherwise": (
        "Claimed on the good side of the scale while fewer than half of the audited cases that speak for the area are; "
        f"counted from {FEWEST_CASES} graded cases on."
    ),
}
RULES_IN_BRIEF = {
    "carried_over": "Carried over",
    "no_evidence": "No evidence",
    "outside_period": "Evidence outside the period",
    "half_covered": "Half the period not covered",
    "stale_by_fieldwork": "Review due before fieldwork",
    "one_kind": "One kind of evidence",
    "no_voice": "No child's voice",
    "open_against": "Open actions or recommendations",
    "cases_otherwise": "Cases say otherwise",
}
ACTS = {
    "carried_over": "Say whether it still holds, and save",
    "no_evidence": "Find evidence for",
    "outside_period": "Find evidence of the inspection's period for",
    "half_covered": "Cover the whole evidence period for",
    "stale_by_fieldwork": "Renew the evidence before fieldwork for",
    "one_kind": "Add another kind of evidence to",
    "no_voice": "Add the voice of children to",
    "open_against": "Finish what is open against",
    "cases_otherwise": "Answer what the audited cases say about",
}
LEAST_NOTICE = timedelta(days=7)


def act_by(*, on: date, fieldwork_start_date: date) -> date:
    """Return when a gap's action is due: the last working day before fieldwork, or in a week where that is past."""
    last = fieldwork_start_date - timedelta(days=1)
    while last.weekday() > 4:
        last -= timedelta(days=1)
    return last if last > on else on + LEAST_NOTICE


def weaknesses(claims: Iterable[Claim], dates: Dates) -> list[Weakness]:
    """Return the claims that have gaps, the strongest claim with the weakest support first."""
    found = [Weakness(claim, gaps) for claim in claims if (gaps := gaps_of(claim, dates))]
    return sorted(found, key=lambda weakness: (-weakness.rank, weakness.claim.key))


def gaps_of(claim: Claim, dates: Dates) -> tuple[Gap, ...]:
    """Return the gaps of one claim, gravest first; one without a grade can only be carried over."""
    found = [gap for rule in (_RULES if claim.grade else (_carried_over,)) if (gap := rule(claim, dates)) is not None]
    return tuple(sorted(found, key=lambda gap: -gap.weight))


def covered_days(support: Iterable[Support], dates: Dates) -> int:
    """Count the days of the evidence period that at least one piece speaks for."""
    count, reached = 0, dates.evidence_from_date - timedelta(days=1)
    for piece in sorted(support, key=lambda piece: piece.period_from_date):
        start = max(piece.period_from_date, reached + timedelta(days=1))
        end = min(piece.period_to_date, dates.evidence_to_date)
        if end >= start:
            count += (end - start).days + 1
            reached = end
    return count


def _carried_over(claim: Claim, dates: Dates) -> Gap | None:
    if not claim.carried_from:
        return None
    return Gap("carried_over", 2, f"Carried over from {claim.carried_from}. Nobody has changed or confirmed it.")


def _no_evidence(claim: Claim, dates: Dates) -> Gap | None:
    if claim.support:
        return None
    return Gap("no_evidence", 3, f"Graded {claim.grade.lower()}, and no evidence is linked.")


def _period(claim: Claim, dates: Dates) -> Gap | None:
    if not claim.support:
        return None
    days, of = covered_days(claim.support, dates), (dates.evidence_to_date - dates.evidence_from_date).days + 1
    if days == 0:
        return Gap("outside_period", 3, f"Nothing linked speaks for the evidence period ({of} days).")
    if days < LEAST_SHARE * of:
        return Gap("half_covered", 1, f"The evidence speaks for {days} of the {of} days of the evidence period.")
    return None


def _stale_by_fieldwork(claim: Claim, dates: Dates) -> Gap | None:
    due = [row for row in claim.support if row.review_date and row.review_date < dates.fieldwork_start_date]
    if not due:
        return None
    pieces = "1 piece of evidence is" if len(due) == 1 else f"{len(due)} pieces of evidence are"
    return Gap("stale_by_fieldwork", 1, f"{pieces} due for review before fieldwork starts.")


def _one_kind(claim: Claim, dates: Dates) -> Gap | None:
    kinds = {row.kind: row.kind_label for row in claim.support}
    if len(kinds) != 1:
        return None
    if POLICY in kinds:
        return Gap("one_kind", 2, "Only policy is linked. It says what should happen, not what did.")
    return Gap("one_kind", 1, f"All evidence is of one kind: {kinds.popitem()[1].lower()}.")


def _no_voice(claim: Claim, dates: Dates) -> Gap | None:
    if not claim.support or any(row.kind == VOICE for row in claim.support):
        return None
    return Gap("no_voice", 1, "No evidence carries the voice of a child.")


def _open_against(claim: Claim, dates: Dates) -> Gap | None:
    if not claim.is_good_side or not (claim.open_actions or claim.open_recommendations):
        return None
    counts = [(claim.open_actions, "action"), (claim.open_recommendations, "recommendation")]
    words = " and ".join(f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counts if count)
    are = "is" if claim.open_actions + claim.open_recommendations == 1 else "are"
    return Gap("open_against", 2, f"Claimed {claim.grade.lower()} while {words} on it or its area {are} still open.")


def _cases_otherwise(claim: Claim, dates: Dates) -> Gap | None:
    if not claim.is_good_side or claim.cases is None or not claim.cases.says_otherwise:
        return None
    counted = f"{claim.cases.in_words} of the audited cases for this area"
    return Gap(
        "cases_otherwise", 3, f"Claimed {claim.grade.lower()} while {counted} are on the good side of the scale."
    )


_RULES: tuple[Callable[[Claim, Dates], Gap | None], ...] = (
    _carried_over,
    _no_evidence,
    _period,
    _stale_by_fieldwork,
    _one_kind,
    _no_voice,
    _open_against,
    _cases_otherwise,
)
