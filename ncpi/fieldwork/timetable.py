"""The fortnight's timetable: the best one by OR-Tools CP-SAT, or the best found, with how far from best it may be.

Stages are solved in order (Cost), each limited by what the one before achieved. How long a stage may take is counted in
the solver's own measure; `seconds` is a guard in wall time. Unless that is hit, the same problem and seed give the
same timetable.
"""

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

from ortools.sat.python import cp_model

from ncpi.fieldwork import costs, greedy, reasons
from ncpi.fieldwork.costs import Cost
from ncpi.fieldwork.free_time import FreeTime, to_minutes
from ncpi.fieldwork.problem import Placement, Plan, Problem, validate
from ncpi.fieldwork.timetable_circles import by_circles
from ncpi.fieldwork.timetable_model import TimetableModel
from ncpi.fieldwork.timetable_steps import Answer, Question, Steps

POLL_SECONDS = 0.1
IN_TWO_STEPS = {"unplaced", "told_again", "moved", "preference"}
FROM_BELOW = {"swapped"}
CLOSE_BY = {"swapped", "distance"}
# How hard the search may be, in the solver's own measure, which is the same on every machine; two workers on a quiet
# machine do more than that in a second, so that the limit in wall time is only a guard.
EFFORT = 0.1
# The whole model of one stage may take so much, that something is left for the stages after it.
WHOLE_EFFORT = 0.05
EFFORT_A_SECOND = 0.08
Status = cp_model.CpSolverStatus
Act = Callable[[], tuple[Status, float]]
# Of very many that are left out, those that matter most are looked into; of the others the counting is told.
MOST_THOROUGH = 12


@dataclass(frozen=True, slots=True)
class Progress:
    """How a stage stands: `cost` and `bound` are of that stage."""

    stage: str
    placed: int
    wanted: int
    cost: int
    bound: int
    seconds: float

    @property
    def gap(self) -> int:
        return self.cost - self.bound


@dataclass(frozen=True, slots=True)
class Unplaced:
    id: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Solution:
    status: Literal["optimal", "feasible"]
    seconds: float
    seed: int
    sessions: Plan
    unplaced: tuple[Unplaced, ...]
    cost: Cost
    bound: Cost
    moved: tuple[str, ...]
    told_again: tuple[str, ...]

    @property
    def placed(self) -> int:
        return len(self.sessions)

    @property
    def is_proved(self) -> bool:
        return self.status == "optimal"


