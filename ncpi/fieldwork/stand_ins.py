"""Can somebody else come in a person's place? The rules of the timetable, asked of one exchange at one time.

The independent checker says what the exchange would break that is not broken already.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ncpi.fieldwork.checker import Broken, broken_rules
from ncpi.fieldwork.problem import Plan, Problem, Session

WORDS = {
    "pool": "is not one of those who may be chosen",
    "band": "is of another rank band than the others",
    "manager": "would sit with their line manager, or with somebody whom they manage",
    "units": "would leave the group from too few units",
    "duty": "is not on duty then",
    "busy": "is elsewhere then",
    "rest": "is within the rest after a shift",
    "person overlap": "is in another session then",
    "person gap": "has another session too close to it",
    "sessions": "would be asked more often than they may be",
    "sessions a day": "would be asked too often that day",
}


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who may be meant: their reference and work e-mail."""

    id: str
    reference: str
    email: str


def meant(text: str, people: Iterable[Known]) -> Known | None:
    """Return who was meant by a reference or an e-mail address, in whatever case it was typed."""
    word = text.strip().casefold()
    return next((one for one in people if word in (one.reference.casefold(), one.email.casefold())), None)


def obstacles(problem: Problem, plan: Plan, *, session: str, leaving: str, coming: str) -> list[str]:
    """Return why one cannot come in the other's place, in words that follow their name; nothing when they can."""
    placement = plan.get(session)
    if placement is None or leaving not in placement.people:
        return ["would come to a session that is not placed any more"]
    if coming in placement.people:
        return ["is in this session already"]
    people = tuple(coming if one == leaving else one for one in placement.people)
    exchanged: Mapping = {**plan, session: replace(placement, people=people)}
    known = broken_rules(problem, plan)
    found = [one for one in broken_rules(_named(problem, session, leaving, coming), exchanged) if one not in known]
    return list(dict.fromkeys(_in_words(one) for one in found))


def _named(problem: Problem, session: str, leaving: str, coming: str) -> Problem:
    """Return the problem in which who must come to the session is the stand-in, if it was the other."""
    sessions = (_exchanged(one, leaving, coming) if one.id == session else one for one in problem.sessions)
    return replace(problem, sessions=tuple(sessions))


def _exchanged(session: Session, leaving: str, coming: str) -> Session:
    if leaving not in session.fixed:
        return session
    fixed = tuple(coming if one == leaving else one for one in session.fixed)
    return replace(session, fixed=fixed, pool=tuple(one for one in session.pool if one != coming))


def _in_words(one: Broken) -> str:
    return WORDS.get(one.rule, one.text)
