"""The reproducible draw: anyone can redo it in any language from the frame, the plan and the seed.

1. The frame's canonical form is UTF-8 CSV of the columns `reference,case_type`, sorted by reference by code
   point, with LF line ends and the header line. Its digest is SHA-256.
2. The plan (how many of each stratum) is fixed before the seed is known. A stratum is a case type, or a case type at
   a place (a district or a team); then a second file `reference,place` in the same form and order says what is where.
3. Within each stratum candidates are ordered by the hex SHA-256 of `seed|reference`, ascending. The first n that
   were not drawn or used before are drawn.
4. A replacement is the next in that order that was neither drawn nor used before.
5. A further round has its own plan and seed, and draws only from what was not drawn or used yet.

A stratum is written as `case_type` or `case_type,place`, which is also how it stands in the files.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import NamedTuple

HEADER = "reference,case_type"
PLACES_HEADER = "reference,place"
USED_HEADER = "reference"
_NOT_PLAIN = re.compile(r'[,"\x00-\x1f\x7f\ud800-\udfff]')
_SEED = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,98}[\x21-\x7e])?")


class Entry(NamedTuple):
    reference: str
    case_type: str


class NotPlain(ValueError):
    """A reference or case type cannot stand in the canonical form."""


class NotOnce(ValueError):
    """A reference stands in the frame more than once."""


class UnusableSeed(ValueError):
    """A seed is 1 to 100 printable ASCII characters that anyone can type."""


class PlanBeyondFrame(ValueError):
    """The plan asks for more cases of a stratum than the frame holds."""


class OrderExhausted(ValueError):
    """No candidate of that stratum is left."""


@dataclass(frozen=True, slots=True)
class Draw:
    """The order of every candidate within its stratum, how many of each were drawn, and what was used before."""

    order: Mapping[str, tuple[str, ...]]
    plan: Mapping[str, int]
    used: frozenset[str] = frozenset()

    def drawn(self, stratum: str) -> tuple[str, ...]:
        free = (reference for reference in self.order.get(stratum, ()) if reference not in self.used)
        return tuple(islice(free, self.plan.get(stratum, 0)))

    @property
    def references(self) -> tuple[str, ...]:
        """Every drawn reference, by the plan's own order of strata."""
        return tuple(reference for stratum in self.plan for reference in self.drawn(stratum))


def canonical_frame(entries: Iterable[tuple[str, str]]) -> bytes:
    """Give the bytes of the frame's canonical form."""
    ordered = sorted(entries)
    for reference, case_type in ordered:
        if not reference or not case_type or _NOT_PLAIN.search(reference) or _NOT_PLAIN.search(case_type):
            raise NotPlain("A reference and a case type have no comma, quotation mark or control character.")
    for before, after in pairwise(ordered):
        if before[0] == after[0]:
            raise NotOnce(f"{after[0]} is in the frame more than once.")
    return _file(HEADER, (f"{reference},{case_type}" for reference, case_type in ordered))


def place_label(text: str) -> str:
    """Write a district or team as it stands in a stratum: one blank between words, no comma or quotation mark."""
    return " ".join(text.split()).replace(",", ";").replace('"', "'")


def stratum(case_type: str, place: str = "") -> str:
    return f"{case_type},{place}" if place else case_type


def case_type_of(key: str) -> str:
    return key.partition(",")[0]


def place_of(key: str) -> str:
    return key.partition(",")[2]


def canonical_places(entries: Iterable[tuple[str, str]]) -> bytes:
    """Give the bytes of the file that says which reference is at which place."""
    return _file(PLACES_HEADER, (f"{reference},{place_label(place)}" for reference, place in sorted(entries)))


def read_places(places: bytes) -> dict[str, str]:
    """Read those bytes back, refusing any that are not canonical."""
    lines = places.decode("utf-8", "replace").split("\n")
    found = dict(line.split(",") for line in lines[1:-1] if line.count(",") == 1)
    if canonical_places(found.items()) != places:
        raise NotPlain("The file of places is not in its canonical form.")
    return found


