"""Does a finished timetable break a hard rule? Plain loops that share no code with what made it.

Runs before a timetable is saved, and over generated problems in the tests.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ncpi.fieldwork.problem import Placement, Plan, Problem, Session, Span

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Broken:
    rule: str
    subject: str
    text: str
    kind: str = "session"


def broken_rules(problem: Problem, plan: Plan) -> list[Broken]:
    """Return every hard rule that the plan breaks."""
    sessions = {session.id: session for session in problem.sessions}
    unknown = [Broken("session", key, "is not wanted") for key in plan if key not in sessions]
    known = {key: one for key, one in plan.items() if key in sessions}
    found = [*unknown]
    for key, placement in known.items():
        found += _session(problem, sessions[key], placement)
    found += [replace(one, kind="person") for one in _people(problem, known)]
    found += [replace(one, kind="inspector") for one in _inspectors(problem, known)]
    found += _order(problem, known)
    found += _past(problem, known)
    found += _rooms(problem, known)
    return found


def _session(problem: Problem, session: Session, one: Placement) -> Iterator[Broken]:
    start, end = one.starts_at, one.ends_at
    if end - start != timedelta(minutes=session.minutes):
        yield Broken("length", session.id, "does not last as long as it should")
    day = next((day for day in problem.days if day.starts_at <= start and end <= day.ends_at), None)
    if day is None:
        yield Broken("day", session.id, "is outside the fieldwork's days")
    elif (start - day.starts_at) % timedelta(minutes=problem.rules.grid_minutes):
        yield Broken("grid", session.id, "does not start on the grid")
    if session.windows is not None and not any(_inside(start, end, window) for window in session.windows):
        yield Broken("window", session.id, "is outside its windows")
    if len(set(one.inspectors)) != session.inspectors or len(one.inspectors) != session.inspectors:
        yield Broken("team", session.id, "has the wrong number of inspectors")
    skills = {skill for who in problem.inspectors if who.id in one.inspectors for skill in who.specialisms}
    if session.specialism and session.specialism not in skills:
        yield Broken("specialism", session.id, f"has nobody for {session.specialism}")
    yield from _group(problem, session, one)


def _group(problem: Problem, session: Session, one: Placement) -> Iterator[Broken]:
    if len(set(one.people)) != len(one.people):
        yield Broken("group", session.id, "has somebody twice")
    if not set(session.fixed) <= set(one.people):
        yield Broken("fixed", session.id, "lacks somebody who must come")
    members = [key for key in one.people if key not in session.fixed]
    if not set(members) <= set(session.pool):
        yield Broken("pool", session.id, "has somebody who is not in its pool")
    if len(members) != session.size:
        yield Broken("size", session.id, f"has {len(members)} of {session.size} members")
    people = {person.id: person for person in problem.people}
    known = [people[key] for key in members if key in people]
    if len({person.band for person in known}) > 1:
        yield Broken("band", session.id, "mixes rank bands")
    if session.size and len({person.unit for person in known}) < session.units:
        yield Broken("units", session.id, f"is from fewer than {session.units} units")
    for key in one.people:
        person = people.get(key)
        if person is not None and person.manager in one.people and (key in members or person.manager in members):
            yield Broken("manager", session.id, "has a person with their own line manager")


def _people(problem: Problem, plan: Plan) -> Iterator[Broken]:
    rules = problem.rules
    known = {person.id for person in problem.people}
    for key in {who for one in plan.values() for who in one.people} - known:
        yield Broken("person", key, "is not in the list")
    for person in problem.people:
        mine = sorted((one for one in plan.values() if person.id in one.people), key=lambda one: one.starts_at)
        yield from _gaps("person", person.id, mine, rules.person_gap_minutes)
        limit = rules.person_sessions if person.max_sessions is None else person.max_sessions
        if len(mine) > limit:
            yield Broken("sessions", person.id, f"is asked {len(mine)} times")
        if _most_in_a_day(problem, mine) > rules.person_sessions_a_day:
            yield Broken("sessions a day", person.id, "is asked too often in a day")
        open_to = person.duty if person.offered is None else person.offered
        for one in mine:
            if not _covered(one.starts_at, one.ends_at, open_to):
                yield Broken("duty", person.id, "is not on duty")
            if any(one.starts_at < span.ends_at and span.starts_at < one.ends_at for span in person.busy):
                yield Broken("busy", person.id, "is elsewhere")
            if _tired(one, person.duty, timedelta(minutes=rules.rest_minutes)):
                yield Broken("rest", person.id, "is within the rest after a shift")


def _inspectors(problem: Problem, plan: Plan) -> Iterator[Broken]:
    rules = problem.rules
    known = {inspector.id for inspector in problem.inspectors}
    for key in {who for one in plan.values() for who in one.inspectors} - known:
        yield Broken("inspector", key, "is not in the list")
    for who in problem.inspectors:
        mine = sorted((one for one in plan.values() if who.id in one.inspectors), key=lambda one: one.starts_at)
        yield from _gaps("inspector", who.id, mine, rules.inspector_gap_minutes)
        limit = rules.inspector_sessions_a_day
        if who.max_a_day is not None:
            limit = min(limit, who.max_a_day)
        if _most_in_a_day(problem, mine) > limit:
            yield Broken("inspector day", who.id, "has too many sessions in a day")
        for one in mine:
            if any(one.starts_at < span.ends_at and span.starts_at < one.ends_at for span in who.busy):
                yield Broken("absence", who.id, "is absent")
        for day in problem.days:
            here = [one for one in mine if day.starts_at <= one.starts_at < day.ends_at]
            if here and not _can_eat(problem, day, here):
                yield Broken("lunch", who.id, f"has no lunch on {day.starts_at:%Y-%m-%d}")


def _can_eat(problem: Problem, day: Span, here: list[Placement]) -> bool:
    lunch = problem.rules.lunch
    if lunch is None:
        return True
    local = day.starts_at.astimezone(LONDON).date()
    at = datetime.combine(local, lunch.earliest, tzinfo=LONDON).timestamp()
    latest = datetime.combine(local, lunch.latest, tzinfo=LONDON).timestamp() - lunch.minutes * 60
    gap = problem.rules.inspector_gap_minutes * 60
    while at <= latest:
        if not any(
            one.starts_at.timestamp() < at + lunch.minutes * 60 and at < one.ends_at.timestamp() + gap for one in here
        ):
            return True
        at += problem.rules.grid_minutes * 60
    return False


def _gaps(kind: str, key: str, mine: list[Placement], minutes: int) -> Iterator[Broken]:
    for before, after in zip(mine, mine[1:], strict=False):
        if after.starts_at < before.ends_at:
            yield Broken(f"{kind} overlap", key, "is in two sessions at once")
        elif after.starts_at - before.ends_at < timedelta(minutes=minutes):
            yield Broken(f"{kind} gap", key, "has too short a gap")


def _most_in_a_day(problem: Problem, mine: list[Placement]) -> int:
    return max(
        (sum(day.starts_at <= one.starts_at < day.ends_at for one in mine) for day in problem.days),
        default=0,
    )


def _covered(start: datetime, end: datetime, spans: tuple[Span, ...]) -> bool:
    """Return whether every minute lies in some span; two that touch count as one."""
    at = start
    for span in sorted(spans, key=lambda span: span.starts_at):
        if span.starts_at <= at < span.ends_at:
            at = span.ends_at
    return at >= end


def _tired(one: Placement, duty: tuple[Span, ...], rest: timedelta) -> bool:
    for span in duty:
        ends = span.ends_at
        carried_on = any(other.starts_at <= ends < other.ends_at for other in duty)
        if not carried_on and one.starts_at < ends + rest and ends < one.ends_at:
            return True
    return False


def _inside(start: datetime, end: datetime, span: Span) -> bool:
    return span.starts_at <= start and end <= span.ends_at


def _order(problem: Problem, plan: Plan) -> Iterator[Broken]:
    labels = {session.id: session.label for session in problem.sessions}
    for session in problem.sessions:
        for before in session.after:
            if session.id in plan and before in plan and plan[session.id].starts_at < plan[before].ends_at:
                yield Broken("order", session.id, f"starts before {labels[before]} has ended")


def _past(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """On a re-plan nothing starts before now, but for what did; that stays where it was."""
    published = problem.published
    if published is None or published.at is None:
        return
    for key, one in plan.items():
        was = published.sessions[key].starts_at if key in published.sessions else None
        if was is not None and was < published.at:
            if one.starts_at != was:
                yield Broken("past", key, "has started already and cannot move")
        elif one.starts_at < published.at:
            yield Broken("past", key, "would start in the past")


def _rooms(problem: Problem, plan: Plan) -> Iterator[Broken]:
    rooms = problem.rules.rooms
    if rooms is None:
        return
    for key, one in plan.items():
        running = sum(other.starts_at <= one.starts_at < other.ends_at for other in plan.values())
        if running > rooms:
            yield Broken("rooms", key, f"is one of {running} at once in {rooms} rooms")
