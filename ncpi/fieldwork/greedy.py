"""A first timetable in milliseconds: the most constrained session first, each at its cheapest start.

It is the hint that the solver starts from and the baseline that it has to beat.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, time

from ncpi.fieldwork import costs
from ncpi.fieldwork.free_time import FreeTime, bits, max_a_day, max_sessions, to_minutes, to_moment
from ncpi.fieldwork.problem import Placement, Plan, Problem, Session
from ncpi.lib import dates

# Again and again helps where little is left out; with hundreds of sessions a round takes a second.
ROUNDS, FITTED = 12, 600


class Diary:
    """What has been placed so far, and what that leaves."""

    def __init__(self, problem: Problem, free: FreeTime) -> None:
        self.problem, self.free, self.rules = problem, free, problem.rules
        self.plan: dict[str, Placement] = {}
        self.people: Counter[str] = Counter()
        self.inspectors: Counter[str] = Counter()
        self.on_day: Counter[int] = Counter()
        self._taken: dict[tuple[str, str, int], list[tuple[int, int]]] = {}
        self._followers = {
            session.id: [one for one in problem.sessions if session.id in one.after] for session in problem.sessions
        }
        for one in problem.held.values():
            self._take(one)

    def person_can(self, key: str, start: int, minutes: int) -> bool:
        taken = self._on_same_day("person", key, start)
        return (
            self.people[key] < max_sessions(self.free.people[key], self.problem)
            and len(taken) < self.rules.person_sessions_a_day
            and _clear(taken, start, minutes, self.rules.person_gap_minutes)
        )

    def inspector_can(self, key: str, start: int, minutes: int) -> bool:
        taken = self._on_same_day("inspector", key, start)
        return (
            len(taken) < max_a_day(self.free.inspectors[key], self.problem)
            and _clear(taken, start, minutes, self.rules.inspector_gap_minutes)
            and lunch_start(self.free, [*taken, (start, start + minutes)], start) is not None
        )

    def is_busy(self, key: str, start: int) -> bool:
        return len(self._on_same_day("inspector", key, start)) >= costs.COMFORTABLE_A_DAY

    def room_left(self, start: int, minutes: int) -> bool:
        if self.rules.rooms is None:
            return True
        running = [
            (to_minutes(one.starts_at), to_minutes(one.ends_at))
            for one in (*self.plan.values(), *self.problem.held.values())
            if to_minutes(one.starts_at) < start + minutes and to_minutes(one.ends_at) > start
        ]
        peaks = [start, *(begins for begins, _ in running if begins > start)]
        return all(sum(begins <= at < ends for begins, ends in running) < self.rules.rooms for at in peaks)

    def order_kept(self, session: Session, start: int) -> bool:
        return all(
            key not in self.plan or to_minutes(self.plan[key].ends_at) <= start for key in session.after
        ) and all(
            other.id not in self.plan or start + session.minutes <= to_minutes(self.plan[other.id].starts_at)
            for other in self._followers[session.id]
        )

    def place(self, session: Session, start: int, inspectors: list[str], members: list[str]) -> None:
        end = start + session.minutes
        people = (*session.fixed, *members)
        self.plan[session.id] = Placement(to_moment(start), to_moment(end), tuple(sorted(inspectors)), people)
        self.on_day[self._day(start)] += session.inspectors
        self.people.update(people)
        self.inspectors.update(inspectors)
        self._take(self.plan[session.id])

    def _take(self, one: Placement) -> None:
        start, end = to_minutes(one.starts_at), to_minutes(one.ends_at)
        if start not in self.free.bit_of:
            return
        for kind, keys in (("person", one.people), ("inspector", one.inspectors)):
            for key in keys:
                self._taken.setdefault((kind, key, self._day(start)), []).append((start, end))

    def _on_same_day(self, kind: str, key: str, start: int) -> list[tuple[int, int]]:
        return self._taken.get((kind, key, self._day(start)), [])

    def _day(self, start: int) -> int:
        return self.free.day_of[self.free.bit_of[start]]


def best_of(problem: Problem, free: FreeTime, *, keep: Plan | None = None) -> dict[str, Placement]:
    """Fit again and again, those left out before everybody else the next time, until nothing is gained."""
    first: dict[str, int] = {}
    best: dict[str, Placement] = {}
    lowest = sum(session.priority for session in problem.sessions) + 1
    for _ in range(max(1, min(ROUNDS, FITTED // max(1, len(problem.sessions))))):
        plan = first_fit(problem, free, keep=keep, first=first)
        left_out = [one for one in problem.sessions if one.id not in plan and free.session(one)]
        missing = sum(session.priority for session in left_out)
        if missing < lowest:
            best, lowest = plan, missing
        if not left_out:
            break
        for session in left_out:
            first[session.id] = first.get(session.id, 0) + 1
    return best


def first_fit(
    problem: Problem, free: FreeTime, *, keep: Plan | None = None, first: Mapping[str, int] | None = None
) -> dict[str, Placement]:
    """Place what fits, never moving what is placed; what still stands of `keep` is placed first."""
    diary = Diary(problem, free)
    local = local_times(problem, free)
    for session in problem.sessions:
        if keep is not None and session.id in keep:
            _keep(diary, session, keep[session.id])
    for session in _in_order(problem, free, first or {}):
        if session.id in diary.plan:
            continue
        # Of equal starts those of the quietest day come first: the fortnight spreads, and so do the people asked.
        options = sorted(
            (
                costs.start_points(session, free.starts[bit], free.is_late(bit), local),
                diary.on_day[free.day_of[bit]],
                free.starts[bit],
                bit,
            )
            for bit in bits(free.session(session))
        )
        _place_cheapest(diary, session, options)
    return diary.plan


def _place_cheapest(diary: Diary, session: Session, options: list[tuple[int, int, int, int]]) -> None:
    """Place a session where its points and busy days cost least; of equals, where fewest people are asked again."""
    cheapest: tuple[tuple[int, int], int, tuple[list[str], list[str]]] | None = None
    for points, _, start, bit in options:
        if cheapest is not None and (points, 0) >= cheapest[0]:
            break
        chosen = choose(diary, session, start, bit)
        if chosen is None:
            continue
        busy = costs.POINTS_BUSY_DAY * sum(diary.is_busy(key, start) for key in chosen[0])
        total = (points + busy, sum(diary.people[key] > 0 for key in chosen[1]))
        if cheapest is None or total < cheapest[0]:
            cheapest = (total, start, chosen)
    if cheapest is not None:
        diary.place(session, cheapest[1], *cheapest[2])


def _keep(diary: Diary, session: Session, was: Placement) -> None:
    """Place a session at its old start, with as many of its old people as can still come."""
    start = to_minutes(was.starts_at)
    bit = next((bit for bit in bits(diary.free.session(session)) if diary.free.starts[bit] == start), None)
    if bit is None:
        return
    chosen = choose(diary, session, start, bit, preferred=frozenset((*was.people, *was.inspectors)))
    if chosen is not None:
        diary.place(session, start, *chosen)


def choose(
    diary: Diary, session: Session, start: int, bit: int, *, preferred: frozenset[str] = frozenset()
) -> tuple[list[str], list[str]] | None:
    """Return inspectors and pool members for a start, or None when it cannot be."""
    if not (diary.order_kept(session, start) and diary.room_left(start, session.minutes)):
        return None
    if not all(diary.person_can(key, start, session.minutes) for key in session.fixed):
        return None
    inspectors = choose_inspectors(diary, session, start, bit, preferred)
    members = choose_members(diary, session, start, bit, preferred) if inspectors is not None else None
    if inspectors is None or members is None:
        return None
    return inspectors, members


def choose_inspectors(
    diary: Diary, session: Session, start: int, bit: int, preferred: frozenset[str]
) -> list[str] | None:
    free = diary.free
    able = [
        key
        for key in free.inspectors
        if free.inspector(key, session.minutes) >> bit & 1 and diary.inspector_can(key, start, session.minutes)
    ]
    able.sort(
        key=lambda key: (
            key not in preferred,
            diary.is_busy(key, start),
            diary.inspectors[key],
            len(free.inspectors[key].specialisms),
        )
    )
    chosen = able[: session.inspectors]
    if len(chosen) < session.inspectors:
        return None
    if session.specialism and not any(session.specialism in free.inspectors[key].specialisms for key in chosen):
        specialist = next((key for key in able if session.specialism in free.inspectors[key].specialisms), None)
        if specialist is None:
            return None
        chosen[-1] = specialist
    return chosen


def choose_members(diary: Diary, session: Session, start: int, bit: int, preferred: frozenset[str]) -> list[str] | None:
    if not session.size:
        return []
    free = diary.free
    bands = free.bands(session).values()
    for band in sorted(bands, key=lambda people: -len(preferred.intersection(people))):
        able = [
            key
            for key in band
            if free.person(key, session.minutes) >> bit & 1 and diary.person_can(key, start, session.minutes)
        ]
        able.sort(key=lambda key: (key not in preferred, diary.people[key]))
        members = _from_units(diary.free, session, able)
        if members is not None:
            return members
    return None


def managed_pairs(free: FreeTime, session: Session) -> list[tuple[str, str]]:
    """Return (person, own line manager) pairs who could meet in this session's group."""
    among = {*session.fixed, *session.pool}
    pairs = ((key, free.people[key].manager) for key in sorted(among))
    return [(key, boss) for key, boss in pairs if boss in among and {key, boss} & set(session.pool)]


