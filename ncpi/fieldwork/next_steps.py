"""Where the fieldwork stands, and what its co-ordinator has to do next, in the order in which it is done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Standing:
    """What is counted of the fieldwork; `latest_draft` is the newest version where that is a draft, else 0.

    `is_replan` says that the draft began from a version before it.
    """

    starts: date
    ends: date
    people: int
    people_without_times: int
    inspectors: int
    wanted: int
    uncovered: int
    versions: int
    latest_draft: int
    unplaced: int
    not_coming: int
    unanswered: int
    to_write_up: int
    is_replan: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: its words, the page it is done on, and by when. `number` is the version that a page shows."""

    text: str
    page: str
    due: date | None = None
    number: int = 0
    is_urgent: bool = False


def steps(now: Standing) -> list[Step]:
    """Return what is to be done next, the first thing first."""
    return [*_inputs(now), *_timetable(now), *_people(now)]


def _inputs(now: Standing) -> Iterable[Step]:
    if not now.people:
        yield Step("Import the people who can be asked", "people-import", now.starts)
    elif now.people_without_times:
        have = "person has" if now.people_without_times == 1 else "people have"
        yield Step(
            f"{now.people_without_times} {have} no time in these weeks: import their rotas", "people", now.starts
        )
    if not now.inspectors:
        yield Step("Add the inspectors", "inspectors", now.starts)
    if not now.wanted:
        yield Step("Say which sessions are wanted", "sessions", now.starts)
    elif now.uncovered:
        areas = "1 area" if now.uncovered == 1 else f"{now.uncovered} areas"
        yield Step(f"No session speaks to {areas} of the programme", "sessions", now.starts)


def _timetable(now: Standing) -> Iterable[Step]:
    if now.latest_draft and now.is_replan:
        text = f"See what version {now.latest_draft} changes, and publish it"
        yield Step(text, "changes", now.starts, number=now.latest_draft)
    elif now.latest_draft:
        yield Step(
            f"Look at version {now.latest_draft} and publish it", "timetable", now.starts, number=now.latest_draft
        )
    elif not now.versions and now.people and now.inspectors and now.wanted:
        yield Step("Make the first timetable", "make", now.starts)
    elif now.versions and now.unplaced:
        are = "session is" if now.unplaced == 1 else "sessions are"
        yield Step(f"{now.unplaced} {are} wanted and not placed: see why, or make a new timetable", "overview")


def _people(now: Standing) -> Iterable[Step]:
    if now.not_coming:
        said = "person cannot" if now.not_coming == 1 else "people cannot"
        yield Step(f"{now.not_coming} {said} come as asked: find a stand-in, or re-plan", "replies", is_urgent=True)
    if now.unanswered:
        have = "person has" if now.unanswered == 1 else "people have"
        yield Step(f"{now.unanswered} {have} not answered", "replies", now.starts)
    if now.to_write_up:
        sessions = "session" if now.to_write_up == 1 else "sessions"
        yield Step(f"Say whether {now.to_write_up} {sessions} took place", "records")


def where_in_words(starts: date, ends: date, *, on: date, days: list[date]) -> str:
    """Say where in the fieldwork a day is: before it, in it, after it."""
    if on < starts:
        left = (starts - on).days
        return "Fieldwork starts tomorrow." if left == 1 else f"Fieldwork starts in {left} days."
    if on > ends:
        ago = (on - ends).days
        return "Fieldwork ended yesterday." if ago == 1 else f"Fieldwork ended {ago} days ago."
    number = sum(day <= on for day in days)
    return f"Day {number} of {len(days)} of the fieldwork."
