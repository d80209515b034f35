"""The fortnight as people read it: a day or a person's week against the clock, and a week at a glance.

Everything here is in local clock time, on days that sessions never leave: the clocks change at night. What stands in
a column of a time grid is cut into cells from the opening to the close, so that free time is seen as free time:
a session, lunch, an absence, idle time beyond the gap that the rules ask for anyway, or nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

HOUR = 60
STEPS = (15, 5, 1)
NO_INSPECTOR = 0


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody asked to a session; `answer` is in words, empty where it is not for the reader."""

    id: int
    name: str
    unit: str
    answer: str = ""
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """What there is to know of a session besides its time; `key` gives the shape, `text` says it."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """One placed session; `starts_at` and `ends_at` are local."""

    session: int
    reference: str
    title: str
    form: str
    is_group: bool
    starts_at: datetime
    ends_at: datetime
    inspectors: tuple[tuple[int, str], ...]
    people: tuple[Attendee, ...]
    marks: tuple[Mark, ...] = ()
    link: str = ""

    @property
    def day(self) -> date:
        return self.starts_at.date()

    @property
    def minutes(self) -> tuple[int, int]:
        """Return where it starts and ends, in minutes of its day."""
        start = minute_of(self.starts_at.time())
        return start, start + int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def units(self) -> tuple[str, ...]:
        return tuple(sorted({one.unit for one in self.people}))


@dataclass(frozen=True, slots=True)
class Day:
    """What the rules say of every day: open hours, the gap after a session, and lunch."""

    opens: time
    closes: time
    gap: int
    lunch_from: time
    lunch_to: time
    lunch: int


class Fill(StrEnum):
    SESSION = "session"
    LUNCH = "lunch"
    AWAY = "away"
    IDLE = "idle"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch of one column: what fills it, over how many rows; `idle` are the minutes beyond the gap."""

    fill: Fill
    start: int
    end: int
    rows: int = 1
    block: Block | None = None
    idle: int = 0

    @property
    def starts(self) -> time:
        return clock_of(self.start)

    @property
    def ends(self) -> time:
        return clock_of(self.end)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a time grid: an inspector on a day. `sessions` and `idle` sum it up for its head."""

    inspector: int
    day: date
    label: str
    cells: tuple[Cell, ...]

    @property
    def sessions(self) -> int:
        return sum(cell.fill == Fill.SESSION for cell in self.cells)

    @property
    def idle(self) -> int:
        return sum(cell.idle for cell in self.cells)

    @property
    def lunch(self) -> Cell | None:
        return next((cell for cell in self.cells if cell.fill == Fill.LUNCH), None)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a time grid: the clock at its head and the cells that begin here, each with its column."""

    clock: time
    cells: tuple[tuple[Column, Cell], ...]

    @property
    def is_hour(self) -> bool:
        return self.clock.minute == 0

    @property
    def is_half(self) -> bool:
        return self.clock.minute == 30


@dataclass(frozen=True, slots=True)
class TimeGrid:
    """A table of clock times by columns."""

    key: str
    title: str
    step: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def sessions(self) -> int:
        return sum(column.sessions for column in self.columns)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a week at a glance: an inspector or a unit, and what they have each day."""

    key: int | str
    label: str
    cells: tuple[tuple[date, tuple[Block, ...]], ...]


@dataclass(frozen=True, slots=True)
class Week:
    """One calendar week of the fieldwork."""

    number: int
    days: tuple[date, ...]
    lines: tuple[Line, ...] = ()


def minute_of(clock: time) -> int:
    return clock.hour * HOUR + clock.minute


def clock_of(minute: int) -> time:
    return time(*divmod(min(minute, 24 * HOUR - 1), HOUR))


def weeks_of(days: Iterable[date]) -> list[Week]:
    """Return the days in order, those of one calendar week together, numbered from 1."""
    weeks: dict[tuple[int, int], list[date]] = {}
    for day in sorted(set(days)):
        weeks.setdefault(day.isocalendar()[:2], []).append(day)
    return [Week(number, tuple(found)) for number, found in enumerate(weeks.values(), start=1)]


def widened(rules: Day, blocks: Iterable[Block]) -> Day:
    """Return the open hours, made as wide as the sessions that an override put outside them."""
    spans = [block.minutes for block in blocks]
    opens = min([minute_of(rules.opens), *(start // HOUR * HOUR for start, _ in spans)])
    closes = max([minute_of(rules.closes), *(-(-end // HOUR) * HOUR for _, end in spans)])
    return Day(clock_of(opens), clock_of(closes), rules.gap, rules.lunch_from, rules.lunch_to, rules.lunch)


def lunch_of(rules: Day, busy: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Return the first lunch of the rules' length that no session (with its gap) and no absence takes."""
    start, latest = minute_of(rules.lunch_from), minute_of(rules.lunch_to)
    for taken, free in sorted(busy):
        if start + rules.lunch <= taken:
            break
        start = max(start, free)
    return (start, start + rules.lunch) if rules.lunch and start + rules.lunch <= latest else None


