"""What was promised: recommendations by deadline, actions past their date, and the burn-down."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from ncpi.board.figures import Book
from ncpi.board.inputs import Action, Recommendation, State
from ncpi.board.wording import clean

REPORTS = "actions: recommendations"
ACTIONS = "actions: actions"
LISTED = 8
STEPS = (7, 14, 28, 56, 91, 182)
MOST_POINTS = 14

DEADLINES = {
    "immediately": "Immediately",
    "within_3_months": "Within three months",
    "within_6_months": "Within six months",
    "fixed_date": "By a fixed date",
    "none": "No deadline seen",
}


def is_open(item: Recommendation | Action, on: date) -> bool:
    return item.opened_date <= on and (item.closed_date is None or item.closed_date > on)


def is_overdue(item: Recommendation | Action, on: date) -> bool:
    return is_open(item, on) and item.due_date is not None and item.due_date < on


def _by_deadline(book: Book, recommendations: list[Recommendation], on: date) -> list[dict[str, str]]:
    rows = []
    kinds = [*DEADLINES, *sorted({clean(r.deadline_kind) for r in recommendations} - set(DEADLINES))]
    for kind in kinds:
        mine = [r for r in recommendations if clean(r.deadline_kind) == kind]
        if not mine:
            continue
        running = [r for r in mine if is_open(r, on)]
        row = {"kind": kind, "label": DEADLINES.get(kind, kind)}
        for state, count in (
            ("made", len(mine)),
            ("open", len(running)),
            ("overdue", sum(1 for r in running if is_overdue(r, on))),
            ("repeated", sum(1 for r in running if r.repeats)),
        ):
            row[state] = book.add("recommendations_due", count, len(mine), breakdown=f"{kind}.{state}", source=REPORTS)
        rows.append(row)
    return rows


def _overdue_rows(book: Book, actions: list[Action], on: date) -> dict[str, Any]:
    late = sorted((a for a in actions if is_overdue(a, on)), key=lambda a: (a.due_date or on, a.ref))
    more = book.add("more", max(0, len(late) - LISTED), breakdown="overdue_actions", source=ACTIONS)
    rows = [
        {
            "ref": clean(a.ref),
            "title": clean(a.title),
            "owner": clean(a.owner),
            "due_date": (a.due_date or on).isoformat(),
            "days": book.add(
                "days_since", (on - (a.due_date or on)).days, breakdown=f"action.{clean(a.ref)}", source=ACTIONS
            ),
        }
        for a in late[:LISTED]
    ]
    return {"rows": rows, "more": more}


def _repeat_rows(recommendations: list[Recommendation], on: date) -> list[dict[str, Any]]:
    repeated = sorted((r for r in recommendations if r.repeats and is_open(r, on)), key=lambda r: r.ref)
    return [
        {"ref": clean(r.ref), "title": clean(r.title), "repeats": clean(r.repeats), "areas": sorted(r.areas)}
        for r in repeated[:LISTED]
    ]


def _days(first: date, last: date, on: date) -> list[date]:
    """Return evenly spaced days through `on`, few enough to be read as a table."""
    span = (last - first).days
    step = next((s for s in STEPS if span // s < MOST_POINTS), max(STEPS[-1], span // MOST_POINTS + 1))
    back = [on - timedelta(days=step * n) for n in range((on - first).days // step + 1)]
    ahead = [on + timedelta(days=step * n) for n in range(1, -(-(last - on).days // step) + 1)]
    return [*reversed(back), *ahead]


def _planned(actions: list[Action], on: date, day: date) -> int:
    """Count actions still open on a later day if each ends on its date; overdue ones stay."""
    return sum(1 for a in actions if is_open(a, on) and (a.due_date is None or a.due_date > day or a.due_date < on))


def burn_down(book: Book, actions: list[Action], on: date) -> list[dict[str, str]]:
    opened = [a for a in actions if a.opened_date <= on]
    if not opened:
        return []
    last = max([on, *(a.due_date for a in opened if a.due_date and is_open(a, on))])
    points = []
    for day in _days(min(a.opened_date for a in opened), last, on):
        point = {"date": day.isoformat()}
        if day <= on:
            count = sum(1 for a in opened if is_open(a, day))
            point["open"] = book.add("burndown_open", count, breakdown=day.isoformat(), source=ACTIONS)
        if day >= on:
            left = _planned(opened, on, day) if day > on else sum(1 for a in opened if is_open(a, on))
            point["planned"] = book.add("burndown_planned", left, breakdown=day.isoformat(), source=ACTIONS)
        points.append(point)
    return points


def tracking(state: State, book: Book, on: date) -> dict[str, Any]:
    """Build the section on recommendations and actions."""
    made = [r for r in state.recommendations if r.opened_date <= on]
    running = [r for r in made if is_open(r, on)]
    actions = list(state.actions)
    doing = [a for a in actions if is_open(a, on)]
    totals = {
        kind: book.add("recommendations", count, len(made), breakdown=kind, source=REPORTS)
        for kind, count in (
            ("open", len(running)),
            ("overdue", sum(1 for r in running if is_overdue(r, on))),
            ("repeated", sum(1 for r in running if r.repeats)),
        )
    }
    begun = [a for a in actions if a.opened_date <= on]
    for kind, count in (("open", len(doing)), ("overdue", sum(1 for a in doing if is_overdue(a, on)))):
        totals[f"actions_{kind}"] = book.add("actions", count, len(begun), breakdown=kind, source=ACTIONS)
    return {
        "totals": totals,
        "deadlines": _by_deadline(book, made, on),
        "overdue": _overdue_rows(book, actions, on),
        "repeats": _repeat_rows(made, on),
        "burn_down": burn_down(book, actions, on),
    }
