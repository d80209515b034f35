"""The fortnight as files: a workbook, a paper of one landscape page a week, a calendar. Each holds what was shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from typing import Any

from ncpi.fieldwork import calendars, grids
from ncpi.fieldwork.fortnight import By, Shown
from ncpi.lib.tables import Sheet, write_xlsx

MARKING = "OFFICIAL"
SESSIONS = ["Day", "From", "To", "Minutes", "Session", "Title", "Kind", "Inspectors", "People", "Units", "Notes"]
PEOPLE = ["Day", "From", "To", "Session", "Title", "Name", "Unit"]


@dataclass(frozen=True)
class Facts:
    """What a file says of itself besides the sessions. `said` is which version it is and when it was taken."""

    force: str
    inspection: str
    title: str
    said: str
    unplaced: Sequence[dict[str, Any]] = ()


def workbook(shown: Shown, facts: Facts, *, has_notes: bool, has_links: bool) -> bytes:
    """Return a workbook: the sessions, the people (with their answers for those who may know), what is not placed."""
    columns = [*SESSIONS, "Link"] if has_links else SESSIONS
    people = [*PEOPLE, "Answer"] if has_notes else PEOPLE
    sheets = [
        Sheet("Sessions", columns, (_session_row(block)[: len(columns)] for block in shown.blocks)),
        Sheet("People", people, (row[: len(people)] for block in shown.blocks for row in _people_rows(block))),
    ]
    if facts.unplaced:
        rows = ((one["title"], " ".join(one["reasons"])) for one in facts.unplaced)
        sheets.append(Sheet("Not placed", ["Session", "Why"], rows))
    return write_xlsx(*sheets)


def calendar(shown: Shown, facts: Facts, *, number: int, organiser: calendars.Address, at: datetime) -> bytes:
    """Return the sessions as one calendar. It names who leads them and counts who comes: it leaves the building."""
    entries = (
        calendars.Entry(
            uid=f"session-{block.session}@ncpi-readiness",
            sequence=number,
            starts_at=block.starts_at,
            ends_at=block.ends_at,
            title=block.title,
            description="\n".join(_in_words(block)),
            link=block.link,
        )
        for block in shown.blocks
    )
    return calendars.feed(entries, organiser=organiser, at=at, name=f"Fieldwork, {facts.inspection}")


def paper(shown: Shown, facts: Facts, *, at: datetime) -> bytes:
    """Return the weeks as a tagged PDF, each on one landscape page in the largest letters that fit."""
    from ncpi.lib import typeset  # noqa: PLC0415 slow import

    return typeset.pdf(files("ncpi.fieldwork").joinpath("typst/weeks.typ").read_bytes(), _paper(shown, facts), at=at)


def _paper(shown: Shown, facts: Facts) -> dict[str, Any]:
    return {
        "marking": MARKING,
        "force": facts.force,
        "inspection": facts.inspection,
        "title": facts.title,
        "said": facts.said,
        "weeks": [_week(week, "Unit" if shown.choice.by == By.UNIT else "Inspector") for week in shown.glance],
        "unplaced": list(facts.unplaced),
    }


def _week(week: grids.Week, head: str) -> dict[str, Any]:
    return {
        "caption": f"Week {week.number}, from {_day(week.days[0])} {week.days[0].year}",
        "head": head,
        "days": [_day(day) for day in week.days],
        "lines": [
            {
                "label": line.label,
                "cells": [[_printed(block, line.key) for block in blocks] for _, blocks in line.cells],
            }
            for line in week.lines
        ],
    }


def _printed(block: grids.Block, line: int | str) -> dict[str, Any]:
    beside = [name for key, name in block.inspectors if key != line]
    return {
        "time": f"{block.starts_at:%H:%M}–{block.ends_at:%H:%M}",
        "title": block.title,
        "about": "; with ".join([f"{block.form}, {_count(block)}", *([", ".join(beside)] if beside else [])]),
        "group": block.is_group,
        "marks": [mark.text for mark in block.marks],
    }


def _session_row(block: grids.Block) -> list[Any]:
    return [
        *_when(block),
        block.minutes[1] - block.minutes[0],
        *(block.reference, block.title, block.form),
        "; ".join(name for _, name in block.inspectors),
        len(block.people),
        "; ".join(block.units),
        "; ".join(mark.text for mark in block.marks),
        block.link,
    ]


def _people_rows(block: grids.Block) -> Iterable[list[Any]]:
    for one in block.people:
        yield [*_when(block), block.reference, block.title, one.name, one.unit, one.answer]


def _when(block: grids.Block) -> list[Any]:
    return [block.day, f"{block.starts_at:%H:%M}", f"{block.ends_at:%H:%M}"]


def _in_words(block: grids.Block) -> Iterable[str]:
    yield f"{block.form}, {_count(block)}"
    if block.inspectors:
        yield ", ".join(name for _, name in block.inspectors)


def _count(block: grids.Block) -> str:
    return f"{len(block.people)} {'person' if len(block.people) == 1 else 'people'}"


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
