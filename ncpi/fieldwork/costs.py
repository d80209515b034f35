"""What a timetable costs, stage by stage; a lower stage never buys a higher one.

1. unplaced: the priorities of the sessions left out; 2. on a re-plan, people told again (short notice weighs more),
sessions moved, inspectors swapped, and of equals the least time between old and new; 3. preference: the points below.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, time

from ncpi.fieldwork.problem import Placement, Plan, Prefer, Problem, Session
from ncpi.lib import dates

EARLIEST, LATEST = time(8, 30), time(17, 0)
POINTS_SECOND_HALF = 1
POINTS_OUTSIDE_HOURS = 5
POINTS_AGAINST_PREFERENCE = 6
POINTS_IMBALANCE = 2
POINTS_BUSY_DAY = 3
COMFORTABLE_A_DAY = 3
# Told again less than a week, three days, a day before: each is one more.
NOTICE_MINUTES = (7 * 24 * 60, 3 * 24 * 60, 24 * 60)


@dataclass(frozen=True, slots=True)
class Cost:
    unplaced: int = 0
    told_again: int = 0
    moved: int = 0
    swapped: int = 0
    distance: int = 0
    preference: int = 0


STAGES = tuple(field.name for field in fields(Cost))


def cost_of(problem: Problem, plan: Plan) -> Cost:
    return Cost(
        unplaced=sum(session.priority for session in problem.sessions if session.id not in plan),
        told_again=sum(weight(problem, key) for key in told_again(problem, plan)),
        moved=len(moved(problem, plan)),
        swapped=len(swapped(problem, plan)),
        distance=sum(distances(problem, plan).values()),
        preference=_preference(problem, plan),
    )


PROVED_BEST = "Proved best: no timetable breaks fewer wishes."
BY_HAND = "Changed by hand, so nothing is proved of it."
STAGE_WORDS = {
    "unplaced": "placing what matters most",
    "told_again": "telling as few people again as possible",
    "moved": "moving as little as possible",
    "swapped": "keeping inspectors",
    "distance": "staying close in time",
    "preference": "following preferences",
}


def proof_in_words(cost: Mapping[str, int], bound: Mapping[str, int]) -> str:
    """Say of a timetable's stages which are proved best, and how far the others are from what is possible."""
    known = [stage for stage in STAGES if stage in cost and stage in bound]
    open_ones = [stage for stage in known if cost[stage] != bound[stage]]
    if not known:
        return BY_HAND
    if not open_ones:
        return PROVED_BEST
    proved = [
        STAGE_WORDS[stage] for stage in known if cost[stage] == bound[stage] and (cost[stage] or stage == "unplaced")
    ]
    gaps = [f"{STAGE_WORDS[stage]} (costs {cost[stage]}, at least {bound[stage]})" for stage in open_ones]
    said = f"Proved best at {', '.join(proved)}. " if proved else ""
    return f"{said}The best found in the time given at {', '.join(gaps)}; a better one may exist."


def start_points(session: Session, start: int, is_late: bool, local: Mapping[int, tuple[date, time]]) -> int:
    """Return the points of starting a session at a minute of the grid."""
    day, begins = local[start]
    _, ends = local[start + session.minutes]
    return points(session, day, begins, ends, is_late)


def is_second_half(day_index: int, days: int) -> bool:
    """Say whether a day is in the half that is better kept for what has to be moved."""
    return 2 * day_index >= days > 1


def points(session: Session, day: date, begins: time, ends: time, is_late: bool) -> int:
    total = POINTS_SECOND_HALF if is_late else 0
    if begins < EARLIEST or ends > LATEST or ends < begins:
        total += POINTS_OUTSIDE_HOURS
    if not suits(session.prefer, day, begins, ends):
        total += POINTS_AGAINST_PREFERENCE
    return total


def suits(prefer: Prefer, day: date, begins: time, ends: time) -> bool:
    return (
        (prefer.earliest is None or begins >= prefer.earliest)
        and (prefer.latest is None or begins < ends <= prefer.latest)
        and (not prefer.dates or day in prefer.dates)
    )


def weight(problem: Problem, person: str) -> int:
    """Return how much a person is spared: the less time is left before what they were told, the more."""
    published = problem.published
    if published is None or published.at is None:
        return 1
    at = published.at
    own = [one.starts_at for one in published.sessions.values() if person in one.people and one.starts_at >= at]
    left = dates.minutes_between(at, min(own)) if own else NOTICE_MINUTES[0]
    return 1 + sum(left < minutes for minutes in NOTICE_MINUTES)


def told_again(problem: Problem, plan: Plan) -> set[str]:
    """Return those already told who sit elsewhere, or at another time, than they were told."""
    if problem.published is None:
        return set()
    wanted = {session.id for session in problem.sessions}
    known = {person.id for person in problem.people}
    before = _appointments({key: one for key, one in problem.published.sessions.items() if key in wanted})
    after = _appointments(plan)
    return {
        person for person in problem.published.told & known if before.get(person, set()) != after.get(person, set())
    }


def moved(problem: Problem, plan: Plan) -> set[str]:
    """Return published sessions that are still wanted and now start at another time, or not at all."""
    return {
        key for key, was in _still_wanted(problem).items() if key not in plan or plan[key].starts_at != was.starts_at
    }


def swapped(problem: Problem, plan: Plan) -> set[str]:
    """Return published sessions that keep their place but not all of their inspectors."""
    return {
        key
        for key, was in _still_wanted(problem).items()
        if key in plan and not set(was.inspectors) <= set(plan[key].inspectors)
    }


def distances(problem: Problem, plan: Plan) -> dict[str, int]:
    """Return the minutes between the old and the new start of each published session that is placed."""
    return {
        key: abs(dates.minutes_between(was.starts_at, plan[key].starts_at))
        for key, was in _still_wanted(problem).items()
        if key in plan
    }


def _still_wanted(problem: Problem) -> dict[str, Placement]:
    if problem.published is None:
        return {}
    wanted = {session.id for session in problem.sessions}
    return {key: one for key, one in problem.published.sessions.items() if key in wanted}


def _appointments(plan: Plan) -> dict[str, set[tuple[str, object]]]:
    found: dict[str, set[tuple[str, object]]] = {}
    for key, placement in plan.items():
        for person in placement.people:
            found.setdefault(person, set()).add((key, placement.starts_at))
    return found


def _preference(problem: Problem, plan: Plan) -> int:
    day_starts = sorted(day.starts_at for day in problem.days)
    total = 0
    loads: Counter[str] = Counter({inspector.id: 0 for inspector in problem.inspectors})
    by_day: Counter[tuple[str, int]] = Counter()
    for session in problem.sessions:
        placement = plan.get(session.id)
        if placement is None:
            continue
        day_index = sum(start <= placement.starts_at for start in day_starts) - 1
        begins, ends = dates.to_local(placement.starts_at), dates.to_local(placement.ends_at)
        total += points(session, begins.date(), begins.time(), ends.time(), is_second_half(day_index, len(day_starts)))
        loads.update(placement.inspectors)
        by_day.update((inspector, day_index) for inspector in placement.inspectors)
    if loads:
        total += POINTS_IMBALANCE * (max(loads.values()) - min(loads.values()))
    return total + POINTS_BUSY_DAY * sum(max(0, count - COMFORTABLE_A_DAY) for count in by_day.values())
