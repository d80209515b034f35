"""The pages of inspections and programmes."""

from ncpi.accounts.permissions import Permission
from tests.pages.base import Page, World

VIEW, MANAGE = Permission.INSPECTION_VIEW, Permission.INSPECTION_MANAGE


def build(world: World) -> None:
    world.made["milestone"] = world.inspection.milestones.order_by("due_date", "pk").first()


def inspection(world):
    return {"ref": world.inspection.ref}


def milestone(world):
    return {"ref": world.inspection.ref, "pk": world.made["milestone"].pk}


def programme(world):
    found = world.inspection.programme
    return {"key": found.key, "edition": found.edition}


def criterion(world):
    return {**programme(world), "criterion": "C20-INI-1"}


PAGES = [
    Page("inspections:list", VIEW),
    Page("inspections:open", MANAGE),
    Page("inspections:inspection", VIEW, inspection),
    Page("inspections:dates", MANAGE, inspection),
    Page("inspections:close", MANAGE, inspection),
    Page("inspections:add-milestone", MANAGE, inspection),
    Page("inspections:move-milestone", MANAGE, milestone),
    Page("inspections:finish-milestone", MANAGE, milestone),
    Page("inspections:reopen-milestone", MANAGE, milestone, get=None),
    Page("inspections:programmes", VIEW),
    # Without two programmes named, the page leads to the two newest, or back to the list.
    Page("inspections:compare", VIEW, get=302),
    Page("inspections:programme", VIEW, programme),
    Page("inspections:criterion", VIEW, criterion),
    Page("inspections:audit-tool", VIEW, programme),
    Page("inspections:session-kinds", VIEW, programme),
    Page("inspections:deadlines", VIEW, programme),
]
