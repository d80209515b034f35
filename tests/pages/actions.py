"""The pages of recommendations and actions."""

import io

from ncpi.accounts.permissions import Permission
from ncpi.actions import operations
from ncpi.lib.uploads import inspect
from tests import factories
from tests.pages.base import Page, World

VIEW, EDIT = Permission.ACTION_VIEW, Permission.ACTION_EDIT
UPDATE, CLOSE = Permission.ACTION_UPDATE, Permission.ACTION_CLOSE


def build(world: World) -> None:
    by = world.people["coordinator"]
    world.made["recommendation"] = factories.make_recommendation(world.inspection, by=by)
    action = factories.make_action(world.inspection, by=by, owner=world.people["action_owner"])
    document = inspect(io.BytesIO(b"what was done"), "proof.txt")
    world.made["proof"] = operations.add_proof(
        by=action.owner, action=action, text="It was done.", document=document, at=factories.NOW
    )
    world.made["action"] = action


def inspection(world):
    return {"ref": world.inspection.ref}


def action(world):
    return {"ref": world.inspection.ref, "pk": world.made["action"].pk}


def proof(world):
    return {**action(world), "proof": world.made["proof"].pk}


def recommendation(world):
    return {"ref": world.inspection.ref, "pk": world.made["recommendation"].pk}


# Whoever holds ACTION_UPDATE without ACTION_EDIT may update only the actions given to them.
THEIRS = ("coordinator", "action_owner")

PAGES = [
    Page("actions:list", VIEW, inspection),
    Page("actions:export-csv", VIEW, inspection),
    Page("actions:export-xlsx", VIEW, inspection),
    Page("actions:raise", EDIT, inspection),
    Page("actions:action", VIEW, action),
    Page("actions:update", UPDATE, action, only=THEIRS),
    Page("actions:move", UPDATE, action, only=THEIRS),
    Page("actions:hand-over", EDIT, action),
    Page("actions:add-proof", UPDATE, action, only=THEIRS),
    Page("actions:proof-file", VIEW, proof),
    Page("actions:ask", UPDATE, action, only=THEIRS),
    Page("actions:decide", CLOSE, action),
    Page("actions:not-adopt", CLOSE, action),
    Page("actions:recommendations", VIEW, inspection),
    Page("actions:recommendations-csv", VIEW, inspection),
    Page("actions:recommendations-xlsx", VIEW, inspection),
    Page("actions:enter", EDIT, inspection),
    Page("actions:import", EDIT, inspection),
    Page("actions:import-sample", EDIT, inspection),
    Page("actions:recommendation", VIEW, recommendation),
    Page("actions:edit-recommendation", EDIT, recommendation),
    Page("actions:change-status", EDIT, recommendation),
    Page("actions:link-repeat", EDIT, recommendation),
]
