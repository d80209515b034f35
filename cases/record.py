"""The record of a draw: a small file that, with the frame's file, is all that anybody needs to redo it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from cases import sampling
from ncpi.lib.digests import canonical, sha256

METHOD = "Within each case type by the hex SHA-256 of seed|reference, ascending; the first n are drawn."


class UnreadableRecord(ValueError):
    """The file is no record of a draw."""


@dataclass(frozen=True, slots=True)
class DrawRecord:
    """What was drawn from which frame by which plan and seed, in the plan's order of case types."""

    frame_digest: str
    plan: Mapping[str, int]
    seed: str
    drawn: Mapping[str, tuple[str, ...]]
    replacements: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def drawn_file(self) -> bytes:
        """The cases as first drawn; its digest stands on the certificate, which names no reference."""
        return sampling.drawn_csv({case_type: self.drawn.get(case_type, ()) for case_type in self.plan})

    @property
    def drawn_digest(self) -> str:
        return sha256(self.drawn_file)

    @property
    def commands(self) -> str:
        return sampling.shell_commands(
            digest=self.frame_digest, plan=self.plan, seed=self.seed, drawn_digest=self.drawn_digest
        )

    def differences(self, frame: bytes) -> tuple[str, ...]:
        """Redo the draw from the frame's file; nothing means that it reproduces."""
        return sampling.verify(
            frame,
            digest=self.frame_digest,
            plan=self.plan,
            seed=self.seed,
            drawn=self.drawn,
            replacements=self.replacements,
        )


def write_record(record: DrawRecord) -> bytes:
    plan = [{"case_type": case_type, "size": size} for case_type, size in record.plan.items()]
    value: dict[str, object] = {
        "method": METHOD,
        "frame_digest": record.frame_digest,
        "plan": plan,
        "seed": record.seed,
        "drawn": {key: list(references) for key, references in record.drawn.items()},
        "drawn_digest": record.drawn_digest,
        "replacements": {key: list(references) for key, references in record.replacements.items()},
    }
    return canonical(value)


def read_record(data: bytes) -> DrawRecord:
    """Read a record back, or raise `UnreadableRecord`."""
    try:
        value = json.loads(data)
        return DrawRecord(
            frame_digest=_text(value["frame_digest"]),
            plan={_text(line["case_type"]): int(line["size"]) for line in value["plan"]},
            seed=_text(value["seed"]),
            drawn=_references(value["drawn"]),
            replacements=_references(value["replacements"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnreadableRecord("This file is no record of a draw.") from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _references(value: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {_text(key): tuple(map(_text, references)) for key, references in value.items()}
