"""The record of a draw: a small file that, with the frame's, is all that anybody needs to redo every round of it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cases import sampling
from cases.shell import shell_commands
from ncpi.lib.digests import canonical, sha256

FORMAT = "ncpi-draw/3"
# The one before had nothing set aside.
READABLE = ("ncpi-draw/2", FORMAT)
METHOD = (
    "Within each stratum by the hex SHA-256 of seed|reference, ascending; the first n that were not drawn, used or "
    "set aside before are drawn; a replacement is the next."
)


class UnreadableRecord(ValueError):
    """The file is no record of a draw."""


@dataclass(frozen=True)
class Round:
    """One round: what was drawn by which plan and seed, in the plan's order of strata."""

    number: int
    spread: str
    places_digest: str
    plan: Mapping[str, int]
    seed: str
    drawn: Mapping[str, tuple[str, ...]]

    @property
    def references(self) -> tuple[str, ...]:
        return tuple(reference for key in self.plan for reference in self.drawn.get(key, ()))

    @cached_property
    def drawn_file(self) -> bytes:
        """The cases as first drawn; its digest stands on the certificate, which names no reference."""
        types = {reference: sampling.case_type_of(key) for key in self.plan for reference in self.drawn.get(key, ())}
        return sampling.drawn_csv(types, seed=self.seed, case_types=types)

    @cached_property
    def drawn_digest(self) -> str:
        return sha256(self.drawn_file)


@dataclass(frozen=True)
class Replaced:
    """One replacement: by the order of which round, when how many rounds had been drawn, and which case came."""

    round: int
    after: int
    stratum: str
    reference: str


@dataclass(frozen=True)
class Aside:
    """One case that is drawn no more since so many rounds had been drawn, because it served for something else."""

    after: int
    reference: str


@dataclass(frozen=True)
class DrawRecord:
    """Every round and every replacement, in the order of time, and what was set aside."""

    frame_digest: str
    rounds: tuple[Round, ...]
    replaced: tuple[Replaced, ...] = field(default_factory=tuple)
    set_aside: tuple[Aside, ...] = field(default_factory=tuple)

    def round(self, number: int) -> Round:
        return next(one for one in self.rounds if one.number == number)

    def used_before(self, number: int) -> frozenset[str]:
        """Everything drawn, used or set aside before a round was drawn."""
        drawn = (reference for one in self.rounds if one.number < number for reference in one.references)
        others: tuple[Replaced | Aside, ...] = (*self.replaced, *self.set_aside)
        return frozenset(drawn) | {one.reference for one in others if one.after < number}

    def files_of(self, number: int) -> dict[str, str]:
        """Name the files that redo a round, each with its digest."""
        files = {"frame.csv": self.frame_digest}
        if self.round(number).places_digest:
            files["places.csv"] = self.round(number).places_digest
        if number > 1:
            files["used.csv"] = sha256(sampling.used_file(self.used_before(number)))
        return files

    def commands(self, number: int) -> str:
        one = self.round(number)
        return shell_commands(
            digests=self.files_of(number), plan=one.plan, seed=one.seed, drawn_digest=one.drawn_digest
        )

    def differences(self, frame: bytes, places: Iterable[bytes] = ()) -> tuple[str, ...]:
        """Redo every round from the files; nothing means that all of it reproduces."""
        if sha256(frame) != self.frame_digest:
            return (f"The frame's digest is {sha256(frame)}, not {self.frame_digest}.",)
        try:
            return tuple(_Again(self, frame, places).differences())
        except ValueError as error:
            return (str(error),)


