"""What a person has to do next, gathered from the rooms that `settings.WORK_LISTS` names."""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from ncpi.accounts.access import memberships, permissions_anywhere
from ncpi.accounts.permissions import Permission
from ncpi.lib.clocks import Clock, clock_at, clock_of


@dataclass(frozen=True)
class WorkItem:
    """One line of a work list. `urgency` 0 is red and first; within an urgency the nearest date is first.

    `on` is the day it is for the item's force; the gatherer sets it. `force` is the force's number. `waits` says that
    somebody waits for this person whatever the date: "returned" or "question".
    """

    urgency: int
    title: str
    kind: str
    address: str
    inspection: str
    due_date: date | None = None
    is_overdue: bool = False
    note: str = ""
    on: date | None = None
    force: int | None = None
    waits: str = ""


Source = Callable[[Any, Clock], list[WorkItem]]


@dataclass(frozen=True)
class Tile:
    """One phase of an inspection at a glance: a count with its words, the next date, one link.

    `permission` is the one its link needs; a tile is shown to those who hold it.
    """

    title: str
    count: str
    text: str
    address: str
    next_date: date | None = None
    is_warning: bool = False


@dataclass(frozen=True)
class InspectionCard:
    """One open inspection on the home page: its next date and the sections that the person may open."""

    ref: str
    name: str
    force_id: int
    force: str
    address: str
    next_date: date | None
    on: date
    sections: list[tuple[str, str]]


def inspections_of(user: Any) -> list[InspectionCard]:
    """Return the person's open inspections, the nearest date first."""
    source = import_string(settings.HOME_INSPECTIONS)
    cards = source(user)
    return sorted(cards, key=lambda card: ((card.next_date or date.max) - card.on, card.name))


def work_of(user: Any) -> list[WorkItem]:
    """Return the person's work across inspections, most urgent first.

    Each source is called as `source(user, clock=clock)` once for each clock among the person's forces (one, but for
    demonstrations) and returns only work of forces whose `clock_offset` is `clock.offset`.
    """
    clocks = [clock_at(offset) for offset in sorted({row.force.clock_offset for row in memberships(user)})]
    sources = _named(settings.WORK_LISTS)
    gathered: Iterable[WorkItem] = (
        replace(item, on=clock.on) for clock in clocks for source in sources for item in source(user, clock=clock)
    )
    return sorted(gathered, key=lambda item: (item.urgency, item.due_date or date.max, item.title, item.address))


def reminders_of(user: Any, clock: Clock) -> list[WorkItem]:
    """Return the person's work in forces with this clock, from the rooms that may be written of in a mail.

    Those are the rooms that `settings.REMINDER_SOURCES` names: none that knows a case.
    """
    sources = _named(settings.REMINDER_SOURCES)
    return [replace(item, on=clock.on) for source in sources for item in source(user, clock=clock)]


def tiles_of(inspection: Any, permissions: set) -> list[Tile]:
    """Return the tiles that the person's permissions allow, in the order of the settings.

    Each source is called as `source(inspection, permissions, clock=clock)` and may return nothing.
    """
    clock = clock_of(inspection.force)
    tiles = (source(inspection, permissions, clock=clock) for source in _named(settings.INSPECTION_TILES))
    return [tile for tile in tiles if tile is not None]


def for_holders(permission: Permission) -> Callable[[Source], Source]:
    """Ask the database only for those who hold the permission somewhere; nobody else can have such work."""

    def wrap(source: Source) -> Source:
        @functools.wraps(source)
        def gated(user: Any, clock: Clock) -> list[WorkItem]:
            return source(user, clock) if permission in permissions_anywhere(user) else []

        return gated

    return wrap


def _named(paths: list[str]) -> list[Callable]:
    return [import_string(path) for path in paths]
