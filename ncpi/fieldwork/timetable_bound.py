"""How good could a timetable be? A linear relaxation over every possible start gives a bound that holds for all.

Sessions may be split over starts and inspectors are one crowd, so nothing that keeps the rules can cost less. The
reduced costs say which starts a timetable of a given cost cannot use, which leaves the exact model little to search.
After Dyer and Wolsey, "Formulating the single machine sequencing problem with release dates as a mixed integer
program" (1990), whose time-indexed formulation this is.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from ncpi.fieldwork import costs
from ncpi.fieldwork.free_time import FreeTime, max_a_day, to_minutes
from ncpi.fieldwork.greedy import local_times, lunch_window
from ncpi.fieldwork.problem import Problem, Session
from ncpi.fieldwork.timetable_bound_people import Together

# What a solver's floating point may be wrong by.
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Bound:
    """A cost that no timetable can beat; `extra` is what a start would add to it, by session and bit."""

    value: float
    extra: Mapping[tuple[str, int], float] = field(default_factory=dict)

    def plus(self, cost: int) -> "Bound":
        return Bound(self.value + cost, self.extra)

    @property
    def least(self) -> int:
        return math.ceil(self.value - TOLERANCE)

    def starts_within(self, key: str, options: Iterable[int], cost: int) -> list[int]:
        """Return the starts that a timetable of this cost could use."""
        return [bit for bit in options if self.value + self.extra.get((key, bit), 0.0) <= cost + TOLERANCE]


class Relaxation:
    """Rows and columns, written down once; solved for one stage's costs."""

    def __init__(self, problem: Problem, free: FreeTime, stage: str) -> None:
        self.stage = stage
        self.problem, self.free, self.rules = problem, free, problem.rules
        self.local = local_times(problem, free)
        self.columns: dict[tuple[str, int], int] = {}
        self.costs: list[float] = []
        self.upper: list[float] = []
        self.equal: list[tuple[list[tuple[int, float]], float]] = []
        self.at_most: list[tuple[list[tuple[int, float]], float]] = []
        self.left_out: dict[str, int] = {}
        self.sessions = [session for session in problem.sessions if free.session(session)]
        self.by_key = {session.id: session for session in self.sessions}
        self._away = {
            key: [(to_minutes(one.starts_at), to_minutes(one.ends_at)) for one in inspector.busy]
            for key, inspector in free.inspectors.items()
        }
        self._add_sessions()
        self._add_team()
        self._add_days()

    def limit_unplaced(self, cost: int) -> None:
        """Leave out no more than this."""
        hopeless = sum(one.priority for one in self.problem.sessions) - sum(one.priority for one in self.sessions)
        terms = [(self.left_out[one.id], float(one.priority)) for one in self.sessions]
        self.at_most.append((terms, float(cost - hopeless)))

    def charge(self, together: Iterable[Together]) -> None:
        """Let groups cost what they do for want of people."""
        for groups in together:
            terms = [
                (column, -float(points))
                for (key, bit), column in self.columns.items()
                if key in groups.keys and (points := self._hour_points(key, bit))
            ]
            self.at_most.append((terms, -float(groups.points)))

    def _hour_points(self, key: str, bit: int) -> int:
        session = self.by_key[key]
        return costs.start_points(session, self.free.starts[bit], False, self.local)

    def solve(self) -> Bound:
        if not self.costs:
            return Bound(0.0)
        found = linprog(  # type: ignore[call-overload]
            self.costs,
            A_ub=self._matrix(self.at_most),
            b_ub=[limit for _, limit in self.at_most],
            A_eq=self._matrix(self.equal),
            b_eq=[total for _, total in self.equal],
            bounds=np.column_stack((np.zeros(len(self.costs)), self.upper)),
            method="highs",
        )
        if found.status != 0:
            return Bound(0.0)
        extra = found.lower.marginals
        return Bound(float(found.fun), {key: float(extra[at]) for key, at in self.columns.items() if extra[at] > 0})

    def add_column(self, cost: float, upper: float = math.inf) -> int:
        self.costs.append(cost)
        self.upper.append(upper)
        return len(self.costs) - 1

    def _matrix(self, rows: list[tuple[list[tuple[int, float]], float]]) -> csr_matrix:
        where = [(row, column, value) for row, (terms, _) in enumerate(rows) for column, value in terms]
        lines, columns, values = zip(*where, strict=True)
        return csr_matrix((values, (lines, columns)), shape=(len(rows), len(self.costs)))

    def _add_sessions(self) -> None:
        for session in self.sessions:
            terms = []
            for bit in self.free.options(session):
                start = self.free.starts[bit]
                points = costs.start_points(session, start, self.free.is_late(bit), self.local)
                self.columns[session.id, bit] = self.add_column(points if self.stage == "preference" else 0)
                terms.append((self.columns[session.id, bit], 1.0))
            self.left_out[session.id] = self.add_column(session.priority if self.stage == "unplaced" else 0, 1.0)
            self.equal.append(([*terms, (self.left_out[session.id], 1.0)], 1.0))

    def _add_team(self) -> None:
        """At no time more inspectors than are there, lunch counted; of each specialism likewise."""
        everybody = list(self.free.inspectors)
        uses = {session.id: session.inspectors for session in self.sessions}
        lunches = self._lunches()
        self._add_capacity(self.sessions, uses, everybody, lunches)
        for specialism in sorted({one.specialism for one in self.sessions} - {""}):
            special = [one for one in self.sessions if one.specialism == specialism]
            self._add_capacity(special, {one.id: 1 for one in special}, self.free.specialists(special[0]), {})

    def _lunches(self) -> dict[int, list[tuple[int, float]]]:
        """Return, for every slot of lunch windows, who may be eating then; everybody there all day eats once a day."""
        eating: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for opens, closes in self.free.days:
            window = lunch_window(self.free, opens)
            if self.rules.lunch is None or window is None:
                continue
            begins = range(window[0], window[1] - self.rules.lunch.minutes + 1, self.rules.grid_minutes)
            here = [
                key for key, away in self._away.items() if all(end <= opens or start >= closes for start, end in away)
            ]
            columns = [self.add_column(0.0) for _ in begins]
            self.equal.append(([(column, 1.0) for column in columns], float(len(here))))
            for column, start in zip(columns, begins, strict=True):
                for slot in range(start, start + self.rules.lunch.minutes, self.rules.grid_minutes):
                    eating[slot].append((column, 1.0))
        return eating

    def _add_capacity(
        self,
        sessions: list[Session],
        uses: Mapping[str, int],
        team: list[str],
        others: Mapping[int, list[tuple[int, float]]],
    ) -> None:
        grid, gap = self.rules.grid_minutes, self.rules.inspector_gap_minutes
        rows: dict[int, list[tuple[int, float]]] = defaultdict(
            list, {slot: list(terms) for slot, terms in others.items()}
        )
        for session in sessions:
            for bit in self.free.options(session):
                start = self.free.starts[bit]
                for slot in range(start, start + session.minutes + gap, grid):
                    rows[slot].append((self.columns[session.id, bit], float(uses[session.id])))
        for slot, terms in sorted(rows.items()):
            self.at_most.append((terms, float(self._present(team, slot))))

    def _present(self, team: list[str], slot: int) -> int:
        """Return who is not away for the whole of a slot; the gap after a session may run into an absence."""
        gap = self.rules.inspector_gap_minutes
        return sum(
            not any(start + gap <= slot and slot + self.rules.grid_minutes <= end for start, end in self._away[key])
            for key in team
        )

    def _is_away(self, key: str, opens: int, closes: int) -> bool:
        return any(start <= opens and closes <= end for start, end in self._away[key])

    def _add_days(self) -> None:
        """No more sessions a day than inspectors may hold; those beyond what is comfortable cost."""
        for day, (opens, closes) in enumerate(self.free.days):
            limits = [
                max_a_day(one, self.problem)
                for key, one in self.free.inspectors.items()
                if not self._is_away(key, opens, closes)
            ]
            comfortable = sum(min(limit, costs.COMFORTABLE_A_DAY) for limit in limits)
            points = costs.POINTS_BUSY_DAY if self.stage == "preference" else 0
            over = self.add_column(points, float(sum(limits) - comfortable))
            terms = [
                (self.columns[session.id, bit], float(session.inspectors))
                for session in self.sessions
                for bit in self.free.options(session)
                if self.free.day_of[bit] == day
            ]
            self.at_most.append(([*terms, (over, -1.0)], float(comfortable)))
