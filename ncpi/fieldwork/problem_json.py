"""A problem and its solution as JSON: the interface for machines of docs/timetable-interface.md and its schemas."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ncpi.fieldwork.problem import (
    BadProblem,
    Inspector,
    Lunch,
    Person,
    Placement,
    Prefer,
    Problem,
    Published,
    Rules,
    Session,
    Span,
    validate,
)
from ncpi.lib import dates
from ncpi.lib.strict_json import Notes, Value, local, parse

if TYPE_CHECKING:
    from ncpi.fieldwork.timetable import Solution

COSTS = ("unplaced", "told_again", "moved", "preference")
DAY_MINUTES = 24 * 60


def read_problem(text: str) -> tuple[Problem, list[str]]:
    """Return the problem and the keys that nobody reads; raise NotJson or BadProblem."""
    notes = Notes()
    root = Value(parse(text), "", notes).as_object(
        "days", "grid_minutes", "rules", "people", "inspectors", "sessions", "published"
    )
    problem = Problem(
        days=root.key("days").each(_day),
        people=root.key("people").each(_person),
        inspectors=root.key("inspectors").each(_inspector),
        sessions=root.key("sessions").each(_session),
        rules=_rules(root),
        published=_published(root.key("published")) if root.has("published") else None,
    )
    if notes.errors:
        raise BadProblem(notes.errors)
    validate(problem)
    _refuse_small_pools(problem)
    return problem, notes.unread


def _refuse_small_pools(problem: Problem) -> None:
    """In the service people may leave a pool and a session then says why; a file that starts so is a mistake."""
    errors = [
        f"{one.id} wants {one.size} people of a pool of {len(one.pool)}."
        for one in problem.sessions
        if one.size > len(one.pool)
    ]
    if errors:
        raise BadProblem(errors)


def _day(value: Value) -> Span | None:
    row = value.as_object("date", "open", "close")
    day, opens, closes = row.key("date").day(), row.key("open").clock(), row.key("close").clock()
    if day is None or opens is None or closes is None:
        return None
    try:
        return Span(*dates.span(day, opens, day, closes))
    except (dates.LocalTimeError, dates.EmptyRange) as error:
        row.wrong(f"is refused: {error}")
        return None


def _rules(root: Value) -> Rules:
    grid = root.key("grid_minutes").number(1, 60) if root.has("grid_minutes") else Rules().grid_minutes
    if not root.has("rules"):
        return Rules(grid_minutes=grid)
    lowest = {
        "rest_minutes": 0,
        "inspector_gap_minutes": 0,
        "person_gap_minutes": 0,
        "inspector_sessions_a_day": 1,
        "person_sessions": 1,
        "person_sessions_a_day": 1,
    }
    row = root.key("rules").as_object(*lowest, "lunch", "rooms")
    given = {name: row.key(name).number(low) for name, low in lowest.items() if row.has(name)}
    has_lunch = "lunch" not in row.data or row.has("lunch")
    lunch = _lunch(row.key("lunch")) if row.has("lunch") else Lunch() if has_lunch else None
    rooms = row.key("rooms").number(0) if row.has("rooms") else None
    return Rules(grid_minutes=grid, lunch=lunch, rooms=rooms, **given)


def _lunch(value: Value) -> Lunch | None:
    row = value.as_object("minutes", "from", "to")
    minutes = row.key("minutes").number(1, DAY_MINUTES)
    earliest, latest = row.key("from").clock(), row.key("to").clock()
    return Lunch(minutes, earliest, latest) if earliest and latest else None


def _person(value: Value) -> Person | None:
    row = value.as_object("id", "unit", "band", "manager", "duty", "busy", "offered", "max_sessions", "name")
    return Person(
        id=row.key("id").text(),
        unit=_text(row, "unit"),
        band=_text(row, "band"),
        manager=_text(row, "manager") or None,
        duty=_spans(row, "duty"),
        busy=_spans(row, "busy"),
        offered=_spans(row, "offered") if row.has("offered") else None,
        max_sessions=row.key("max_sessions").number(0) if row.has("max_sessions") else None,
        name=_text(row, "name"),
    )


def _inspector(value: Value) -> Inspector | None:
    row = value.as_object("id", "specialisms", "busy", "max_a_day", "name")
    return Inspector(
        id=row.key("id").text(),
        specialisms=frozenset(_texts(row, "specialisms")),
        busy=_spans(row, "busy"),
        max_a_day=row.key("max_a_day").number(0) if row.has("max_a_day") else None,
        name=_text(row, "name"),
    )


def _session(value: Value) -> Session | None:
    row = value.as_object(
        *("id", "kind", "minutes", "inspectors", "specialism", "fixed", "pool", "size", "units", "after", "windows"),
        *("prefer", "priority", "name"),
    )
    return Session(
        id=row.key("id").text(),
        minutes=row.key("minutes").number(1),
        kind=_text(row, "kind") or "interview",
        inspectors=row.key("inspectors").number(0) if row.has("inspectors") else 1,
        specialism=_text(row, "specialism"),
        fixed=_texts(row, "fixed"),
        pool=_texts(row, "pool"),
        size=row.key("size").number(0) if row.has("size") else 0,
        units=row.key("units").number(1) if row.has("units") else 1,
        after=_texts(row, "after"),
        windows=_spans(row, "windows") if row.has("windows") else None,
        prefer=_prefer(row),
        priority=row.key("priority").number(1) if row.has("priority") else 1,
        name=_text(row, "name"),
    )


def _prefer(row: Value) -> Prefer:
    if not row.has("prefer"):
        return Prefer()
    wish = row.key("prefer").as_object("from", "to", "dates")
    return Prefer(
        earliest=wish.key("from").clock() if wish.has("from") else None,
        latest=wish.key("to").clock() if wish.has("to") else None,
        dates=frozenset(wish.key("dates").each(Value.day)) if wish.has("dates") else frozenset(),
    )


def _text(row: Value, key: str) -> str:
    """Return a text that may be left out, null or empty."""
    return row.key(key).text() if row.has(key) and row.data[key] != "" else ""


def _texts(row: Value, key: str) -> tuple[str, ...]:
    return row.key(key).each(Value.text) if row.has(key) else ()


def _spans(row: Value, key: str) -> tuple[Span, ...]:
    return row.key(key).each(_span) if row.has(key) else ()


def _span(value: Value) -> Span | None:
    parts = value.items()
    if not isinstance(value.data, list):
        return None
    if len(parts) not in (2, 3):
        value.wrong("must hold a beginning, an end and, if it is known, why.")
        return None
    start, end = parts[0].moment(), parts[1].moment()
    why = parts[2].text() if len(parts) == 3 and parts[2].data not in ("", None) else ""
    return Span(start, end, why) if start and end else None


def _published(value: Value) -> Published:
    """Read placements by session, and who was told; the placements may also stand together under `sessions`."""
    whole = value.as_object()
    is_nested = isinstance(whole.data.get("sessions"), dict) and "start" not in whole.data["sessions"]
    beside = {"told", "at", "sessions"} if is_nested else {"told", "at"}
    row = whole.as_object(*beside) if is_nested else whole
    placed = row.key("sessions").as_object() if is_nested else row
    plan = {key: _placement(placed.key(key)) for key in placed.data if is_nested or key not in beside}
    return Published(
        sessions={key: one for key, one in plan.items() if one is not None},
        told=frozenset(_texts(row, "told")),
        at=row.key("at").moment() if row.has("at") else None,
    )


def _placement(value: Value) -> Placement | None:
    row = value.as_object("start", "end", "inspectors", "people")
    start, end = row.key("start").moment(), row.key("end").moment()
    if start is None or end is None:
        return None
    if end <= start:
        row.wrong("must end after it starts.")
    return Placement(start, end, _texts(row, "inspectors"), _texts(row, "people"))


def solution_as_json(problem: Problem, solution: "Solution") -> dict[str, Any]:
    """Return a solution as the interface writes it."""
    cost, bound = asdict(solution.cost), asdict(solution.bound)
    is_infeasible = bool(problem.sessions) and not solution.placed and solution.is_proved
    return {
        "status": "infeasible" if is_infeasible else solution.status,
        "seconds": solution.seconds,
        "seed": solution.seed,
        "placed": solution.placed,
        "sessions": {key: _placed(one) for key, one in solution.sessions.items()},
        "unplaced": [{"id": one.id, "reasons": list(one.reasons)} for one in solution.unplaced],
        "cost": {name: cost[name] for name in COSTS},
        "bound": {name: bound[name] for name in COSTS},
        "moved": list(solution.moved),
        "told_again": list(solution.told_again),
    }


def _placed(one: Placement) -> dict[str, Any]:
    return {
        "start": local(one.starts_at),
        "end": local(one.ends_at),
        "inspectors": list(one.inspectors),
        "people": list(one.people),
    }


def problem_as_json(problem: Problem) -> dict[str, Any]:
    """Return a problem as the interface reads it."""
    rules = asdict(problem.rules)
    grid, lunch = rules.pop("grid_minutes"), problem.rules.lunch
    rules["lunch"] = lunch and {
        "minutes": lunch.minutes,
        "from": f"{lunch.earliest:%H:%M}",
        "to": f"{lunch.latest:%H:%M}",
    }
    return {
        "days": [_day_as_json(one) for one in problem.days],
        "grid_minutes": grid,
        "rules": rules,
        "people": [_person_as_json(one) for one in problem.people],
        "inspectors": [
            {"id": one.id, "specialisms": sorted(one.specialisms), "busy": _pairs(one.busy), "max_a_day": one.max_a_day}
            for one in problem.inspectors
        ],
        "sessions": [_session_as_json(one) for one in problem.sessions],
        "published": _published_as_json(problem.published),
    }


def _day_as_json(day: Span) -> dict[str, Any]:
    opens, closes = dates.to_local(day.starts_at), dates.to_local(day.ends_at)
    return {"date": f"{opens:%Y-%m-%d}", "open": f"{opens:%H:%M}", "close": f"{closes:%H:%M}"}


def _person_as_json(one: Person) -> dict[str, Any]:
    row: dict[str, Any] = {"id": one.id, "unit": one.unit, "band": one.band, "manager": one.manager}
    offered = None if one.offered is None else _pairs(one.offered)
    return row | {
        "duty": _pairs(one.duty),
        "busy": _pairs(one.busy),
        "offered": offered,
        "max_sessions": one.max_sessions,
    }


def _session_as_json(one: Session) -> dict[str, Any]:
    names = ("id", "kind", "minutes", "inspectors", "specialism", "size", "units", "priority")
    wish = one.prefer
    prefer = {"from": wish.earliest and f"{wish.earliest:%H:%M}", "to": wish.latest and f"{wish.latest:%H:%M}"}
    return {name: getattr(one, name) for name in names} | {
        "fixed": list(one.fixed),
        "pool": list(one.pool),
        "after": list(one.after),
        "windows": None if one.windows is None else _pairs(one.windows),
        "prefer": prefer | {"dates": sorted(f"{day:%Y-%m-%d}" for day in wish.dates)},
    }


def _pairs(spans: tuple[Span, ...]) -> list[list[str]]:
    return [[local(one.starts_at), local(one.ends_at), *([one.why] if one.why else [])] for one in spans]


def _published_as_json(published: Published | None) -> dict[str, Any] | None:
    if published is None:
        return None
    row: dict[str, Any] = {key: _placed(one) for key, one in published.sessions.items()}
    return row | {"told": sorted(published.told)} | ({"at": local(published.at)} if published.at else {})
