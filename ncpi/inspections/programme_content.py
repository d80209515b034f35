"""What a programme of the inspectorate consists of, as plain values.

Every item says on what it rests (`basis`):

    text      wording seen on the inspectorate's own page
    reports   headings and findings seen in published reports, named in `seen_in`
    composed  written for this product from such findings, or a setting that no page seen gives
    recalled  background knowledge that no page seen confirms: check it before relying on it

The digest is SHA-256 over a canonical form of what a programme says, not of how its files are laid out.
"""

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from functools import cached_property
from typing import Any, get_args, get_origin, get_type_hints

BASES = ("text", "reports", "composed", "recalled")
GRADED = ("case", "topic")
SWITCHES = ("self_assessment_asked", "case_audit_asked")
ANSWER_KINDS = ("scale", "completeness", "text")
SESSION_FORMS = ("interview", "focus_group", "observation", "briefing", "feedback")
INSPECTION_DATES = ("notice", "fieldwork_start", "fieldwork_end", "publication")
COMMON = "common"


@dataclass(frozen=True)
class Grounds:
    """On what an item rests, where that was seen, and what a reader should know about it."""

    basis: str
    seen_in: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Switch:
    id: str
    on: bool
    grounds: Grounds


@dataclass(frozen=True)
class FindingType:
    id: str
    title: str
    grounds: Grounds


@dataclass(frozen=True)
class Programme:
    id: str
    edition: int
    title: str
    version: str
    in_force_from: datetime.date
    in_force_to: datetime.date | None
    source_title: str
    source_address: str
    note: str
    graded: str
    switches: tuple[Switch, ...]
    finding_types: tuple[FindingType, ...]
    word_limit: int | None = None  # of each text of a judgement; most programmes set none


@dataclass(frozen=True)
class Grade:
    id: str
    title: str
    order: int
    is_good: bool  # on the good side of the line that matters in moderation
    in_use: bool
    grounds: Grounds


@dataclass(frozen=True)
class Area:
    id: str
    title: str
    report_heading: str
    summary: str
    grounds: Grounds


@dataclass(frozen=True)
class Criterion:
    id: str
    area: str
    title: str
    looks_for: tuple[str, ...]
    grounds: Grounds


@dataclass(frozen=True)
class CaseType:
    id: str
    title: str
    report_label: str
    sample: int
    sample_basis: str
    grounds: Grounds


@dataclass(frozen=True)
class SamplePlan:
    total: int
    grounds: Grounds


@dataclass(frozen=True)
class Question:
    id: str
    case_type: str  # "" when it is asked of every case
    section: str
    ask: str
    answer: str
    required: bool
    follow_up: str  # asked when the answer is no
    escalates: bool  # a "no" raises a concern at once
    area: str
    part_of: str
    grounds: Grounds


@dataclass(frozen=True)
class SessionKind:
    id: str
    title: str
    form: str
    who: str
    minutes: int
    size: int
    inspectors: int
    wanted: int
    priority: int
    after: tuple[str, ...]
    covers: tuple[str, ...]
    grounds: Grounds


@dataclass(frozen=True)
class Deadline:
    id: str
    title: str
    kind: str
    anchor: str
    counting: str
    days: int | None
    months: int | None
    roll: str
    asked_when: str  # a switch; "" when it always applies
    grounds: Grounds


@dataclass(frozen=True)
class ProgrammeFile:
    """A whole programme that was found sound."""

    programme: Programme
    grades: tuple[Grade, ...]
    areas: tuple[Area, ...]
    criteria: tuple[Criterion, ...]
    sample: SamplePlan
    case_types: tuple[CaseType, ...]
    questions: tuple[Question, ...]
    session_kinds: tuple[SessionKind, ...]
    deadlines: tuple[Deadline, ...]

    @cached_property
    def canonical(self) -> bytes:
        """UTF-8 JSON, names sorted, no spaces: the same for the same content in any layout.

        A limit that is not set is left out, so that programmes without one keep the digest they were adopted with.
        """
        content = asdict(self)
        if content["programme"]["word_limit"] is None:
            del content["programme"]["word_limit"]
        return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str).encode()

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.canonical).hexdigest()

    @property
    def content(self) -> dict[str, Any]:
        """What `from_content` takes: plain values that survive JSON."""
        found: dict[str, Any] = json.loads(self.canonical)
        return found


def from_content(content: Mapping[str, Any]) -> ProgrammeFile:
    """The programme again from what was kept of it when it was adopted."""
    found: ProgrammeFile = _rebuilt(ProgrammeFile, content)
    return found


def _rebuilt(kind: Any, value: Any) -> Any:
    """The dataclass, tuple, date or plain value that an annotation asks for."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        build: Any = kind
        return build(
            **{row.name: _rebuilt(hints[row.name], value[row.name]) for row in fields(kind) if row.name in value}
        )
    if get_origin(kind) is tuple:
        return tuple(_rebuilt(get_args(kind)[0], item) for item in value)
    wanted = get_args(kind) or (kind,)
    if datetime.date in wanted and isinstance(value, str):
        return datetime.date.fromisoformat(value)
    return value
