"""Which room or meeting link each session takes, where their number is limited.

Taken in order of their start, each the lowest free number, sessions never need more rooms than run at once: interval
graphs are perfect (Hajós 1957), and first fit by left endpoint colours them with as few colours as the largest clique.
"""

from collections.abc import Mapping
from datetime import datetime

Ranges = Mapping[str, tuple[datetime, datetime]]


def rooms_of(spans: Ranges, rooms: int | None) -> dict[str, int | None]:
    """Return a room for each key; none where rooms do not count, or for what is one too many."""
    taken: dict[int, datetime] = {}
    found: dict[str, int | None] = {}
    for key, (start, end) in sorted(spans.items(), key=lambda item: (item[1], item[0])):
        free = (room for room in range(1, (rooms or 0) + 1) if room not in taken or taken[room] <= start)
        found[key] = next(free, None)
        if found[key] is not None:
            taken[found[key]] = end  # type: ignore[index]
    return found
