"""Sessions that share people, seen alone: what the people allow, whoever inspects.

A unit on rotas has few people on duty at once, and each may be asked only so often, so of many groups drawn from them
some are left out. A linear relaxation, which splits groups, does not see it, and the whole fortnight hides it; the
sessions of one circle of people alone are soon solved. What they cannot do alone they cannot do among others.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ortools.sat.python import cp_model

from ncpi.fieldwork import greedy
from ncpi.fieldwork.free_time import FreeTime
from ncpi.fieldwork.problem import Placement, Plan, Problem, Session
from ncpi.fieldwork.timetable_model import TimetableModel

# In the solver's own measure; what is not found out is taken as nothing.
EFFORT = 0.3
# What the solver's floating point may be wrong by.
TOLERANCE = 1e-6


def circles(sessions: Sequence[Session]) -> Iterator[list[Session]]:
    """Yield the sessions in sets that no person links."""
    left = list(sessions)
    while left:
        together = [left.pop(0)]
        people = {*together[0].fixed, *together[0].pool}
        while linked := [one for one in left if not people.isdisjoint((*one.fixed, *one.pool))]:
            together += linked
            people.update(key for one in linked for key in (*one.fixed, *one.pool))
            left = [one for one in left if one not in linked]
        yield together


def by_circles(problem: Problem, free: FreeTime, plan: Plan) -> tuple[Plan, int]:
    """Return the plan, or a better one in which people's circles do as well as they can, and what is left out at least.

    The groups of a circle are kept where they are alone, at first, and then all that it holds.
    """
    floor, alone = _left_out(problem, free, plan)
    groups = {one.id for one in problem.sessions if one.size}
    for kept in ({key: one for key, one in alone.items() if key in groups}, alone):
        if not kept or _missing(problem, plan) == floor:
            break
        other = greedy.best_of(problem, free, keep=kept)
        if _missing(problem, other) < _missing(problem, plan):
            plan = other
    return plan, floor


def _missing(problem: Problem, plan: Plan) -> int:
    return sum(one.priority for one in problem.sessions if one.id not in plan)


def _left_out(problem: Problem, free: FreeTime, plan: Plan) -> tuple[int, dict[str, Placement]]:
    """Return the priorities that are left out at least, and plans of those circles that do better alone."""
    floor = sum(one.priority for one in problem.sessions if not free.session(one))
    better: dict[str, Placement] = {}
    for together in circles([one for one in problem.sessions if free.session(one)]):
        missing = sum(one.priority for one in together if one.id not in plan)
        if missing:
            least, found = _alone(problem, free, together)
            floor += least
            better |= found if missing > least else {}
    return floor, better


def _alone(problem: Problem, free: FreeTime, together: list[Session]) -> tuple[int, dict[str, Placement]]:
    people = people_only(problem, together)
    model = TimetableModel(people, FreeTime(people), starts={one.id: free.options(one) for one in together})
    model.cp.minimize(model.stages["unplaced"])
    solver = small_solver(EFFORT)
    if solver.solve(model.cp) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return 0, {}
    return max(0, math.ceil(solver.best_objective_bound - TOLERANCE)), model.plan(solver.value)


def people_only(problem: Problem, together: Sequence[Session]) -> Problem:
    """Return the problem of these sessions and their people, with nobody to inspect them and in no order."""
    asked = {key for one in together for key in (*one.fixed, *one.pool)}
    return replace(
        problem,
        people=tuple(one for one in problem.people if one.id in asked),
        sessions=tuple(replace(one, inspectors=0, specialism="", after=()) for one in together),
        inspectors=(),
        published=None,
    )


def small_solver(effort: float) -> cp_model.CpSolver:
    """Return a solver for a small question, whose answer is the same each time."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.max_deterministic_time = effort
    return solver
