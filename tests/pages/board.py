"""The Board's pages for the sweep."""

from datetime import timedelta

from ncpi.accounts.permissions import Permission
from ncpi.board import operations
from ncpi.inspections.marks import mark_changed
from ncpi.lib.clocks import clock_of
from tests.pages.base import Page


def build(world):
    """One released summary, a draft after it, a meeting and an ask."""
    by, officer = world.people["coordinator"], world.people["chief_officer"]
    clock = clock_of(world.force)
    at = clock.at
    released = operations.compile_summary(by=by, inspection=world.inspection, on=clock.on, job=None, at=at)
    operations.approve(by=officer, summary=released, version=released.version, at=at)
    operations.release(by=officer, summary=released, version=released.version, at=at)
    facts = {"held_date": clock.on, "agenda_item": "10.0", "to": "Board", "sender": "Chief Constable"}
    world.made["meeting"] = operations.set_meeting(
        by=by,
        inspection=world.inspection,
        meeting=None,
        version=0,
        at=at,
        title="Readiness",
        marking="OFFICIAL",
        **facts,
    )
    world.made["ask"] = operations.ask_board(by=by, inspection=world.inspection, kind="note", text="note it", at=at)
    mark_changed(inspection_id=world.inspection.pk, at=at + timedelta(seconds=1))
    draft = operations.compile_summary(by=by, inspection=world.inspection, on=clock.on, job=None, at=at)
    world.made["released"], world.made["draft"] = released, draft


def _inspection(world):
    return {"ref": world.inspection.ref}


def _released(world):
    return {**_inspection(world), "number": world.made["released"].number}


def _draft(world):
    return {**_inspection(world), "number": world.made["draft"].number}


def _chart(world):
    return {**_released(world), "name": "claims"}


def _figure(world):
    return {**_released(world), "name": "claim_good.force"}


def _meeting(world):
    return {**_inspection(world), "pk": world.made["meeting"].pk}


def _ask(world):
    return {**_inspection(world), "pk": world.made["ask"].pk}


P = Permission
PAGES = [
    Page("board:dashboard", P.BOARD_VIEW, _inspection),
    Page("board:released", P.BOARD_VIEW, _released),
    Page("board:respond", P.BOARD_RESPOND, _released, get=None),
    Page("board:readiness", P.SUMMARY_VIEW, _inspection),
    Page("board:compile", P.SUMMARY_COMPILE, _inspection, get=None),
    Page("board:new-meeting", P.SUMMARY_COMPILE, _inspection),
    Page("board:meeting", P.SUMMARY_COMPILE, _meeting),
    Page("board:ask", P.SUMMARY_COMPILE, _inspection),
    Page("board:withdraw-ask", P.SUMMARY_COMPILE, _ask, get=None),
    Page("board:summary", P.SUMMARY_VIEW, _draft),
    Page("board:covering-note", P.SUMMARY_COMPILE, _draft, get=None),
    Page("board:approve", P.SUMMARY_APPROVE, _draft, get=None),
    Page("board:release", P.SUMMARY_APPROVE, _draft, get=None),
    Page("board:summary-json", P.BOARD_VIEW, _released),
    Page("board:frozen-json", P.BOARD_VIEW, _released),
    Page("board:paper-pdf", P.BOARD_VIEW, _released),
    Page("board:paper-docx", P.BOARD_VIEW, _released),
    Page("board:figures-xlsx", P.BOARD_VIEW, _released),
    Page("board:chart", P.BOARD_VIEW, _chart),
    Page("board:figure", P.FIGURE_VIEW, _figure),
]