def column(
    rules: Day, *, inspector: int, day: date, label: str, blocks: Sequence[Block], away: Sequence[tuple[int, int]] = ()
) -> Column:
    """Cut an inspector's day into cells; the blocks are theirs on that day and do not overlap."""
    opens, closes = minute_of(rules.opens), minute_of(rules.closes)
    sessions = [Cell(Fill.SESSION, *block.minutes, block=block) for block in blocks]
    filled = sessions + [
        Cell(Fill.AWAY, *free)
        for start, end in away
        for free in _left((max(start, opens), min(end, closes)), [(one.start, one.end) for one in sessions])
    ]
    if sessions:
        lunch = lunch_of(rules, [*((one.start, one.end + rules.gap) for one in sessions), *away])
        filled += [Cell(Fill.LUNCH, *lunch)] if lunch else []
    filled.sort(key=lambda cell: cell.start)
    cells: list[Cell] = []
    cursor = opens
    for cell in filled:
        cells += _between(rules, cursor, cell.start, cells, sessions)
        cells.append(cell)
        cursor = max(cursor, cell.end)
    cells += _between(rules, cursor, closes, cells, sessions)
    return Column(inspector, day, label, tuple(cells))


def _left(span: tuple[int, int], taken: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what is left of a span without the taken ones."""
    found, (cursor, end) = [], span
    for start, until in sorted(taken):
        if start > cursor and min(start, end) > cursor:
            found.append((cursor, min(start, end)))
        cursor = max(cursor, until)
    return [*found, *([(cursor, end)] if cursor < end else [])]


def _between(rules: Day, start: int, end: int, before: Sequence[Cell], sessions: Sequence[Cell]) -> list[Cell]:
    """Return the free cell between two filled ones; between the first and the last session it counts as idle."""
    if end <= start:
        return []
    is_inside = any(one.end <= start for one in sessions) and any(one.start >= end for one in sessions)
    needs_gap = bool(before) and before[-1].fill == Fill.SESSION
    idle = max(0, end - start - (rules.gap if needs_gap else 0)) if is_inside else 0
    return [Cell(Fill.IDLE if idle else Fill.FREE, start, end, idle=idle)]


def time_grid(rules: Day, *, key: str, title: str, columns: Sequence[Column]) -> TimeGrid:
    """Return the table of clock times: each cell stands in the row in which it begins and spans the rows it lasts."""
    times = {minute for one in columns for cell in one.cells for minute in (cell.start, cell.end)}
    opens, closes = minute_of(rules.opens), minute_of(rules.closes)
    step = next(step for step in STEPS if all((minute - opens) % step == 0 for minute in times))
    rows = []
    for minute in range(opens, closes, step):
        begun = tuple(
            (one, Cell(cell.fill, cell.start, cell.end, (cell.end - cell.start) // step, cell.block, cell.idle))
            for one in columns
            for cell in one.cells
            if cell.start == minute
        )
        rows.append(Row(clock_of(minute), begun))
    return TimeGrid(key, title, step, tuple(columns), tuple(rows))


def by_inspector(week: Week, blocks: Sequence[Block], inspectors: Sequence[tuple[int, str]]) -> Week:
    """Return the week at a glance: a line an inspector, and one for sessions that have none."""
    lines = [
        Line(key, name, _days(week, [one for one in blocks if key in dict(one.inspectors)])) for key, name in inspectors
    ]
    without = [one for one in blocks if not one.inspectors and one.day in week.days]
    if without:
        lines.append(Line(NO_INSPECTOR, "No inspector", _days(week, without)))
    return Week(week.number, week.days, tuple(lines))


def by_unit(week: Week, blocks: Sequence[Block], units: Sequence[str]) -> Week:
    """Return the week at a glance: a line a unit, with the sessions that its people are asked to."""
    lines = (Line(unit, unit, _days(week, [one for one in blocks if unit in one.units])) for unit in units)
    return Week(week.number, week.days, tuple(lines))


def _days(week: Week, blocks: Sequence[Block]) -> tuple[tuple[date, tuple[Block, ...]], ...]:
    return tuple((day, tuple(one for one in blocks if one.day == day)) for day in week.days)
