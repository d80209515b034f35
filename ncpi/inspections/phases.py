"""The inspection as a line of phases, from the dates it has."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

Date = datetime.date


class PhaseState(StrEnum):
    DONE = "done"
    CURRENT = "current"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Phase:
    """One phase. `starts` and `ends` are None where the date is not known yet."""

    name: str
    starts: Date | None
    ends: Date | None
    state: PhaseState


def phases(
    *, notice: Date, fieldwork_start: Date, fieldwork_end: Date, publication: Date | None, closed: Date | None, on: Date
) -> tuple[Phase, ...]:
    """The five phases with their states on a day; one is current from notice until the inspection is closed."""
    day = datetime.timedelta(days=1)
    starts: list[tuple[str, Date | None]] = [
        ("Notice", notice),
        ("Preparing", notice + day),
        ("Fieldwork", fieldwork_start),
        ("Awaiting the report", fieldwork_end + day),
        ("Acting on the report", publication),
    ]
    ends = [notice, fieldwork_start - day, fieldwork_end, publication - day if publication else None, closed]
    found = []
    for (name, start), end in zip(starts, ends, strict=True):
        found.append(Phase(name, start, end, _state(start, end, closed, on)))
    return tuple(found)


def _state(start: Date | None, end: Date | None, closed: Date | None, on: Date) -> PhaseState:
    if closed is not None and on >= closed:
        return PhaseState.DONE
    if start is None or on < start:
        return PhaseState.AHEAD
    return PhaseState.DONE if end is not None and on > end else PhaseState.CURRENT
