"""The reproducible draw: anyone can redo it in any language from the frame, the plan and the seed.

1. The frame's canonical form is UTF-8 CSV of the columns `reference,case_type`, sorted by reference by code
   point, with LF line ends and the header line. Its digest is SHA-256.
2. The plan (how many of each case type) is fixed before the seed is known.
3. Within each case type candidates are ordered by the hex SHA-256 of `seed|reference`, ascending. The first n
   are drawn.
4. A replacement is the next in that order that was neither drawn nor used before.
"""

import hashlib
import re
import shlex
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

HEADER = "reference,case_type"
_NOT_PLAIN = re.compile(r'[,"\x00-\x1f\x7f\ud800-\udfff]')
# One file a candidate, so that one run of sha256sum digests them all.
_KEY_FILES = '{ f = d "/" NR; printf "%s|%s", ENVIRON["SEED"], $1 > f; close(f) }'
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
    """The plan asks for more cases of a type than the frame holds."""


class OrderExhausted(ValueError):
    """No candidate of that case type is left."""


@dataclass(frozen=True, slots=True)
class Draw:
    """The order of every candidate within its case type, and how many of each were drawn."""

    order: Mapping[str, tuple[str, ...]]
    plan: Mapping[str, int]

    def drawn(self, case_type: str) -> tuple[str, ...]:
        return self.order.get(case_type, ())[: self.plan.get(case_type, 0)]

    @property
    def references(self) -> tuple[str, ...]:
        """Every drawn reference, by the plan's own order of case types."""
        return tuple(reference for case_type in self.plan for reference in self.drawn(case_type))


def canonical_frame(entries: Iterable[tuple[str, str]]) -> bytes:
    """Give the bytes of the frame's canonical form."""
    ordered = sorted(entries)
    for reference, case_type in ordered:
        if not reference or not case_type or _NOT_PLAIN.search(reference) or _NOT_PLAIN.search(case_type):
            raise NotPlain("A reference and a case type have no comma, quotation mark or control character.")
    for before, after in pairwise(ordered):
        if before[0] == after[0]:
            raise NotOnce(f"{after[0]} is in the frame more than once.")
    lines = [HEADER, *(f"{reference},{case_type}" for reference, case_type in ordered)]
    return ("\n".join(lines) + "\n").encode("utf-8")


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


def shortfalls(entries: Iterable[tuple[str, str]], plan: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Give the case types of which the plan asks more than the frame holds: asked and held."""
    held: dict[str, int] = {}
    for _, case_type in entries:
        held[case_type] = held.get(case_type, 0) + 1
    return {key: (asked, held.get(key, 0)) for key, asked in plan.items() if asked > held.get(key, 0)}


def draw(entries: Iterable[tuple[str, str]], *, plan: Mapping[str, int], seed: str) -> Draw:
    """Order every candidate and draw the plan, or refuse a plan that the frame cannot meet."""
    check_seed(seed)
    entries = tuple(entries)
    if any(count < 0 for count in plan.values()):
        raise PlanBeyondFrame("A plan has no negative number.")
    missing = shortfalls(entries, plan)
    if missing:
        told = "; ".join(f"{key}: {asked} asked, {held} in the frame" for key, (asked, held) in missing.items())
        raise PlanBeyondFrame(f"The frame holds too few cases. {told}.")
    strata: dict[str, list[tuple[str, str]]] = {}
    for reference, case_type in entries:
        strata.setdefault(case_type, []).append((rank(seed, reference), reference))
    order = {key: tuple(reference for _, reference in sorted(ranked)) for key, ranked in sorted(strata.items())}
    return Draw(order=order, plan=dict(plan))


def next_in_order(order: Sequence[str], *, used: Collection[str]) -> str:
    """Give the replacement: the next candidate in the order that was never drawn or used."""
    taken = frozenset(used)
    for reference in order:
        if reference not in taken:
            return reference
    raise OrderExhausted("Every candidate of this case type has been drawn already.")


def verify(
    frame: bytes,
    *,
    digest: str,
    plan: Mapping[str, int],
    seed: str,
    drawn: Mapping[str, Sequence[str]],
    replacements: Mapping[str, Sequence[str]] | None = None,
) -> tuple[str, ...]:
    """Redo a draw from its files alone and give every difference; nothing means that it reproduces."""
    if frame_digest(frame) != digest:
        return (f"The frame's digest is {frame_digest(frame)}, not {digest}.",)
    try:
        again = draw(read_frame(frame), plan=plan, seed=seed)
    except ValueError as error:
        return (str(error),)
    differences = [
        f"{case_type}: drawn {', '.join(drawn.get(case_type, ())) or 'nothing'}; "
        f"the order gives {', '.join(again.drawn(case_type)) or 'nothing'}."
        for case_type in sorted({*plan, *drawn})
        if tuple(drawn.get(case_type, ())) != again.drawn(case_type)
    ]
    for case_type, chosen in (replacements or {}).items():
        expected = again.order.get(case_type, ())[plan.get(case_type, 0) :][: len(chosen)]
        if tuple(chosen) != expected:
            given = ", ".join(expected) or "nothing"
            differences.append(f"{case_type}: replaced by {', '.join(chosen)}; the order gives {given}.")
    return tuple(differences)


def drawn_csv(chosen: Mapping[str, Sequence[str]]) -> bytes:
    """Give the drawn cases as a file, in the order of the plan and of the draw; its digest says what was drawn."""
    lines = [HEADER, *(f"{reference},{case_type}" for case_type, drawn in chosen.items() for reference in drawn)]
    return ("\n".join(lines) + "\n").encode("utf-8")


def shell_commands(
    *, digest: str, plan: Mapping[str, int], seed: str, frame_file: str = "frame.csv", drawn_digest: str = ""
) -> str:
    """Give the few lines of shell (coreutils and awk) that redo the draw from the frame's file.

    They leave the whole order in `order.csv` and the drawn cases in `drawn.csv`, and check its digest if given.
    """
    file = shlex.quote(frame_file)
    lines = [
        f"echo {shlex.quote(digest + '  ' + frame_file)} | sha256sum --check",
        f"export SEED={shlex.quote(seed)}",
        "keys=$(mktemp -d)",
        f'tail -n +2 {file} | awk -F, -v d="$keys" {shlex.quote(_KEY_FILES)}',
        '(cd "$keys" && ls | sort -n | xargs -r sha256sum) | cut -c1-64 > hashes.txt',
        f"tail -n +2 {file} | paste -d, hashes.txt - | LC_ALL=C sort > order.csv",
        f"echo {HEADER} > drawn.csv",
        *(
            f"awk -F, -v t={shlex.quote(case_type)} '$3 == t' order.csv | head -n {count} | cut -d, -f2- >> drawn.csv"
            for case_type, count in plan.items()
            if count
        ),
    ]
    if drawn_digest:
        lines.append(f"echo {shlex.quote(drawn_digest + '  drawn.csv')} | sha256sum --check")
    return "\n".join(lines) + "\n"
