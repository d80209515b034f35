"""The Board's paper as PDF/UA-1, compiled by Typst from a fixed template and the paper's own data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

from ncpi.board.paper import Heading, Meeting, Paper, Paragraph, Picture, Standing, Table
from ncpi.board.paper_numbers import Numbered, numbered
from ncpi.board.paper_sections import RELEASED, sections
from ncpi.board.pictures import Chart
from ncpi.board.wording import clean, shown_day
from ncpi.lib import typeset


def _block(item: Numbered, paper: Paper, charts: Mapping[str, Chart]) -> dict[str, Any]:
    block = item.block
    if isinstance(block, Heading):
        return {"kind": "heading", "number": item.number, "text": block.text}
    if isinstance(block, Paragraph):
        return {
            "kind": "paragraph",
            "number": item.number,
            "leads": item.leads,
            "text": paper.words(block.sentence),
            "bullets": [paper.words(bullet) for bullet in block.bullets],
        }
    if isinstance(block, Table):
        return {
            "kind": "table",
            "label": item.number,
            "caption": block.caption,
            "header": block.header,
            "rows": [[[paper.words(line) for line in cell] for cell in row] for row in block.rows],
            "widths": block.widths,
            "numeric": block.numeric,
        }
    return _picture(item.number, block, charts)


def _picture(label: str, block: Picture, charts: Mapping[str, Chart]) -> dict[str, Any]:
    chart = charts[block.chart]
    return {
        "kind": "picture",
        "label": label,
        "caption": block.caption,
        "chart": chart.name,
        "alt": f"{chart.title}. {chart.description}",
    }


def paper_data(paper: Paper, force: str, charts: Mapping[str, Chart]) -> dict[str, Any]:
    meeting = paper.meeting
    return {
        "marking": meeting.marking,
        "agenda_item": meeting.agenda_item,
        "to": meeting.to,
        "sender": meeting.sender,
        "date": shown_day(meeting.on),
        "title": meeting.title,
        "subtitle": clean(paper.subtitle),
        "force": clean(force),
        "blocks": [_block(item, paper, charts) for item in numbered(paper)],
    }


def pdf(content: Mapping[str, Any], meeting: Meeting, charts: Iterable[Chart], standing: Standing = RELEASED) -> bytes:
    """Return the paper as a tagged PDF; the same content, meeting and charts give the same bytes."""
    paper = sections(content, meeting, standing)
    drawn = {chart.name: chart for chart in charts}
    return typeset.pdf(
        files("ncpi.board").joinpath("typst/paper.typ").read_bytes(),
        paper_data(paper, content["inspection"]["force"], drawn),
        at=paper.as_at,
        pictures={f"charts/{name}.svg": chart.svg.decode("utf-8") for name, chart in drawn.items()},
    )
