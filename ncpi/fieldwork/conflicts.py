"""Which few things cannot stand together with a session that found no place? A smallest set, by a deletion filter.

Everything that binds the session is an element: its own wishes, the rules, the sessions placed. One after another is
left out; it stays out if the rest is still impossible, so that none of what remains can be dropped (Chinneck and
Dravnieks, "Locating minimal infeasible constraint sets in linear programs", 1991).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from ncpi.fieldwork import greedy
from ncpi.fieldwork.free_time import FreeTime, bits
from ncpi.fieldwork.problem import Plan, Problem, Rules, Session
from ncpi.fieldwork.timetable_rules import RulesModel

PLENTY = 1_000
# A bounded search, in the solver's own measure and not in seconds: the same problem is explained in the same words.
EFFORT = 0.1
MOST_CHECKS = 80
MOST_SESSIONS = 30
NO_RULES = Rules(
    rest_minutes=0,
    inspector_gap_minutes=0,
    person_gap_minutes=0,
    lunch=None,
    inspector_sessions_a_day=PLENTY,
    person_sessions=PLENTY,
    person_sessions_a_day=PLENTY,
    rooms=None,
)
RULES = (
    *("lunch", "inspector_gap_minutes", "person_gap_minutes", "inspector_sessions_a_day", "person_sessions_a_day"),
    *("person_sessions", "rooms", "rest_minutes", "bands", "managers"),
)


@dataclass(frozen=True, slots=True, order=True)
class Element:
    """One thing that could be dropped: its kind, and which one of several."""

    kind: str
    key: str = ""


def smallest_conflict(problem: Problem, plan: Plan, session: Session) -> tuple[Element, ...] | None:
    """Return a set that no timetable with this session can keep and of which nothing can be dropped, or None."""
    own = list(_own(problem, session))
    checks = _Checks(problem, session)
    for others in [[], *_circles(problem, plan, session)]:
        elements = [*own, *(Element("session", key) for key in others)]
        if len(others) <= MOST_SESSIONS and checks.is_impossible(elements):
            found = checks.filtered(elements, max(1, len(others) // 4))
            return tuple(found) if checks.may_go_on else None
    return None


def with_only(problem: Problem, session: Session, elements: set[Element]) -> Problem:
    """Return the problem of this session with these elements alone; every session in it has to be placed."""
    others = {one.key for one in elements if one.kind == "session"}
    kept = {one.kind for one in elements}
    sessions = [
        replace(one, after=tuple(key for key in one.after if key in others or _is_order(one, key, session, elements)))
        for one in problem.sessions
        if one.id in others
    ]
    mine = _bare(session, elements)
    asked = {key for one in (*sessions, mine) for key in (*one.fixed, *one.pool)}
    rules = {name: getattr(problem.rules, name) for name in RULES if name in kept and hasattr(problem.rules, name)}
    people = [
        replace(
            one,
            band=one.band if "bands" in kept else "",
            manager=one.manager if "managers" in kept else None,
            max_sessions=one.max_sessions if "person_sessions" in kept else None,
        )
        for one in problem.people
        if one.id in asked
    ]
    team = [one if "inspector_sessions_a_day" in kept else replace(one, max_a_day=None) for one in problem.inspectors]
    return replace(
        problem,
        rules=replace(NO_RULES, grid_minutes=problem.rules.grid_minutes, **rules),
        people=tuple(people),
        inspectors=tuple(team),
        sessions=(*sessions, mine),
    )


def _is_order(one: Session, key: str, session: Session, elements: set[Element]) -> bool:
    return key == session.id and Element("order", one.id) in elements


def _bare(session: Session, elements: set[Element]) -> Session:
    """Return the session with nothing but what the elements ask of it."""
    kept = {one.kind for one in elements}
    has_team, has_group = "inspectors" in kept, "group" in kept
    return replace(
        session,
        windows=session.windows if "windows" in kept else None,
        fixed=tuple(key for key in session.fixed if Element("person", key) in elements),
        inspectors=session.inspectors if has_team else 1 if "specialism" in kept else 0,
        specialism=session.specialism if "specialism" in kept else "",
        pool=session.pool if has_group else (),
        size=session.size if has_group else 0,
        units=session.units if has_group and "units" in kept else 1,
        after=tuple(
            key for key in session.after if Element("order", key) in elements and Element("session", key) in elements
        ),
    )


def _own(problem: Problem, session: Session) -> Iterator[Element]:
    """Yield what binds the session by itself: rules first, because what is tried first is dropped first."""
    for name in RULES:
        if getattr(problem.rules, name, name) is not None:
            yield Element(name)
    if session.units > 1:
        yield Element("units")
    if session.windows is not None:
        yield Element("windows")
    if session.specialism:
        yield Element("specialism")
    if session.inspectors:
        yield Element("inspectors")
    if session.size:
        yield Element("group")
    for key in session.fixed:
        yield Element("person", key)
    for key in (*session.after, *(one.id for one in problem.sessions if session.id in one.after)):
        yield Element("order", key)


def _circles(problem: Problem, plan: Plan, session: Session) -> Iterator[list[str]]:
    """Yield ever more of the placed sessions: those with its people or before and after it, then all its days."""
    placed = [one for one in problem.sessions if one.id in plan]
    people = {*session.fixed, *session.pool}
    near = [
        one.id
        for one in placed
        if one.id in session.after or session.id in one.after or people & {*one.fixed, *one.pool}
    ]
    if near:
        yield near
    free = FreeTime(problem)
    days = {free.day_of[bit] for bit in bits(free.session(session))}
    captive = [
        one.id for one in placed if one.id not in near and {free.day_of[bit] for bit in bits(free.session(one))} <= days
    ]
    if captive:
        yield [*captive, *near]


@dataclass
class _Checks:
    problem: Problem
    session: Session
    made: int = 0
    effort: float = EFFORT

    @property
    def may_go_on(self) -> bool:
        return self.made < MOST_CHECKS and self.effort > 0

    def is_impossible(self, elements: list[Element]) -> bool:
        """Say whether it is proved that these cannot stand together."""
        stands, spent = can_stand(with_only(self.problem, self.session, set(elements)), max(self.effort, 0.001))
        self.made += 1
        self.effort -= spent
        return not stands

    def filtered(self, elements: list[Element], chunk: int) -> list[Element]:
        """Drop what can be dropped, many sessions at a time at first, at last one by one."""
        left = list(elements)
        while chunk:
            at = sum(one.kind != "session" for one in left) if chunk > 1 else 0
            while at < len(left) and self.may_go_on:
                without = [*left[:at], *left[at + chunk :]]
                if self.is_impossible(without):
                    left = without
                else:
                    at += chunk
            chunk = 0 if chunk == 1 else max(1, chunk // 4)
        return left


def can_stand(problem: Problem, effort: float) -> tuple[bool, float]:
    """Say whether every session can be placed, and what finding out took; when it is not found out, that it can."""
    free = FreeTime(problem)
    if not all(free.session(session) for session in problem.sessions):
        return False, 0.0
    if len(greedy.first_fit(problem, free)) == len(problem.sessions):
        return True, 0.0
    model = RulesModel(problem, free)
    for literal in model.placed.values():
        model.cp.add(literal == 1)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.max_deterministic_time = effort
    status = solver.solve(model.cp)
    return bool(status != cp_model.INFEASIBLE), solver.response_proto.deterministic_time
