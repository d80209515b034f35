"""What was signed, and what each signature is worth now."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, QuerySet

from ncpi.inspections.models import Area, Inspection
from ncpi.selfassessment.models import EvidenceFile, Signature
from ncpi.selfassessment.queries.whole import Return
from ncpi.selfassessment.signing import Status, status_of


@dataclass(frozen=True)
class Standing:
    """The newest word on a scope: its signature, if any, and what that is worth now."""

    signature: Signature | None
    status: Status


UNSIGNED = Standing(None, Status.UNSIGNED)


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
