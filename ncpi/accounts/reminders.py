"""What stands in somebody's daily reminder, and when there is none. One mail a person and force, never one a row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

# In the morning, local time; before people start, after the night's work.
HOUR = 6
SOON = timedelta(days=7)
MOST_LINES = 15


@dataclass(frozen=True)
class Line:
    """One thing that is somebody's. `waits` is "returned", "question" or nothing."""

    title: str
    kind: str
    inspection: str
    address: str
    due_date: date | None = None
    waits: str = ""


@dataclass(frozen=True)
class Reminder:
    """The parts of one mail: a heading and its lines each. `others` are theirs too, and not due soon."""

    parts: tuple[tuple[str, tuple[Line, ...]], ...]
    others: int

    @property
    def count(self) -> int:
        return sum(len(lines) for _, lines in self.parts)


HEADINGS = {
    "overdue": "Overdue",
    "soon": "Due within seven days",
    "returned": "Returned to you",
    "question": "Questions to you",
}


def reminder_of(lines: Iterable[Line], *, on: date) -> Reminder | None:
    """Sort what is somebody's into the parts of a mail; nothing pressing is no mail.

    Each line stands once, under the first heading that fits it.
    """
    held: dict[str, list[Line]] = {name: [] for name in (*HEADINGS, "")}
    for line in lines:
        held[_part_of(line, on)].append(line)
    parts = tuple((HEADINGS[name], _in_order(held[name])) for name in HEADINGS if held[name])
    return Reminder(parts, len(held[""])) if parts else None


def subject_of(reminder: Reminder, *, force: str) -> str:
    things = "1 thing waits" if reminder.count == 1 else f"{reminder.count} things wait"
    return f"{things} for you in NCPI readiness, {force}"


def text_of(reminder: Reminder, *, force: str, on: date, base: str, home: str, account: str) -> str:
    """Write the mail in plain text. Long parts are cut, and say so."""
    paragraphs = [f"What waits for you in {force}'s preparation for its inspection, on {_day(on)}."]
    for heading, lines in reminder.parts:
        shown = [_words(line, on, base) for line in lines[:MOST_LINES]]
        more = [f"and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else []
        paragraphs.append("\n".join([f"{heading} ({len(lines)})", *(f"- {text}" for text in [*shown, *more])]))
    if reminder.others:
        paragraphs.append(f"{reminder.others} more {'is' if reminder.others == 1 else 'are'} yours and not due yet.")
    paragraphs.append(f"All of it, in order of urgency: {base}{home}")
    paragraphs.append(f"This comes once a day, and only when something presses. Turn it off at {base}{account}")
    return "\n\n".join(paragraphs)


def _part_of(line: Line, on: date) -> str:
    if line.due_date and line.due_date < on:
        return "overdue"
    if line.due_date and line.due_date <= on + SOON:
        return "soon"
    return line.waits


def _in_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (line.due_date or date.max, line.title, line.address)))


def _words(line: Line, on: date, base: str) -> str:
    when = f", {'was due' if line.due_date < on else 'due'} {_day(line.due_date)}" if line.due_date else ""
    return f"{line.kind}: {line.title} ({line.inspection}){when}\n  {base}{line.address}"


def _day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"
