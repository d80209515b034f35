"""One stage in two steps: first when, with the inspectors as one crowd, then with whom.

The linear relaxation says what the stage costs at least; the crowd is asked for exactly that, then for a little more,
until it can. What the crowd cannot do at a cost, no timetable can, so a seating of that cost is proved best.
"""

from dataclasses import dataclass
from typing import Protocol, TypeVar

from ortools.sat.python import cp_model

from ncpi.fieldwork import costs
from ncpi.fieldwork.free_time import FreeTime, bits
from ncpi.fieldwork.problem import Plan, Problem, Session
from ncpi.fieldwork.timetable_bound import Bound, Relaxation
from ncpi.fieldwork.timetable_crowd import CrowdModel
from ncpi.fieldwork.timetable_model import TimetableModel

# How hard one question may be, in the solver's own measure, which is the same on every machine.
EFFORT = 0.4
# Where the least cannot be found out, something much better than the first plan is worth more.
PATIENCE = 2.0
SEATINGS = 4
STEPS = 40

Status = cp_model.CpSolverStatus
Model = TypeVar("Model", bound=TimetableModel)


class Ask(Protocol):
    """Look for any solution of a model, for so long at most."""

    def __call__(self, model: cp_model.CpModel, *, seed: int, effort: float) -> tuple[Status, cp_model.CpSolver]: ...


@dataclass
class Steps:
    """What is known of one stage: a floor that is proved, and what earlier stages reached."""

    problem: Problem
    free: FreeTime
    stage: str
    reached: costs.Cost
    ask: Ask
    floor: int = 0

    def better(self, ceiling: int) -> Plan | None:
        """Return a plan that costs less than the ceiling, or None; the floor is raised on the way."""
        bound = self._bound()
        self.floor = max(self.floor, bound.least)
        for target in range(self.floor, min(ceiling, self.floor + STEPS)):
            status, plan = self._at(bound, target)
            if status == cp_model.OPTIMAL:
                return plan
            if status != cp_model.INFEASIBLE:
                return self._somewhat_better(bound, target, ceiling)
            self.floor = target + 1
        return None

    def _somewhat_better(self, bound: Bound, least: int, ceiling: int) -> Plan | None:
        """Return a plan part of the way between what is not known to be possible and what is had."""
        for part in (1, 2, 3):
            target = least + (ceiling - least) * part // 4
            if least < target < ceiling:
                _, plan = self._at(bound, target, PATIENCE)
                if plan is not None:
                    return plan
        return None

    def _at(self, bound: Bound, target: int, effort: float = EFFORT) -> tuple[Status, Plan | None]:
        """Ask the crowd for a cost, and seat it when it can."""
        crowd = self._limited(CrowdModel(self.problem, self.free, starts=self._starts(bound, target)), target)
        status, solver = self.ask(crowd.cp, seed=1, effort=effort)
        return status, self._seated(bound, crowd, solver, target) if status == cp_model.OPTIMAL else None

    def _bound(self) -> Bound:
        if self.stage not in ("unplaced", "preference"):
            return Bound(self.floor)
        relaxation = Relaxation(self.problem, self.free, self.stage)
        hopeless = sum(one.priority for one in self.problem.sessions if not self.free.session(one))
        if self.stage == "unplaced":
            return relaxation.solve().plus(hopeless)
        relaxation.limit_unplaced(self.reached.unplaced)
        seats = sum(one.inspectors for one in relaxation.sessions)
        is_uneven = self.reached.unplaced == hopeless and seats % max(1, len(self.free.inspectors)) > 0
        return relaxation.solve().plus(costs.POINTS_IMBALANCE if is_uneven else 0)

    def _starts(self, bound: Bound, target: int) -> dict[str, list[int]]:
        return {
            one.id: bound.starts_within(one.id, bits(self.free.session(one)), target) for one in self.problem.sessions
        }

    def _limited(self, model: Model, target: int) -> Model:
        """Keep what earlier stages reached, and ask for the target."""
        for stage in costs.STAGES[: costs.STAGES.index(self.stage)]:
            if stage in model.stages:
                model.keep(stage, getattr(self.reached, stage))
        model.keep(self.stage, target)
        return model

    def _seated(self, bound: Bound, crowd: CrowdModel, solver: cp_model.CpSolver, target: int) -> Plan | None:
        """Seat inspectors on the crowd's days at times as good as its own; of several crowds the first that can."""
        for seed in range(1, SEATINGS + 1):
            if seed > 1:
                status, solver = self.ask(crowd.cp, seed=seed, effort=EFFORT)
                if status != cp_model.OPTIMAL:
                    break
            plan = self._asked(self._alike(crowd, solver), target)
            if plan is not None:
                return plan
        return self._asked(self._starts(bound, target), target)

    def _asked(self, starts: dict[str, list[int]], target: int) -> Plan | None:
        model = self._limited(TimetableModel(self.problem, self.free, starts=starts), target)
        status, solver = self.ask(model.cp, seed=1, effort=EFFORT)
        return model.plan(solver.value) if status == cp_model.OPTIMAL else None

    def _alike(self, crowd: CrowdModel, solver: cp_model.CpSolver) -> dict[str, list[int]]:
        """Return, for each session placed, the starts of its day that cost no more than the one chosen."""
        found = {}
        for session in crowd.sessions:
            if not solver.value(crowd.placed[session.id]):
                continue
            chosen = self.free.starts.index(crowd.base + solver.value(crowd.start[session.id]))
            points = self._points(crowd, session, chosen)
            found[session.id] = [
                bit
                for bit in crowd.starts[session.id]
                if self.free.day_of[bit] == self.free.day_of[chosen] and self._points(crowd, session, bit) <= points
            ]
        return found

    def _points(self, crowd: CrowdModel, session: Session, bit: int) -> int:
        if self.stage != "preference":
            return 0
        return costs.start_points(session, self.free.starts[bit], False, crowd.local)
