"""A chart as it is kept with its summary: drawn once, shown by pages and papers that need nothing that draws."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Chart:
    """One picture: SVG for pages and PDF, PNG for Word, and the words that stand in for it."""

    name: str
    title: str
    description: str
    svg: bytes
    png: bytes