def solve(
    problem: Problem,
    *,
    seconds: float = 60,
    seed: int = 1,
    workers: int = 2,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Solution:
    """Return the best timetable found; raise BadProblem for a problem that contradicts itself.

    `progress` and `stop` are called in the caller's thread.
    """
    validate(problem)
    began = time.monotonic()
    free = FreeTime(problem)
    plan: Plan = _first_plan(problem, free)
    cost, bound = costs.cost_of(problem, plan), Cost()
    run = _Run(problem, free, seed, workers, began, began + seconds, progress, stop, effort=EFFORT_A_SECOND * seconds)
    for stage in costs.STAGES if problem.published is not None else ("unplaced", "preference"):
        plan, stage_bound = run.improve(stage, plan)
        cost = costs.cost_of(problem, plan)
        bound = replace(bound, **{stage: stage_bound})
        run.kept[stage] = getattr(cost, stage)
    left_out = sorted((one for one in problem.sessions if one.id not in plan), key=lambda one: -one.priority)
    return Solution(
        status="optimal" if cost == bound else "feasible",
        seconds=round(time.monotonic() - began, 3),
        seed=seed,
        sessions={session.id: plan[session.id] for session in problem.sessions if session.id in plan},
        unplaced=tuple(
            Unplaced(one.id, reasons.why_unplaced(problem, free, plan, one, thoroughly=at < MOST_THOROUGH))
            for at, one in enumerate(left_out)
        ),
        cost=cost,
        bound=bound,
        moved=tuple(sorted(costs.moved(problem, plan))),
        told_again=tuple(sorted(costs.told_again(problem, plan))),
    )


def _first_plan(problem: Problem, free: FreeTime) -> Plan:
    """Return the better of two greedy plans: from nothing, and from what is published and still stands."""
    plans = [greedy.best_of(problem, free)]
    if problem.published is not None:
        plans.append(greedy.best_of(problem, free, keep=problem.published.sessions))
    return min(plans, key=lambda plan: [getattr(costs.cost_of(problem, plan), stage) for stage in costs.STAGES])


@dataclass
class _Run:
    problem: Problem
    free: FreeTime
    seed: int
    workers: int
    began: float
    ends: float
    progress: Callable[[Progress], None] | None
    stop: Callable[[], bool] | None
    stopped: bool = False
    effort: float = 0.0
    kept: dict[str, int] = field(default_factory=dict)

    @property
    def may_go_on(self) -> bool:
        return not self.stopped and self.effort > 0 and time.monotonic() < self.ends

    def improve(self, stage: str, plan: Plan) -> tuple[Plan, int]:
        """Return the best plan for a stage, and the proved bound of its cost."""
        cost = getattr(costs.cost_of(self.problem, plan), stage)
        hopeless = [session for session in self.problem.sessions if not self.free.session(session)]
        floor = sum(session.priority for session in hopeless) if stage == "unplaced" else 0
        self._tell(stage, plan, cost, floor)
        if stage == "unplaced" and cost > floor and self.may_go_on:
            plan, floor = by_circles(self.problem, self.free, plan)
            cost = costs.cost_of(self.problem, plan).unplaced
            self._tell(stage, plan, cost, floor)
        if stage in CLOSE_BY and cost > floor and self.may_go_on:
            plan = self._close_by(stage, plan, floor)
            cost = getattr(costs.cost_of(self.problem, plan), stage)
        if cost == floor or not self.may_go_on:
            return plan, floor
        if stage in IN_TWO_STEPS or stage in FROM_BELOW:
            plan, floor = (self._in_two_steps if stage in IN_TWO_STEPS else self._from_below)(stage, plan, floor)
            cost = getattr(costs.cost_of(self.problem, plan), stage)
            self._tell(stage, plan, cost, floor)
            if cost == floor or not self.may_go_on:
                return plan, floor
        model = self._model()
        model.hint(plan)
        model.minimise(stage, floor)
        solver, watch = self._solver(), _Watch(model)
        if stage != costs.STAGES[-1]:
            solver.parameters.max_deterministic_time = min(self.effort, WHOLE_EFFORT)
        solver.best_bound_callback = watch.on_bound
        status = self._watched(stage, solver, model, watch, plan, cost, floor)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return plan, max(floor, watch.bound)
        found = model.plan(solver.value)
        if getattr(costs.cost_of(self.problem, found), stage) <= cost:
            plan = found
        reached = getattr(costs.cost_of(self.problem, plan), stage)
        bound = reached if status == cp_model.OPTIMAL else _ceiling(solver.best_objective_bound)
        self._tell(stage, plan, reached, max(floor, bound))
        return plan, max(floor, bound)

    def _in_two_steps(self, stage: str, plan: Plan, floor: int) -> tuple[Plan, int]:
        """Return a plan that is as good as can be, or the plan given, and the floor that was proved."""

        def tell(better: Plan, proved: int) -> None:
            self._tell(stage, better, getattr(costs.cost_of(self.problem, better), stage), proved)

        steps = Steps(self.problem, self.free, stage, plan, self.ask, lambda: self.may_go_on, tell, floor, self.seed)
        return steps.better(), steps.floor

    def _from_below(self, stage: str, plan: Plan, floor: int) -> tuple[Plan, int]:
        """Ask for none, then for one more, until it can be: with little to move each is soon answered."""
        cost = getattr(costs.cost_of(self.problem, plan), stage)
        model = self._model()
        model.hint(plan)
        for target in range(floor, cost):
            trial = model.cp.clone()
            trial.add(model.stages[stage] <= target)
            status, solver = self.ask([Question(trial, effort=EFFORT)])[0]
            if status == cp_model.OPTIMAL:
                return model.plan(solver.value), target
            if status != cp_model.INFEASIBLE:
                return plan, target
            self._tell(stage, plan, cost, target + 1)
        return plan, cost

    def _close_by(self, stage: str, plan: Plan, floor: int) -> Plan:
        """Return the best that can be made of a plan while only what has moved may move; inspectors may change."""
        moved = costs.moved(self.problem, plan) if stage == "distance" else set()
        starts = {
            one.id: self.free.options(one)
            if one.id in moved
            else [self.free.bit_of[to_minutes(plan[one.id].starts_at)]]
            for one in self.problem.sessions
            if one.id in plan
        }
        model = self._model(starts)
        model.hint(plan)
        model.minimise(stage, floor)
        status, solver = self.ask([Question(model.cp, effort=EFFORT)])[0]
        return model.plan(solver.value) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else plan

    def ask(self, questions: Iterable[Question]) -> list[Answer]:
        """Answer questions side by side, one worker each, whose effort and answer are the same each time."""
        solvers: list[cp_model.CpSolver] = []

        def acts() -> Iterator[Act]:
            for one in questions:
                solvers.append(self._one_worker(one))
                yield partial(self._solved, solvers[-1], one.model)

        found = self._in_threads(acts(), solvers, lambda: None)
        return list(zip(found, solvers, strict=True))

    def _solved(
        self, solver: cp_model.CpSolver, model: cp_model.CpModel, watch: "_Watch | None" = None
    ) -> tuple[Status, float]:
        """Return how it ended, and what it took; nothing is begun when there is nothing left to spend."""
        if not self.may_go_on:
            return cp_model.UNKNOWN, 0.0
        return solver.solve(model, watch), solver.response_proto.deterministic_time

    def _one_worker(self, question: Question) -> cp_model.CpSolver:
        solver = self._solver()
        solver.parameters.random_seed = self.seed + question.seed
        solver.parameters.num_workers = 1
        solver.parameters.interleave_search = False
        solver.parameters.max_deterministic_time = question.effort
        if question.is_packing:
            # Where a fortnight is to be filled to the brim, a relaxation at every node says little and takes long.
            solver.parameters.linearization_level = 0
            solver.parameters.initial_polarity = solver.parameters.POLARITY_RANDOM
        if question.by_hint:
            solver.parameters.search_branching = solver.parameters.HINT_SEARCH
        return solver

    def _model(self, starts: Mapping[str, Sequence[int]] | None = None) -> TimetableModel:
        model = TimetableModel(self.problem, self.free, starts=starts)
        for stage, cost in self.kept.items():
            model.keep(stage, cost)
        return model

    def _solver(self) -> cp_model.CpSolver:
        solver = cp_model.CpSolver()
        solver.parameters.random_seed = self.seed
        solver.parameters.num_workers = self.workers
        # Two workers that share what they find as it comes give another of equal timetables each time; taking turns,
        # they give the same.
        solver.parameters.interleave_search = True
        # Probing these models took twelve times as long as solving them.
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.max_deterministic_time = self.effort
        solver.parameters.max_time_in_seconds = max(0.1, self.ends - time.monotonic())
        return solver

    def _watched(
        self,
        stage: str,
        solver: cp_model.CpSolver,
        model: TimetableModel,
        watch: "_Watch",
        plan: Plan,
        cost: int,
        floor: int,
    ) -> Status:
        """Solve and report what changes on the way."""
        told = (len(plan), cost, floor)

        def look() -> None:
            nonlocal told
            placed, best = watch.best if watch.best is not None else (len(plan), cost)
            now = (placed, min(best, cost), max(floor, watch.bound))
            if now != told:
                told = now
                self._report(stage, *now)

        return self._in_threads([partial(self._solved, solver, model.cp, watch)], [solver], look)[0]

    def _in_threads(
        self, acts: Iterable[Act], solvers: Sequence[cp_model.CpSolver], look: Callable[[], None]
    ) -> list[Status]:
        """Solve in threads of their own, so that progress and stop run where the caller's connections live."""
        with ThreadPoolExecutor(self.workers) as pool:
            running = [pool.submit(act) for act in acts]
            try:
                while wait(running, POLL_SECONDS).not_done:
                    if self.stop is not None and not self.stopped and self.stop():
                        self.stopped = True
                        for solver in solvers:
                            solver.stop_search()
                    look()
            finally:
                for solver in solvers:
                    solver.stop_search()
        outcomes = [one.result() for one in running]
        self.effort -= sum(spent for _, spent in outcomes)
        return [status for status, _ in outcomes]

    def _tell(self, stage: str, plan: Plan, cost: int, bound: int) -> None:
        self._report(stage, len(plan), cost, bound)

    def _report(self, stage: str, placed: int, cost: int, bound: int) -> None:
        if self.progress is not None:
            wanted = len(self.problem.sessions)
            self.progress(Progress(stage, placed, wanted, cost, bound, round(time.monotonic() - self.began, 2)))


class _Watch(cp_model.CpSolverSolutionCallback):
    """Keeps the latest numbers of a running solve."""

    def __init__(self, model: TimetableModel) -> None:
        super().__init__()
        self.placed_literals = list(model.placed.values())
        self.best: tuple[int, int] | None = None
        self.bound = 0

    def on_solution_callback(self) -> None:
        placed = sum(self.value(literal) for literal in self.placed_literals)
        self.best = (placed, round(self.objective_value))
        self.on_bound(self.best_objective_bound)

    def on_bound(self, bound: float) -> None:
        self.bound = max(self.bound, _ceiling(bound))


def _ceiling(bound: float) -> int:
    return math.ceil(bound - 1e-6) if math.isfinite(bound) else 0


def placement_list(plan: Plan) -> list[tuple[str, Placement]]:
    """Return placements in the order of the fortnight."""
    return sorted(plan.items(), key=lambda item: (item[1].starts_at, item[0]))
