"""Workbooks that people bring back: their cells, read in a process that cannot take the service down with it."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_READER = Path(__file__).with_name("workbook_reader.py")
_SECONDS = 5
_LARGEST = 10_000_000
_NAME = re.compile(r"([A-Z]+)([0-9]+)")
_KINDS = {"f": "a formula", "e": "an error", "d": "a date", "b": "true or false"}


class UnreadableWorkbook(Exception):
    """The workbook is not read; the text says why, in words for the page."""


@dataclass(frozen=True)
class Cell:
    """One cell with something in it. `is_text` is false for what is not text and cannot be taken for it."""

    name: str
    text: str
    is_text: bool = True
    holds: str = ""


@dataclass(frozen=True)
class SheetCells:
    """One sheet as it was read: its cells by name, its merged ranges, its hidden rows."""

    title: str
    cells: Mapping[str, Cell]
    merged: tuple[str, ...] = ()
    hidden: frozenset[int] = frozenset()

    def rows(self) -> dict[int, dict[str, Cell]]:
        """Return the rows that have something in them, by number, each with its cells by column letter."""
        found: dict[int, dict[str, Cell]] = {}
        for column, row, cell in self._placed():
            found.setdefault(row, {})[column] = cell
        return dict(sorted(found.items()))

    def _placed(self) -> Iterator[tuple[str, int, Cell]]:
        for name, cell in self.cells.items():
            if match := _NAME.fullmatch(name):
                yield match[1], int(match[2]), cell


@dataclass(frozen=True)
class Workbook:
    """What was read of a workbook: the titles of all its sheets, and the sheets that were asked for."""

    titles: tuple[str, ...]
    sheets: tuple[SheetCells, ...]

    def sheet(self, title: str) -> SheetCells | None:
        found = [sheet for sheet in self.sheets if sheet.title.casefold() == title.casefold()]
        return found[0] if found else None


def read_workbook(data: bytes, *titles: str) -> Workbook:
    """Read these sheets in a process of its own, or raise `UnreadableWorkbook`."""
    if len(data) > _LARGEST:
        raise UnreadableWorkbook(f"The workbook is larger than {_LARGEST // 1_000_000} MB.")
    try:
        ran = subprocess.run(
            [sys.executable, "-I", str(_READER), *titles], input=data, capture_output=True, timeout=_SECONDS, check=True
        )
        answer = json.loads(ran.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise UnreadableWorkbook(
            "The workbook takes too much time or memory to read. Take it away again and copy your texts into that one."
        ) from None
    if "refused" in answer:
        raise UnreadableWorkbook(answer["refused"])
    return Workbook(tuple(answer["sheets"]), tuple(_sheet(title, row) for title, row in answer["found"].items()))


def _sheet(title: str, row: Mapping[str, Any]) -> SheetCells:
    return SheetCells(
        title=title,
        cells={name: _cell(name, kind, text) for name, (kind, text) in row["cells"].items()},
        merged=tuple(row["merged"]),
        hidden=frozenset(row["hidden"]),
    )


def _cell(name: str, kind: str, text: str) -> Cell:
    return Cell(name, text, kind not in _KINDS, _KINDS.get(kind, ""))
