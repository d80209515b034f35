"""What an audit showed needs doing, and the action that it leads to."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from audits.models import Audit, Finding
from ncpi.accounts import journal
from ncpi.actions import operations as actions
from ncpi.inspections.operations import refuse_closed
from ncpi.lib.versions import swap


@transaction.atomic
def record_finding(*, by: Any, audit: Audit, text: str, area: Any, at: datetime) -> Finding:
    """Write down what an audit showed needs doing."""
    refuse_closed(audit.inspection)
    finding = Finding.objects.create(inspection_id=audit.inspection_id, audit=audit, area=area, text=text, by=by, at=at)
    journal.record(by=by, verb="recorded", subject=finding, force=audit.inspection.force)
    return finding


class HasAction(Exception):
    """An action has been raised from this finding already."""


@transaction.atomic
def raise_action_from_finding(
    *, by: Any, finding: Finding, version: int, title: str, owner: Any, due_date: date, on: date, at: datetime
) -> Any:
    """Raise an action with a title written afresh; only its number is kept here, and nothing of the case goes there."""
    refuse_closed(finding.inspection)
    if finding.action_id is not None:
        raise HasAction("An action was raised from this finding already.")
    action = actions.raise_action(
        by=by, inspection=finding.inspection, title=title, owner=owner, due_date=due_date, on=on, at=at
    )
    swap(finding, version=version, action_id=action.pk)
    journal.record(by=by, verb="raised an action from", subject=finding, force=finding.inspection.force)
    return action
