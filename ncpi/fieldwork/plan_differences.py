"""What is different between two timetables, session by session, in words that can be read out to somebody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ncpi.fieldwork.problem import Placement, Plan
from ncpi.lib import dates

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True)
class Difference:
    """One session that is not as it was: where it was, where it is, and the whole of it in a sentence."""

    session: str
    title: str
    was: Placement | None
    now: Placement | None
    words: str

    @property
    def joined(self) -> frozenset[str]:
        return frozenset(self.now.people if self.now else ()) - frozenset(self.was.people if self.was else ())

    @property
    def left(self) -> frozenset[str]:
        return frozenset(self.was.people if self.was else ()) - frozenset(self.now.people if self.now else ())


def differences(
    before: Plan, after: Plan, titles: Mapping[str, str], inspectors: Mapping[str, str]
) -> list[Difference]:
    """Return the sessions that differ, in the order of the later timetable."""
    found = []
    for key in {*before, *after}:
        was, now = before.get(key), after.get(key)
        words = _words(titles.get(key, "A session"), was, now, inspectors)
        if words:
            found.append(Difference(key, titles.get(key, "A session"), was, now, words))
    return sorted(found, key=lambda one: ((one.now or one.was).starts_at, one.title, one.session))  # type: ignore[union-attr]


@dataclass(frozen=True, slots=True)
class Appointment:
    """What of a person's own sessions and starts is no longer, and what is new."""

    person: str
    was: frozenset[tuple[str, datetime]]
    now: frozenset[tuple[str, datetime]]
    is_known: bool = True


def appointments_changed(before: Plan, after: Plan) -> list[Appointment]:
    """Return whoever sits elsewhere or at another time than before, in the order of what is first."""
    was, now = _appointments(before), _appointments(after)
    found = []
    for person in {*was, *now}:
        old, new = was.get(person, frozenset()), now.get(person, frozenset())
        if old != new:
            found.append(Appointment(person, old - new, new - old, person in was))
    return sorted(found, key=lambda one: (min(start for _, start in (*one.was, *one.now)), one.person))


def _appointments(plan: Plan) -> dict[str, frozenset[tuple[str, datetime]]]:
    found: dict[str, set[tuple[str, datetime]]] = {}
    for key, one in plan.items():
        for person in one.people:
            found.setdefault(person, set()).add((key, one.starts_at))
    return {person: frozenset(mine) for person, mine in found.items()}


def _words(title: str, was: Placement | None, now: Placement | None, inspectors: Mapping[str, str]) -> str:
    if was is None or now is None:
        if now is not None:
            return f"{title} is new, on {dates.in_words(now.starts_at)}."
        return f"{title} is taken out; it was on {dates.in_words(was.starts_at)}." if was is not None else ""
    parts = [*_moved(was, now), *_inspectors(was, now, inspectors), *_people(was, now)]
    if not parts:
        return ""
    first = f"{title} {parts[0]}" if was.starts_at != now.starts_at or was.ends_at != now.ends_at else ""
    return (
        "; ".join([first, *parts[1:]] if first else [f"{title} stays on {dates.in_words(now.starts_at)}", *parts]) + "."
    )


def _moved(was: Placement, now: Placement) -> list[str]:
    if was.starts_at != now.starts_at:
        return [f"moves from {dates.in_words(was.starts_at)} to {dates.in_words(now.starts_at)}"]
    if was.ends_at != now.ends_at:
        return [f"on {dates.in_words(now.starts_at)} now ends at {dates.to_local(now.ends_at):%H:%M}"]
    return []


def _inspectors(was: Placement, now: Placement, names: Mapping[str, str]) -> list[str]:
    came = sorted(names.get(key, "an inspector") for key in {*now.inspectors} - {*was.inspectors})
    went = sorted(names.get(key, "an inspector") for key in {*was.inspectors} - {*now.inspectors})
    if came and went:
        return [f"{_list(came)} {'takes' if len(came) == 1 else 'take'} it instead of {_list(went)}"]
    if came:
        return [f"{_list(came)} {'joins' if len(came) == 1 else 'join'} as inspector{'s' if len(came) > 1 else ''}"]
    return [f"{_list(went)} no longer {'takes' if len(went) == 1 else 'take'} it"] if went else []


def _people(was: Placement, now: Placement) -> list[str]:
    joins, leaves = len({*now.people} - {*was.people}), len({*was.people} - {*now.people})
    joining = f"{_people_count(joins)} {'joins' if joins == 1 else 'join'}"
    if joins and leaves:
        return [f"{joining}, {_number(leaves)} {'leaves' if leaves == 1 else 'leave'}"]
    if joins:
        return [joining]
    return [f"{_people_count(leaves)} {'leaves' if leaves == 1 else 'leave'}"] if leaves else []


def _people_count(count: int) -> str:
    return f"{_number(count)} {'person' if count == 1 else 'people'}"


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
