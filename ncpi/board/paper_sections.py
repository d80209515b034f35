"""The words of the Board's paper, section by section, from a summary's frozen content."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ncpi.board.figures import Figure
from ncpi.board.paper import Block, Heading, Meeting, Paper, Paragraph, Picture, Standing, Table, cell, facts
from ncpi.board.paper_parts import part_of, shown_on
from ncpi.board.paper_progress import dates, movement, promises
from ncpi.board.trend import SIGNED
from ncpi.board.wording import Sentence, figures_of, number, phrase, quote, text
from ncpi.lib.digests import digest

Content = Mapping[str, Any]
RELEASED = Standing()
DRAFT = " (draft, not released to the Board)"
KINDS = {"note": "To note", "ask": "To ask", "decide": "To decide"}


def purpose(content: Content, figures: Mapping[str, Figure], to: str) -> list[Block]:
    return [
        Heading("Purpose"),
        Paragraph(
            [
                text("The purpose of this paper is to tell the "),
                quote(to),
                text(" (the \u201cBoard\u201d) how ready "),
                quote(content["inspection"]["force"]),
                text(
                    " is for the National Child Protection Inspection (NCPI) run by the "
                    "inspectorate of constabulary (HMICFRS), as it stood on "
                ),
                {"at": content["as_at"]},
                text("."),
            ]
        ),
    ]


def recommendation(content: Content) -> list[Block]:
    asks = content["asks"]
    if not asks:
        return [
            Heading("Recommendation"),
            Paragraph([text("The Board is recommended to note the contents of this report.")]),
        ]
    return [
        Heading("Recommendation"),
        Paragraph([text("The Board is recommended to:")], tuple([quote(ask["text"])] for ask in asks)),
    ]


def overview(content: Content) -> list[Block]:
    inspection = content["inspection"]
    return [
        Heading("Overview"),
        Paragraph(
            [
                text(
                    "HMICFRS inspects the child protection work of every police force in England and Wales. "
                    "Its findings tell the police, the Police and Crime Commissioner and the public how well "
                    "children are protected, and secure improvements. The focus is on the outcomes for, and "
                    "experiences of, children who come into contact with the police when there are concerns "
                    "about their safety or well-being."
                ),
            ]
        ),
        Paragraph(
            [
                text("Fieldwork for "),
                quote(inspection["force"]),
                text(" runs from "),
                *shown_on(inspection["fieldwork_start_date"]),
                text(" to "),
                *shown_on(inspection["fieldwork_end_date"]),
                text(
                    ". It rests on the force\u2019s self-assessment, on case audits by the force and by "
                    "inspectors, and on interviews and focus groups. "
                ),
                phrase(f"{inspection['phase']}."),
            ]
        ),
        Paragraph([text("In short:")], tuple(content["sentences"])),
        Paragraph(
            [
                text(
                    "This paper gives no overall percentage. Grades are people\u2019s judgements; the paper "
                    "sets them beside audited cases and says where the two do not fit."
                ),
            ]
        ),
    ]


def _says(area: Mapping[str, Any], labels: Mapping[str, str], figures: Mapping[str, Figure]) -> tuple[Sentence, ...]:
    given = [item for item in area["claims"] if figures[item["figure"]]["numerator"]]
    lines: list[Sentence] = [
        [number(item["figure"]), phrase(f" {labels[item['grade']].lower()}")] for item in given
    ] or [[text("Not judged")]]
    lines.append([phrase(f"({SIGNED[area['signature']['state']]})")])
    return tuple(lines)


def _cases(area: Mapping[str, Any], labels: Mapping[str, str], figures: Mapping[str, Figure]) -> tuple[Sentence, ...]:
    good = area["cases"]["good"]
    if not figures[good]["denominator"]:
        return cell([text("No graded cases")])
    return (
        *([number(item["figure"]), phrase(f" {labels[item['grade']].lower()}")] for item in area["cases"]["grades"]),
        [
            text("of "),
            number(good, "denominator"),
            text(" ("),
            number(good, "percent"),
            text(", "),
            number(good, "interval"),
            text(")"),
        ],
    )


def _others(area: Mapping[str, Any], figures: Mapping[str, Figure]) -> tuple[Sentence, ...]:
    others = area["others"]
    if not figures[others["open"]]["numerator"]:
        return cell([text("None open")])
    lines: list[Sentence] = [[number(others["open"]), text(" open")]]
    for kind, words in (("overdue", " overdue"), ("repeated", " repeated")):
        if figures[others[kind]]["numerator"]:
            lines.append([number(others[kind]), text(words)])
    return tuple(lines)


def _warnings(area: Mapping[str, Any]) -> tuple[Sentence, ...]:
    return tuple([text(flag["label"])] for flag in area["flags"]) or cell([text("None")])


def picture_by_area(content: Content, figures: Mapping[str, Figure]) -> list[Block]:
    labels = {grade["id"]: grade["label"] for grade in content["programme"]["grades"]}
    good = content["programme"]["good"]
    rows = tuple(
        (
            cell([quote(a["title"])]),
            _says(a, labels, figures),
            _cases(a, labels, figures),
            _others(a, figures),
            _warnings(a),
        )
        for a in content["areas"]
    )
    blocks: list[Block] = [
        Heading("The picture by area"),
        Paragraph(
            [
                phrase(
                    "For each area the table gives what the force says of its own criteria, how audited cases "
                    f"in that area were graded (in brackets the share that was {good} and its interval), and "
                    "what earlier inspections and reviews asked for that is still open."
                ),
            ]
        ),
        Table(
            "What the force says, what the cases show and what others found",
            ("Area", "The force says", "Audited cases", "Others found", "Warnings"),
            rows,
            (23, 25, 25, 12, 15),
        ),
        Picture("claims", f"Share of criteria called {good} beside the share of audited cases {good}, with interval"),
    ]
    return [*blocks, *_warned(content), *_grades(content, figures)]


def _warned(content: Content) -> list[Block]:
    """Spell out the warnings that set the force's word against its cases."""
    warned = tuple(
        [quote(area["title"]), phrase(f" \u2013 {flag['label'].lower()}. "), *flag["sentence"]]
        for area in content["areas"]
        for flag in area["flags"]
        if flag["kind"] in {"contradicted", "untested", "understated"}
    )
    if not warned:
        return []
    return [Paragraph([text("The warnings that bear on what the force says of itself are these:")], warned)]


