"""How the crowd's sessions are shared among inspectors who are alike: who is away for a day must find room on others.

Inspectors of the same specialisms are counted together, day by day; of sessions for a team nobody can hold more in a
day than fit one after another between the first and the last start.
"""

from collections.abc import Iterator, Mapping

from ortools.sat.python import cp_model

from ncpi.fieldwork import costs
from ncpi.fieldwork.free_time import max_a_day
from ncpi.fieldwork.problem import Plan, Session
from ncpi.fieldwork.timetable_model import TimetableModel
from ncpi.fieldwork.timetable_variables import Linear, Literal


class Shares:
    """What inspectors who are alike hold; of each day, who is `here` and how far it is beyond what is comfortable."""

    def __init__(self, crowd: TimetableModel, here: Mapping[int, list[str]], extra: Mapping[int, Linear]) -> None:
        self.crowd, self.here, self.extra = crowd, here, extra
        alike: dict[frozenset[str], list[str]] = {}
        for key, one in crowd.free.inspectors.items():
            alike.setdefault(one.specialisms, []).append(key)
        self.alike = list(alike.values())

    def of_alike(self) -> Iterator[tuple[list[str], Linear]]:
        """Yield those who are alike and the number of their sessions."""
        held: list[list[Linear]] = [[] for _ in self.alike]
        for day in self.extra:
            for mine, share in zip(held, self._of_day(day), strict=True):
                mine.append(share)
        for keys, mine in zip(self.alike, held, strict=True):
            yield keys, sum(mine)

    def _of_day(self, day: int) -> list[Linear]:
        possible = [one for one in self.crowd.sessions if one.inspectors and (one.id, day) in self.crowd.on_day]
        teams = self._parts(day, [one for one in possible if one.inspectors > 1])
        alone = self._parts(day, [one for one in possible if one.inspectors == 1])
        shares: list[Linear] = [sum(both) for both in zip(teams, alone, strict=True)]
        self._limit_over(day, shares)
        return shares

    def _parts(self, day: int, sessions: list[Session]) -> list[Literal]:
        cp, on_day = self.crowd.cp, self.crowd.on_day
        parts = [self._part(day, self._present(keys, day), sessions) for keys in self.alike]
        cp.add(sum(parts) == sum(one.inspectors * on_day[one.id, day] for one in sessions))
        return parts

    def _present(self, keys: list[str], day: int) -> list[str]:
        return [key for key in keys if key in self.here[day]]

    def _limit_over(self, day: int, shares: list[Linear]) -> None:
        """What is beyond comfort among those who are alike is so for the day."""
        crowd, beyond = self.crowd, []
        for keys, share in zip(self.alike, shares, strict=True):
            limits = [max_a_day(crowd.free.inspectors[key], crowd.problem) for key in self._present(keys, day)]
            comfortable = sum(min(limit, costs.COMFORTABLE_A_DAY) for limit in limits)

            def excess(plan: Plan, keys: list[str] = keys, comfortable: int = comfortable) -> int:
                return max(0, self._held(plan, day, keys, crowd.sessions) - comfortable)

            one = crowd.integer(cp_model.Domain(0, sum(limits) - comfortable), f"beyond {day}", excess)
            crowd.cp.add(share <= comfortable + one)
            beyond.append(one)
        crowd.cp.add(sum(beyond) <= self.extra[day])

    def _part(self, day: int, keys: list[str], sessions: list[Session]) -> Literal:
        """Return how many of some sessions are held by some who are there."""
        crowd = self.crowd
        known = {skill for key in keys for skill in crowd.free.inspectors[key].specialisms}
        able = {
            one.id: min(one.inspectors, len(keys))
            for one in sessions
            if one.inspectors > 1 or not one.specialism or one.specialism in known
        }
        most = min(sum(able.values()), len(keys) * self._in_a_row(day, sessions))
        part = crowd.integer(
            cp_model.Domain(0, most), f"share {day}", lambda plan: self._held(plan, day, keys, sessions)
        )
        crowd.cp.add(part <= sum(count * crowd.on_day[key, day] for key, count in able.items()))
        return part

    def _in_a_row(self, day: int, sessions: list[Session]) -> int:
        """Return how many of the sessions fit one after another, each at its shortest."""
        crowd = self.crowd
        starts = [
            crowd.free.starts[bit] for one in sessions for bit in crowd.starts[one.id] if crowd.free.day_of[bit] == day
        ]
        if not starts:
            return 0
        lasts = min(one.minutes for one in sessions) + crowd.problem.rules.inspector_gap_minutes
        return 1 + (max(starts) - min(starts)) // lasts

    def _held(self, plan: Plan, day: int, keys: list[str], sessions: list[Session]) -> int:
        ids = {one.id for one in sessions}
        return sum(
            len({*plan[key].inspectors} & {*keys}) for key in plan if key in ids and self.crowd.day_in(plan, key) == day
        )
