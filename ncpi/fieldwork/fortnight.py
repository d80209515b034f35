"""What of the fortnight somebody asked to see, and in which form; pages and files are made from the same answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from ncpi.fieldwork import grids


class By(StrEnum):
    """The forms in which the fortnight is shown."""

    WEEK = "week"
    DAY = "day"
    INSPECTOR = "inspector"
    UNIT = "unit"
    LIST = "list"

    @property
    def words(self) -> str:
        return WORDS[self]


WORDS = {
    By.WEEK: "Week at a glance",
    By.DAY: "By day",
    By.INSPECTOR: "By inspector",
    By.UNIT: "By unit",
    By.LIST: "List",
}
# Against the clock, a fortnight would be too long for one page.
ONE_WEEK = (By.DAY, By.INSPECTOR)


@dataclass(frozen=True, slots=True)
class Team:
    """An inspector as the views need them; absences are local."""

    id: int
    name: str
    away: tuple[tuple[datetime, datetime], ...] = ()

    def away_on(self, day: date) -> list[tuple[int, int]]:
        """Return when they are not there on a day, in minutes of the day."""
        found = []
        for lower, upper in self.away:
            if lower.date() <= day <= upper.date():
                start = grids.minute_of(lower.time()) if lower.date() == day else 0
                end = grids.minute_of(upper.time()) if upper.date() == day else 24 * grids.HOUR
                found.append((start, end))
        return found


@dataclass(frozen=True)
class Fortnight:
    """A timetable's blocks in order of time, the inspectors, the days and their rules."""

    blocks: tuple[grids.Block, ...]
    team: tuple[Team, ...]
    rules: grids.Day
    days: tuple[date, ...]

    @property
    def units(self) -> list[str]:
        return sorted({unit for block in self.blocks for unit in block.units})


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for; 0 and the empty text mean everything."""

    by: By = By.WEEK
    week: int = 0
    inspector: int = 0
    unit: str = ""
    person: int = 0

    @property
    def is_narrowed(self) -> bool:
        return bool(self.inspector or self.unit or self.person)


@dataclass(frozen=True)
class Shown:
    """The answer: the sessions in order of time, and the tables of the form asked for."""

    choice: Choice
    weeks: tuple[grids.Week, ...]
    blocks: tuple[grids.Block, ...]
    glance: tuple[grids.Week, ...] = ()
    tables: tuple[grids.TimeGrid, ...] = ()
    days: tuple[tuple[date, tuple[grids.Block, ...]], ...] = field(default=())

    @property
    def idle(self) -> int:
        return sum(column.idle for table in self.tables for column in table.columns)


def shown(fortnight: Fortnight, choice: Choice, *, on: date) -> Shown:
    """Return what was asked for; against the clock without a week named, the week of `on` or the first."""
    weeks = grids.weeks_of(fortnight.days)
    wanted = _weeks_wanted(weeks, choice, on)
    choice = Choice(
        choice.by, wanted[0].number if len(wanted) == 1 else 0, choice.inspector, choice.unit, choice.person
    )
    days = {day for week in wanted for day in week.days}
    blocks = tuple(block for block in fortnight.blocks if block.day in days and _fits(block, choice))
    return Shown(
        choice=choice,
        weeks=tuple(weeks),
        blocks=blocks,
        glance=tuple(glance_of(fortnight, choice, wanted, blocks)),
        tables=tuple(_tables(fortnight, choice, wanted, blocks)),
        days=tuple((day, found) for day in sorted(days) if (found := tuple(one for one in blocks if one.day == day))),
    )


def glance_of(
    fortnight: Fortnight, choice: Choice, weeks: Sequence[grids.Week], blocks: Sequence[grids.Block]
) -> list[grids.Week]:
    """Return each week at a glance: a line an inspector, or a line a unit where that was asked for."""
    if choice.by == By.UNIT:
        units = [choice.unit] if choice.unit else sorted({unit for block in blocks for unit in block.units})
        return [grids.by_unit(week, blocks, units) for week in weeks]
    team = [(one.id, one.name) for one in fortnight.team if choice.inspector in (0, one.id)]
    return [grids.by_inspector(week, blocks, team) for week in weeks]


def _weeks_wanted(weeks: list[grids.Week], choice: Choice, on: date) -> list[grids.Week]:
    named = [week for week in weeks if week.number == choice.week]
    if named or choice.by not in ONE_WEEK:
        return named or weeks
    current = [week for week in weeks if on.isocalendar()[:2] == week.days[0].isocalendar()[:2]]
    return current or weeks[:1]


def _fits(block: grids.Block, choice: Choice) -> bool:
    return (
        choice.inspector in (0, *dict(block.inspectors))
        and choice.unit in ("", *block.units)
        and choice.person in (0, *(one.id for one in block.people))
    )


def _tables(
    fortnight: Fortnight, choice: Choice, weeks: Sequence[grids.Week], blocks: Sequence[grids.Block]
) -> list[grids.TimeGrid]:
    rules = grids.widened(fortnight.rules, fortnight.blocks)
    team = [one for one in fortnight.team if choice.inspector in (0, one.id)]
    days = [day for week in weeks for day in week.days]
    if choice.by == By.DAY:
        return [
            _table(rules, f"day-{day:%Y-%m-%d}", _day(day), [(one, day, one.name) for one in team], blocks)
            for day in days
        ]
    if choice.by == By.INSPECTOR:
        return [
            _table(rules, f"inspector-{one.id}", one.name, [(one, day, _day(day)) for day in days], blocks)
            for one in team
        ]
    return []


def _table(
    rules: grids.Day, key: str, title: str, heads: Sequence[tuple[Team, date, str]], blocks: Sequence[grids.Block]
) -> grids.TimeGrid:
    columns = [
        grids.column(
            rules,
            inspector=one.id,
            day=day,
            label=label,
            blocks=[block for block in blocks if block.day == day and one.id in dict(block.inspectors)],
            away=one.away_on(day),
        )
        for one, day, label in heads
    ]
    return grids.time_grid(rules, key=key, title=title, columns=columns)


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
