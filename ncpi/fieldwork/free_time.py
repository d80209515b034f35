"""When each person, inspector and session could start, as bits over one grid of starts.

Everything is whole minutes since the epoch, so a day with a clock change is right without a special case.
A person is free while on duty (or in an offered window), not busy, and not within the rest after a shift
(Working Time Regulations 1998, regulation 10: 11 hours).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from ncpi.fieldwork.costs import is_second_half
from ncpi.fieldwork.problem import Inspector, Person, Problem, Session, Span
from ncpi.lib import dates

Minutes = tuple[int, int]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_minutes(moment: datetime) -> int:
    return dates.minutes_between(_EPOCH, moment)


def to_moment(minutes: int) -> datetime:
    return _EPOCH + timedelta(minutes=minutes)


def bits(mask: int) -> Iterator[int]:
    """Yield the positions of the bits that are set, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def at_least(count: int, masks: Iterable[int], everywhere: int) -> int:
    """Return the bits that are set in at least `count` of the masks."""
    levels = [everywhere] + [0] * count
    for mask in masks:
        for level in range(count, 0, -1):
            levels[level] |= levels[level - 1] & mask
    return levels[count]


class FreeTime:
    """The grid of one problem and what is free on it; masks are computed once for each length."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.days = sorted(_minutes(span) for span in problem.days)
        self.starts: list[int] = []
        self.day_of: list[int] = []
        for index, (opens, closes) in enumerate(self.days):
            day_starts = range(opens, closes, problem.rules.grid_minutes)
            self.starts.extend(day_starts)
            self.day_of.extend([index] * len(day_starts))
        self.bit_of = {start: bit for bit, start in enumerate(self.starts)}
        self.lunch_windows = dict(_lunch_windows(problem, self.days))
        self.people = {person.id: person for person in problem.people}
        self.inspectors = {inspector.id: inspector for inspector in problem.inspectors}
        self._person_spans = {person.id: self._inside_days(person_spans(person, problem)) for person in problem.people}
        self._inspector_spans = {
            inspector.id: subtract(self.days, [_minutes(busy) for busy in inspector.busy])
            for inspector in problem.inspectors
        }
        self._cache: dict[tuple[str, str, int], int] = {}
        self._sessions: dict[str, int] = {}
        self._options: dict[str, list[int]] = {}

    def is_late(self, bit: int) -> bool:
        return is_second_half(self.day_of[bit], len(self.days))

    def anywhere(self, minutes: int) -> int:
        return self._mask(self.days, minutes)

    def person(self, key: str, minutes: int) -> int:
        return self._cached("person", key, minutes, self._person_spans[key])

    def inspector(self, key: str, minutes: int) -> int:
        return self._cached("inspector", key, minutes, self._inspector_spans[key])

    def windows(self, session: Session) -> int:
        mask = self.anywhere(session.minutes)
        if session.windows is not None:
            mask &= self._mask(_joined(_minutes(span) for span in session.windows), session.minutes)
        return mask

    def fixed(self, session: Session) -> int:
        mask = -1
        for key in session.fixed:
            mask &= self.person(key, session.minutes)
        return mask

    def team(self, session: Session) -> int:
        """Return the starts at which enough inspectors, one with the specialism, are not absent."""
        everywhere = self.anywhere(session.minutes)
        masks = {key: self.inspector(key, session.minutes) for key in self.inspectors}
        enough = at_least(session.inspectors, masks.values(), everywhere)
        if session.specialism:
            enough &= at_least(1, (masks[key] for key in self.specialists(session)), everywhere)
        return enough

    def specialists(self, session: Session) -> list[str]:
        return [key for key, one in self.inspectors.items() if session.specialism in one.specialisms]

    def pool(self, session: Session) -> int:
        """Return the starts at which enough of the pool, in one rank band and from enough units, are free."""
        everywhere = self.anywhere(session.minutes)
        if not session.size:
            return everywhere
        enough = 0
        for members in self.bands(session).values():
            masks = {key: self.person(key, session.minutes) for key in members}
            in_band = at_least(session.size, self.apart(session, masks).values(), everywhere)
            if session.units > 1:
                units: dict[str, int] = {}
                for key, mask in masks.items():
                    units[self.people[key].unit] = units.get(self.people[key].unit, 0) | mask
                in_band &= at_least(session.units, units.values(), everywhere)
            enough |= in_band
        return enough

    def apart(self, session: Session, masks: dict[str, int]) -> dict[str, int]:
        """Return when each member adds to a group: a line manager does not beside somebody of their own.

        Whose manager is in the group for certain, or who manages somebody who is, never does.
        """
        bosses = {key: self.people[key].manager for key in (*session.fixed, *masks)}
        barred = {bosses[key] for key in session.fixed}
        left = {key: 0 if key in barred or bosses[key] in session.fixed else mask for key, mask in masks.items()}
        apart = dict(left)
        for key, mask in left.items():
            boss = bosses[key]
            # One who has a manager here too counts in full: of a chain more than one can come.
            if boss in left and bosses[boss] not in left:
                apart[boss] &= ~mask
        return apart

    def bands(self, session: Session) -> dict[str, list[str]]:
        bands: dict[str, list[str]] = {}
        for key in session.pool:
            bands.setdefault(self.people[key].band, []).append(key)
        return bands

    def session(self, session: Session) -> int:
        """Return the starts that no other session is needed to rule out."""
        if session.id not in self._sessions:
            mask = self.windows(session) & self.not_past(session)
            self._sessions[session.id] = mask & self.fixed(session) & self.team(session) & self.pool(session)
        return self._sessions[session.id]

    def options(self, session: Session) -> list[int]:
        """Return the bits of those starts; asked often while a timetable is sought."""
        if session.id not in self._options:
            self._options[session.id] = list(bits(self.session(session)))
        return self._options[session.id]

    def not_past(self, session: Session) -> int:
        """Return the starts still to come; what has started by now stays where it was published."""
        everywhere = self.anywhere(session.minutes)
        published = self.problem.published
        if published is None or published.at is None:
            return everywhere
        now, was = to_minutes(published.at), published.sessions.get(session.id)
        begun = bisect_left(self.starts, now)
        if was is None or to_minutes(was.starts_at) >= now:
            return everywhere >> begun << begun
        at = bisect_left(self.starts, to_minutes(was.starts_at))
        return everywhere & 1 << at if self.starts[at : at + 1] == [to_minutes(was.starts_at)] else 0

    def _cached(self, kind: str, key: str, minutes: int, spans: list[Minutes]) -> int:
        cache_key = (kind, key, minutes)
        if cache_key not in self._cache:
            self._cache[cache_key] = self._mask(spans, minutes)
        return self._cache[cache_key]

    def _mask(self, spans: Iterable[Minutes], minutes: int) -> int:
        mask = 0
        for lower, upper in spans:
            for opens, closes in self.days:
                first, last = max(lower, opens), min(upper, closes) - minutes
                if last >= first:
                    low, high = bisect_left(self.starts, first), bisect_right(self.starts, last)
                    mask |= ((1 << (high - low)) - 1) << low
        return mask

    def _inside_days(self, spans: list[Minutes]) -> list[Minutes]:
        opens, closes = self.days[0][0], self.days[-1][1]
        return [(lower, upper) for lower, upper in spans if upper > opens and lower < closes]


def person_spans(person: Person, problem: Problem) -> list[Minutes]:
    """Return when a person may be asked, rest after each shift taken out."""
    shifts = _joined(_minutes(span) for span in person.duty)
    open_to = shifts if person.offered is None else _joined(_minutes(span) for span in person.offered)
    rest = [(end, end + problem.rules.rest_minutes) for _, end in shifts]
    return subtract(open_to, [*rest, *(_minutes(span) for span in person.busy)])


def max_a_day(inspector: Inspector, problem: Problem) -> int:
    limit = problem.rules.inspector_sessions_a_day
    return limit if inspector.max_a_day is None else min(limit, inspector.max_a_day)


def max_sessions(person: Person, problem: Problem) -> int:
    return problem.rules.person_sessions if person.max_sessions is None else person.max_sessions


def subtract(spans: Iterable[Minutes], taken: Iterable[Minutes]) -> list[Minutes]:
    left = list(spans)
    for lower, upper in sorted(taken):
        if upper <= lower:
            continue
        left = [
            piece
            for start, end in left
            for piece in ((start, min(end, lower)), (max(start, upper), end))
            if piece[0] < piece[1]
        ]
    return left


def _lunch_windows(problem: Problem, days: Iterable[Minutes]) -> Iterator[tuple[int, Minutes]]:
    lunch = problem.rules.lunch
    if lunch is None:
        return
    for opens, _ in days:
        day = dates.to_local(to_moment(opens)).date()
        yield opens, (to_minutes(dates.combine(day, lunch.earliest)), to_minutes(dates.combine(day, lunch.latest)))


def _joined(spans: Iterable[Minutes]) -> list[Minutes]:
    joined: list[Minutes] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _minutes(span: Span) -> Minutes:
    return to_minutes(span.starts_at), to_minutes(span.ends_at)