def _from_units(free: FreeTime, session: Session, able: list[str]) -> list[str] | None:
    pairs = {frozenset(pair) for pair in managed_pairs(free, session)}
    members: list[str] = []
    by_unit: dict[str, list[str]] = {}
    for key in able:
        by_unit.setdefault(free.people[key].unit, []).append(key)
    firsts = [keys[0] for keys in by_unit.values()]
    for key in [*firsts, *(key for key in able if key not in firsts)]:
        if len(members) < session.size and not any(
            frozenset((key, other)) in pairs for other in (*members, *session.fixed)
        ):
            members.append(key)
    units = {free.people[key].unit for key in members}
    return members if len(members) == session.size and len(units) >= session.units else None


def local_times(problem: Problem, free: FreeTime) -> dict[int, tuple[date, time]]:
    """Return London's date and clock for every minute at which a session could start or end."""
    lengths = {0, *(session.minutes for session in problem.sessions)}
    minutes = {start + length for start in free.starts for length in lengths}
    found = {}
    for minute in minutes:
        local = dates.to_local(to_moment(minute))
        found[minute] = (local.date(), local.time())
    return found


def day_around(free: FreeTime, start: int) -> tuple[int, int]:
    return next((opens, closes) for opens, closes in free.days if opens <= start < closes)


