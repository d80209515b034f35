"""Reading JSON that a stranger wrote: every wrong value is noted with its place, and reading goes on."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, TypeVar

from ncpi.lib import dates

T = TypeVar("T")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:00)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK = re.compile(r"\d{2}:\d{2}(:00)?", re.ASCII)
_MISSING = object()
LARGEST = 100_000


class NotJson(ValueError):
    """The text is not JSON, or says a key twice."""


def parse(text: str) -> Any:
    """Return what a text holds; numbers that are none and keys that stand twice are refused."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError:
        raise NotJson("It is nested too deeply.")
    except json.JSONDecodeError as error:
        raise NotJson(f"It is not JSON: {error.msg} (line {error.lineno}, column {error.colno}).")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise NotJson(f"The key {key!r} stands twice in one object.")
        found[key] = value
    return found


def _no_number(text: str) -> Any:
    raise NotJson(f"{text} is not a number in JSON.")


@dataclass(slots=True)
class Notes:
    """What is wrong, and which keys nobody reads."""

    errors: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Value:
    """One value and the way to it, such as `sessions[2].minutes`."""

    data: Any
    path: str
    notes: Notes
    label: str = ""

    def wrong(self, message: str) -> None:
        named = f" ({self.label})" if self.label else ""
        self.notes.errors.append(f"{self.path or 'The problem'}{named} {message}")

    def as_object(self, *known: str) -> "Value":
        """Note what is no object, and keys that are not known."""
        if not isinstance(self.data, dict):
            self.wrong("must be an object.")
            return Value({}, self.path, self.notes, self.label)
        name = self.data.get("id")
        label = name if isinstance(name, str) else self.label
        if known:
            self.notes.unread += [self._at(key) for key in self.data if key not in known]
        return Value(self.data, self.path, self.notes, label)

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def has(self, key: str) -> bool:
        return self.data.get(key) is not None

    def key(self, key: str) -> "Value":
        return Value(self.data.get(key, _MISSING), self._at(key), self.notes, self.label)

    def items(self) -> list["Value"]:
        if self.data is _MISSING:
            self.wrong("is missing.")
        elif not isinstance(self.data, list):
            self.wrong("must be a list.")
        else:
            return [
                Value(one, f"{self.path}[{number}]", self.notes, self.label) for number, one in enumerate(self.data)
            ]
        return []

    def each(self, read: Callable[["Value"], T | None]) -> tuple[T, ...]:
        return tuple(one for one in map(read, self.items()) if one is not None)

    def text(self) -> str:
        if self.data is _MISSING:
            self.wrong("is missing.")
        elif not isinstance(self.data, str):
            self.wrong("must be text.")
        elif not self.data:
            self.wrong("must not be empty.")
        else:
            return str(self.data)
        return ""

    def number(self, lowest: int, highest: int = LARGEST) -> int:
        if self.data is _MISSING:
            self.wrong("is missing.")
        elif isinstance(self.data, bool) or not isinstance(self.data, int):
            self.wrong("must be a whole number.")
        elif not lowest <= self.data <= highest:
            self.wrong(f"must be from {lowest} to {highest}, not {self.data}.")
        else:
            return self.data
        return lowest

    def clock(self) -> time | None:
        return self._read(_CLOCK, time.fromisoformat, "a time such as 09:30")

    def day(self) -> date | None:
        return self._read(_DAY, date.fromisoformat, "a date such as 2021-07-05")

    def moment(self) -> datetime | None:
        """Return the moment in UTC of a London clock time; one that does not name exactly one moment is noted."""
        naive = self._read(_MOMENT, datetime.fromisoformat, "a local time such as 2021-07-05T09:30")
        if naive is None:
            return None
        try:
            return dates.from_local(naive)
        except (dates.LocalTimeError, OverflowError) as error:
            self.wrong(f"is refused: {error}")
            return None

    def _read(self, shape: re.Pattern[str], read: Callable[[str], T], such: str) -> T | None:
        if self.data is _MISSING:
            self.wrong("is missing.")
            return None
        if isinstance(self.data, str) and shape.fullmatch(self.data):
            try:
                return read(self.data)
            except ValueError:
                pass
        self.wrong(f"must be {such}.")
        return None


def local(moment: datetime) -> str:
    """Return a moment as London's clocks show it."""
    return f"{dates.to_local(moment):%Y-%m-%dT%H:%M}"
