"""What groups cost at least because they share people, whoever inspects them.

A unit on rotas has few people on duty at once, and each may be asked only so often: of many groups drawn from them some
must meet at a worse hour. A linear relaxation, which splits groups, does not see it; solving the groups of one unit
alone does, and quickly. Of an answer of the relaxation it also says which groups it cannot have had people for.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from ncpi.fieldwork import costs
from ncpi.fieldwork.free_time import FreeTime, max_sessions
from ncpi.fieldwork.greedy import Diary, choose, local_times
from ncpi.fieldwork.problem import Problem, Session
from ncpi.fieldwork.timetable_circles import TOLERANCE, circles, people_only, small_solver
from ncpi.fieldwork.timetable_model import TimetableModel
from ncpi.fieldwork.timetable_variables import Linear

# In the solver's own measure; what is not found out is taken as nothing.
EFFORT = 0.05
Starts = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Together:
    """Groups that share people, and the points that their hours cost at least, halves of the fortnight apart."""

    keys: frozenset[str]
    points: int


@dataclass(frozen=True, slots=True)
class TooFew:
    """Of groups that share people, no more than `count` meet at these starts."""

    starts: Starts
    count: int


class GroupsModel(TimetableModel):
    """Groups and their people; their hours cost, nothing else does."""

    def _stages(self) -> dict[str, Linear]:
        return {"preference": sum(self._hour_points())}


class SharedPeople:
    """The groups of a problem in sets that no person links, while all is placed that can be."""

    def __init__(self, problem: Problem, free: FreeTime) -> None:
        self.free = free
        self._local = local_times(problem, free)
        held = Counter(key for session in problem.sessions if free.session(session) for key in session.fixed)
        groups = [one for one in problem.sessions if one.size and free.session(one)]
        self._options: Starts = {one.id: free.options(one) for one in groups}
        self._best: Starts = {one.id: self._best_hours(one) for one in groups}
        self._sets = [_alone(problem, together, held) for together in circles([_of_pool(one) for one in groups])]
        self._times = [FreeTime(alone) for alone in self._sets]

    def cost(self) -> Iterator[Together]:
        """Yield what each set costs; one that fits at its best hours, which cost nothing, is not looked into."""
        for alone, own in zip(self._sets, self._times, strict=True):
            is_free = not any(self._points(one, self._best[one.id][0]) for one in alone.sessions)
            if is_free and _all_fit(alone, own, self._best):
                continue
            points = _least(alone, own, self._options)
            if points:
                yield Together(frozenset(one.id for one in alone.sessions), points)

    def at_best(self) -> Iterator[TooFew]:
        """Yield of which sets not all can have their best hours in one half of the fortnight, or at all."""
        for halves in ((False,), (True,), (False, True)):
            yield from self.too_few(
                {key: [bit for bit in bits if self.free.is_late(bit) in halves] for key, bits in self._best.items()}
            )

    def too_few(self, starts: Starts) -> Iterator[TooFew]:
        """Yield of which sets not all that have a start can have it, for want of people."""
        for alone, own in zip(self._sets, self._times, strict=True):
            mine = {one.id: starts[one.id] for one in alone.sessions if starts[one.id]}
            few = replace(alone, sessions=tuple(one for one in alone.sessions if one.id in mine))
            if not _all_fit(few, own, mine):
                count = _most(few, own, mine)
                if count < len(mine):
                    yield TooFew(mine, count)

    def _points(self, session: Session, bit: int) -> int:
        return costs.start_points(session, self.free.starts[bit], False, self._local)

    def _best_hours(self, session: Session) -> list[int]:
        points = {bit: self._points(session, bit) for bit in self.free.options(session)}
        least = min(points.values())
        return [bit for bit, each in points.items() if each == least]


def _of_pool(session: Session) -> Session:
    return replace(session, fixed=())


def _alone(problem: Problem, groups: list[Session], held: Counter[str]) -> Problem:
    """Return the problem of some groups: their people may be asked as often as other sessions leave them."""
    alone = people_only(problem, groups)
    limits = {one.id: max(0, max_sessions(one, problem) - held[one.id]) for one in alone.people}
    return replace(alone, people=tuple(replace(one, max_sessions=limits[one.id]) for one in alone.people))


def _all_fit(alone: Problem, free: FreeTime, starts: Starts) -> bool:
    """Say whether the groups fit, each put where it first can be, those with fewest starts before the others."""
    diary = Diary(alone, free)
    for one in sorted(alone.sessions, key=lambda one: len(starts[one.id])):
        tried = ((bit, choose(diary, one, free.starts[bit], bit)) for bit in starts[one.id])
        found = next(((bit, chosen) for bit, chosen in tried if chosen is not None), None)
        if found is None:
            return False
        diary.place(one, free.starts[found[0]], *found[1])
    return True


def _most(alone: Problem, free: FreeTime, starts: Starts) -> int:
    model = GroupsModel(alone, free, starts=starts)
    model.cp.maximize(sum(model.placed.values()))
    solver = small_solver(EFFORT)
    if solver.solve(model.cp) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return len(alone.sessions)
    return math.floor(solver.best_objective_bound + TOLERANCE)


def _least(alone: Problem, free: FreeTime, starts: Starts) -> int:
    model = GroupsModel(alone, free, starts=starts)
    for literal in model.placed.values():
        model.cp.add(literal == 1)
    model.cp.minimize(model.stages["preference"])
    solver = small_solver(EFFORT)
    if solver.solve(model.cp) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return 0
    return max(0, math.ceil(solver.best_objective_bound - TOLERANCE))