class _Again:
    """A draw redone: rounds in turn, and the replacements that followed each."""

    def __init__(self, record: DrawRecord, frame: bytes, places: Iterable[bytes]) -> None:
        self.record = record
        self.entries = sampling.read_frame(frame)
        self.places = {sha256(file): file for file in places}
        self.orders: dict[int, Mapping[str, tuple[str, ...]]] = {}
        self.used: set[str] = set()

    def differences(self) -> Iterable[str]:
        for number, one in enumerate(self.record.rounds, start=1):
            if one.number != number:
                yield f"Round {number} is missing."
                return
            self._leave_out(before=number)
            again = sampling.draw(self._strata(one), plan=one.plan, seed=one.seed, used=self.used)
            self.orders[number] = again.order
            for key in sorted({*one.plan, *one.drawn}):
                yield from _differing(f"Round {number}, {key}: drawn", one.drawn.get(key, ()), again.drawn(key))
            self.used.update(one.references)
            self._leave_out(before=number + 1)
            yield from self._replaced_after(number)

    def _leave_out(self, *, before: int) -> None:
        """Leave out what was set aside. Whatever was passed over until then would not have been taken anyway."""
        self.used.update(one.reference for one in self.record.set_aside if one.after < before)

    def _strata(self, one: Round) -> Iterable[tuple[str, str]]:
        if not one.places_digest:
            return [(entry.reference, entry.case_type) for entry in self.entries]
        if one.places_digest not in self.places:
            raise ValueError(f"Round {one.number} needs the file of places with the digest {one.places_digest}.")
        place_of = sampling.read_places(self.places[one.places_digest])
        return [
            (entry.reference, sampling.stratum(entry.case_type, place_of.get(entry.reference, "")))
            for entry in self.entries
        ]

    def _replaced_after(self, number: int) -> Iterable[str]:
        for one in self.record.replaced:
            if one.after == number:
                order = self.orders.get(one.round, {}).get(one.stratum, ())
                expected = next((reference for reference in order if reference not in self.used), "")
                yield from _differing(f"{one.stratum}: replaced by", [one.reference], [expected] if expected else [])
                self.used.add(one.reference)


def _differing(what: str, given: Iterable[str], expected: Iterable[str]) -> Iterable[str]:
    if tuple(given) != tuple(expected):
        yield f"{what} {', '.join(given) or 'nothing'}; the order gives {', '.join(expected) or 'nothing'}."


def write_record(record: DrawRecord) -> bytes:
    return canonical(
        {
            "format": FORMAT,
            "method": METHOD,
            "frame_digest": record.frame_digest,
            "rounds": [_round_as_json(one) for one in record.rounds],
            "replaced": [vars(one) for one in record.replaced],
            "set_aside": [vars(one) for one in record.set_aside],
        }
    )


def _round_as_json(one: Round) -> dict[str, Any]:
    return {
        "number": one.number,
        "spread": one.spread,
        "places_digest": one.places_digest,
        "plan": [{"stratum": key, "size": size} for key, size in one.plan.items()],
        "seed": one.seed,
        "drawn": {key: list(references) for key, references in one.drawn.items()},
        "drawn_digest": one.drawn_digest,
    }


def read_record(data: bytes) -> DrawRecord:
    """Read a record back, or raise `UnreadableRecord`."""
    try:
        value = json.loads(data)
        if value["format"] not in READABLE:
            raise ValueError(value["format"])
        return DrawRecord(
            frame_digest=_text(value["frame_digest"]),
            rounds=tuple(map(_read_round, value["rounds"])),
            replaced=tuple(
                Replaced(int(one["round"]), int(one["after"]), _text(one["stratum"]), _text(one["reference"]))
                for one in value["replaced"]
            ),
            set_aside=tuple(Aside(int(one["after"]), _text(one["reference"])) for one in value.get("set_aside", ())),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnreadableRecord("This file is no record of a draw.") from error


def _read_round(value: Mapping[str, Any]) -> Round:
    return Round(
        number=int(value["number"]),
        spread=_text(value["spread"]),
        places_digest=_text(value["places_digest"]),
        plan={_text(line["stratum"]): int(line["size"]) for line in value["plan"]},
        seed=_text(value["seed"]),
        drawn={_text(key): tuple(map(_text, references)) for key, references in value["drawn"].items()},
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
