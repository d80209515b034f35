"""Handing the whole self-assessment to the inspectors: a numbered return that nothing changes any more."""

from datetime import datetime
from typing import Any

from django.db import transaction

from ncpi.accounts import journal
from ncpi.inspections.marks import mark_changed
from ncpi.inspections.models import Inspection
from ncpi.inspections.operations import refuse_closed
from ncpi.selfassessment import queries
from ncpi.selfassessment.models import Signature
from ncpi.selfassessment.operations import ChangedWhileOpen
from ncpi.selfassessment.return_models import SubmittedEvidence, SubmittedReturn
from ncpi.selfassessment.signing import Status


class NotSigned(Exception):
    """No valid signature over the whole return stands."""


class SubmittedAlready(Exception):
    """Nothing has changed since the last return."""


@transaction.atomic
def submit_return(*, by: Any, inspection: Inspection, shown_digest: str, at: datetime) -> SubmittedReturn:
    """Freeze the whole return under the next number, with the very file versions that it names.

    Two at once: the lock on the inspection, which signing takes too, lets one after the other, and the second finds
    the first one's number taken and its state submitted. What is frozen has the digest of the standing signature, so
    an edit that arrives between two reads cannot slip in.
    """
    refuse_closed(inspection)
    Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk)
    found = queries.next_return(inspection)
    if found.scope.digest != shown_digest:
        raise ChangedWhileOpen("Something changed while this page was open. Nothing was submitted.")
    if found.is_as_before:
        assert found.former is not None
        raise SubmittedAlready(f"Nothing has changed since return {found.former.number} was submitted.")
    if found.signature is None or found.status != Status.VALID or not _still_stands(found.signature):
        raise NotSigned("A chief officer must sign the whole return, as it is now, before it can be submitted.")
    submitted = SubmittedReturn.objects.create(
        inspection=inspection,
        number=found.former.number + 1 if found.former else 1,
        state=found.scope.text,
        digest=found.scope.digest,
        changes=len(found.differences) if found.former else None,
        signature=found.signature,
        submitted_by=by,
        submitted_at=at,
    )
    SubmittedEvidence.objects.bulk_create(
        [SubmittedEvidence(submitted=submitted, link_id=link, file_id=file) for link, file in found.evidence]
    )
    detail = f"return {submitted.number} {submitted.digest}"
    journal.record(by=by, verb="submitted", subject=submitted, force=inspection.force, detail=detail)
    mark_changed(inspection_id=inspection.pk, at=at)
    return submitted


def _still_stands(signature: Signature) -> bool:
    """Hold the signature until the return is there, so that nobody withdraws it in between."""
    rows = Signature.objects.standing().filter(pk=signature.pk).select_for_update(no_key=True)
    return bool(rows.values_list("pk", flat=True))
