"""Published findings about real forces, read from a data file and kept apart from anything invented."""

import datetime
from dataclasses import dataclass
from pathlib import Path

from ncpi.actions.recommendation_rows import DEADLINES, KINDS
from ncpi.inspections.located_yaml import Fields, Value, read_each

DEMONSTRATION = Path(__file__).with_name("demo_recommendations.yaml")
TRAIL_STATUSES = ("awaiting_review", "will_be_progressed", "being_progressed", "complete", "superseded")


@dataclass(frozen=True)
class TrailEntry:
    date: datetime.date
    status: str


@dataclass(frozen=True)
class PublishedFinding:
    id: str
    force: str
    report: str
    published_date: datetime.date | None
    kind: str
    deadline: str
    deadline_basis: str
    theme: str
    stands_for: int
    gist: str
    source: str
    trail: tuple[TrailEntry, ...]


def load_published_findings(path: Path = DEMONSTRATION) -> tuple[PublishedFinding, ...]:
    """Read every finding, or raise ProgrammeFileError naming each mistake by file and line."""
    return read_each(path, "findings", "finding", _finding)


def _finding(fields: Fields) -> PublishedFinding:
    found = PublishedFinding(
        id=fields.text("id", longest=40),
        force=fields.text("force", longest=100),
        report=fields.text("report", longest=200),
        published_date=fields.day("published_date", required=False),
        kind=fields.choice("kind", KINDS),
        deadline=fields.choice("deadline", DEADLINES, required=False),
        deadline_basis=fields.choice("deadline_basis", ("seen", "not_seen")),
        theme=fields.text("theme", longest=60),
        stands_for=fields.number("stands_for", low=1, high=100) or 1,
        gist=fields.text("gist"),
        source=fields.address("source"),
        trail=tuple(_trail_entry(fields, item) for item in fields.items("trail", required=False)),
    )
    if bool(found.deadline) != (found.deadline_basis == "seen"):
        fields.note("a deadline stands exactly where its basis is 'seen'")
    if [entry.date for entry in found.trail] != sorted(entry.date for entry in found.trail):
        fields.note("the trail is not in the order of its dates")
    return found


def _trail_entry(parent: Fields, value: Value) -> TrailEntry:
    fields = parent.inside(value, "trail")
    entry = TrailEntry(fields.day("date") or datetime.date.min, fields.choice("status", TRAIL_STATUSES))
    fields.finish()
    return entry
