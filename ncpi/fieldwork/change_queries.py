"""What the pages of hand changes, versions and re-plans show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import QuerySet

from ncpi.fieldwork import clashes, plan_differences, problem_queries
from ncpi.fieldwork.clashes import Clash, Free, Start
from ncpi.fieldwork.costs import STAGE_WORDS, STAGES
from ncpi.fieldwork.models import Inspector, Invitation, Person, Placement, Session, Timetable
from ncpi.fieldwork.plan_differences import Appointment, Difference
from ncpi.fieldwork.problem import Placement as Place
from ncpi.fieldwork.problem import Plan, Problem
from ncpi.fieldwork.problem import Session as Wanted
from ncpi.inspections.models import Inspection
from ncpi.lib import dates


@dataclass(frozen=True)
class Candidate:
    """Somebody who could sit in a session; `is_free` at the start that is looked at."""

    id: str
    name: str
    about: str
    is_chosen: bool
    is_free: bool
    is_fixed: bool = False


@dataclass(frozen=True)
class Board:
    """One draft as plain values, and one session of it that is to go elsewhere."""

    timetable: Timetable
    session: Session
    problem: Problem
    plan: Plan
    row: Placement | None

    @property
    def key(self) -> str:
        return str(self.session.pk)

    @property
    def was(self) -> Place | None:
        return self.plan.get(self.key)

    @property
    def version(self) -> int:
        return self.row.version if self.row else 0

    @property
    def wanted(self) -> Wanted:
        return next(one for one in self.problem.sessions if one.id == self.key)

    @property
    def is_wanted(self) -> bool:
        return any(one.id == self.key for one in self.problem.sessions)

    @property
    def asked(self) -> list[str]:
        """Return everybody who may sit here, and whoever does."""
        sitting = self.was.people if self.was else ()
        return list(dict.fromkeys([*self.wanted.fixed, *self.wanted.pool, *sitting]))

    def starts(self) -> list[Start]:
        return clashes.starts_that_work(self.problem, self.plan, self.key)

    def place(self, at: datetime, works: Sequence[Start]) -> Place:
        """Return a session's place at a start: with whom it works, else with whom it is now."""
        found = next((one.placement for one in works if one.starts_at == at), None)
        if found is not None:
            return found
        was = self.was or Place(at, at, (), self.wanted.fixed)
        return replace(was, starts_at=at, ends_at=at + timedelta(minutes=self.wanted.minutes))

    def clashes(self, to: Place) -> list[Clash]:
        return clashes.clashes_with(self.problem, clashes.moved_to(self.problem, self.plan, self.key, to), self.key)

    def team(self, to: Place) -> list[Candidate]:
        free = self._free_at(to)
        return [
            Candidate(
                one.id,
                one.label,
                ", ".join(sorted(one.specialisms)),
                one.id in to.inspectors,
                one.id in free.inspectors,
            )
            for one in self.problem.inspectors
        ]

    def group(self, to: Place) -> list[Candidate]:
        people = {one.id: one for one in self.problem.people}
        free = self._free_at(to)
        return [
            Candidate(key, one.label, one.unit, key in to.people, key in free.people, key in self.wanted.fixed)
            for key in self.asked
            if (one := people.get(key)) is not None
        ]

    def _free_at(self, to: Place) -> Free:
        return clashes.free_at(self.problem, self.plan, self.key, to.starts_at)


def board_of(timetable: Timetable, session: Session, *, at: datetime) -> Board:
    problem, rows = problem_queries.problem_and_placements(timetable, at=at)
    row = next((one for one in rows if one.session_id == session.pk), None)
    return Board(timetable, session, problem, problem_queries.held_by(rows), row)


def by_day(starts: Iterable[Start]) -> list[tuple[date, list[datetime]]]:
    """Return starts as local times, those of one day together."""
    local = [dates.to_local(one.starts_at) for one in starts]
    return [(day, list(found)) for day, found in groupby(local, key=lambda moment: moment.date())]


