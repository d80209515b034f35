"""Small problems to solve, drawn at random or written by hand."""

from datetime import date, datetime, time, timedelta
from itertools import combinations, product

from hypothesis import strategies as st

from ncpi.fieldwork import checker, costs
from ncpi.fieldwork.problem import Inspector, Person, Placement, Prefer, Problem, Rules, Session, Span
from ncpi.lib import dates

MONDAY = date(2021, 7, 5)


def span(start: str, end: str, day: date = MONDAY) -> Span:
    return Span(*dates.span(day, time.fromisoformat(start), day, time.fromisoformat(end)))


def at(clock: str, day: date = MONDAY) -> datetime:
    return dates.combine(day, time.fromisoformat(clock))


def person(key: str, *duty: Span, **fields) -> Person:
    return Person(key, duty=duty or (span("08:00", "18:00"),), **fields)


def placement(start: str, minutes: int, inspectors=("i1",), people=("p1",), day: date = MONDAY) -> Placement:
    begins = at(start, day)
    return Placement(begins, begins + timedelta(minutes=minutes), tuple(inspectors), tuple(people))


ONE_INSPECTOR = (Inspector("i1"),)
ONE_DAY = (span("08:00", "18:00"),)


def problem(sessions, people=(), inspectors=ONE_INSPECTOR, days=ONE_DAY, **fields) -> Problem:
    return Problem(
        days=tuple(days), people=tuple(people), inspectors=tuple(inspectors), sessions=tuple(sessions), **fields
    )


def every_plan(wanted: Problem):
    """Yield every timetable that breaks no rule: for tiny problems only."""
    options = []
    for session in wanted.sessions:
        alone = [one for one in _placements(wanted, session) if not checker.broken_rules(wanted, {session.id: one})]
        options.append([None, *alone])
    keys = [session.id for session in wanted.sessions]
    for choice in product(*options):
        plan = {key: one for key, one in zip(keys, choice, strict=True) if one is not None}
        if not checker.broken_rules(wanted, plan):
            yield plan


def best_cost(wanted: Problem) -> costs.Cost:
    found = (costs.cost_of(wanted, plan) for plan in every_plan(wanted))
    return min(found, key=lambda cost: [getattr(cost, stage) for stage in costs.STAGES])


def _placements(wanted: Problem, session: Session):
    for day in wanted.days:
        start = day.starts_at
        while start < day.ends_at:
            for team in combinations([one.id for one in wanted.inspectors], session.inspectors):
                for members in combinations(session.pool, session.size):
                    end = start + timedelta(minutes=session.minutes)
                    yield Placement(start, end, team, (*session.fixed, *members))
            start += timedelta(minutes=wanted.rules.grid_minutes)


@st.composite
def tiny_problems(draw) -> Problem:
    """Draw a problem with one or two short days that brute force can go through."""
    days = [span("10:00", "14:00", MONDAY + timedelta(days=offset)) for offset in range(draw(st.integers(1, 2)))]
    people = [draw(_people(number, days)) for number in range(4)]
    inspectors = [
        Inspector(
            f"i{number}",
            specialisms=frozenset(draw(st.sets(st.sampled_from(["digital"])))),
            busy=tuple(draw(st.lists(st.sampled_from([span("10:00", "12:00"), span("13:00", "14:00")]), max_size=1))),
            max_a_day=draw(st.sampled_from([None, 1, 2])),
        )
        for number in range(2)
    ]
    sessions = [draw(_sessions(number)) for number in range(draw(st.integers(1, 3)))]
    rules = Rules(
        grid_minutes=60,
        inspector_gap_minutes=draw(st.sampled_from([0, 30])),
        person_gap_minutes=draw(st.sampled_from([0, 15])),
        person_sessions_a_day=draw(st.integers(1, 2)),
        rooms=draw(st.sampled_from([None, 1])),
    )
    return problem(sessions, people, inspectors, days, rules=rules)


@st.composite
def _people(draw, number: int, days: list[Span]) -> Person:
    before = MONDAY - timedelta(days=1)
    shifts = [
        span("08:00", "18:00"),
        span("11:00", "13:00"),
        Span(*dates.day_span(before, time(22), time(1))),
        span("09:00", "17:00", MONDAY + timedelta(days=1)),
    ]
    duty = draw(st.lists(st.sampled_from(shifts), unique=True, max_size=3))
    if shifts[0] in duty and shifts[1] in duty:
        duty.remove(shifts[1])
    return Person(
        f"p{number}",
        unit=draw(st.sampled_from(["Response", "Hub"])),
        band=draw(st.sampled_from(["constable", "sergeant"])),
        manager=draw(st.sampled_from([None, *(f"p{other}" for other in range(number))])),
        duty=tuple(duty),
        busy=tuple(draw(st.lists(st.sampled_from([span("12:00", "13:00")]), max_size=1))),
        offered=draw(st.sampled_from([None, None, None, (span("10:00", "12:30"),)])),
        max_sessions=draw(st.sampled_from([None, 1])),
    )


@st.composite
def _sessions(draw, number: int) -> Session:
    people = draw(st.permutations([f"p{one}" for one in range(4)]))
    fixed = tuple(people[: draw(st.integers(0, 2))])
    size = draw(st.integers(0 if fixed else 1, 2))
    return Session(
        f"s{number}",
        minutes=draw(st.sampled_from([45, 60, 120])),
        inspectors=draw(st.integers(1, 2)),
        specialism=draw(st.sampled_from(["", "", "digital"])),
        fixed=fixed,
        pool=tuple(people[len(fixed) :]) if size else (),
        size=size,
        units=draw(st.integers(1, size)) if size else 1,
        after=(f"s{number - 1}",) if number and draw(st.booleans()) else (),
        windows=draw(st.sampled_from([None, None, (span("10:00", "12:00"),)])),
        prefer=Prefer(earliest=draw(st.sampled_from([None, time(12)]))),
        priority=draw(st.integers(1, 3)),
    )