def _grades(content: Content, figures: Mapping[str, Figure]) -> list[Block]:
    if not figures[content["whole"]["cases"]["good"]]["denominator"]:
        return [Paragraph([text("No audited case has a published grade yet.")])]
    rows = tuple((cell([phrase(item["label"])]), cell(part_of(item["figure"]))) for item in content["coverage"])
    blocks: list[Block] = [
        Paragraph([text("The cases were drawn by a reproducible draw and graded by auditors; their distribution is:")]),
        Picture("grades", "Audited cases by agreed grade, with the share on the good side, its interval and n"),
    ]
    if rows:
        blocks.append(Table("How far the case audit has come", ("Measure", "Cases"), rows, (70, 30), (1,)))
    return blocks


def gaps(content: Content) -> list[Block]:
    rows = tuple(
        (
            cell([quote(area["title"])]),
            tuple(gap["sentence"] for gap in area["missing"]) or cell([text("Nothing found missing")]),
            cell(shown_on(area["newest_evidence"]) if area["newest_evidence"] else [text("no evidence")]),
        )
        for area in content["areas"]
    )
    return [
        Heading("What is missing"),
        Paragraph(
            [
                text(
                    "Evidence counts where it speaks for the period that inspectors will look at. By area, "
                    "this is not there yet:"
                )
            ]
        ),
        Table("Missing judgements and evidence", ("Area", "Missing", "Evidence runs to"), rows, (34, 44, 22)),
    ]


