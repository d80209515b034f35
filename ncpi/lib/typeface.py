"""The typeface of papers and charts: it comes from its wheel, never from the machine."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import font_source_sans_pro
from fontTools.ttLib import TTFont

FAMILY = "Source Sans Pro"
UNKNOWN = "?"
# Charts are measured with the letters of the widest face, so that no label is cut where a reader has another.
STACK = f"Arial, Liberation Sans, Helvetica, {FAMILY}, sans-serif"


def folder() -> str:
    return str(Path(font_source_sans_pro.__file__).parent / "files")


@cache
def letters() -> frozenset[int]:
    """Return the code points that the typeface can draw."""
    with TTFont(Path(folder()) / "SourceSansPro-Regular.ttf", lazy=True) as font:
        return frozenset(font.getBestCmap())


def drawable(text: str) -> str:
    """Put a question mark for each letter the typeface lacks: PDF/UA allows no letter without a shape."""
    known = letters()
    return "".join(c if ord(c) in known or c.isspace() else UNKNOWN for c in text)


@cache
def make_known_to_charts() -> None:
    """Register the typeface with the chart renderer, once a process."""
    import vl_convert  # noqa: PLC0415 slow import

    vl_convert.register_font_directory(folder())
