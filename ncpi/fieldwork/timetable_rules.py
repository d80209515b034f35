"""The timetable's hard rules as constraints: optional intervals over exactly the starts that are possible."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from ortools.sat.python import cp_model

from ncpi.fieldwork.free_time import FreeTime, max_a_day, max_sessions, to_minutes, to_moment
from ncpi.fieldwork.greedy import local_times, lunch_start, lunch_window, managed_pairs
from ncpi.fieldwork.problem import Placement, Plan, Problem, Session
from ncpi.fieldwork.rooms import rooms_of
from ncpi.fieldwork.timetable_variables import Literal, Variables


class RulesModel(Variables):
    """Sessions, teams, groups, people, order and rooms; whoever is placed breaks no rule."""

    def __init__(
        self,
        problem: Problem,
        free: FreeTime,
        *,
        starts: Mapping[str, Sequence[int]] | None = None,
    ) -> None:
        super().__init__(problem, free)
        self.local = local_times(problem, free)
        possible = {session.id: free.options(session) for session in problem.sessions}
        self.starts = possible if starts is None else {key: list(starts.get(key, ())) for key in possible}
        self.sessions = [session for session in problem.sessions if self.starts[session.id]]
        self.hopeless = [session for session in problem.sessions if not self.starts[session.id]]
        self.placed: dict[str, Literal] = {}
        self.start: dict[str, Literal] = {}
        self.on_day: dict[tuple[str, int], Literal] = {}
        self.days: dict[str, dict[int, Literal]] = {}
        self.seats: dict[tuple[str, int], dict[str, Literal]] = {}
        self.sits: dict[tuple[str, str, int], Literal] = {}
        self.member: dict[tuple[str, str], Literal] = {}
        for session in self.sessions:
            self._add_session(session)
            self._add_team(session)
            self._add_group(session)
        self._add_inspectors()
        self._add_people()
        self._add_order_and_rooms()

    def plan(self, value: Callable[[Literal], int]) -> dict[str, Placement]:
        """Read a plan from the values of a solution."""
        plan = {}
        for session in self.sessions:
            if not value(self.placed[session.id]):
                continue
            start = self.base + value(self.start[session.id])
            sitting = {key for (sid, key, _), one in self.sits.items() if sid == session.id and value(one)}
            members = [key for key in session.pool if self._is_chosen(session, key, value)]
            plan[session.id] = Placement(
                to_moment(start),
                to_moment(start + session.minutes),
                tuple(sorted(sitting)),
                (*session.fixed, *members),
            )
        return plan

    def _is_chosen(self, session: Session, key: str, value: Callable[[Literal], int]) -> bool:
        literal = self.member.get((session.id, key))
        return literal is not None and bool(value(literal))

    # Sessions

    def _add_session(self, session: Session) -> None:
        key, options = session.id, self.starts[session.id]
        lowest = self.free.starts[options[0]] - self.base
        placed = self._bool(f"placed {key}", lambda plan: key in plan)
        start = self.integer(
            self._domain(options),
            f"start {key}",
            lambda plan: to_minutes(plan[key].starts_at) - self.base if key in plan else lowest,
        )
        days: dict[int, list[int]] = {}
        for bit in options:
            days.setdefault(self.free.day_of[bit], []).append(bit)
        for day, positions in days.items():
            literal = self._bool(f"{key} on {day}", lambda plan, day=day: self.day_in(plan, key) == day)
            self.cp.add_linear_expression_in_domain(start, self._domain(positions)).only_enforce_if(literal)
            self.on_day[key, day] = literal
            self.days.setdefault(key, {})[day] = literal
        self.cp.add(sum(self.on_day[key, day] for day in days) == placed)
        self.placed[key], self.start[key] = placed, start

    def day_in(self, plan: Plan, key: str) -> int | None:
        return self._day(to_minutes(plan[key].starts_at)) if key in plan else None

    def _day(self, minutes: int) -> int:
        return next(index for index, (opens, closes) in enumerate(self.free.days) if opens <= minutes < closes)

    def _add_team(self, session: Session) -> None:
        """Seat the inspectors of a session on each day it could be."""
        if not session.inspectors:
            return
        key = session.id
        for day, on_day in self.days[key].items():
            options = [bit for bit in self.starts[key] if self.free.day_of[bit] == day]
            seats = []
            for inspector in self.free.inspectors:
                mask = self.free.inspector(inspector, session.minutes)
                able = [bit for bit in options if mask >> bit & 1]
                if not able:
                    continue
                seat = self._bool(
                    f"{key} {inspector} {day}",
                    lambda plan, one=inspector, day=day: self.day_in(plan, key) == day and one in plan[key].inspectors,
                )
                if len(able) < len(options):
                    self.cp.add_linear_expression_in_domain(self.start[key], self._domain(able)).only_enforce_if(seat)
                self.sits[key, inspector, day] = seat
                self.seats.setdefault((inspector, day), {})[key] = seat
                seats.append((inspector, seat))
            self.cp.add(sum(seat for _, seat in seats) == session.inspectors * on_day)
            if session.specialism:
                wanted = self.free.specialists(session)
                self.cp.add(sum(seat for inspector, seat in seats if inspector in wanted) >= on_day)

    def _add_group(self, session: Session) -> None:
        """Choose `size` of the pool: one rank band, enough units, nobody with their own line manager."""
        if not session.size:
            return
        key, options = session.id, self.starts[session.id]
        for person in session.pool:
            mask = self.free.person(person, session.minutes)
            able = [bit for bit in options if mask >> bit & 1]
            if not able or not max_sessions(self.free.people[person], self.problem):
                continue
            member = self._bool(f"{person} in {key}", lambda plan, one=person: key in plan and one in plan[key].people)
            if len(able) < len(options):
                self.cp.add_linear_expression_in_domain(self.start[key], self._domain(able)).only_enforce_if(member)
            self.member[key, person] = member
        chosen = [self.member[key, person] for person in session.pool if (key, person) in self.member]
        self.cp.add(sum(chosen) == session.size * self.placed[key])
        self._add_bands(session)
        self._add_units(session)
        for person, boss in managed_pairs(self.free, session):
            pair = [self._attends(session, one) for one in (person, boss)]
            if all(literal is not None for literal in pair):
                self.cp.add_at_most_one(literal for literal in pair if literal is not None)

    def _add_bands(self, session: Session) -> None:
        key = session.id
        bands = self.free.bands(session)
        if len(bands) < 2:
            return
        chosen = []
        for band, people in bands.items():
            literal = self._bool(
                f"{key} of {band}", lambda plan, people=people: key in plan and set(people) & set(plan[key].people)
            )
            chosen.append(literal)
            for person in people:
                if (key, person) in self.member:
                    self.cp.add_implication(self.member[key, person], literal)
        self.cp.add(sum(chosen) == self.placed[key])

    def _add_units(self, session: Session) -> None:
        if session.units < 2:
            return
        key, units = session.id, {}  # type: ignore[var-annotated]
        for person in session.pool:
            if (key, person) in self.member:
                units.setdefault(self.free.people[person].unit, []).append(person)
        counted = []
        for unit, people in units.items():
            literal = self._bool(
                f"{key} from {unit}", lambda plan, people=people: key in plan and set(people) & set(plan[key].people)
            )
            self.cp.add(literal <= sum(self.member[key, person] for person in people))
            counted.append(literal)
        self.cp.add(sum(counted) >= session.units * self.placed[key])

    def _attends(self, session: Session, person: str) -> Literal | None:
        """Return the literal that a person is in a session: it is placed, or they are chosen."""
        if person in session.fixed:
            return self.placed[session.id]
        return self.member.get((session.id, person))

    # Inspectors, people, order, rooms

    def _add_inspectors(self) -> None:
        gap = self.rules.inspector_gap_minutes
        minutes = {session.id: session.minutes for session in self.sessions}
        for inspector, one in self.free.inspectors.items():
            intervals = []
            for day in range(len(self.free.days)):
                seats = self.seats.get((inspector, day), {})
                if not seats:
                    continue
                intervals += [
                    self.cp.new_optional_fixed_size_interval_var(self.start[key], minutes[key] + gap, seat, "")
                    for key, seat in seats.items()
                ]
                held = sum(inspector in other.inspectors for other in self._held_on(day))
                self.cp.add(sum(seats.values()) <= max(0, max_a_day(one, self.problem) - held))
                intervals += self._lunch(inspector, day)
            self.cp.add_no_overlap(intervals)
        # Redundant, but it lets the solver see the whole team as one resource.
        together = [session for session in self.sessions if session.inspectors]
        self.cp.add_cumulative(
            [self._interval(session, gap) for session in together],
            [session.inspectors for session in together],
            len(self.free.inspectors),
        )

    def _interval(self, session: Session, gap: int) -> cp_model.IntervalVar:
        return self.cp.new_optional_fixed_size_interval_var(
            self.start[session.id], session.minutes + gap, self.placed[session.id], ""
        )

    def _lunch(self, inspector: str, day: int) -> list[cp_model.IntervalVar]:
        lunch, window = self.rules.lunch, lunch_window(self.free, self.free.days[day][0])
        if lunch is None or window is None:
            return []
        opens, held = self.free.days[day][0], _spans(self._held_on(day), inspector)
        options = [
            begins - self.base
            for begins in range(window[0], window[1] - lunch.minutes + 1, self.rules.grid_minutes)
            if all(
                end + self.rules.inspector_gap_minutes <= begins or other >= begins + lunch.minutes
                for other, end in held
            )
        ]
        if not options:
            # Somebody accepted a day without lunch when they held these sessions.
            return []

        def lunch_in(plan: Plan) -> int:
            begins = lunch_start(self.free, [*held, *_spans(plan.values(), inspector)], opens)
            return options[0] if begins is None else begins - self.base

        start = self.integer(cp_model.Domain.from_values(options), f"lunch {inspector} {day}", lunch_in)
        return [self.cp.new_fixed_size_interval_var(start, lunch.minutes, "")]

    def _add_people(self) -> None:
        for person, one in self.free.people.items():
            joins = [(session, self._attends(session, person)) for session in self.sessions]
            attends = [(session, literal) for session, literal in joins if literal is not None]
            if attends and max_sessions(one, self.problem) < len(attends):
                self.cp.add(sum(literal for _, literal in attends) <= max_sessions(one, self.problem))
            if len(attends) > 1:
                self.cp.add_no_overlap(
                    self.cp.new_optional_fixed_size_interval_var(
                        self.start[session.id], session.minutes + self.rules.person_gap_minutes, literal, ""
                    )
                    for session, literal in attends
                )
            self._limit_person_days(person, attends, min(len(attends), max_sessions(one, self.problem)))

    def _limit_person_days(self, person: str, attends: Sequence[tuple[Session, Literal]], most: int) -> None:
        for day in range(len(self.free.days)):
            held = sum(person in one.people for one in self._held_on(day))
            left = max(0, self.rules.person_sessions_a_day - held)
            if most <= left:
                continue
            here = []
            for session, literal in attends:
                on_day = self.on_day.get((session.id, day))
                if on_day is None:
                    continue
                both = self._bool(
                    f"{person} {session.id} {day}",
                    lambda plan, key=session.id, day=day: self.day_in(plan, key) == day and person in plan[key].people,
                )
                self.cp.add_bool_or(both, literal.negated(), on_day.negated())
                here.append(both)
            self.cp.add(sum(here) <= left)

    def _held_on(self, day: int) -> list[Placement]:
        opens, closes = self.free.days[day]
        return [one for one in self.problem.held.values() if opens <= to_minutes(one.starts_at) < closes]

    def _add_order_and_rooms(self) -> None:
        lengths = {session.id: session.minutes for session in self.sessions}
        for session in self.sessions:
            for before in session.after:
                if before in lengths:
                    self.cp.add(self.start[session.id] >= self.start[before] + lengths[before]).only_enforce_if(
                        self.placed[session.id], self.placed[before]
                    )
        if self.rules.rooms is not None:
            intervals = [self._interval(session, 0) for session in self.sessions]
            held = {key: (one.starts_at, one.ends_at) for key, one in self.problem.held.items()}
            for key, room in rooms_of(held, self.rules.rooms).items():
                if room is not None:
                    start, end = to_minutes(held[key][0]), to_minutes(held[key][1])
                    intervals.append(self.cp.new_fixed_size_interval_var(start - self.base, end - start, ""))
            self.cp.add_cumulative(intervals, [1] * len(intervals), self.rules.rooms)


def _spans(placements: Iterable[Placement], inspector: str) -> list[tuple[int, int]]:
    """Return the minutes of those in which an inspector sits."""
    return [(to_minutes(one.starts_at), to_minutes(one.ends_at)) for one in placements if inspector in one.inspectors]
