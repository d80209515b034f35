"""The Board's part of the demonstration: three summaries released earlier and the one for the meeting of 13 July."""

from datetime import date, datetime
from typing import Any

from ncpi.board import operations
from ncpi.board.models import AskKind, ResponseKind, Summary
from ncpi.board.paper import SEED_TITLE
from ncpi.inspections.demo import Demo, moment, reached

PAST = (date(2021, 6, 1), date(2021, 6, 15), date(2021, 7, 1))
MEETING = date(2021, 7, 13)
ASKS = (
    (AskKind.NOTE, "note the contents of this report;"),
    (AskKind.DECIDE, "agree that initial contact is tested again on fresh cases before the inspectors report;"),
    (AskKind.DECIDE, "decide whether to bring forward funding for more child abuse investigators."),
)
NOTE = (
    "Fieldwork began on time. Where the cases do not bear out what we say of ourselves, we have said so to the "
    "inspectors and set out what we are doing."
)


def build(demo: Demo, *, stage: str) -> None:
    """Set the meeting, put the asks, and release the summary of the demonstration's moment."""
    if not reached(stage, "fieldwork"):
        return
    by, officer, inspection = demo.people["coordinator"], demo.people["chief_officer"], demo.inspection
    for day in PAST:
        summary = _release(by, officer, inspection, day, moment(day, 18))
    operations.respond(
        by=demo.people["board_member"],
        summary=summary,
        kind=ResponseKind.ASKED,
        text="How soon will the cases show whether initial contact is better?",
        at=moment(date(2021, 7, 2), 10),
    )
    operations.set_meeting(
        by=by,
        inspection=inspection,
        meeting=None,
        version=0,
        at=moment(date(2021, 6, 28), 9),
        held_date=MEETING,
        agenda_item="10.0",
        to="Business Coordination Board",
        sender="Chief Constable",
        title=SEED_TITLE,
        marking="OFFICIAL",
    )
    for kind, text in ASKS:
        operations.ask_board(by=by, inspection=inspection, kind=kind, text=text, at=demo.at)
    _release(by, officer, inspection, demo.on, demo.at, note=NOTE)


def _release(by: Any, officer: Any, inspection: Any, on: date, at: datetime, *, note: str = "") -> Summary:
    summary = operations.compile_summary(by=by, inspection=inspection, on=on, job=None, at=at, as_at=at)
    if note:
        operations.write_covering_note(by=by, summary=summary, version=summary.version, text=note)
    operations.approve(by=officer, summary=summary, version=summary.version, at=at)
    return operations.release(by=officer, summary=summary, version=summary.version, at=at)