def _counted(name: str, figures: Mapping[str, Figure]) -> Sentence:
    figure = figures[name]
    if figure["numerator"] is None:
        return [number(name, "amount")]
    return [number(name)] if figure["denominator"] is None else part_of(name)


def _listed(caption: str, rows: list[Mapping[str, str]], figures: Mapping[str, Figure]) -> list[Block]:
    if not rows:
        return []
    body = tuple((cell([phrase(row["label"])]), cell(_counted(row["figure"], figures))) for row in rows)
    return [Table(caption, ("Measure", "Number"), body, (70, 30), (1,))]


def safety_and_fieldwork(content: Content, figures: Mapping[str, Figure]) -> list[Block]:
    return [
        Heading("Children\u2019s safety now, and the fieldwork"),
        Paragraph(
            [
                *content["concerns"]["sentence"],
                text(" A concern has its own clock, apart from any grade, and is closed by a second person."),
            ]
        ),
        *_listed("Concerns raised in the case audit", content["concerns"]["rows"], figures),
        Paragraph(content["fieldwork"]["sentence"]),
        *_listed("Interviews and focus groups", content["fieldwork"]["rows"], figures),
    ]


def asked(content: Content) -> list[Block]:
    asks = content["asks"] or [{"kind": "note", "text": "note the contents of this report."}]
    rows = tuple((cell([text(KINDS.get(ask["kind"], "To note"))]), cell([quote(ask["text"])])) for ask in asks)
    return [
        Heading("Recommendation and decisions asked for"),
        Paragraph(
            [
                text(
                    "The Board is recommended to do what the table lists. Answers recorded on the Board page "
                    "are kept with their date."
                )
            ]
        ),
        Table("Decisions asked for", ("Kind", "The Board is asked to"), rows, (18, 82)),
    ]


def made(content: Content) -> list[Block]:
    sources: dict[str, set[str]] = {}
    for figure in content["figures"]:
        if figure["measure"] not in {"trend", "more"}:
            sources.setdefault(figure["source"], set()).add(figure["as_at"])
    rows = tuple((cell([quote(source)]), cell([{"at": max(found)}])) for source, found in sorted(sources.items()))
    level: Sentence = [number(content["whole"]["cases"]["good"], "level")]
    if not any(f["interval"] for f in content["figures"]):
        level = [text("score")]
    return [
        Heading("How the figures were made"),
        Paragraph(
            [
                text(
                    "Every number in this paper is a figure of one frozen summary and can be followed home "
                    "from the Board page. Nothing was typed in. Percentages are rounded to whole numbers, "
                    "halves upwards; intervals are Wilson intervals ("
                ),
                *level,
                text("). A small number of cases gives a wide interval: it should be read before the percentage."),
            ]
        ),
        Paragraph(
            [
                text("The digest (the fingerprint of its exact contents) of the summary is "),
                quote(digest(content)),
                text("."),
            ]
        ),
        Table("Sources", ("Source", "As at"), rows, (64, 36)),
    ]


def _note(note: str) -> list[Block]:
    lines = [line for line in note.splitlines() if line.strip()]
    return [Paragraph([quote(line)]) for line in lines]


def sections(content: Content, meeting: Meeting, standing: Standing = RELEASED) -> Paper:
    figures = figures_of(content)
    meeting = facts(meeting)
    blocks = [
        *purpose(content, figures, meeting.to),
        *recommendation(content),
        *overview(content),
        *_note(standing.covering_note),
        *picture_by_area(content, figures),
        *gaps(content),
        *safety_and_fieldwork(content, figures),
        *promises(content, figures),
        *dates(content, figures),
        *movement(content, figures),
        *asked(content),
        *made(content),
    ]
    return Paper(
        meeting=meeting,
        subtitle=f"{content['inspection']['force']}: readiness for inspection{'' if standing.is_released else DRAFT}",
        as_at=datetime.fromisoformat(content["as_at"]),
        blocks=tuple(blocks),
        figures=figures,
    )