def used_file(references: Iterable[str]) -> bytes:
    """Give what was drawn or used before a round as a file."""
    return _file(USED_HEADER, sorted(references))


def spread(size: int, held: Mapping[str, int]) -> dict[str, int]:
    """Divide a number among places in proportion to what each holds, by largest remainders; ties by name."""
    total = sum(held.values())
    if size > total:
        raise PlanBeyondFrame(f"{size} asked, {total} there.")
    shares = {place: divmod(size * count, total) for place, count in held.items() if count}
    given = {place: whole for place, (whole, _) in shares.items()}
    by_remainder = sorted(shares, key=lambda place: (-shares[place][1], place))
    for place in by_remainder[: size - sum(given.values())]:
        given[place] += 1
    return dict(sorted(given.items()))


def frame_digest(frame: bytes) -> str:
    return hashlib.sha256(frame).hexdigest()


def read_frame(frame: bytes) -> tuple[Entry, ...]:
    """Read canonical bytes back, refusing any that are not canonical."""
    try:
        lines = frame.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise NotPlain("The frame is not UTF-8.") from None
    entries = [Entry(*line.split(",")) for line in lines[1:-1] if line.count(",") == 1]
    if canonical_frame(entries) != frame:
        raise NotPlain("The frame is not in its canonical form.")
    return tuple(entries)


def check_seed(seed: str) -> None:
    if not _SEED.fullmatch(seed):
        raise UnusableSeed("A seed has 1 to 100 printable characters without accents, and no blank at either end.")


def rank(seed: str, reference: str) -> str:
    return hashlib.sha256(f"{seed}|{reference}".encode()).hexdigest()


def shortfalls(
    entries: Iterable[tuple[str, str]], plan: Mapping[str, int], *, used: Collection[str] = ()
) -> dict[str, tuple[int, int]]:
    """Give the strata of which the plan asks more than the frame still holds: asked and held."""
    held: dict[str, int] = {}
    for reference, key in entries:
        if reference not in used:
            held[key] = held.get(key, 0) + 1
    return {key: (asked, held.get(key, 0)) for key, asked in plan.items() if asked > held.get(key, 0)}


def draw(entries: Iterable[tuple[str, str]], *, plan: Mapping[str, int], seed: str, used: Collection[str] = ()) -> Draw:
    """Order every candidate (reference and stratum) and draw the plan, or refuse a plan that cannot be met."""
    check_seed(seed)
    entries = tuple(entries)
    if any(count < 0 for count in plan.values()):
        raise PlanBeyondFrame("A plan has no negative number.")
    before = frozenset(used)
    missing = shortfalls(entries, plan, used=before)
    if missing:
        told = "; ".join(f"{key}: {asked} asked, {held} in the frame" for key, (asked, held) in missing.items())
        raise PlanBeyondFrame(f"The frame holds too few cases. {told}.")
    strata: dict[str, list[tuple[str, str]]] = {}
    for reference, key in entries:
        strata.setdefault(key, []).append((rank(seed, reference), reference))
    order = {key: tuple(reference for _, reference in sorted(ranked)) for key, ranked in sorted(strata.items())}
    return Draw(order=order, plan=dict(plan), used=before)


def next_in_order(order: Sequence[str], *, used: Collection[str]) -> str:
    """Give the replacement: the next candidate in the order that was never drawn or used."""
    taken = frozenset(used)
    for reference in order:
        if reference not in taken:
            return reference
    raise OrderExhausted("Every candidate of this stratum has been drawn already.")


def drawn_csv(references: Iterable[str], *, seed: str, case_types: Mapping[str, str]) -> bytes:
    """Give drawn cases as a file, in the order of their digests; the file's own digest says what was drawn."""
    ordered = sorted(references, key=lambda reference: rank(seed, reference))
    return _file(HEADER, (f"{reference},{case_types[reference]}" for reference in ordered))


def _file(header: str, lines: Iterable[str]) -> bytes:
    return ("\n".join([header, *lines]) + "\n").encode("utf-8")
