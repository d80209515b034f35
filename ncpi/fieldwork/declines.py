"""What somebody's "no" means for the next timetable.

One of a pool is not asked to that session again; whoever must come, or could at another time, cannot then.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ncpi.fieldwork.problem import Problem, Span


@dataclass(frozen=True, slots=True)
class Declined:
    person: str
    session: str
    during: Span
    is_then_only: bool = False


def respecting(problem: Problem, declined: Iterable[Declined]) -> Problem:
    """Return the problem in which nobody is asked again to what they declined."""
    declined = list(declined)
    if not declined:
        return problem
    pools = {session.id: set(session.pool) for session in problem.sessions}
    refused = {
        (one.session, one.person)
        for one in declined
        if one.person in pools.get(one.session, ()) and not one.is_then_only
    }
    busy = [one for one in declined if (one.session, one.person) not in refused]
    return replace(
        problem,
        sessions=tuple(
            replace(one, pool=tuple(key for key in one.pool if (one.id, key) not in refused))
            for one in problem.sessions
        ),
        people=tuple(
            replace(one, busy=(*one.busy, *(no.during for no in busy if no.person == one.id))) for one in problem.people
        ),
    )
