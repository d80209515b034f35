"""How large the letters of a week may be for it to fit one landscape page of A4 as the browser prints it.

The browser cannot be asked beforehand, so the height is worked out from the lengths of the words, on the safe side:
letters and lines a little larger than they mostly are. Where the smallest letters are still too large, a session is
its hours and its title.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from ncpi.fieldwork.grids import Block, Week

# All in points. The page without its margins, and what stands above the first week's table and above the others'.
WIDTH, HEIGHT = 753.0, 544.0
HEADING, CAPTION = 72.0, 17.0
LABEL_WIDTH, CELL_EDGES, ROW_EDGES, BLOCK_EDGES = 55.0, 12.0, 3.5, 3.0
# How wide a letter is, and how high a line, as parts of the letters' size.
LETTER, BOLD, LINE = 0.52, 0.57, 1.14


@dataclass(frozen=True, slots=True)
class Letters:
    """A size in tenths of a point; `is_bare` leaves out all of a session but its hours and title."""

    tenths: int
    is_bare: bool = False


SIZES = (
    *(Letters(tenths) for tenths in (80, 75, 70, 65, 60, 55, 50)),
    *(Letters(tenths, is_bare=True) for tenths in (60, 55, 50, 45, 40, 35)),
)


def letters_of(week: Week, *, is_first: bool) -> Letters:
    """Return the largest letters in which a week fits its page, which the first shares with the page's heading."""
    room = HEIGHT - CAPTION - (HEADING if is_first else 0)
    return next((one for one in SIZES if _height(week, one) <= room), SIZES[-1])


def _height(week: Week, letters: Letters) -> float:
    size = letters.tenths / 10
    width = (WIDTH - LABEL_WIDTH) / max(len(week.days), 1) - CELL_EDGES
    rows = [_line(size) + ROW_EDGES]
    for line in week.lines:
        label = _lines(line.label, BOLD, size, LABEL_WIDTH - CELL_EDGES) * _line(size)
        cells = (sum(_block(one, letters, width) for one in blocks) for _, blocks in line.cells)
        rows.append(max([label, *cells]) + ROW_EDGES)
    return sum(rows)


def _block(block: Block, letters: Letters, width: float) -> float:
    size = letters.tenths / 10
    lines = _lines(f"00:00–00:00 {block.title}", BOLD, size, width)
    if not letters.is_bare:
        lines += _lines(_about(block), LETTER, size, width)
        lines += _lines("  ".join(f"x {mark.text}" for mark in block.marks), LETTER, size, width) if block.marks else 0
    return lines * _line(size) + BLOCK_EDGES


def _about(block: Block) -> str:
    beside = "".join(f"; with {name}" for _, name in block.inspectors)
    return f"{block.form}, {len(block.people)} people{beside}"


def _line(size: float) -> float:
    return size * LINE


def _lines(text: str, letter: float, size: float, width: float) -> int:
    """Count the lines of a text, broken between words."""
    return _broken((len(word) * letter * size for word in text.split()), letter * size, width)


def _broken(words: Iterable[float], blank: float, width: float) -> int:
    lines, used = 1, 0.0
    for word in words:
        if used and used + blank + word > width:
            lines, used = lines + 1, 0.0
        used += word + (blank if used else 0)
        if used > width:
            lines, used = lines + ceil(used / width) - 1, used % width
    return lines