def clashes_of(timetable: Timetable, *, at: datetime) -> list[Clash]:
    """Return the rules that a version breaks as things are now and that nobody accepted."""
    problem, rows = problem_queries.problem_and_placements(timetable, at=at)
    excused = problem_queries.excuses_in(rows)
    plan = problem_queries.held_by(rows)
    return clashes.clashes_in(problem, plan, [key for keys in excused.values() for key in keys])


@dataclass(frozen=True)
class Told:
    """Somebody whose own sessions change: what they knew, what is now, and how long before it."""

    name: str
    was: list[tuple[str, datetime]]
    now: list[tuple[str, datetime]]
    notice: timedelta | None
    is_new: bool


@dataclass(frozen=True)
class Stage:
    """One stage of the proof: what it cost and what no timetable can be below."""

    words: str
    cost: int
    bound: int

    @property
    def is_proved(self) -> bool:
        return self.cost == self.bound

    @property
    def gap(self) -> int:
        return self.cost - self.bound


@dataclass(frozen=True)
class Changes:
    """What one version changes of another, who has to hear of it, and what is proved."""

    before: Timetable | None
    after: Timetable
    differences: list[Difference]
    told: list[Told]
    stages: list[Stage]

    @property
    def again(self) -> list[Told]:
        return [one for one in self.told if not one.is_new]

    @property
    def first(self) -> list[Told]:
        return [one for one in self.told if one.is_new]

    @property
    def is_proved(self) -> bool:
        return bool(self.stages) and all(one.is_proved for one in self.stages)


def changes_of(before: Timetable | None, after: Timetable, *, at: datetime) -> Changes:
    """Return what is different between two versions, counting notice from a moment."""
    was, now = (problem_queries.plan_of(one) if one else {} for one in (before, after))
    inspection = after.inspection
    titles = _titles(inspection)
    inspectors = {
        str(key): name for key, name in Inspector.objects.filter(inspection=inspection).values_list("pk", "name")
    }
    appointments = plan_differences.appointments_changed(was, now)
    names = _names(appointments)
    return Changes(
        before,
        after,
        plan_differences.differences(was, now, titles, inspectors),
        [_told(one, names, titles, at) for one in appointments],
        stages_of(after),
    )


def stages_of(timetable: Timetable) -> list[Stage]:
    cost, bound = timetable.cost, timetable.bound
    known = (stage for stage in STAGES if stage in cost and stage in bound)
    is_replan = timetable.based_on_id is not None
    return [
        Stage(STAGE_WORDS[stage], cost[stage], bound[stage])
        for stage in known
        if is_replan or stage in ("unplaced", "preference")
    ]


def base_of(timetable: Timetable) -> Timetable | None:
    """Return the version that this one is held against: what it began from, else nothing."""
    return Timetable.objects.filter(pk=timetable.based_on_id).first() if timetable.based_on_id else None


def declined_of(inspection: Inspection) -> QuerySet[Invitation]:
    """Return the invitations that were declined, those also that a later version took back."""
    rows = Invitation.objects.filter(session__inspection=inspection, reply="declined")
    return rows.select_related("session", "person").order_by("during", "person__name", "pk")


def _titles(inspection: Inspection) -> dict[str, str]:
    rows = Session.objects.filter(inspection=inspection).values_list("pk", "title")
    return {str(key): title for key, title in rows}


def _names(appointments: Iterable[Appointment]) -> dict[str, str]:
    people = Person.objects.filter(pk__in=[int(one.person) for one in appointments])
    return {str(key): name for key, name in people.values_list("pk", "name")}


def _told(one: Appointment, names: Mapping[str, str], titles: Mapping[str, str], at: datetime) -> Told:
    was, now = (
        [(titles.get(key, "A session"), start) for key, start in sorted(found, key=lambda pair: pair[1])]
        for found in (one.was, one.now)
    )
    coming = [start for _, start in (*was, *now) if start >= at]
    return Told(names.get(one.person, "Somebody"), was, now, min(coming) - at if coming else None, not one.is_known)
