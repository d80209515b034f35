"""What groups cost at least because they share people, whoever inspects them.

A unit on rotas has few people on duty at once, and each may be asked only so often: of many groups drawn from them some
must meet at a worse hour. A linear relaxation, which splits groups, does not see it; solving the groups of one unit
alone does, and quickly.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time

from ortools.sat.python import cp_model

from ncpi.fieldwork import costs
from ncpi.fieldwork.free_time import FreeTime, max_sessions, to_minutes
from ncpi.fieldwork.greedy import local_times
from ncpi.fieldwork.problem import Placement, Plan, Problem, Session
from ncpi.fieldwork.timetable_model import TimetableModel
from ncpi.fieldwork.timetable_variables import Linear

# In the solver's own measure; what is not found out is taken as nothing.
EFFORT = 0.05


@dataclass(frozen=True, slots=True)
class Together:
    """Groups that share people, and the points that their hours cost at least, halves of the fortnight apart."""

    keys: frozenset[str]
    points: int


class GroupsModel(TimetableModel):
    """Groups and their people; their hours cost, nothing else does."""

    def _stages(self) -> dict[str, Linear]:
        return {"preference": sum(self._hour_points())}


def what_groups_cost(problem: Problem, free: FreeTime, plan: Plan) -> list[Together]:
    """Return what each set of groups costs that shares people, all sessions placed that can be.

    A set that costs nothing in some plan is not looked into.
    """
    local = local_times(problem, free)
    held = Counter(key for session in problem.sessions if free.session(session) for key in session.fixed)
    found = []
    for groups in _sharing([one for one in problem.sessions if one.size and free.session(one)]):
        if not any(_hour_points(one, plan[one.id], local) for one in groups if one.id in plan):
            continue
        points = _least(problem, free, groups, held)
        if points:
            found.append(Together(frozenset(one.id for one in groups), points))
    return found


def _hour_points(session: Session, one: Placement, local: Mapping[int, tuple[date, time]]) -> int:
    return costs.start_points(session, to_minutes(one.starts_at), False, local)


def _sharing(groups: list[Session]) -> Iterator[list[Session]]:
    """Yield the groups in sets that no person links."""
    left = list(groups)
    while left:
        together, people = [left.pop(0)], set()
        people = {*together[0].pool}
        linked = [one for one in left if people & {*one.pool}]
        while linked:
            together += linked
            people.update(key for one in linked for key in one.pool)
            left = [one for one in left if one not in linked]
            linked = [one for one in left if people & {*one.pool}]
        yield together


def _least(problem: Problem, free: FreeTime, groups: list[Session], held: Counter[str]) -> int:
    pools = {key for one in groups for key in one.pool}
    alone = replace(
        problem,
        people=tuple(
            replace(one, max_sessions=max(0, max_sessions(one, problem) - held[one.id]))
            for one in problem.people
            if one.id in pools
        ),
        sessions=tuple(replace(one, inspectors=0, specialism="", fixed=(), after=()) for one in groups),
        inspectors=(),
        published=None,
    )
    starts = {one.id: free.options(one) for one in groups}
    model = GroupsModel(alone, FreeTime(alone), starts=starts)
    for literal in model.placed.values():
        model.cp.add(literal == 1)
    model.cp.minimize(model.stages["preference"])
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.max_deterministic_time = EFFORT
    status = solver.solve(model.cp)
    return max(0, round(solver.best_objective_bound)) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else 0
