"""The variables of a timetable's model, each made together with the value it has in a given plan.

So a hint is always complete: one that leaves derived variables open is worth little to the solver.
"""

from collections.abc import Callable, Iterable

from ortools.sat.python import cp_model

from ncpi.fieldwork.free_time import FreeTime
from ncpi.fieldwork.problem import Plan, Problem

Literal = cp_model.IntVar
Linear = cp_model.LinearExprT
Value = Callable[[Plan], int]


class Variables:
    """A model whose variables know their values. Minutes count from the first possible start."""

    def __init__(self, problem: Problem, free: FreeTime) -> None:
        self.problem, self.free, self.rules = problem, free, problem.rules
        self.cp = cp_model.CpModel()
        self.base = free.starts[0]
        self._values: list[tuple[Literal, Value]] = []

    def hint(self, plan: Plan) -> None:
        self.cp.clear_hints()
        for variable, value in self._values:
            self.cp.add_hint(variable, value(plan))

    def _bool(self, name: str, value: Callable[[Plan], object]) -> Literal:
        variable = self.cp.new_bool_var(name)
        self._values.append((variable, lambda plan: int(bool(value(plan)))))
        return variable

    def integer(self, domain: cp_model.Domain, name: str, value: Value) -> Literal:
        variable = self.cp.new_int_var_from_domain(domain, name)
        self._values.append((variable, value))
        return variable

    def _domain(self, positions: Iterable[int]) -> cp_model.Domain:
        return cp_model.Domain.from_values([self.free.starts[bit] - self.base for bit in positions])
