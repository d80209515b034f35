"""Giving criteria to people: who writes, who reviews, by when; one or many at once."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from ncpi.accounts import journal
from ncpi.inspections.models import Inspection
from ncpi.inspections.operations import refuse_closed
from ncpi.lib.versions import StaleVersion
from ncpi.selfassessment.models import Judgement
from ncpi.selfassessment.operations import NotPossibleNow


class CriteriaChanged(StaleVersion):
    """Some of the criteria that were to be assigned are not as the page showed them; the text names them."""

    def __init__(self, rows: list[Judgement]) -> None:
        super().__init__(rows[0])
        self.rows = rows
        keys = ", ".join(row.criterion.key for row in rows)
        self.args = (f"Somebody else changed {keys} meanwhile. Look again, then assign; nothing was assigned yet.",)


@transaction.atomic
def assign(*, by: Any, inspection: Inspection, versions: Mapping[int, int], changes: Mapping[str, Any]) -> int:
    """Give criteria to a lead, a reviewer, a due date; `versions` are the judgements as the page showed them.

    All or none: those that were changed meanwhile are named by `CriteriaChanged`, and nothing is written. The race is
    with others who write them: the rows are locked, in one order, from the check to the update.
    """
    refuse_closed(inspection)
    unknown = set(changes) - {"lead", "reviewer", "due_date"}
    if unknown or not changes or not versions:
        raise NotPossibleNow("Choose at least one criterion, and a lead, a reviewer or a due date.")
    rows = Judgement.objects.filter(pk__in=versions, inspection=inspection).select_for_update(no_key=True)
    found = list(rows.only("version").order_by("pk"))
    if len(found) != len(versions):
        raise NotPossibleNow("Choose criteria of this inspection.")
    changed = [row.pk for row in found if row.version != versions[row.pk]]
    if changed:
        raise CriteriaChanged(list(Judgement.objects.filter(pk__in=changed).select_related("criterion").in_order()))
    written = Judgement.objects.filter(pk__in=versions).update(version=F("version") + 1, **changes)
    detail = f"{written} criteria: {', '.join(sorted(changes))}"
    journal.record(by=by, verb="assigned", subject=inspection, force=inspection.force, detail=detail)
    return written
