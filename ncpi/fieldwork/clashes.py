"""What a change by hand would break, with its rule, and where a session could go without breaking any.

Clashes come from the independent checker, so that what a person is shown is what is checked before anything is kept.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ncpi.fieldwork import checker
from ncpi.fieldwork.checker import Broken
from ncpi.fieldwork.free_time import FreeTime, bits, to_minutes, to_moment
from ncpi.fieldwork.greedy import Diary, choose
from ncpi.fieldwork.held import begun, holding
from ncpi.fieldwork.problem import Inspector, Person, Placement, Plan, Problem, Session
from ncpi.lib import dates

Key = tuple[str, str, str]

# Rules that a person may set aside with a reason; what is not here nobody may: it would be a double booking, in the
# past, or no place on the grid at all.
HUMAN_RULES = {
    "window": "A session lies within its windows",
    "team": "A session has the inspectors it wants",
    "specialism": "One inspector has the specialism",
    "fixed": "Whoever must come is there",
    "pool": "Others come from the session's pool",
    "size": "A group is as large as wanted",
    "band": "A group is of one rank band",
    "units": "A group is from several units",
    "manager": "Nobody sits with their own line manager",
    "person gap": "People have a gap between sessions",
    "sessions": "Nobody is asked too often",
    "sessions a day": "Nobody is asked too often in a day",
    "duty": "People are asked when on duty",
    "busy": "Nobody is called from leave, court, training or a rest day",
    "rest": "Nobody within the rest after a shift",
    "inspector gap": "Inspectors have a gap between sessions",
    "inspector day": "An inspector has so many sessions a day at most",
    "absence": "Inspectors are not asked when absent",
    "lunch": "Inspectors have their lunch",
    "order": "Sessions keep their order",
}
FIRM_RULES = {
    "length": "A session lasts as long as planned",
    "day": "Sessions lie within the open hours",
    "grid": "Sessions start on the grid of quarter hours",
    "group": "Nobody is in a session twice",
    "person": "People are still in the list",
    "inspector": "Inspectors are still in the list",
    "session": "The session is still wanted",
    "person overlap": "A person is in one session at a time",
    "inspector overlap": "An inspector is in one session at a time",
    "past": "What has started stays, and nothing starts in the past",
    "rooms": "There are rooms for what runs at once",
}
WITH_OTHERS = {"person gap", "person overlap", "sessions", "sessions a day"} | {
    *("inspector gap", "inspector overlap", "inspector day", "lunch"),
}


@dataclass(frozen=True, slots=True)
class Clash:
    """A rule that would be broken, for whom, and in words."""

    rule: str
    kind: str
    subject: str
    words: str

    @property
    def key(self) -> Key:
        return self.rule, self.kind, self.subject

    @property
    def code(self) -> str:
        """Return what a page posts back to say that somebody saw this clash."""
        return "|".join(self.key)

    @property
    def title(self) -> str:
        return HUMAN_RULES.get(self.rule) or FIRM_RULES[self.rule]

    @property
    def is_firm(self) -> bool:
        return self.rule not in HUMAN_RULES


def key_of(broken: Broken) -> Key:
    return broken.rule, broken.kind, broken.subject


def clashes_with(problem: Problem, plan: Plan, session: str) -> list[Clash]:
    """Return what would be kept if this session were not in the plan."""
    without = Counter(map(key_of, checker.broken_rules(problem, _without(plan, session))))
    found = []
    for broken in checker.broken_rules(problem, plan):
        if without[key_of(broken)]:
            without[key_of(broken)] -= 1
        else:
            found.append(_clash(problem, plan, broken))
    return found


def clashes_in(problem: Problem, plan: Plan, excused: Iterable[Key] = ()) -> list[Clash]:
    """Return every rule that the plan breaks and that nobody accepted; what has started breaks none any more."""
    started = {key: one for key, one in begun(problem).items() if plan.get(key) == one}
    left = Counter(excused) + Counter(map(key_of, checker.broken_rules(problem, started)))
    found = []
    for broken in checker.broken_rules(problem, plan):
        if left[key_of(broken)]:
            left[key_of(broken)] -= 1
        else:
            found.append(_clash(problem, plan, broken))
    return found


def still_broken(problem: Problem, plan: Plan, excused: Mapping[str, Iterable[Key]]) -> dict[str, list[Key]]:
    """Return, of what was accepted for each session, that which is still broken."""
    left = Counter(map(key_of, checker.broken_rules(problem, plan)))
    kept: dict[str, list[Key]] = {}
    for session, keys in excused.items():
        kept[session] = []
        for key in keys:
            if left[key]:
                left[key] -= 1
                kept[session].append(key)
    return kept


@dataclass(frozen=True, slots=True)
class Start:
    """A place in which a session breaks no rule, with whom."""

    starts_at: datetime
    placement: Placement


def starts_that_work(problem: Problem, plan: Plan, session: str) -> list[Start]:
    """Return every start at which a session fits while nothing else moves, keeping whoever it has where they can."""
    around = holding(problem, _without(plan, session))
    wanted = next(one for one in around.sessions if one.id == session)
    free = FreeTime(around)
    diary = Diary(around, free)
    was = plan.get(session)
    preferred = frozenset((*was.people, *was.inspectors)) if was else frozenset()
    found = []
    for bit in bits(free.session(wanted)):
        chosen = choose(diary, wanted, free.starts[bit], bit, preferred=preferred)
        if chosen is not None:
            start = to_moment(free.starts[bit])
            end = start + timedelta(minutes=wanted.minutes)
            found.append(Start(start, Placement(start, end, tuple(sorted(chosen[0])), (*wanted.fixed, *chosen[1]))))
    return found


@dataclass(frozen=True, slots=True)
class Free:
    """Who could sit in a session at a start, each looked at by themselves."""

    inspectors: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()


def free_at(problem: Problem, plan: Plan, session: str, starts_at: datetime) -> Free:
    around = holding(problem, _without(plan, session))
    wanted = next(one for one in around.sessions if one.id == session)
    free = FreeTime(around)
    bit = free.bit_of.get(to_minutes(starts_at))
    if bit is None:
        return Free()
    diary, start, minutes = Diary(around, free), to_minutes(starts_at), wanted.minutes
    return Free(
        frozenset(
            key
            for key in free.inspectors
            if free.inspector(key, minutes) >> bit & 1 and diary.inspector_can(key, start, minutes)
        ),
        frozenset(
            key for key in free.people if free.person(key, minutes) >> bit & 1 and diary.person_can(key, start, minutes)
        ),
    )


def moved_to(problem: Problem, plan: Plan, session: str, placement: Placement) -> dict[str, Placement]:
    """Return the plan with one session elsewhere."""
    minutes = next(one.minutes for one in problem.sessions if one.id == session)
    ends_at = placement.starts_at + timedelta(minutes=minutes)
    return {**_without(plan, session), session: replace(placement, ends_at=ends_at)}


def _without(plan: Plan, session: str) -> dict[str, Placement]:
    return {key: one for key, one in plan.items() if key != session}


def _clash(problem: Problem, plan: Plan, broken: Broken) -> Clash:
    everything: list[Person | Inspector | Session] = [*problem.people, *problem.inspectors, *problem.sessions]
    kinds = {"person": Person, "inspector": Inspector, "session": Session}
    named = (one for one in everything if isinstance(one, kinds[broken.kind]) and one.id == broken.subject)
    label = next((one.label for one in named), "Somebody or something no longer listed")
    text = f"{label} {_said(problem, plan, broken)}"
    if broken.rule in WITH_OTHERS:
        text += _where(problem, plan, broken)
    return Clash(broken.rule, broken.kind, broken.subject, f"{text}.")


def _said(problem: Problem, plan: Plan, broken: Broken) -> str:
    if broken.rule == "pool":
        session = next(one for one in problem.sessions if one.id == broken.subject)
        known = {one.id: one.label for one in problem.people}
        others = sorted(
            known.get(key, "somebody") for key in {*plan[session.id].people} - {*session.fixed, *session.pool}
        )
        return f"has {', '.join(others)} who {'is' if len(others) == 1 else 'are'} not in its pool, or declined"
    if broken.rule == "lunch":
        day = datetime.fromisoformat(broken.text[-10:])
        return f"has no lunch on {day:%A} {day.day} {day:%B}"
    return broken.text


def _where(problem: Problem, plan: Plan, broken: Broken) -> str:
    """Name the sessions of the person or inspector, so that one sees which stand too close."""
    names = {session.id: session.label for session in problem.sessions}
    kind = "people" if broken.kind == "person" else "inspectors"
    mine = [(one.starts_at, key) for key, one in plan.items() if broken.subject in getattr(one, kind)]
    said = [f"{names.get(key, 'another session')} ({dates.in_words(start)})" for start, key in sorted(mine)]
    return f": {', '.join(said)}" if said else ""
