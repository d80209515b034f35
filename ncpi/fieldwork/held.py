"""Sessions that stay exactly where a person put them: the rest of the fortnight is planned around them.

A held session is no longer one to be placed: its people and inspectors are busy, with their gaps, and have one fewer
left. It may break a rule that somebody accepted; nothing that is placed around it may.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from ncpi.fieldwork.problem import Inspector, Person, Placement, Plan, Problem, Session, Span

Limit = tuple[datetime | None, datetime | None]


def holding(problem: Problem, held: Plan) -> Problem:
    """Return the problem of everything else, in which what is held takes its time and its share."""
    held = {session.id: held[session.id] for session in problem.sessions if session.id in held}
    if not held:
        return problem
    gaps = problem.rules.person_gap_minutes, problem.rules.inspector_gap_minutes
    names = {session.id: session.label for session in problem.sessions}
    return replace(
        problem,
        people=tuple(_person(one, problem, held, names, gaps[0]) for one in problem.people),
        inspectors=tuple(_inspector(one, held, names, gaps[1]) for one in problem.inspectors),
        sessions=tuple(_session(one, problem, held) for one in problem.sessions if one.id not in held),
        held=held,
    )


def begun(problem: Problem) -> dict[str, Placement]:
    """Return what has started by now: it stays as it was published, whatever has changed since."""
    published = problem.published
    if published is None or published.at is None:
        return {}
    wanted = {session.id for session in problem.sessions}
    at = published.at
    return {key: one for key, one in published.sessions.items() if key in wanted and one.starts_at < at}


def _around(plan: Plan, keys: Iterable[str], names: dict[str, str], gap: int) -> tuple[Span, ...]:
    around = timedelta(minutes=gap)
    return tuple(Span(plan[key].starts_at - around, plan[key].ends_at + around, names[key]) for key in keys)


def _person(person: Person, problem: Problem, held: Plan, names: dict[str, str], gap: int) -> Person:
    mine = [key for key, one in held.items() if person.id in one.people]
    if not mine:
        return person
    limit = problem.rules.person_sessions if person.max_sessions is None else person.max_sessions
    return replace(
        person,
        busy=(*person.busy, *_around(held, mine, names, gap)),
        max_sessions=max(0, limit - len(mine)),
    )


def _inspector(inspector: Inspector, held: Plan, names: dict[str, str], gap: int) -> Inspector:
    mine = [key for key, one in held.items() if inspector.id in one.inspectors]
    return replace(inspector, busy=(*inspector.busy, *_around(held, mine, names, gap))) if mine else inspector


def _session(session: Session, problem: Problem, held: Plan) -> Session:
    """Turn the order to and from what is held into windows."""
    earliest = max((held[key].ends_at for key in session.after if key in held), default=None)
    later = (one.id for one in problem.sessions if session.id in one.after)
    latest = min((held[key].starts_at for key in later if key in held), default=None)
    if earliest is None and latest is None:
        return session
    return replace(
        session,
        after=tuple(key for key in session.after if key not in held),
        windows=tuple(_within(problem.days if session.windows is None else session.windows, (earliest, latest))),
    )


def _within(spans: Iterable[Span], limit: Limit) -> Iterable[Span]:
    earliest, latest = limit
    for span in spans:
        start = span.starts_at if earliest is None else max(span.starts_at, earliest)
        end = span.ends_at if latest is None else min(span.ends_at, latest)
        if start < end:
            yield Span(start, end, span.why)
