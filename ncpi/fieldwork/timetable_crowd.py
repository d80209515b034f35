"""The timetable with the inspectors as one crowd: when, not yet with whom.

Nobody in the crowd has a name, so the solver does not try the same fortnight with the names exchanged. What it cannot
beat, no timetable can; who sits where is found afterwards, at the times it chose.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from ortools.sat.python import cp_model

from ncpi.fieldwork import costs
from ncpi.fieldwork.free_time import FreeTime, max_a_day, to_minutes
from ncpi.fieldwork.problem import Plan, Problem, Session
from ncpi.fieldwork.timetable_model import TimetableModel
from ncpi.fieldwork.timetable_shares import Shares
from ncpi.fieldwork.timetable_variables import Linear, Literal

# Of how many specialisms together the specialists are counted.
SUBJECTS = (1, 2)


class CrowdModel(TimetableModel):
    """A relaxation of the timetable: absences, gaps, lunches, days and specialisms are counted, not seated."""

    def __init__(
        self,
        problem: Problem,
        free: FreeTime,
        *,
        starts: Mapping[str, Sequence[int]] | None = None,
        is_shared: bool = False,
    ) -> None:
        self._is_shared = is_shared
        self._busy: list[Linear] = []
        self._extra: dict[int, Linear] = {}
        super().__init__(problem, free, starts=starts)
        self.stages.pop("swapped", None)

    def _add_team(self, session: Session) -> None:
        """Nobody is seated yet."""

    def _add_inspectors(self) -> None:
        gap = self.rules.inspector_gap_minutes
        together = [session for session in self.sessions if session.inspectors]
        away = {key: self._absences(key, gap) for key in self.free.inspectors}
        lunches: list[cp_model.IntervalVar] = []
        for day in range(len(self.free.days)):
            lunches += self._lunches(day)
            self._limit_day(day, together)
        everybody = [one for absences in away.values() for one in absences]
        self._add_capacity(together, [one.inspectors for one in together], [*everybody, *lunches], len(away))
        for specialism in sorted({one.specialism for one in together} - {""}):
            special = [one for one in together if one.specialism == specialism]
            who = self.free.specialists(special[0])
            self._add_capacity(special, [1] * len(special), [one for key in who for one in away[key]], len(who))

    def _add_capacity(
        self, sessions: list[Session], uses: list[int], others: list[cp_model.IntervalVar], team: int
    ) -> None:
        intervals = [self._interval(session, self.rules.inspector_gap_minutes) for session in sessions]
        self.cp.add_cumulative([*intervals, *others], [*uses, *([1] * len(others))], team)

    def _absences(self, inspector: str, gap: int) -> list[cp_model.IntervalVar]:
        """Return when somebody is away; the gap after their last session may run into it."""
        found = []
        for busy in self.free.inspectors[inspector].busy:
            start, end = to_minutes(busy.starts_at) + gap, to_minutes(busy.ends_at)
            if start < end:
                found.append(self.cp.new_fixed_size_interval_var(start - self.base, end - start, ""))
        return found

    def _here(self, day: int) -> list[str]:
        """Return who is not away all day."""
        opens, closes = self.free.days[day]
        return [
            key
            for key, one in self.free.inspectors.items()
            if not any(to_minutes(busy.starts_at) <= opens and closes <= to_minutes(busy.ends_at) for busy in one.busy)
        ]

    def _lunches(self, day: int) -> list[cp_model.IntervalVar]:
        """Return a lunch for everybody who is there and never away that day, in order, so that none is like another."""
        opens, closes = self.free.days[day]
        lunches: list[cp_model.IntervalVar] = []
        for key in self._here(day):
            busy = self.free.inspectors[key].busy
            if any(to_minutes(one.starts_at) < closes and opens < to_minutes(one.ends_at) for one in busy):
                continue
            lunches += self._lunch(key, day)
        for before, after in zip(lunches, lunches[1:], strict=False):
            self.cp.add(before.start_expr() <= after.start_expr())
        return lunches

    def _limit_day(self, day: int, sessions: list[Session]) -> None:
        limits = [max_a_day(self.free.inspectors[key], self.problem) for key in self._here(day)]
        comfortable = sum(min(limit, costs.COMFORTABLE_A_DAY) for limit in limits)

        def over(plan: Plan) -> int:
            held = sum(len(plan[key].inspectors) for key in plan if self.day_in(plan, key) == day)
            return max(0, held - comfortable)

        extra = self.integer(cp_model.Domain(0, sum(limits) - comfortable), f"busy {day}", over)
        held = [one.inspectors * self.on_day[one.id, day] for one in sessions if (one.id, day) in self.on_day]
        self.cp.add(sum(held) <= comfortable + extra)
        self._busy.append(costs.POINTS_BUSY_DAY * extra)
        self._extra[day] = extra
        self._limit_specialists(day, sessions, extra)

    def _limit_specialists(self, day: int, sessions: list[Session], extra: Linear) -> None:
        """Hall's condition: those who know one of a few subjects hold no more sessions on them than others could."""
        here = set(self._here(day))
        subjects = sorted({one.specialism for one in sessions} - {""})
        for few in (few for count in SUBJECTS for few in combinations(subjects, count)):
            wanted = [one for one in sessions if one.specialism in few and (one.id, day) in self.on_day]
            able = [key for key in here if self.free.inspectors[key].specialisms & set(few)]
            limits = [max_a_day(self.free.inspectors[key], self.problem) for key in able]
            comfortable = sum(min(limit, costs.COMFORTABLE_A_DAY) for limit in limits)
            if len(wanted) > comfortable:
                held = sum(self.on_day[one.id, day] for one in wanted)
                self.cp.add(held <= comfortable + extra)
                self.cp.add(held <= sum(limits))

    def _imbalance(self) -> Linear:
        """Return what uneven numbers cost at least: only the shares of those who are alike are known."""
        count = len(self.free.inspectors)
        everybody = sum(one.inspectors for one in self.sessions)
        if not count or not everybody:
            return 0
        is_uneven = int(everybody % count > 0)
        if not is_uneven and not self._is_shared:
            return 0
        all_placed = self._bool("all placed", lambda plan: all(one.id in plan for one in self.sessions))
        self.cp.add_bool_or(all_placed, *(literal.negated() for literal in self.placed.values()))
        more = self._share_out(everybody, all_placed) if self._is_shared else 0
        return costs.POINTS_IMBALANCE * (is_uneven * all_placed + more)

    def _share_out(self, everybody: int, all_placed: Literal) -> Literal:
        """Return the literal that numbers are more uneven than they must be; else those who are alike have a share."""
        count = len(self.free.inspectors)
        must = int(everybody % count > 0)
        more = self._bool("more uneven", lambda plan: _spread(plan, self.free.inspectors) > must)
        here = {day: self._here(day) for day in self._extra}
        for alike, share in Shares(self, here, self._extra).of_alike():
            for limit in (share >= len(alike) * (everybody // count), share <= len(alike) * -(-everybody // count)):
                self.cp.add(limit).only_enforce_if(all_placed, more.negated())
        return more

    def _busy_days(self) -> Iterable[Linear]:
        return self._busy


def _spread(plan: Plan, inspectors: Iterable[str]) -> int:
    loads = [sum(key in one.inspectors for one in plan.values()) for key in inspectors]
    return max(loads) - min(loads)
