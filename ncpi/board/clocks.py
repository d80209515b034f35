"""The dates that bind: milestones of the inspection, with the days to and since each."""

from __future__ import annotations

from datetime import date

from ncpi.board.figures import Book
from ncpi.board.inputs import Milestone, State
from ncpi.board.wording import clean

SOURCE = "inspection: milestones"


def _clock(book: Book, milestone: Milestone, on: date) -> dict[str, str]:
    days = (milestone.on - on).days
    measure = "days_to" if days >= 0 else "days_since"
    return {
        "id": milestone.id,
        "label": clean(milestone.label),
        "date": milestone.on.isoformat(),
        "basis": clean(milestone.basis),
        "state": _state(milestone, days),
        "days": book.add(measure, abs(days), breakdown=milestone.id, source=SOURCE),
    }


def _state(milestone: Milestone, days: int) -> str:
    if milestone.is_done:
        return "done"
    if milestone.is_event and days < 0:
        return "past"
    if days < 0:
        return "overdue"
    return "today" if days == 0 else "ahead"


def clocks(state: State, book: Book, on: date) -> list[dict[str, str]]:
    return [_clock(book, m, on) for m in sorted(state.milestones, key=lambda m: (m.on, m.id))]


def next_clock(rows: list[dict[str, str]]) -> dict[str, str] | None:
    return next((row for row in rows if row["state"] in {"today", "ahead"}), None)
