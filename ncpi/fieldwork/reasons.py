"""Why a session is not in the timetable, in words a co-ordinator can act on.

First by counting; then the smallest set of things that cannot stand together; then what would be enough.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from ncpi.fieldwork.conflicts import Element, smallest_conflict
from ncpi.fieldwork.free_time import FreeTime, at_least, bits, max_sessions
from ncpi.fieldwork.greedy import Diary, choose, choose_inspectors, choose_members
from ncpi.fieldwork.problem import Plan, Problem, Session, Span
from ncpi.fieldwork.remedies import diary_of, remedies
from ncpi.lib import dates

FEW = 3


def why_unplaced(
    problem: Problem, free: FreeTime, plan: Plan, session: Session, *, thoroughly: bool = True
) -> tuple[str, ...]:
    """Return what counting shows; thoroughly, also what clashes and what would be enough."""
    alone = tuple(_why_never(free, session))
    counted = alone or tuple(_why_crowded(problem, free, plan, session))
    if counted and not thoroughly:
        return counted
    clash = smallest_conflict(problem, plan, session)
    enough = [one.words for one in remedies(problem, plan, session)]
    said = [*counted]
    if clash is not None:
        said.append(f"{session.label}: {_clash(told(problem, session, clash))}.")
    elif not counted:
        said.append(_together(session))
    if enough:
        said.append(f"{session.label}: enough would be {_either(enough)}.")
    return tuple(said)


def told(problem: Problem, session: Session, clash: Iterable[Element]) -> list[str]:
    """Return the elements of a clash in words, none of which could be dropped; sessions stand together."""
    names = {other.id: other.label for other in problem.sessions}
    sessions = [names[one.key] for one in clash if one.kind == "session"]
    said = [_told(problem, session, one) for one in clash if one.kind != "session"]
    if len(sessions) > 1:
        said.append(f"these {len(sessions)} sessions: {', '.join(sessions)}")
    return said + [f"the session {name}" for name in sessions if len(sessions) == 1]


def _told(problem: Problem, session: Session, one: Element) -> str:
    rules = problem.rules
    names = {other.id: other.label for other in problem.sessions} | {who.id: who.label for who in problem.people}
    words = {
        "windows": f"its windows ({_spans(session.windows or ())})",
        "specialism": f"the wish for an inspector for {session.specialism}",
        "inspectors": f"the {session.inspectors} inspector{'' if session.inspectors == 1 else 's'} it wants",
        "group": f"the {session.size} people wanted of {len(session.pool)}",
        "units": f"people of {session.units} units",
        "bands": "one rank band a group",
        "managers": "nobody with their own line manager",
        "lunch": "the inspectors' lunch",
        "inspector_gap_minutes": f"{rules.inspector_gap_minutes} minutes between an inspector's sessions",
        "person_gap_minutes": f"{rules.person_gap_minutes} minutes between a person's sessions",
        "inspector_sessions_a_day": "the number of sessions an inspector may have in a day",
        "person_sessions_a_day": f"{rules.person_sessions_a_day} sessions of a person in a day",
        "person_sessions": "the number of sessions a person may be asked to",
        "rooms": f"the number of rooms ({rules.rooms})",
        "rest_minutes": f"{rules.rest_minutes} minutes of rest after a shift",
    }
    if one.kind == "person":
        return f"the times of {names[one.key]}"
    if one.kind == "order":
        earlier = one.key in session.after
        return f"the order ({names[one.key]} must {'end before it starts' if earlier else 'start after it has ended'})"
    return words[one.kind]


def _spans(spans: Iterable[Span]) -> str:
    return ", ".join(_span(dates.to_local(one.starts_at), dates.to_local(one.ends_at)) for one in spans)


def _span(start: datetime, end: datetime) -> str:
    return f"{start:%A} {start.day} {start:%B} {start:%H:%M}–{end:%H:%M}"


def _clash(parts: list[str]) -> str:
    if not parts:
        return "it is longer than the days are open"
    if len(parts) == 1:
        return f"{parts[0]} alone cannot be met in the fortnight"
    return f"these cannot stand together: {', '.join(parts[:-1])} and {parts[-1]}"


def _either(parts: list[str]) -> str:
    return "; or ".join(parts)


def _why_never(free: FreeTime, session: Session) -> Iterator[str]:
    """Yield why no start exists even in an empty fortnight: the first rule that leaves none."""
    left = free.windows(session)
    if not left:
        yield f"{session.label}: {session.minutes} minutes fit in none of its windows."
        return
    if left & free.fixed(session) & free.team(session) & free.pool(session):
        if session.size:
            yield from _why_group(free, session)
        return
    found = [*_why_people(free, session, left), *_why_team(free, session, left)]
    if not found and session.size:
        found = list(_why_pool(free, session, left))
    yield from found or [_together(session)]


def _why_people(free: FreeTime, session: Session, left: int) -> Iterator[str]:
    can = {key: left & free.person(key, session.minutes) for key in session.fixed}
    never = [key for key, mask in can.items() if not mask]
    for key in never:
        yield (
            f"{session.label}: {free.people[key].label} is never free for {session.minutes} minutes in its windows "
            "(duty, leave and rest after shifts counted)."
        )
    if never or len(can) < 2:
        return
    if not left & free.fixed(session):
        most = next(count for count in range(len(can), 0, -1) if at_least(count, can.values(), left))
        clash = _first_clash(can, free)
        yield f"{session.label}: {len(can)} people must come, at most {most} of them are free together{clash}."


def _first_clash(can: dict[str, int], free: FreeTime) -> str:
    keys = list(can)
    for at, one in enumerate(keys):
        for other in keys[at + 1 :]:
            if not can[one] & can[other]:
                return f"; {free.people[one].label} and {free.people[other].label} never are"
    return ""


def _why_team(free: FreeTime, session: Session, left: int) -> Iterator[str]:
    left &= free.fixed(session)
    if not left or left & free.team(session):
        return
    masks = [free.inspector(key, session.minutes) for key in free.inspectors]
    if session.inspectors > len(masks):
        yield f"{session.label}: {session.inspectors} inspectors wanted, there are {len(masks)}."
        return
    specialists = free.specialists(session)
    if session.specialism and not specialists:
        yield f"{session.label}: no inspector has the specialism {session.specialism}."
        return
    special = [free.inspector(key, session.minutes) for key in specialists]
    if session.specialism and not at_least(1, special, left) & left:
        yield (
            f"{session.label}: none of the {len(special)} inspectors for {session.specialism} is there when "
            "everyone else could be."
        )
        return
    most = next((count for count in range(len(masks), 0, -1) if at_least(count, masks, left) & left), 0)
    yield f"{session.label}: {session.inspectors} inspectors wanted, at most {most} are there when its people are free."


def _why_pool(free: FreeTime, session: Session, left: int) -> Iterator[str]:
    left &= free.fixed(session) & free.team(session)
    if not left:
        return
    masks = [free.person(key, session.minutes) & left for key in session.pool]
    most = next((count for count in range(len(masks), 0, -1) if at_least(count, masks, left)), 0)
    when = _when(session)
    wanted, of = session.size, len(masks)
    if most < wanted:
        yield f"{session.label}: {wanted} wanted, at most {most} of the {of} are on duty in any hour when {when}."
        return
    by_band = {
        band: next((n for n in range(len(keys), 0, -1) if at_least(n, _masks(free, session, keys, left), left)), 0)
        for band, keys in free.bands(session).items()
    }
    best = max(by_band.values(), default=0)
    if best < wanted:
        yield (
            f"{session.label}: {wanted} of one rank band wanted, at most {best} of a band (of the {of} in the pool) "
            f"are on duty in any hour when {when}."
        )
        return
    bands = free.bands(session).values()
    able = [{key: free.person(key, session.minutes) & left for key in keys} for keys in bands]
    if not any(at_least(wanted, free.apart(session, masks).values(), left) for masks in able):
        yield _beside_managers(session)
        return
    yield f"{session.label}: {wanted} from {session.units} units wanted, fewer units are on duty when {when}."


def _beside_managers(session: Session) -> str:
    return (
        f"{session.label}: {session.size} wanted, but without anyone sitting with their own line manager "
        f"too few of the {len(session.pool)} are on duty together."
    )


def _masks(free: FreeTime, session: Session, keys: list[str], left: int) -> list[int]:
    return [free.person(key, session.minutes) & left for key in keys]


def _when(session: Session) -> str:
    words = {0: "the session could be", 1: "an inspector is free"}
    return words.get(session.inspectors, f"{_number(session.inspectors)} inspectors are free")


def _number(count: int) -> str:
    return {2: "two", 3: "three", 4: "four"}.get(count, str(count))


def _why_group(free: FreeTime, session: Session) -> Iterator[str]:
    """Yield a reason when line managers, or people who may not be asked at all, leave too few at every start."""
    empty = Diary(free.problem, free)
    for bit in bits(free.session(session)):
        if choose(empty, session, free.starts[bit], bit) is not None:
            return
    barred = sum(max_sessions(free.people[key], free.problem) == 0 for key in (*session.fixed, *session.pool))
    if barred:
        yield f"{session.label}: {barred} of its people may not be asked to any session."
    elif choose_members_ever(free, session, empty):
        return
    else:
        yield _beside_managers(session)


def choose_members_ever(free: FreeTime, session: Session, diary: Diary) -> bool:
    return any(
        choose_members(diary, session, free.starts[bit], bit, frozenset()) is not None
        for bit in bits(free.session(session))
    )


def _why_crowded(problem: Problem, free: FreeTime, plan: Plan, session: Session) -> Iterator[str]:
    """Yield, for each rule, how many of the possible starts the placed sessions take away by it."""
    diary = diary_of(problem, free, plan)
    options = list(bits(free.session(session)))
    tests: list[tuple[str, Callable[[int], bool]]] = [
        ("what comes before or after it", lambda bit: diary.order_kept(session, free.starts[bit])),
        ("every room is taken", lambda bit: diary.room_left(free.starts[bit], session.minutes)),
        *(
            (
                f"{free.people[key].label} is in another session or has enough",
                lambda bit, key=key: diary.person_can(key, free.starts[bit], session.minutes),
            )
            for key in session.fixed
        ),
        (
            f"fewer than {session.inspectors} inspectors are left",
            lambda bit: choose_inspectors(diary, session, free.starts[bit], bit, frozenset()) is not None,
        ),
        (
            f"fewer than {session.size} of the {len(session.pool)} in the pool are left",
            lambda bit: choose_members(diary, session, free.starts[bit], bit, frozenset()) is not None,
        ),
    ]
    lost = [(sum(not test(bit) for bit in options), text) for text, test in tests]
    for count, text in sorted((one for one in lost if one[0]), key=lambda one: -one[0])[:FEW]:
        yield f"{session.label}: at {count} of {len(options)} possible starts {text}."


def _together(session: Session) -> str:
    return (
        f"{session.label}: its people, its inspectors and its windows each leave a time, but never the same one. "
        "One more window, one inspector more or one person fewer may be enough."
    )
