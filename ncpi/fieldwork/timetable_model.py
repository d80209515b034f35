"""The timetable as a constraint model: its hard rules, and what is minimised, stage by stage."""

from collections.abc import Iterable, Mapping, Sequence

from ortools.sat.python import cp_model

from ncpi.fieldwork import costs
from ncpi.fieldwork.free_time import FreeTime, max_a_day, to_minutes
from ncpi.fieldwork.problem import Person, Placement, Plan, Problem
from ncpi.fieldwork.timetable_rules import RulesModel
from ncpi.fieldwork.timetable_variables import Linear, Literal


class TimetableModel(RulesModel):
    """Built once; `minimise` is called for one stage after another, each result kept as a limit for the next."""

    def __init__(self, problem: Problem, free: FreeTime, *, starts: Mapping[str, Sequence[int]] | None = None) -> None:
        super().__init__(problem, free, starts=starts)
        self.stages = self._stages()

    def minimise(self, stage: str, floor: int = 0) -> None:
        """Minimise a stage whose cost is known to be no less than the floor."""
        self.cp.add(self.stages[stage] >= floor)
        self.cp.minimize(self.stages[stage])

    def keep(self, stage: str, cost: int) -> None:
        self.cp.add(self.stages[stage] <= cost)

    def _stages(self) -> dict[str, Linear]:
        left_out = sum(session.priority for session in self.hopeless)
        stages: dict[str, Linear] = {
            "unplaced": left_out + sum(one.priority * (1 - self.placed[one.id]) for one in self.sessions)
        }
        if self.problem.published is not None:
            stages |= self._disturbance()
        wishes = [*self._points(), self._imbalance(), *self._busy_days()]
        stages["preference"] = sum(wishes)
        return stages

    def _disturbance(self) -> dict[str, Linear]:
        """Return who is told again, what moves and who is swapped; each pushed down by the minimum alone."""
        assert self.problem.published is not None
        published = self.problem.published
        wanted = {session.id: session for session in self.problem.sessions}
        stays: dict[str, Literal | int] = {}
        for key, was in published.sessions.items():
            if key in wanted:
                stays[key] = self._stay(key, was)
        told = [self._told(person, stays) for person in self.problem.people if person.id in published.told]
        swaps = [self._swap(key, was) for key, was in published.sessions.items() if key in self.placed]
        return {
            "told_again": sum(costs.weight(self.problem, person) * literal for person, literal in told),
            "moved": sum(1 - stay for stay in stays.values()),
            "swapped": sum(swaps),
            "distance": sum(self._distance(key, was) for key, was in published.sessions.items() if key in self.placed),
        }

    def _stay(self, key: str, was: Placement) -> Literal | int:
        at = to_minutes(was.starts_at)
        if at not in {self.free.starts[bit] for bit in self.starts[key]}:
            return 0
        stay = self._bool(f"{key} stays", lambda plan: key in plan and plan[key].starts_at == was.starts_at)
        self.cp.add(self.start[key] == at - self.base).only_enforce_if(stay)
        self.cp.add_implication(stay, self.placed[key])
        return stay

    def _told(self, person: Person, stays: dict[str, Literal | int]) -> tuple[str, Literal]:
        key = person.id
        told = self._bool(f"{key} told", lambda plan: key in costs.told_again(self.problem, plan))
        assert self.problem.published is not None
        before = self.problem.published.sessions
        for session in self.problem.sessions:
            attends = self._attends(session, key) if session.id in self.placed else None
            if session.id in stays and key in before[session.id].people:
                self.cp.add(told >= 1 - stays[session.id])
                self.cp.add(told >= 1 - (0 if attends is None else attends))
            elif attends is not None:
                self.cp.add(told >= attends)
        return key, told

    def _swap(self, key: str, was: Placement) -> Literal:
        swap = self._bool(f"{key} swapped", lambda plan: key in costs.swapped(self.problem, plan))
        for inspector in was.inspectors:
            seats = [seat for (sid, who, _), seat in self.sits.items() if (sid, who) == (key, inspector)]
            self.cp.add(swap >= self.placed[key] - sum(seats))
        return swap

    def _distance(self, key: str, was: Placement) -> Literal:
        """Return the minutes between old and new start; none for what is left out."""
        old = to_minutes(was.starts_at) - self.base
        furthest = max(abs(self.free.starts[bit] - self.base - old) for bit in self.starts[key])
        distance = self.integer(
            cp_model.Domain(0, furthest), f"{key} away", lambda plan: costs.distances(self.problem, plan).get(key, 0)
        )
        for sign in (1, -1):
            self.cp.add(distance >= sign * (self.start[key] - old)).only_enforce_if(self.placed[key])
        return distance

    def _points(self) -> Iterable[Linear]:
        for session in self.sessions:
            for day, literal in self.days[session.id].items():
                if costs.is_second_half(day, len(self.free.days)):
                    yield costs.POINTS_SECOND_HALF * literal
        yield from self._hour_points()

    def _hour_points(self) -> Iterable[Linear]:
        for session in self.sessions:
            key = session.id
            points = {
                bit: costs.start_points(session, self.free.starts[bit], False, self.local) for bit in self.starts[key]
            }
            for level in sorted(set(points.values()) - {0}):
                cheaper = sorted(value for value in {0, *points.values()} if value < level)[-1]
                within = [bit for bit, value in points.items() if value < level]
                above = self._bool(
                    f"{key} from {level}",
                    lambda plan, key=key, points=points, level=level: (
                        key in plan and points[self._position(plan, key)] >= level
                    ),
                )
                self.cp.add_linear_expression_in_domain(self.start[key], self._domain(within)).only_enforce_if(
                    self.placed[key], above.negated()
                )
                yield (level - cheaper) * above

    def _position(self, plan: Plan, key: str) -> int:
        return self.free.starts.index(to_minutes(plan[key].starts_at))

    def _imbalance(self) -> Linear:
        loads = {}
        for inspector in self.free.inspectors:
            loads[inspector] = sum(seat for (_, who, _), seat in self.sits.items() if who == inspector)
        if not loads:
            return 0
        most_possible = cp_model.Domain(0, len(self.sessions))

        def counts(plan: Plan) -> list[int]:
            return [sum(who in one.inspectors for one in plan.values()) for who in loads]

        most = self.integer(most_possible, "most", lambda plan: max(counts(plan)))
        least = self.integer(most_possible, "least", lambda plan: min(counts(plan)))
        for load in loads.values():
            self.cp.add(most >= load)
            self.cp.add(least <= load)
        # Redundant: whole numbers of sessions rarely share out evenly, and a relaxation does not see it.
        total = sum(one.inspectors * self.placed[one.id] for one in self.sessions)
        self.cp.add(len(loads) * most >= total)
        self.cp.add(len(loads) * least <= total)
        return costs.POINTS_IMBALANCE * (most - least)

    def _busy_days(self) -> Iterable[Linear]:
        comfortable = costs.COMFORTABLE_A_DAY
        for inspector, one in self.free.inspectors.items():
            excess = max_a_day(one, self.problem) - comfortable
            for day in range(len(self.free.days)):
                seats = list(self.seats.get((inspector, day), {}).values())
                if excess <= 0 or len(seats) <= comfortable:
                    continue

                def over(plan: Plan, who: str = inspector, at: int = day) -> int:
                    held = sum(who in plan[key].inspectors for key in plan if self.day_in(plan, key) == at)
                    return max(0, held - comfortable)

                extra = self.integer(cp_model.Domain(0, excess), f"busy {inspector} {day}", over)
                self.cp.add(extra >= sum(seats) - comfortable)
                yield costs.POINTS_BUSY_DAY * extra
