"""What would be enough for a session that found no place? One change at a time, tried in the timetable as it stands.

A change is told only when the session then fits without anything else moving, so that it is certainly enough.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from ncpi.fieldwork.free_time import FreeTime, bits, to_minutes, to_moment
from ncpi.fieldwork.greedy import Diary, choose
from ncpi.fieldwork.problem import Inspector, Person, Plan, Problem, Session, Span
from ncpi.lib import dates

MOST = 4
HOUR = timedelta(hours=1)


# Of what kind, in words, and the problem with it made.
Change = tuple[str, str, Problem]


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change in words, the problem with it made, and when the session could then start."""

    words: str
    problem: Problem
    start: int


def remedies(problem: Problem, plan: Plan, session: Session) -> list[Remedy]:
    """Return changes each of which is enough, the smallest of each kind."""
    found: dict[str, Remedy] = {}
    for kind, words, changed in _changes(problem, session):
        start = None if kind in found else first_start(changed, plan, session.id)
        if start is not None:
            found[kind] = Remedy(words.replace("{when}", _when(start)), changed, start)
        if len(found) == MOST:
            break
    return list(found.values())


def first_start(problem: Problem, plan: Plan, key: str) -> int | None:
    """Return the first minute at which a session fits beside what is placed, or None."""
    free = FreeTime(problem)
    diary = diary_of(problem, free, {other: one for other, one in plan.items() if other != key})
    session = next(one for one in problem.sessions if one.id == key)
    for bit in bits(free.session(session)):
        if choose(diary, session, free.starts[bit], bit) is not None:
            return free.starts[bit]
    return None


def diary_of(problem: Problem, free: FreeTime, plan: Plan) -> Diary:
    """Return the diary that a plan fills."""
    diary = Diary(problem, free)
    for session in problem.sessions:
        if session.id in plan:
            one = plan[session.id]
            members = [key for key in one.people if key not in session.fixed]
            diary.place(session, to_minutes(one.starts_at), list(one.inspectors), members)
    return diary


def _when(start: int) -> str:
    local = dates.to_local(to_moment(start))
    return f"{local:%A} {local.day} {local:%B} at {local:%H:%M}"


def _with(problem: Problem, session: Session) -> Problem:
    others = (session if one.id == session.id else one for one in problem.sessions)
    return replace(problem, sessions=tuple(others))


def _changes(problem: Problem, session: Session) -> Iterator[Change]:
    yield from _of_session(problem, session)
    yield from _of_people(problem, session)
    yield from _of_team(problem, session)
    yield from _of_arrangement(problem, session)


def _of_session(problem: Problem, session: Session) -> Iterator[Change]:
    if session.windows is not None:
        yield "window", "one more window, on {when}", _with(problem, replace(session, windows=None))
    for size in range(session.size - 1, 0, -1):
        fewer = replace(session, size=size, units=min(session.units, size))
        yield "size", f"{size} instead of {session.size} people ({{when}})", _with(problem, fewer)
    if session.units > 1:
        yield "units", "people of fewer units ({when})", _with(problem, replace(session, units=1))
    grid = problem.rules.grid_minutes
    for minutes in range(session.minutes - grid, session.minutes // 2, -grid):
        shorter = _with(problem, replace(session, minutes=minutes))
        yield "minutes", f"{minutes} instead of {session.minutes} minutes ({{when}})", shorter
    names = {one.id: one.label for one in problem.sessions}
    for key in session.after:
        rest = tuple(other for other in session.after if other != key)
        yield "order", f"not to wait for {names[key]} ({{when}})", _with(problem, replace(session, after=rest))


def _of_people(problem: Problem, session: Session) -> Iterator[Change]:
    known = {one.id: one for one in problem.people}
    for key in session.fixed:
        free = _always_free(problem, known[key])
        yield "free", f"{known[key].label} to be free on {{when}}", _replaced(problem, free)
    for key in session.fixed:
        rest = tuple(other for other in session.fixed if other != key)
        if rest or session.size:
            yield (
                "without",
                f"to do without {known[key].label} ({{when}})",
                _with(problem, replace(session, fixed=rest)),
            )
    if session.size:
        guest = replace(_always_free(problem, known[session.pool[0]]), id="one more in the pool", manager=None)
        wider = _with(problem, replace(session, pool=(*session.pool, guest.id)))
        yield (
            "pool",
            "one more person in the pool who is free on {when}",
            replace(wider, people=(*problem.people, guest)),
        )


def _always_free(problem: Problem, person: Person) -> Person:
    return replace(person, duty=(), offered=problem.days, busy=(), max_sessions=len(problem.sessions) + 1)


def _replaced(problem: Problem, person: Person) -> Problem:
    people = (person if one.id == person.id else one for one in problem.people)
    return replace(problem, people=tuple(people))


def _of_team(problem: Problem, session: Session) -> Iterator[Change]:
    if session.inspectors > 1:
        fewer = replace(session, inspectors=session.inspectors - 1)
        yield (
            "inspectors",
            f"{fewer.inspectors} instead of {session.inspectors} inspectors ({{when}})",
            _with(problem, fewer),
        )
    if session.inspectors:
        guest = Inspector("one inspector more", frozenset({session.specialism} - {""}))
        special = f" for {session.specialism}" if session.specialism else ""
        yield (
            "team",
            f"one inspector more{special} on {{when}}",
            replace(problem, inspectors=(*problem.inspectors, guest)),
        )
    if session.specialism:
        yield (
            "specialism",
            f"no inspector for {session.specialism} ({{when}})",
            _with(problem, replace(session, specialism="")),
        )


def _of_arrangement(problem: Problem, session: Session) -> Iterator[Change]:
    if problem.rules.rooms is not None:
        more = replace(problem.rules, rooms=problem.rules.rooms + 1)
        yield "rooms", "one more room ({when})", replace(problem, rules=more)
    longer = tuple(_longer(day) for day in problem.days)
    if longer != problem.days:
        yield "hours", "days that are open an hour longer ({when})", replace(problem, days=longer)
    for other in problem.sessions:
        if other.id != session.id and {*other.fixed} & {*session.fixed, *session.pool}:
            rest = tuple(one for one in problem.sessions if one.id != other.id)
            yield (
                "leave",
                f"to leave out {other.label} ({{when}})",
                replace(problem, sessions=_unlinked(rest, other.id)),
            )


def _unlinked(sessions: tuple[Session, ...], key: str) -> tuple[Session, ...]:
    return tuple(replace(one, after=tuple(other for other in one.after if other != key)) for one in sessions)


def _longer(day: Span) -> Span:
    """Return a day with an hour more in the evening, never into the next."""
    end = day.ends_at + HOUR
    return Span(day.starts_at, end) if dates.to_local(end).date() == dates.to_local(day.starts_at).date() else day
