"""The typeface of papers and charts: it comes from its wheel, never from the machine."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import font_source_sans_pro
import vl_convert

FAMILY = "Source Sans Pro"
STACK = f"{FAMILY}, Arial, Helvetica, sans-serif"


def folder() -> str:
    return str(Path(font_source_sans_pro.__file__).parent / "files")


@cache
def make_known_to_charts() -> None:
    """Register the typeface with the chart renderer, once a process."""
    vl_convert.register_font_directory(folder())
