"""The fortnight: made, proved, changed and explained, beside a greedy first fit. Broken rules and places are gates."""

import time
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from audits.management.bench.fortnights import fortnight
from ncpi.fieldwork import checker, costs, greedy, reasons, timetable
from ncpi.fieldwork.free_time import FreeTime
from ncpi.fieldwork.problem import Plan, Problem, Published, Session

SIZES = {60: 6, 120: 6, 300: 10}
SECONDS = {60: 60, 120: 60, 300: 120}
INSTANCES = 1_000
DAY_MINUTES = 600
# What is proved of a change before anything else is looked for.
DISTURBANCE = {"unplaced", "told_again", "moved"}


class Timetables:
    """Times are reported; a broken rule, or a session left out that need not be, fails."""

    def __init__(self, say: Callable[[str], None], instances: int = INSTANCES) -> None:
        self.say, self.instances = say, instances
        self.report: dict[str, Any] = {}
        self.failed: list[str] = []

    def measure(self) -> None:
        for count, inspectors in SIZES.items():
            wanted = fortnight(count, inspectors=inspectors)
            first = self._greedy(wanted)
            made = self._made(count, wanted, first["cost"]["unplaced"])
            self.report[str(count)] = {"greedy": first, "solver": made, "beside_greedy": self._beside(first, made)}
        self.report["changes"] = self._changes()
        self.report["reasons"] = self._reasons()
        self.report["generated"] = self._generated()

    def _greedy(self, wanted: Problem) -> dict[str, Any]:
        began = time.process_time()
        plan = greedy.first_fit(wanted, FreeTime(wanted))
        return {"cpu_seconds": round(time.process_time() - began, 2)} | self._plan(wanted, plan)

    def _beside(self, first: dict[str, Any], made: dict[str, Any]) -> dict[str, float | None]:
        """Return what the solver costs for each that greedy does: less than one is better, but for the time."""
        ratios = {
            "cpu_seconds": _ratio(made["cpu_seconds"], first["cpu_seconds"]),
            "unplaced": _ratio(made["cost"]["unplaced"], first["cost"]["unplaced"]),
            "preference": _ratio(made["cost"]["preference"], first["cost"]["preference"]),
            "idle_minutes": _ratio(made["idle_minutes"], first["idle_minutes"]),
        }
        self.say(f"{'':28} beside greedy: {_said(ratios)}")
        return ratios

    def _made(self, count: int, wanted: Problem, by_greedy: int) -> dict[str, Any]:
        all_placed: list[float] = []

        def watch(progress: timetable.Progress) -> None:
            if progress.stage == "preference" and not all_placed:
                all_placed.append(progress.seconds)

        row, solution = self._solved(f"{count} sessions", wanted, SECONDS[count], watch)
        if solution.cost.unplaced > solution.bound.unplaced:
            self.failed.append(f"{count} sessions: {len(solution.unplaced)} left out and not proved that they must be.")
        if solution.cost.unplaced > by_greedy:
            self.failed.append(f"{count} sessions: more left out than by a greedy first fit.")
        return row | {"seconds_to_all_placed": all_placed[0] if all_placed else None}

    def _solved(
        self,
        name: str,
        wanted: Problem,
        seconds: float,
        watch: Callable[[timetable.Progress], None] | None = None,
    ) -> tuple[dict[str, Any], timetable.Solution]:
        began = time.process_time()
        solution = timetable.solve(wanted, seconds=seconds, progress=watch)
        cost, bound = asdict(solution.cost), asdict(solution.bound)
        row = {
            "seconds": solution.seconds,
            "cpu_seconds": round(time.process_time() - began, 2),
            "status": solution.status,
            "gap": {stage: cost[stage] - bound[stage] for stage in cost if cost[stage] != bound[stage]},
        }
        row |= self._plan(wanted, solution.sessions)
        self.say(f"{name:28} {row['status']:8} {row['placed']:3} placed {row['seconds']:6.1f} s gap {row['gap']}")
        return row, solution

    def _plan(self, wanted: Problem, plan: Plan) -> dict[str, Any]:
        broken = checker.broken_rules(wanted, plan)
        self.failed += [f"{one.kind} {one.subject} {one.text}" for one in broken[:3]]
        return {"placed": len(plan), "cost": asdict(costs.cost_of(wanted, plan)), "idle_minutes": idle(plan)}

    def _changes(self) -> dict[str, Any]:
        wanted = fortnight(60)
        first = timetable.solve(wanted, seconds=SECONDS[60]).sessions
        told = frozenset(key for one in first.values() for key in one.people)
        found = {}
        for name, changed in changes(wanted, first).items():
            again = replace(changed, published=Published(first, told))
            proved: list[float] = []

            def watch(progress: timetable.Progress, proved: list[float] = proved) -> None:
                if progress.stage not in DISTURBANCE:
                    proved.append(progress.seconds)

            row, solution = self._solved(name, again, 60, watch)
            if not DISTURBANCE.isdisjoint(row["gap"]):
                self.failed.append(f"{name}: not proved that fewer cannot be disturbed.")
            row |= {"moved": len(solution.moved), "told_again": len(solution.told_again)}
            row["seconds_to_least_disturbed"] = min(proved, default=None)
            ours = _disturbance(again, solution.sessions)
            kept = _disturbance(again, greedy.first_fit(again, FreeTime(again), keep=first))
            anew = _disturbance(again, greedy.first_fit(again, FreeTime(again)))
            self.say(f"{'':28} proved after {row['seconds_to_least_disturbed']} s: {_disturbs(ours)}")
            self.say(f"{'':28} greedy keeping {_disturbs(kept)}; greedy anew {_disturbs(anew)}")
            found[name] = row | {"greedy_keeping": kept, "greedy_anew": anew}
        return found

    def _reasons(self) -> dict[str, Any]:
        wanted = fortnight(60)
        found = {}
        for name, session in impossible(wanted).items():
            asked = replace(wanted, sessions=(*wanted.sessions, session))
            free = FreeTime(asked)
            plan = greedy.best_of(asked, free)
            began = time.process_time()
            said = reasons.why_unplaced(asked, free, plan, session)
            found[name] = {"cpu_seconds": round(time.process_time() - began, 2), "reasons": said}
        return found

    def _generated(self) -> dict[str, int]:
        broken = 0
        for seed in range(self.instances):
            wanted = fortnight(3 + seed % 10, seed=seed, people=24, inspectors=2 + seed % 3)
            solution = timetable.solve(wanted, seconds=5)
            broken += len(checker.broken_rules(wanted, solution.sessions))
        if broken:
            self.failed.append(f"{broken} rules broken over {self.instances} generated problems.")
        self.say(f"{self.instances} generated problems: {broken} rules broken")
        return {"instances": self.instances, "broken": broken}


