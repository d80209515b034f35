"""Numbers the paper's headings, paragraphs, tables and pictures: the one place that counts them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from ncpi.board.paper import Block, Heading, Paper, Paragraph, Picture, Table


@dataclass(frozen=True)
class Numbered:
    """A block with its number: `3` for a heading, `3.2` for a paragraph, `Table 4` or `Chart 1`.

    A paragraph leads when a table or a picture follows it, and stays on its page.
    """

    number: str
    block: Block
    leads: bool = False


def numbered(paper: Paper) -> Iterator[Numbered]:
    section = paragraph = tables = pictures = 0
    for block, following in zip_longest(paper.blocks, paper.blocks[1:]):
        if isinstance(block, Heading):
            section, paragraph = section + 1, 0
            yield Numbered(str(section), block)
        elif isinstance(block, Paragraph):
            paragraph += 1
            leads = not block.bullets and isinstance(following, Table | Picture)
            yield Numbered(f"{section}.{paragraph}", block, leads)
        elif isinstance(block, Table):
            tables += 1
            yield Numbered(f"Table {tables}", block)
        else:
            pictures += 1
            yield Numbered(f"Chart {pictures}", block)