def lunch_window(free: FreeTime, opens: int) -> tuple[int, int] | None:
    """Return the minutes of a day's lunch window."""
    return free.lunch_windows.get(opens)


def lunch_start(free: FreeTime, taken: list[tuple[int, int]], start: int) -> int | None:
    """Return when lunch can be on the day around `start`; an inspector's gap after a session is not lunch."""
    rules = free.problem.rules
    window = lunch_window(free, day_around(free, start)[0])
    if rules.lunch is None or window is None:
        return start
    minutes = rules.lunch.minutes
    for begins in range(window[0], window[1] - minutes + 1, rules.grid_minutes):
        ends = begins + minutes
        if all(end + rules.inspector_gap_minutes <= begins or other >= ends for other, end in taken):
            return begins
    return None


def _clear(taken: list[tuple[int, int]], start: int, minutes: int, gap: int) -> bool:
    return all(end + gap <= start or start + minutes + gap <= begins for begins, end in taken)


def _in_order(problem: Problem, free: FreeTime, first: Mapping[str, int]) -> list[Session]:
    """Return sessions, the most constrained first, none before one it must follow."""
    urgency = {
        session.id: (-first.get(session.id, 0), free.session(session).bit_count(), -session.inspectors, session.id)
        for session in problem.sessions
    }
    for session in problem.sessions:
        for before in session.after:
            urgency[before] = min(urgency[before], urgency[session.id])
    left = sorted(problem.sessions, key=lambda one: urgency[one.id])
    ordered: list[Session] = []
    done: set[str] = set()
    while left:
        session = next(one for one in left if set(one.after) <= done)
        left.remove(session)
        ordered.append(session)
        done.add(session.id)
    return ordered
