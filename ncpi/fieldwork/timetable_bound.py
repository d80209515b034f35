"""How good could a timetable be? A linear relaxation over every possible start gives a bound that holds for all.

Sessions may be split over starts and inspectors are one crowd, so nothing that keeps the rules can cost less. The
reduced costs say which starts a timetable of a given cost cannot use, which leaves the exact model little to search.
After Dyer and Wolsey, "Formulating the single machine sequencing problem with release dates as a mixed integer
program" (1990), whose time-indexed formulation this is.
"""

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import OptimizeResult, linprog
from scipy.sparse import csr_matrix, vstack

from ncpi.fieldwork import costs
from ncpi.fieldwork.free_time import FreeTime, max_a_day, to_minutes
from ncpi.fieldwork.greedy import local_times, lunch_window
from ncpi.fieldwork.problem import Problem, Session
from ncpi.fieldwork.timetable_bound_people import Together, TooFew

# What a solver's floating point may be wrong by.
TOLERANCE = 1e-6
# Of many answers that cost the same one is drawn: all days of all sessions are made dearer by no more than this.
LOT = 0.01


# How far apart answers are drawn that need not be the cheapest.
WIDE = 10.0

Row = tuple[list[tuple[int, float]], float]


@dataclass(frozen=True, slots=True)
class Bound:
    """A cost that no timetable can beat; `extra` is what a start would add to it, by session and bit.

    `levels` are the points of the starts at which the relaxation has each session; `added` is what it knows nothing of.
    """

    value: float
    extra: Mapping[tuple[str, int], float] = field(default_factory=dict)
    levels: Mapping[str, frozenset[float]] = field(default_factory=dict)
    added: int = 0

    def plus(self, cost: int) -> "Bound":
        return Bound(self.value + cost, self.extra, self.levels, self.added + cost)

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
        self.equal: list[Row] = []
        self.at_most: list[Row] = []
        self.left_out: dict[str, int] = {}
        self.sessions = [session for session in problem.sessions if free.session(session)]
        self.by_key = {session.id: session for session in self.sessions}
        self._away = {
            key: [(to_minutes(one.starts_at), to_minutes(one.ends_at)) for one in inspector.busy]
            for key, inspector in free.inspectors.items()
        }
        self._add_sessions()
        self._add_team()
        self._add_teams()
        self._add_days()
        self._shares, self._known = self._matrix(self.equal), self._matrix(self.at_most)

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

    def limit(self, few: Iterable[TooFew]) -> None:
        """Let no more groups meet at some starts than their people allow."""
        for one in few:
            terms = [(self.columns[key, bit], 1.0) for key, bits in one.starts.items() for bit in bits]
            self.at_most.append((terms, float(one.count)))

    def solve(self, seed: int = 1) -> Bound:
        """Return what the stage costs at least; of answers that cost the same the seed draws one."""
        if not self.costs:
            return Bound(0.0)
        found = self._solved(self._drawn(seed, LOT / len(self.sessions)))
        if found.status != 0:
            return Bound(0.0)
        extra = found.lower.marginals
        return Bound(
            float(found.fun) - LOT,
            {key: float(extra[at]) for key, at in self.columns.items() if extra[at] > 0},
            self._levels(found.x),
        )

    def levels_within(self, cost: int, seed: int) -> Mapping[str, frozenset[float]]:
        """Return the points of the starts that some answer of this cost has for each session."""
        terms = [(at, points) for at, points in enumerate(self.costs) if points]
        found = self._solved(self._drawn(seed, WIDE), [(terms, float(cost))])
        return self._levels(found.x) if found.status == 0 else {}

    def _drawn(self, seed: int, width: float) -> list[float]:
        rng = random.Random(seed)
        drawn, days = list(self.costs), dict[tuple[str, int], float]()
        for (key, bit), at in self.columns.items():
            day = (key, self.free.day_of[bit])
            if day not in days:
                days[day] = width * rng.random()
            drawn[at] += days[day]
        return drawn

    def _levels(self, values: np.ndarray[Any, Any]) -> Mapping[str, frozenset[float]]:
        found: dict[str, set[float]] = defaultdict(set)
        for (key, _), at in self.columns.items():
            if values[at] > TOLERANCE:
                found[key].add(self.costs[at])
        return {key: frozenset(points) for key, points in found.items()}

    def starts_at(self, key: str, levels: Mapping[str, frozenset[float]]) -> list[int]:
        """Return the starts that cost what they do in an answer."""
        session = self.by_key.get(key)
        options = self.free.options(session) if session is not None else []
        return [bit for bit in options if self.costs[self.columns[key, bit]] in levels.get(key, ())]

    def _solved(self, drawn: list[float], more: Sequence[Row] = ()) -> OptimizeResult:
        return linprog(  # type: ignore[call-overload]
            drawn,
            A_ub=vstack((self._limits(), self._matrix(more))),
            b_ub=[limit for _, limit in (*self.at_most, *more)],
            A_eq=self._shares,
            b_eq=[total for _, total in self.equal],
            bounds=np.column_stack((np.zeros(len(drawn)), self.upper)),
            method="highs",
            # Looking for what can be left out of these programs took as long as solving them.
            options={"presolve": False},
        )

    def _limits(self) -> csr_matrix:
        """Return the rows as a matrix; what was written once is not written again."""
        known = self._known.shape[0]
        if known < len(self.at_most):
            self._known = vstack((self._known, self._matrix(self.at_most[known:])), format="csr")
        return self._known

    def add_column(self, cost: float, upper: float = math.inf) -> int:
        self.costs.append(cost)
        self.upper.append(upper)
        return len(self.costs) - 1

    def _matrix(self, rows: Sequence[Row]) -> csr_matrix:
        ends = np.cumsum([0, *(len(terms) for terms, _ in rows)])
        columns = np.fromiter((column for terms, _ in rows for column, _ in terms), dtype=np.int32, count=ends[-1])
        values = np.fromiter((value for terms, _ in rows for _, value in terms), dtype=float, count=ends[-1])
        return csr_matrix((values, columns, ends), shape=(len(rows), len(self.costs)))

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
        rows: dict[int, list[tuple[int, float]]] = defaultdict(
            list, {slot: list(terms) for slot, terms in others.items()}
        )
        for session in sessions:
            for bit, slot in self._slots(session):
                rows[slot].append((self.columns[session.id, bit], float(uses[session.id])))
        for slot, terms in sorted(rows.items()):
            self.at_most.append((terms, float(self._present(team, slot))))

    def _add_teams(self) -> None:
        """Of five who are there only two pairs can be made: whole numbers of teams, which a relaxation splits."""
        everybody = list(self.free.inspectors)
        for size in sorted({one.inspectors for one in self.sessions} - {0, 1}):
            rows: dict[int, list[tuple[int, float]]] = defaultdict(list)
            for session in (one for one in self.sessions if one.inspectors >= size):
                for bit, slot in self._slots(session):
                    rows[slot].append((self.columns[session.id, bit], float(session.inspectors // size)))
            for slot, terms in sorted(rows.items()):
                here = self._present(everybody, slot)
                if here % size:
                    self.at_most.append((terms, float(here // size)))

    def _slots(self, session: Session) -> Iterator[tuple[int, int]]:
        """Yield each start with each slot that the session and its inspectors' gap would cover."""
        for bit in self.free.options(session):
            start = self.free.starts[bit]
            lasts = session.minutes + self.rules.inspector_gap_minutes
            for slot in range(start, start + lasts, self.rules.grid_minutes):
                yield bit, slot

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
