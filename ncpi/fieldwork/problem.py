"""What a timetable is asked to do: people, inspectors, sessions and rules as plain frozen values.

Moments are aware datetimes; ranges are half open. Lower-level words follow the machine interface of `docs/`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from ncpi.lib import dates


class BadProblem(ValueError):
    """The problem contradicts itself; the message lists every reason, one a line."""

    def __init__(self, errors: Iterable[str]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(self.errors))


@dataclass(frozen=True, slots=True)
class Span:
    starts_at: datetime
    ends_at: datetime
    why: str = ""

    @property
    def minutes(self) -> int:
        return dates.minutes_between(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class Lunch:
    minutes: int = 60
    earliest: time = time(11, 30)
    latest: time = time(14, 30)


@dataclass(frozen=True, slots=True)
class Rules:
    grid_minutes: int = 15
    rest_minutes: int = 660
    inspector_gap_minutes: int = 30
    person_gap_minutes: int = 15
    lunch: Lunch | None = Lunch()
    inspector_sessions_a_day: int = 4
    person_sessions: int = 2
    person_sessions_a_day: int = 2
    rooms: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be asked: on duty, or (partners, agreed rest days) in the windows they offered."""

    id: str
    unit: str = ""
    band: str = ""
    manager: str | None = None
    duty: tuple[Span, ...] = ()
    busy: tuple[Span, ...] = ()
    offered: tuple[Span, ...] | None = None
    max_sessions: int | None = None
    name: str = ""

    @property
    def label(self) -> str:
        return self.name or self.id


@dataclass(frozen=True, slots=True)
class Inspector:
    id: str
    specialisms: frozenset[str] = frozenset()
    busy: tuple[Span, ...] = ()
    max_a_day: int | None = None
    name: str = ""

    @property
    def label(self) -> str:
        return self.name or self.id


@dataclass(frozen=True, slots=True)
class Prefer:
    """What would be nicer; never a reason to leave a session out."""

    earliest: time | None = None
    latest: time | None = None
    dates: frozenset[date] = frozenset()

    def __bool__(self) -> bool:
        return self.earliest is not None or self.latest is not None or bool(self.dates)


@dataclass(frozen=True, slots=True)
class Session:
    """One session wanted: `fixed` people all come, and `size` more out of `pool`, from at least `units` units."""

    id: str
    minutes: int
    kind: str = "interview"
    inspectors: int = 1
    specialism: str = ""
    fixed: tuple[str, ...] = ()
    pool: tuple[str, ...] = ()
    size: int = 0
    units: int = 1
    after: tuple[str, ...] = ()
    windows: tuple[Span, ...] | None = None
    prefer: Prefer = Prefer()
    priority: int = 1
    name: str = ""

    @property
    def label(self) -> str:
        return self.name or self.id


@dataclass(frozen=True, slots=True)
class Placement:
    starts_at: datetime
    ends_at: datetime
    inspectors: tuple[str, ...]
    people: tuple[str, ...]


Plan = Mapping[str, Placement]