def _ratio(ours: float, theirs: float) -> float | None:
    return round(ours / theirs, 2) if theirs else None


def _said(ratios: dict[str, float | None]) -> str:
    return ", ".join(f"{name} {'none there' if ratio is None else ratio}" for name, ratio in ratios.items())


def _disturbance(wanted: Problem, plan: Plan) -> dict[str, int]:
    return {
        "left_out": len(wanted.sessions) - len(plan),
        "moved": len(costs.moved(wanted, plan)),
        "told_again": len(costs.told_again(wanted, plan)),
    }


def _disturbs(found: dict[str, int]) -> str:
    return f"leaves out {found['left_out']}, moves {found['moved']}, tells {found['told_again']}"


def idle(plan: Plan) -> int:
    """Return the minutes that inspectors wait between the sessions of one day."""
    total = 0
    for inspector in {key for one in plan.values() for key in one.inspectors}:
        mine = sorted((one.starts_at, one.ends_at) for one in plan.values() if inspector in one.inspectors)
        gaps = (
            int((after[0] - before[1]).total_seconds() // 60) for before, after in zip(mine, mine[1:], strict=False)
        )
        total += sum(gap for gap in gaps if gap < DAY_MINUTES)
    return total


def changes(wanted: Problem, first: Plan) -> dict[str, Problem]:
    """Return what a fortnight meets after it was published."""
    groups = [one.id for one in wanted.sessions if one.size and one.id in first]
    gone = [first[key].people[0] for key in groups]

    def without(keys: list[str]) -> Problem:
        people = (replace(one, busy=wanted.days) if one.id in keys else one for one in wanted.people)
        return replace(wanted, people=tuple(people))

    away = wanted.inspectors[1]
    absent = replace(away, busy=(*away.busy, *wanted.days[2:4]))
    extra = Session("more", 60, inspectors=2, fixed=(wanted.people[100].id,), priority=3)
    return {
        "a withdrawal": without(gone[:1]),
        "six fall ill": without(gone[:6]),
        "an inspector away two days": replace(
            wanted, inspectors=tuple(absent if one.id == away.id else one for one in wanted.inspectors)
        ),
        "one more session": replace(wanted, sessions=(*wanted.sessions, extra)),
    }


def impossible(wanted: Problem) -> dict[str, Session]:
    """Return sessions that cannot be placed, each for another reason."""
    somebody = wanted.people[3].id
    pool = tuple(one.id for one in wanted.people if one.unit == "Response")
    return {
        "too large a group": Session("x", 90, "focus_group", 2, pool=pool[:24], size=20),
        "too many inspectors": Session("x", 60, inspectors=len(wanted.inspectors) + 1, fixed=(somebody,)),
        "no specialist": Session("x", 60, specialism="nobody's", fixed=(somebody,)),
    }
