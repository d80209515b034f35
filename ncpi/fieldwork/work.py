"""What this room puts on a person's work list and on the inspection's page."""

from typing import Any

from ncpi.accounts.work import Tile, WorkItem
from ncpi.lib.clocks import Clock


def my_work(user: Any, *, clock: Clock) -> list[WorkItem]:
    """Return what the person has to do here, in forces with this clock."""
    return []


def tile(inspection: Any, permissions: set, *, clock: Clock) -> Tile | None:
    """Return this room's tile for those who may open it."""
    return None
