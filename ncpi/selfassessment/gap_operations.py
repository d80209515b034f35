"""Turning a gap in a criterion's support into an action, in one step."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from ncpi.actions.models import Action
from ncpi.actions.operations import raise_action
from ncpi.inspections.operations import refuse_closed
from ncpi.selfassessment import queries
from ncpi.selfassessment.evidence_gaps import ACTS, act_by
from ncpi.selfassessment.models import Judgement
from ncpi.selfassessment.thread_models import GapAction

LONGEST_TITLE = 200


class GapNotThere(Exception):
    """What the rule speaks of is not so, or not any more."""


class NobodyHoldsIt(Exception):
    """An action needs an owner, and nobody holds the criterion."""


@transaction.atomic
def act_on_gap(*, by: Any, judgement: Judgement, rule: str, on: date, at: datetime) -> Action:
    """Raise an action that closes the gap: the criterion's lead owns it, and it is due before fieldwork.

    While that action is open, asking again gives the same one. The race is with somebody who asks at the same time:
    both lock the judgement.
    """
    inspection = judgement.inspection
    refuse_closed(inspection)
    Judgement.objects.select_for_update(no_key=True).only("pk").get(pk=judgement.pk)
    gap, raised = queries.gap_of(judgement, rule)
    if raised is not None:
        return raised
    if gap is None:
        raise GapNotThere("This gap is not there any more.")
    if judgement.lead is None:
        raise NobodyHoldsIt("Nobody holds this criterion. Assign it first: the action needs an owner.")
    action = raise_action(
        by=by,
        inspection=inspection,
        title=f"{ACTS[rule]}: {judgement.criterion.title}"[:LONGEST_TITLE],
        detail=f"{gap.reason} Found by the evidence gaps of the self-assessment, criterion {judgement.criterion.key}.",
        owner=judgement.lead,
        due_date=act_by(on=on, fieldwork_start_date=inspection.fieldwork_start_date),
        criterion=judgement.criterion,
        on=on,
        at=at,
    )
    GapAction.objects.create(judgement=judgement, rule=rule, action=action)
    return action
