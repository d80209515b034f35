"""The Board's paper before it has a file format: numbered paragraphs, tables and pictures.

Its form is that of the papers the Business Coordination Board receives: marking, agenda item,
To, From, Date, title, Purpose, Recommendation, Overview, and the recommendation again at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from ncpi.board.figures import Figure
from ncpi.board.wording import Sentence, clean, shown

SEED_TITLE = (
    "Her Majesty\u2019s Inspectorate of Constabulary and Fire & Rescue Services National Child Protection Inspection"
)


@dataclass(frozen=True)
class Meeting:
    """Where the paper is going."""

    to: str = "Business Coordination Board"
    sender: str = "Chief Constable"
    on: date = date(2021, 7, 13)
    agenda_item: str = "10.0"
    title: str = SEED_TITLE
    marking: str = "OFFICIAL"


@dataclass(frozen=True)
class Standing:
    """What is kept beside a summary's frozen content: its number, the note before it, whether the Board has it."""

    number: int = 0
    covering_note: str = ""
    is_released: bool = True


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Paragraph:
    sentence: Sentence
    bullets: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Table:
    """A cell holds lines; `numeric` columns align right; `widths` are shares of the page."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[tuple[Sentence, ...], ...], ...]
    widths: tuple[int, ...]
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True)
class Picture:
    chart: str
    caption: str


Block = Heading | Paragraph | Table | Picture


@dataclass(frozen=True)
class Paper:
    meeting: Meeting
    subtitle: str
    as_at: datetime
    blocks: tuple[Block, ...]
    figures: Mapping[str, Figure] = field(repr=False)

    def words(self, sentence: Sentence) -> str:
        return shown(sentence, self.figures)


def cell(*lines: Sentence) -> tuple[Sentence, ...]:
    return lines


def facts(meeting: Meeting) -> Meeting:
    """Return the meeting's facts with nothing in them that a file could trip over."""
    return Meeting(
        to=clean(meeting.to),
        sender=clean(meeting.sender),
        on=meeting.on,
        agenda_item=clean(meeting.agenda_item),
        title=clean(meeting.title),
        marking=clean(meeting.marking),
    )
