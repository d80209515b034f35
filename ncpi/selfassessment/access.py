"""The way to a judgement, a piece of evidence, a file, a signature.

Who may read drafts (`DRAFT_VIEW`) reaches everything of the inspection. Everybody else with `JUDGEMENT_VIEW` (an
inspector) reaches the returns that were submitted, and the very file versions that they name, and nothing else.
"""

from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from ncpi.accounts.access import ASKER, asked_by, forces_granting, permissions_in
from ncpi.accounts.permissions import Permission
from ncpi.inspections.models import Inspection
from ncpi.lib.prepared import Parameter, Prepared
from ncpi.selfassessment import queries
from ncpi.selfassessment.models import Evidence, EvidenceFile, EvidenceLink, Judgement, Signature
from ncpi.selfassessment.return_models import SubmittedEvidence, SubmittedReturn
from ncpi.selfassessment.thread_models import Thread


def get_judgement(user: Any, ref: str, criterion: str, permission: Permission) -> Judgement:
    """Return the judgement of one criterion, with what its page shows of it."""
    return _visible(permission).one_or_404(**asked_by(user), ref=ref, criterion=criterion)


@cache
def _visible(permission: Permission) -> Prepared[Judgement]:
    def build() -> QuerySet[Judgement]:
        rows = Judgement.objects.visible_to(ASKER, permission)
        rows = rows.filter(inspection__ref=Parameter("ref"), criterion__key=Parameter("criterion")).select_related(
            "inspection__force", "inspection__programme", "criterion__area", "grade", "lead", "reviewer", "saved_by",
            "carried_from__inspection",
        )  # fmt: skip
        return queries.with_open_questions(rows)

    return Prepared(build)


def get_judgement_id(user: Any, ref: str, criterion: str, permission: Permission) -> int:
    """Return the judgement's id in one query, for what happens at every pause in typing."""
    rows = Judgement.objects.visible_to(user, permission).filter(inspection__ref=ref, criterion__key=criterion)
    found = rows.values_list("pk", flat=True).first()
    if found is None:
        raise Http404
    return int(found)


def get_evidence(user: Any, ref: str, pk: int, permission: Permission) -> Evidence:
    rows = Evidence.objects.filter(inspection__force_id__in=forces_granting(user, permission))
    return get_object_or_404(rows.select_related("inspection__force", "owner"), inspection__ref=ref, pk=pk)


def get_evidence_link(user: Any, ref: str, pk: int, permission: Permission) -> EvidenceLink:
    rows = EvidenceLink.objects.filter(evidence__inspection__force_id__in=forces_granting(user, permission))
    rows = rows.select_related("evidence__inspection__force", "judgement__criterion")
    return get_object_or_404(rows, evidence__inspection__ref=ref, pk=pk)


def get_evidence_file(user: Any, ref: str, pk: int) -> EvidenceFile:
    """Return a file of the library; to who reads no drafts, only a version that a submitted return names."""
    rows = EvidenceFile.objects.filter(
        evidence__inspection__force_id__in=forces_granting(user, Permission.JUDGEMENT_VIEW)
    )
    rows = rows.select_related("evidence__inspection__force")
    file = get_object_or_404(rows, evidence__inspection__ref=ref, pk=pk)
    if not reads_drafts(user, file.evidence.inspection) and not SubmittedEvidence.objects.filter(file=file).exists():
        raise Http404
    return file


def get_signature(user: Any, ref: str, pk: int, permission: Permission) -> Signature:
    rows = Signature.objects.filter(inspection__force_id__in=forces_granting(user, permission))
    rows = rows.select_related("inspection__force", "inspection__programme", "area", "signed_by", "withdrawn_by")
    return get_object_or_404(rows, inspection__ref=ref, pk=pk)


def get_return(user: Any, ref: str, number: int) -> SubmittedReturn:
    rows = SubmittedReturn.objects.filter(inspection__force_id__in=forces_granting(user, Permission.JUDGEMENT_VIEW))
    rows = rows.select_related("inspection__force", "inspection__programme", "signature", "submitted_by")
    return get_object_or_404(rows, inspection__ref=ref, number=number)


def get_thread(user: Any, ref: str, pk: int, permission: Permission) -> Thread:
    """Return a thread with the judgement it is about."""
    rows = Thread.objects.visible_to(user, permission).select_related(
        "judgement__inspection__force", "judgement__inspection__programme", "judgement__criterion__area",
        "judgement__lead",
    )  # fmt: skip
    return get_object_or_404(rows, judgement__inspection__ref=ref, pk=pk)


def reads_drafts(user: Any, inspection: Inspection) -> bool:
    return Permission.DRAFT_VIEW in permissions_in(user, inspection.force_id)
