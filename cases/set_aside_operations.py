"""Keeping a case of the frame out of every further draw and replacement, because it served for something else."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from cases.models import Candidate, Sample, SetAside
from cases.operations import hold
from ncpi.accounts import journal
from ncpi.inspections.models import Inspection


class NotDrawnYet(Exception):
    """Before the first round is drawn every case of the frame has its chance."""


@transaction.atomic
def set_aside(
    *, by: Any, inspection: Inspection, candidates: Collection[int], reason: str, at: datetime
) -> list[SetAside]:
    """Set these candidates aside. The record of the draw and the list used.csv name them, so that it can be redone."""
    hold(inspection)
    drawn = Sample.objects.filter(inspection=inspection, frame__discarded_at=None, drawn_at__isnull=False).count()
    if not drawn:
        raise NotDrawnYet("Draw the sample first: until then every case of the frame has its chance.")
    rows = Candidate.objects.filter(pk__in=candidates, frame__inspection=inspection, case=None, set_aside=None)
    made = SetAside.objects.bulk_create(
        SetAside(inspection=inspection, frame_id=row.frame_id, candidate=row, after=drawn, reason=reason.strip(), at=at)
        for row in rows.order_by("pk")
    )
    journal.record(by=by, verb="set aside", subject=inspection, force=inspection.force, detail=f"{len(made)} cases")
    return made
