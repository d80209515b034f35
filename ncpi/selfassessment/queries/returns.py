"""The numbered returns that the inspectors read, and what the next one would be."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from ncpi.inspections.models import Area, Criterion, Grade, Inspection
from ncpi.selfassessment.models import EvidenceFile, Signature
from ncpi.selfassessment.queries.signatures import status_now
from ncpi.selfassessment.queries.whole import Scope, whole_return
from ncpi.selfassessment.return_models import SubmittedEvidence, SubmittedReturn
from ncpi.selfassessment.signing import Difference, SignedCriterion, Status, differences, read


@dataclass(frozen=True)
class NextReturn:
    """What submitting now would freeze. `evidence` pairs each standing link with the newest file, if it has one."""

    scope: Scope
    signature: Signature | None
    status: Status
    former: SubmittedReturn | None
    evidence: tuple[tuple[int, int | None], ...]

    @property
    def differences(self) -> list[Difference]:
        return differences(self.former.state, self.scope.text) if self.former else []

    @property
    def is_as_before(self) -> bool:
        return self.former is not None and self.former.digest == self.scope.digest

    @property
    def is_ready(self) -> bool:
        return self.status == Status.VALID and not self.is_as_before

    @property
    def files(self) -> int:
        return len({file for _, file in self.evidence if file})


def next_return(inspection: Inspection) -> NextReturn:
    """Return the state that would be submitted now, with the signature over it and the return before it."""
    whole = whole_return(inspection)
    scope = whole.scope(None)
    signature = Signature.objects.standing().filter(inspection=inspection, area=None).first()
    links = [link for row in whole.judgements for link in whole.links[row.pk]]
    return NextReturn(
        scope=scope,
        signature=signature,
        status=status_now(signature, scope.digest) if signature else Status.UNSIGNED,
        former=latest_return(inspection),
        evidence=tuple((link.pk, link.newest_file) for link in links),
    )


def submitted_returns(inspection: Inspection) -> QuerySet[SubmittedReturn]:
    """Return what was submitted, the newest first."""
    rows = SubmittedReturn.objects.filter(inspection=inspection).defer("state", "signature__signed_state")
    return rows.select_related("submitted_by", "signature").order_by("-number", "pk")


def latest_return(inspection: Inspection) -> SubmittedReturn | None:
    return SubmittedReturn.objects.filter(inspection=inspection).order_by("-number", "pk").first()


def return_before(submitted: SubmittedReturn) -> SubmittedReturn | None:
    rows = SubmittedReturn.objects.filter(inspection=submitted.inspection_id, number__lt=submitted.number)
    return rows.order_by("-number", "pk").first()


def submitted_files(submitted: SubmittedReturn) -> dict[str, EvidenceFile]:
    """Return the file versions that a return names, by evidence number and SHA-256 as its state writes them."""
    rows = EvidenceFile.objects.filter(pk__in=SubmittedEvidence.objects.filter(submitted=submitted).values("file"))
    return {f"{row.evidence_id} {row.sha256}": row for row in rows}


@dataclass(frozen=True)
class ReadArea:
    """One area of a frozen state, for reading; `grades` are the criteria's grades on the programme's scale."""

    area: Area
    criteria: tuple[tuple[SignedCriterion, Grade | None], ...]


def by_area(inspection: Inspection, text: str) -> list[ReadArea]:
    """Return a canonical form as a page shows it: area by area in the programme's order, in two queries."""
    found = {row.key: row for row in read(text)}
    grades = {grade.label: grade for grade in Grade.objects.filter(programme=inspection.programme_id)}
    rows = Criterion.objects.filter(area__programme=inspection.programme_id, key__in=found)
    areas: dict[Area, list[tuple[SignedCriterion, Grade | None]]] = {}
    for row in rows.select_related("area").order_by("area__order", "order", "pk"):
        areas.setdefault(row.area, []).append((found[row.key], grades.get(found[row.key].grade)))
    return [ReadArea(area, tuple(criteria)) for area, criteria in areas.items()]


def spread_of(areas: Iterable[ReadArea]) -> list[tuple[str, int]]:
    """Return how often each grade is given, the best first, and what was not graded last."""
    counts: dict[tuple[int, str], int] = {}
    for area in areas:
        for row, grade in area.criteria:
            place = (grade.order if grade else 99, row.grade or "Not graded")
            counts[place] = counts.get(place, 0) + 1
    return [(label, count) for (_, label), count in sorted(counts.items())]


def evidence_named(text: str) -> int:
    """Count the pieces of evidence that a canonical form names, each once."""
    criteria: dict[str, Any] = json.loads(text)["criteria"]
    return len({number for row in criteria.values() for number in row["evidence"]})
