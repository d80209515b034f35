"""Fortnights to measure with: as many sessions as asked for, people on rotas, inspectors, every rule in use."""

import random
from datetime import date, time, timedelta

from ncpi.fieldwork.problem import Inspector, Person, Prefer, Problem, Session, Span
from ncpi.lib import dates

FIRST = date(2021, 7, 5)
UNITS = [
    "Response",
    "Neighbourhood",
    "Investigation",
    "Safeguarding hub",
    "Control room",
    "Custody",
    "Online",
    "Exploitation",
]
# Ten days: two earlies, two lates, two nights, four off.
EARLY, LATE, NIGHT = (time(7), time(17)), (time(14), time(0)), (time(22), time(7))
CYCLE = [EARLY, EARLY, LATE, LATE, NIGHT, NIGHT, None, None, None, None]
OFFICE = [(time(8), time(16)), (time(9), time(17))]
SPECIALISMS = ["digital", "custody", "leadership"]
PEOPLE, INSPECTORS, DAYS = 240, 6, 10


def fortnight(sessions: int, *, seed: int = 1, people: int = PEOPLE, inspectors: int = INSPECTORS) -> Problem:
    """Return ten working days of sessions; the same seed gives the same problem."""
    rng = random.Random(seed)
    days = dates.working_days(FIRST, DAYS)
    everybody = [_person(rng, number, days) for number in range(people)]
    return Problem(
        days=tuple(Span(*dates.span(day, time(8), day, time(18))) for day in days),
        people=tuple(everybody),
        inspectors=tuple(_inspector(rng, number, days) for number in range(inspectors)),
        sessions=tuple(_sessions(rng, sessions, everybody, days)),
    )


def _person(rng: random.Random, number: int, days: list[date]) -> Person:
    unit, band = UNITS[number % len(UNITS)], "sergeant" if number % 5 == 0 else "constable"
    is_on_rota = unit in {"Response", "Control room", "Custody"}
    duty = _rota(rng.randrange(len(CYCLE)), days) if is_on_rota else _office(rng, days)
    boss = number % len(UNITS) + len(UNITS) * 5 * (number // (len(UNITS) * 5))
    return Person(
        id=f"p{number:03}",
        unit=unit,
        band=band,
        manager=f"p{boss:03}" if boss != number else None,
        duty=tuple(duty),
        busy=tuple(_away(rng, days)),
        offered=tuple(_offered(days)) if number % 24 == 23 else None,
    )


def _rota(shift: int, days: list[date]) -> list[Span]:
    spans = []
    for offset in range((days[-1] - days[0]).days + 3):
        times = CYCLE[(offset + shift) % len(CYCLE)]
        if times:
            spans.append(Span(*dates.day_span(days[0] + timedelta(days=offset - 2), *times)))
    return spans


def _office(rng: random.Random, days: list[date]) -> list[Span]:
    start, end = rng.choice(OFFICE)
    return [Span(*dates.span(day, start, day, end)) for day in days]


def _offered(days: list[date]) -> list[Span]:
    return [Span(*dates.span(day, time(9), day, time(12, 30))) for day in days if day.weekday() in (1, 3)]


def _away(rng: random.Random, days: list[date]) -> list[Span]:
    """One in four is at court, in training or on leave for some of the time."""
    chance, day = rng.random(), rng.choice(days)
    if chance < 0.1:
        return [Span(*dates.span(day, time(9), day, time(13)), "court")]
    if chance < 0.2:
        return [Span(*dates.span(day, time(0), day, time(23, 45)), "training")]
    if chance < 0.25:
        return [Span(*dates.span(one, time(0), one, time(23, 45)), "leave") for one in days[:5]]
    return []


def _inspector(rng: random.Random, number: int, days: list[date]) -> Inspector:
    away = [rng.choice(days)] if number % 3 == 2 else []
    busy = tuple(Span(*dates.span(day, time(8), day, time(18)), "absent") for day in away)
    return Inspector(f"i{number + 1}", frozenset({SPECIALISMS[number % 3]}), busy, 4)


def _sessions(rng: random.Random, count: int, people: list[Person], days: list[date]) -> list[Session]:
    by_unit = {unit: [one.id for one in people if one.unit == unit] for unit in UNITS}
    free_to_ask = [one.id for one in people]
    rng.shuffle(free_to_ask)
    # Hundreds of sessions would ask more of people and inspectors than they have: fewer groups, one inspector each.
    pairs, groups = (True, 0.3) if count <= 150 else (False, 0.15)
    found = [Session("s000", 60, "briefing", 2, fixed=(free_to_ask[0],), priority=3, windows=_on(days[:1]))]
    for number in range(1, count):
        key, chance = f"s{number:03}", rng.random()
        if chance < groups:
            found.append(_group(rng, key, by_unit[rng.choice(UNITS)], 2 if pairs else 1))
        else:
            found.append(_interview(rng, key, free_to_ask[number % len(free_to_ask)], number, days))
    return found


def _group(rng: random.Random, key: str, unit: list[str], inspectors: int) -> Session:
    pool = tuple(sorted(rng.sample(unit, min(len(unit), 24))))
    prefer = Prefer(latest=time(13))
    return Session(key, 90, "focus_group", inspectors, pool=pool, size=4, prefer=prefer, priority=2)


def _interview(rng: random.Random, key: str, person: str, number: int, days: list[date]) -> Session:
    return Session(
        key,
        rng.choice([45, 60, 60, 75]),
        "interview",
        1,
        specialism=rng.choice(["", "", "", *SPECIALISMS]),
        fixed=(person,),
        after=("s000",) if number % 4 == 0 else (),
        windows=_on(rng.sample(days, 6)) if number % 7 == 0 else None,
        prefer=Prefer(earliest=time(10)) if number % 5 == 0 else Prefer(),
        priority=1 + number % 2,
    )


def _on(days: list[date]) -> tuple[Span, ...]:
    return tuple(Span(*dates.span(day, time(8), day, time(18))) for day in sorted(days))
