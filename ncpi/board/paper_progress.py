"""The paper's account of progress: recommendations and actions, dates that bind, what has changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ncpi.board.figures import Figure
from ncpi.board.paper import Block, Heading, Paragraph, Picture, Table, cell
from ncpi.board.paper_parts import part_of, shown_on
from ncpi.board.wording import Sentence, number, one_or_many, phrase, quote, shown_day, text

Content = Mapping[str, Any]
STATES = {"done": "Done", "past": "Past", "overdue": "Overdue", "today": "Today", "ahead": "Ahead"}


def promises(content: Content, figures: Mapping[str, Figure]) -> list[Block]:
    tracked = content["tracking"]
    totals = tracked["totals"]
    deadlines = tuple(
        (cell([phrase(row["label"])]), *(cell([number(row[k])]) for k in ("made", "open", "overdue", "repeated")))
        for row in tracked["deadlines"]
    )
    blocks: list[Block] = [
        Heading("Recommendations and actions"),
        Paragraph(
            [
                text("Of the recommendations of earlier inspections and reviews, "),
                *part_of(totals["open"]),
                one_or_many(figures[totals["open"]], " is open and ", " are open and "),
                number(totals["overdue"]),
                one_or_many(figures[totals["overdue"]], " is past its date. ", " are past their date. "),
                number(totals["actions_open"]),
                one_or_many(figures[totals["actions_open"]], " action is open, ", " actions are open, "),
                number(totals["actions_overdue"]),
                text(" of them overdue."),
            ]
        ),
    ]
    if deadlines:
        blocks.append(
            Table(
                "Recommendations by deadline",
                ("Deadline", "Made", "Open", "Overdue", "Repeated"),
                deadlines,
                (40, 15, 15, 15, 15),
                (1, 2, 3, 4),
            )
        )
    if tracked["burn_down"]:
        blocks += [Picture("burn-down", "Actions open so far, and left open if each one ends on its date")]
    return [*blocks, *_overdue(tracked, figures), *_repeats(tracked)]


def _overdue(tracked: Mapping[str, Any], figures: Mapping[str, Figure]) -> list[Block]:
    late = tracked["overdue"]
    if not late["rows"]:
        return [Paragraph([text("No action is overdue.")])]
    rows = tuple(
        (
            cell([quote(r["ref"])]),
            cell([quote(r["title"])]),
            cell([quote(r["owner"])]),
            cell(shown_on(r["due_date"])),
            cell([number(r["days"])]),
        )
        for r in late["rows"]
    )
    blocks: list[Block] = [
        Table(
            "Overdue actions, longest first",
            ("Action", "What", "Owner", "Due", "Days over"),
            rows,
            (10, 38, 24, 16, 12),
            (4,),
        ),
    ]
    if figures[late["more"]]["numerator"]:
        blocks.append(Paragraph([number(late["more"]), text(" more are in the workbook.")]))
    return blocks


def _repeats(tracked: Mapping[str, Any]) -> list[Block]:
    if not tracked["repeats"]:
        return []
    bullets = tuple(
        [quote(r["ref"]), text(", which repeats "), quote(r["repeats"]), text(": "), quote(r["title"]), text(".")]
        for r in tracked["repeats"]
    )
    return [Paragraph([text("Open recommendations that repeat an earlier finding:")], bullets)]


def _clock_days(row: Mapping[str, str], figures: Mapping[str, Figure]) -> Sentence:
    figure = figures[row["days"]]
    if figure["measure"] == "days_to" and not figure["numerator"]:
        return [text("today")]
    words = " to go" if figure["measure"] == "days_to" else " ago"
    return [number(row["days"]), one_or_many(figure, f" day{words}", f" days{words}")]


def dates(content: Content, figures: Mapping[str, Figure]) -> list[Block]:
    rows = tuple(
        (
            cell([quote(row["label"])]),
            cell(shown_on(row["date"])),
            cell([text(STATES[row["state"]])]),
            cell(_clock_days(row, figures)),
        )
        for row in content["clocks"]
    )
    if not rows:
        return []
    return [
        Heading("Dates that bind"),
        Paragraph([text("Days are counted from the day this paper speaks for.")]),
        Table("Clocks", ("What", "Date", "State", "Days"), rows, (46, 22, 14, 18), (3,)),
    ]


def movement(content: Content, figures: Mapping[str, Figure]) -> list[Block]:
    changed = content["changes"]
    if not changed["since"]:
        return [
            Heading("What has changed"),
            Paragraph([text("This is the first summary; there is nothing to compare.")]),
        ]
    blocks: list[Block] = [Heading("What has changed")]
    if changed["sentences"]:
        blocks.append(
            Paragraph(
                [text("Since the summary as at "), {"at": changed["since"]}, text(":")], tuple(changed["sentences"])
            )
        )
    else:
        blocks.append(
            Paragraph([text("Nothing has changed since the summary as at "), {"at": changed["since"]}, text(".")])
        )
    return [*blocks, Picture("trend", "Headline shares in each summary so far"), *_trend_table(content, figures)]


def _trend_table(content: Content, figures: Mapping[str, Figure]) -> list[Block]:
    moments = sorted({point["at"] for item in content["trend"] for point in item["points"]})[-4:]
    rows = []
    for item in content["trend"]:
        known = {point["at"]: point["figure"] for point in item["points"]}
        if not known:
            continue
        cells = []
        for at in moments:
            name = known.get(at)
            shape: Sentence = [text("\u2013")] if name is None else (part_of(name) if item["share"] else [number(name)])
            cells.append(cell(shape))
        rows.append((cell([phrase(item["label"])]), *cells))
    header = ("Measure", *(shown_day(datetime.fromisoformat(at).date()) for at in moments))
    share = 64 // max(1, len(moments))
    return [
        Table(
            "The same measures in each summary",
            header,
            tuple(rows),
            (36, *(share for _ in moments)),
            tuple(range(1, len(moments) + 1)),
        )
    ]