@dataclass(frozen=True, slots=True)
class Published:
    """The timetable people were given, and who was told; `at` is now, from which notice is counted."""

    sessions: Plan
    told: frozenset[str] = frozenset()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to be placed; `held` is placed already, outside it (`held.py`), and counts against days and rooms."""

    days: tuple[Span, ...]
    people: tuple[Person, ...]
    inspectors: tuple[Inspector, ...]
    sessions: tuple[Session, ...]
    rules: Rules = Rules()
    published: Published | None = None
    held: Plan = field(default_factory=dict)


def validate(problem: Problem) -> None:
    """Raise BadProblem naming everything that contradicts itself."""
    errors = [
        *_rule_errors(problem.rules),
        *_duplicate_errors(problem),
        *_span_errors(problem),
        *_session_errors(problem),
        *_reference_errors(problem),
        *_cycle_errors(problem.sessions),
    ]
    if errors:
        raise BadProblem(errors)


def _rule_errors(rules: Rules) -> Iterable[str]:
    if not 1 <= rules.grid_minutes <= 60:
        yield "grid_minutes must be from 1 to 60."
    for name in ("rest_minutes", "inspector_gap_minutes", "person_gap_minutes"):
        if getattr(rules, name) < 0:
            yield f"{name} must not be negative."
    for name in ("inspector_sessions_a_day", "person_sessions", "person_sessions_a_day"):
        if getattr(rules, name) < 1:
            yield f"{name} must be at least 1."
    if rules.rooms is not None and rules.rooms < 0:
        yield "rooms must be empty or a number from 0."
    lunch = rules.lunch
    if lunch is None:
        return
    window = (lunch.latest.hour - lunch.earliest.hour) * 60 + lunch.latest.minute - lunch.earliest.minute
    if not 0 < lunch.minutes <= window:
        yield "Lunch does not fit in its window."


def _duplicate_errors(problem: Problem) -> Iterable[str]:
    for word, things in (("person", problem.people), ("inspector", problem.inspectors), ("session", problem.sessions)):
        counts = Counter(thing.id for thing in things)
        for key, count in counts.items():
            if count > 1:
                yield f"There are {count} of {word} {key}."


def _span_errors(problem: Problem) -> Iterable[str]:
    if not problem.days:
        yield "There are no days."
    yield from _overlaps("days", problem.days)
    for day in problem.days:
        if day.minutes > 24 * 60:
            yield f"The day from {day.starts_at:%Y-%m-%d} is longer than 24 hours."
    for person in problem.people:
        yield from _overlaps(f"duties of {person.label}", person.duty)
        yield from _overlaps(f"offered times of {person.label}", person.offered or ())
        yield from _empty(f"busy times of {person.label}", person.busy)
    for inspector in problem.inspectors:
        yield from _empty(f"busy times of {inspector.label}", inspector.busy)
    for session in problem.sessions:
        yield from _overlaps(f"windows of {session.label}", session.windows or ())


def _empty(what: str, spans: Iterable[Span]) -> Iterable[str]:
    for span in spans:
        if span.starts_at.tzinfo is None or span.ends_at.tzinfo is None:
            yield f"The {what} need a time zone."
        elif span.ends_at <= span.starts_at:
            yield f"The {what} include one that ends before it starts ({_moment(span.starts_at)})."


def _overlaps(what: str, spans: Iterable[Span]) -> Iterable[str]:
    spans = list(spans)
    broken = list(_empty(what, spans))
    yield from broken
    if broken:
        return
    ordered = sorted(spans, key=lambda span: span.starts_at)
    for before, after in zip(ordered, ordered[1:], strict=False):
        if after.starts_at < before.ends_at:
            yield f"The {what} overlap ({_moment(after.starts_at)})."


def _moment(moment: datetime) -> str:
    return f"{dates.to_local(moment):%Y-%m-%d %H:%M}"


def _session_errors(problem: Problem) -> Iterable[str]:
    longest = max((day.minutes for day in problem.days), default=0)
    for session in problem.sessions:
        if session.minutes < 1:
            yield f"{session.label} must last at least a minute."
        elif problem.days and session.minutes > longest:
            yield f"{session.label} lasts {session.minutes} minutes, longer than any day."
        if session.priority < 1:
            yield f"The priority of {session.label} must be at least 1."
        yield from _team_errors(session)
        yield from _group_errors(session)


def _team_errors(session: Session) -> Iterable[str]:
    if session.inspectors < 0:
        yield f"{session.label} cannot have {session.inspectors} inspectors."
    if session.specialism and not session.inspectors:
        yield f"{session.label} asks for a specialism but for no inspector."


def _group_errors(session: Session) -> Iterable[str]:
    if session.size < 0 or session.units < 1:
        yield f"{session.label} cannot have size {session.size} from {session.units} units."
    if session.size and session.units > session.size:
        yield f"{session.label} wants {session.units} units but only {session.size} people."
    if set(session.fixed) & set(session.pool):
        yield f"{session.label} has the same person fixed and in its pool."
    for people in (session.fixed, session.pool):
        if len(set(people)) < len(people):
            yield f"{session.label} names a person twice."


def _reference_errors(problem: Problem) -> Iterable[str]:
    people = {person.id for person in problem.people}
    sessions = {session.id for session in problem.sessions}
    for session in problem.sessions:
        for key in (*session.fixed, *session.pool):
            if key not in people:
                yield f"{session.label} names person {key}, who is not in the list."
        for key in session.after:
            if key not in sessions:
                yield f"{session.label} comes after {key}, which is not in the list."


def _cycle_errors(sessions: Iterable[Session]) -> Iterable[str]:
    after = {session.id: set(session.after) for session in sessions}
    remaining = {key: {other for other in others if other in after} for key, others in after.items()}
    while True:
        ready = {key for key, others in remaining.items() if not others}
        if not ready:
            break
        remaining = {key: others - ready for key, others in remaining.items() if key not in ready}
    if remaining:
        yield "These sessions wait for each other: " + ", ".join(sorted(remaining)) + "."
