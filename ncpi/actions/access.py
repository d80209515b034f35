"""The way to a recommendation, an action and its proof, and who may do what with one."""

from typing import Any

from django.shortcuts import get_object_or_404

from ncpi.accounts.access import permissions_in
from ncpi.accounts.permissions import Permission
from ncpi.actions.models import Action, Proof, Recommendation
from ncpi.inspections.models import Inspection


def get_recommendation(inspection: Inspection, pk: int) -> Recommendation:
    """Return a recommendation in the tracker of the inspection's force; any other does not exist."""
    rows = Recommendation.objects.select_related("report", "force", "owner", "area", "repeats__report", "inspection")
    return get_object_or_404(rows, pk=pk, force_id=inspection.force_id)


def get_action(inspection: Inspection, pk: int) -> Action:
    """Return an action of the inspection; any other does not exist."""
    rows = Action.objects.select_related(
        "inspection__force", "owner", "raised_by", "recommendation__report", "criterion__area"
    )
    return get_object_or_404(rows, pk=pk, inspection=inspection)


def get_proof(action: Action, pk: int) -> Proof:
    """Return a proof of the action that has a document; any other does not exist."""
    return get_object_or_404(action.proofs.exclude(stored_name=""), pk=pk)


def may_update(user: Any, action: Action) -> bool:
    """Whoever runs the inspection may update any action; others only the ones given to them."""
    held = permissions_in(user, action.inspection.force_id)
    return Permission.ACTION_EDIT in held or (Permission.ACTION_UPDATE in held and action.owner_id == user.pk)
