"""The words of the Board's paper, section by section, from a summary's frozen content."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from ncpi.board.figures import Figure
from ncpi.board.paper import Block, Heading, Meeting, Paper, Paragraph, Picture, Standing, Table, cell, facts
from ncpi.board.trend import SIGNED
from ncpi.board.wording import Sentence, day, figures_of, number, one_or_many, phrase, quote, shown_day, text
from ncpi.lib.digests import digest

Content = Mapping[str, Any]
RELEASED = Standing()
DRAFT = " (draft, not released to the Board)"
KINDS = {"note": "To note", "ask": "To ask", "decide": "To decide"}
STATES = {"done": "Done", "past": "Past", "overdue": "Overdue", "today": "Today", "ahead": "Ahead"}


def _day(iso: str) -> Sentence:
    return [day(date.fromisoformat(iso))] if iso else [text("not set")]


def _of(name: str) -> Sentence:
    return [number(name), text(" of "), number(name, "denominator")]


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
                *_day(inspection["fieldwork_start_date"]),
                text(" to "),
                *_day(inspection["fieldwork_end_date"]),
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
    warned = [
        [quote(area["title"]), phrase(f" \u2013 {flag['label'].lower()}. "), *flag["sentence"]]
        for area in content["areas"]
        for flag in area["flags"]
        if flag["kind"] in {"contradicted", "untested", "understated"}
    ]
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
    if warned:
        blocks.append(
            Paragraph([text("The warnings that bear on what the force says of itself are these:")], tuple(warned))
        )
    return [*blocks, *_grades(content, figures)]


def _grades(content: Content, figures: Mapping[str, Figure]) -> list[Block]:
    if not figures[content["whole"]["cases"]["good"]]["denominator"]:
        return [Paragraph([text("No audited case has a published grade yet.")])]
    rows = tuple((cell([phrase(item["label"])]), cell(_of(item["figure"]))) for item in content["coverage"])
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
            cell(_day(area["newest_evidence"]) if area["newest_evidence"] else [text("no evidence")]),
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
    return [number(name)] if figure["denominator"] is None else _of(name)


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
                *_of(totals["open"]),
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
            cell(_day(r["due_date"])),
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
            cell(_day(row["date"])),
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
            shape: Sentence = [text("\u2013")] if name is None else (_of(name) if item["share"] else [number(name)])
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
