"""Whether a signature still holds, and what has changed since it was given."""

import base64
import binascii
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from ncpi.lib.wording import Part, parts
from ncpi.selfassessment.canonical import ACTION_FIELDS, EVIDENCE_FIELDS, TEXTS, digest_of

MOST_UNPACKED = 16 * 1024**2
STATEMENT = (
    "I have read this self-assessment. It is a fair account of how well the force protects children, "
    "and the evidence named in it has been seen by the people who rely on it."
)


class Status(StrEnum):
    """What a signature is worth now."""

    VALID = "valid"
    STALE = "stale"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    UNSIGNED = "unsigned"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Status.VALID: "Valid",
    Status.STALE: "Stale: changed since signing",
    Status.WITHDRAWN: "Withdrawn",
    Status.SUPERSEDED: "Superseded by a later signature",
    Status.UNSIGNED: "Not signed",
}


def status_of(*, is_withdrawn: bool, is_superseded: bool, signed_digest: str, current_digest: str) -> Status:
    """Return what a signature is worth; withdrawn is final, and a superseded one is never asked about again."""
    if is_withdrawn:
        return Status.WITHDRAWN
    if is_superseded:
        return Status.SUPERSEDED
    return Status.VALID if signed_digest == current_digest else Status.STALE


@dataclass(frozen=True)
class Difference:
    """One material thing that is not as it was signed. An empty side means that it was not there."""

    criterion: str
    title: str
    what: str
    signed: str
    now: str

    @property
    def parts(self) -> list[Part]:
        return parts(self.signed, self.now)


def differences(signed_text: str, current_text: str) -> list[Difference]:
    """Return every material difference between two canonical forms, criterion by criterion."""
    signed, current = _criteria(signed_text), _criteria(current_text)
    found: list[Difference] = []
    for key in sorted({*signed, *current}):
        was, now = signed.get(key, {}), current.get(key, {})
        title = str((now or was).get("title", ""))
        found += [Difference(key, title, what, before, after) for what, before, after in _changes(was, now)]
    return found


def _criteria(text: str) -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = json.loads(text)["criteria"] if text else {}
    return found


def _changes(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, label in {"title": "Title", "grade": "Grade", **TEXTS}.items():
        if was.get(name, "") != now.get(name, ""):
            yield label, was.get(name, ""), now.get(name, "")
    yield from _rows("Evidence", EVIDENCE_FIELDS, was.get("evidence", {}), now.get("evidence", {}))
    yield from _rows("Open action", ACTION_FIELDS, was.get("actions", {}), now.get("actions", {}))


def _rows(
    label: str, fields: Mapping[str, str], was: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    for number in sorted({*was, *now}, key=int):
        before, after = was.get(number), now.get(number)
        if before is None or after is None:
            yield label, _in_words(fields, before), _in_words(fields, after)
            continue
        for name, field_label in fields.items():
            if before[name] != after[name]:
                yield f"{label} “{after['title']}”: {field_label}", _said(name, before[name]), _said(name, after[name])


def _in_words(fields: Mapping[str, str], row: Mapping[str, str] | None) -> str:
    if row is None:
        return ""
    others = [f"{label}: {_said(name, row[name])}" for name, label in fields.items() if name != "title" and row[name]]
    return "\n".join([row["title"], *others])


def _said(name: str, value: str) -> str:
    """Return a value of the canonical form as people say it."""
    if name == "file":
        return f"SHA-256 {value}"
    if name == "due_date":
        return _day(value)
    if name == "period":
        start, _, end = value.partition(" to ")
        return f"{_day(start)} to {_day(end)}"
    return value


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"


def packed(text: str) -> str:
    """Return a canonical form small enough to travel in the page that shows it."""
    return base64.b64encode(zlib.compress(text.encode("utf-8"))).decode("ascii")


def unpacked(packed_text: str, *, digest: str) -> str:
    """Return the form that travelled with a page, or nothing if it is not the one with this digest."""
    unpack = zlib.decompressobj()
    try:
        data = unpack.decompress(base64.b64decode(packed_text, validate=True), MOST_UNPACKED)
        text = data.decode("utf-8")
    except (binascii.Error, zlib.error, UnicodeDecodeError):
        return ""
    return text if digest_of(text) == digest else ""


@dataclass(frozen=True)
class SignedEvidence:
    """One piece of evidence as a signed state names it. `file_key` finds its file."""

    title: str
    shows: str
    kind: str
    period: str
    marking: str
    link: str
    file_key: str


@dataclass(frozen=True)
class SignedCriterion:
    """One criterion of a signed state, for reading."""

    key: str
    title: str
    grade: str
    texts: tuple[tuple[str, str], ...]
    evidence: tuple[SignedEvidence, ...]
    actions: tuple[str, ...]


def read(text: str) -> list[SignedCriterion]:
    """Return a canonical form as a page shows it."""
    return [
        SignedCriterion(
            key=key,
            title=row["title"],
            grade=row["grade"],
            texts=tuple((label, row[name]) for name, label in TEXTS.items() if row[name]),
            evidence=tuple(_read_evidence(number, piece) for number, piece in row["evidence"].items()),
            actions=tuple(f"{action['title']} (due {_day(action['due_date'])})" for action in row["actions"].values()),
        )
        for key, row in _criteria(text).items()
    ]


def _read_evidence(number: str, piece: Mapping[str, str]) -> SignedEvidence:
    return SignedEvidence(
        title=piece["title"],
        shows=piece["shows"],
        kind=piece["kind"],
        period=_said("period", piece["period"]),
        marking=piece["marking"],
        link=piece["link"],
        file_key=f"{number} {piece['file']}" if piece["file"] else "",
    )
