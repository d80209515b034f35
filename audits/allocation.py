"""Who audits which case: balanced, fair to the case, and the same for everyone who redoes it.

Nobody audits a case of the team that they work in, and nobody has one case twice. Work is shared equally, by
percentage, or by specialism; what somebody has begun or was given by hand stays with them and counts.

The cases of a second, blind grading are a random share of the sample, chosen like the sample itself: the cases whose
hex SHA-256 of `seed|second|reference` is lowest.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction


class Way(StrEnum):
    """How work is shared."""

    EQUAL = "equal"
    PERCENT = "percent"
    SPECIALISM = "specialism"


@dataclass(frozen=True, slots=True)
class Person:
    """One auditor: the team they work in, the case types they know best, their percentage of the work."""

    key: int
    team: str = ""
    specialisms: frozenset[str] = frozenset()
    share: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One reading of one case that somebody is wanted for."""

    case: int
    capacity: str
    case_type: str = ""
    team: str = ""


@dataclass(frozen=True)
class Shared:
    """Who has each piece, and the pieces that nobody may have."""

    given: Mapping[Piece, int] = field(default_factory=dict)
    left: tuple[Piece, ...] = ()


def chosen_for_second(references: Iterable[str], *, seed: str, percent: int) -> frozenset[str]:
    """Choose the share of cases that are graded twice, rounded up."""
    ranked = sorted(references, key=lambda reference: (_rank(seed, reference), reference))
    return frozenset(ranked[: -(-len(ranked) * percent // 100)])


def is_own_team(one: str, other: str) -> bool:
    """Say whether two teams are the same, however they were typed; no team is nobody's."""
    return bool(one.strip()) and _plain(one) == _plain(other)


def allocate(
    pieces: Sequence[Piece],
    *,
    people: Sequence[Person],
    had: Mapping[int, Iterable[int]],
    load: Mapping[int, int],
    way: Way = Way.EQUAL,
) -> Shared:
    """Give each piece to somebody who may have it, so that nobody could take one over to make the work more even.

    1. The pieces that fewest people may have come first, each to whoever has least for their share; ties go by the
       order of the people.
    2. Then pieces move, one at a time, from whoever has more for their share to whoever would still have less.

    `had` names who has read a case in any capacity, `load` how much each has now and keeps.
    """
    sharing = _Sharing(people, had, load, way)
    ordered = sorted(enumerate(pieces), key=lambda pair: (len(sharing.may(pair[1])), pair[0]))
    left = [piece for _, piece in ordered if not sharing.give(piece)]
    sharing.level()
    order = {piece: place for place, piece in enumerate(pieces)}
    return Shared(
        given=dict(sorted(sharing.given.items(), key=lambda pair: order[pair[0]])),
        left=tuple(sorted(left, key=order.__getitem__)),
    )


class _Sharing:
    """The work while it is being shared."""

    def __init__(
        self,
        people: Sequence[Person],
        had: Mapping[int, Iterable[int]],
        load: Mapping[int, int],
        way: Way,
    ) -> None:
        self.people = people
        self.way = way
        self.had = {case: set(readers) for case, readers in had.items()}
        self.work = {person.key: load.get(person.key, 0) for person in people}
        self.share = {person.key: _share(person, way) for person in people}
        self.given: dict[Piece, int] = {}

    def may(self, piece: Piece) -> list[int]:
        """Name who may have a piece now: of those who may at all, the specialists if there are any."""
        readers = self.had.get(piece.case, set())
        able = [
            person
            for person in self.people
            if self.share[person.key] and person.key not in readers and not is_own_team(person.team, piece.team)
        ]
        if self.way == Way.SPECIALISM:
            able = [person for person in able if piece.case_type in person.specialisms] or able
        return [person.key for person in able]

    def give(self, piece: Piece) -> bool:
        able = self.may(piece)
        if able:
            self._put(piece, min(able, key=self._after))
        return bool(able)

    def level(self) -> None:
        while self._move_one():
            pass

    def _move_one(self) -> bool:
        for piece, holder in self.given.items():
            self._take(piece)
            able = self.may(piece)
            best = min(able, key=self._after)
            is_better = self._after(best) < self._after(holder)
            self._put(piece, best if is_better else holder)
            if is_better:
                return True
        return False

    def _after(self, key: int) -> Fraction:
        """How much somebody would have for their share with one piece more."""
        return Fraction(self.work[key] + 1, self.share[key])

    def _put(self, piece: Piece, key: int) -> None:
        self.given[piece] = key
        self.work[key] += 1
        self.had.setdefault(piece.case, set()).add(key)

    def _take(self, piece: Piece) -> None:
        key = self.given[piece]
        self.work[key] -= 1
        self.had[piece.case].discard(key)


def _share(person: Person, way: Way) -> int:
    """A person without a percentage has none where work is shared by percentage."""
    return (person.share or 0) if way == Way.PERCENT else 1


def _plain(team: str) -> str:
    return " ".join(team.split()).casefold()


def _rank(seed: str, reference: str) -> str:
    return hashlib.sha256(f"{seed}|second|{reference}".encode()).hexdigest()
