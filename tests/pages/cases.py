"""The pages of the sample."""

from ncpi.accounts.permissions import Permission
from tests import factories
from tests.pages.base import Page, World

VIEW, MANAGE = Permission.SAMPLE_VIEW, Permission.SAMPLE_MANAGE


def build(world: World) -> None:
    # Beside a frozen frame no file is brought.
    world.made["extract"] = factories.make_refused_extract(world.inspection, by=world.people["coordinator"])
    sample = factories.make_sample(world.inspection, by=world.people["coordinator"], spread="district")
    world.made["frame"] = sample.frame
    world.made["case"] = sample.cases.order_by("pk").first()


def inspection(world):
    return {"ref": world.inspection.ref}


def frame(world):
    return {"ref": world.inspection.ref, "number": world.made["frame"].number}


def extract(world):
    return {"ref": world.inspection.ref, "number": world.made["extract"].number}


def step(world):
    return {"ref": world.inspection.ref, "name": "hold"}


def round_of(world):
    return {"ref": world.inspection.ref, "number": 1}


def case(world):
    return {"ref": world.inspection.ref, "code": world.made["case"].code}


PAGES = [
    Page("cases:sample", VIEW, inspection),
    Page("cases:import", MANAGE, inspection),
    Page("cases:extract-columns", MANAGE, inspection),
    Page("cases:extract", MANAGE, extract),
    Page("cases:extract-problems", MANAGE, extract),
    Page("cases:put-extract-aside", MANAGE, extract, get=None),
    Page("cases:frame", VIEW, frame),
    Page("cases:frame-csv", VIEW, frame),
    Page("cases:freeze", MANAGE, frame, get=None),
    Page("cases:discard", MANAGE, frame, get=None),
    Page("cases:plan", MANAGE, inspection),
    # The sample is drawn: there is no seed to enter, and the address leads back to it.
    Page("cases:draw", MANAGE, inspection, get=302),
    Page("cases:certificate", VIEW, round_of),
    Page("cases:draw-json", VIEW, inspection),
    Page("cases:drawn-csv", VIEW, round_of),
    Page("cases:places-csv", VIEW, round_of),
    Page("cases:used-csv", VIEW, round_of),
    Page("cases:retention", Permission.RETENTION_MANAGE, inspection),
    Page("cases:retention-step", Permission.RETENTION_MANAGE, step),
    Page("cases:list", VIEW, inspection),
    Page("cases:list-csv", VIEW, inspection),
    Page("cases:list-xlsx", VIEW, inspection),
    Page("cases:case", VIEW, case),
    Page("cases:replace", MANAGE, case),
]
