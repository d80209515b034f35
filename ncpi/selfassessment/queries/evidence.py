"""A piece of evidence: what it supports, and what of it differs."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet

from ncpi.inspections.models import Inspection
from ncpi.lib.prepared import OfEach
from ncpi.selfassessment.models import NEWEST, Evidence, EvidenceLink, Judgement

EVIDENCE_COLUMNS = ("title", "kind", "period_from_date", "period_to_date", "review_date", "marking", "link")


_IN_USE = OfEach("inspection", lambda: Evidence.objects.in_use().select_related("owner").with_newest_file())
_LINKS = OfEach(
    "judgement__inspection", lambda: EvidenceLink.objects.filter(removed_at=None).order_by("evidence_id", "pk")
)


def evidence_in_use(inspections: Collection[Inspection]) -> dict[int, Evidence]:
    """Return the evidence of these inspections with owner and newest file, by its number."""
    return {row.pk: row for row in _IN_USE.rows(inspections)}


def links_with(pieces: Mapping[int, Evidence], inspections: Collection[Inspection]) -> list[EvidenceLink]:
    """Return the standing links of these inspections to this evidence.

    Brought together here: in one query, and without statistics, PostgreSQL takes the links that stand for one in two
    hundred and reads all evidence again for each of them.
    """
    found = [link for link in _LINKS.rows(inspections) if link.evidence_id in pieces]
    for link in found:
        link.evidence = pieces[link.evidence_id]
        for name in NEWEST:
            setattr(link, name, getattr(link.evidence, name))
    return found


def links_of(evidence: Evidence) -> QuerySet[EvidenceLink]:
    """Return the criteria that a piece of evidence supports."""
    rows = EvidenceLink.objects.filter(evidence=evidence, removed_at=None)
    return rows.select_related("judgement__criterion__area").order_by(
        "judgement__criterion__area__order", "judgement__criterion__order", "pk"
    )


def linkable(judgement: Judgement) -> QuerySet[Evidence]:
    """Return the pieces in use that do not support this judgement yet."""
    taken = EvidenceLink.objects.filter(judgement=judgement, removed_at=None).values("evidence_id")
    rows = Evidence.objects.in_use().filter(inspection=judgement.inspection_id).exclude(pk__in=taken)
    return rows.order_by("title", "pk")


def evidence_differences(form: Any, row: Evidence) -> list[tuple[str, str, str]]:
    """List (label, stored, typed) of what differs between the form and the row as it is now."""
    stored = {**{name: getattr(row, name) for name in EVIDENCE_COLUMNS if name in form.fields}, "owner": row.owner}
    found = []
    for name, value in stored.items():
        typed = form.cleaned_data.get(name)
        if typed != value:
            words = [_in_words(side) for side in (value, typed)]
            found.append((str(form.fields[name].label), words[0], words[1]))
    return found


def _in_words(value: Any) -> str:
    return "" if value is None else str(getattr(value, "name", value))
