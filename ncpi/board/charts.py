"""The pictures of a summary, drawn once from its frozen content and kept with it.

Every mark is placed by a figure, every label is a figure's own text, and each picture can be read
without colour: series differ by shape, dash and a label beside them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import altair as alt
import vl_convert

from ncpi.board.chart_svg import accessible
from ncpi.board.figures import Figure
from ncpi.board.pictures import Chart
from ncpi.board.wording import figures_of, shown_day, shown_figure
from ncpi.lib import typeface

NAVY, TEAL, SAND, RUST, SLATE, RULE = "#14284b", "#0a6270", "#ecd9a6", "#b4532a", "#4a5870", "#d5dbe3"
GOOD_TO_POOR = (TEAL, SAND, RUST)
INK_ON = {TEAL: "#ffffff", SAND: "#1d2733", RUST: "#ffffff", "#7fb3b0": "#1d2733", "#14284b": "#ffffff"}
WIDTH = 400
HEADER = {
    "title": None,
    "labelFontSize": 12,
    "labelFontWeight": 600,
    "labelColor": "#1d2733",
    "labelAnchor": "start",
    "labelPadding": 10,
}
SERIES = {"open": "Open", "planned": "If every date is kept"}
SCALE = 3
VEGA_LITE = "6.4"


@dataclass(frozen=True)
class Drawing:
    title: str
    description: str
    spec: Any


def _colours(grades: list[Mapping[str, Any]]) -> dict[str, str]:
    if len(grades) <= 3:
        palette = GOOD_TO_POOR[: len(grades)]
    else:
        palette = (NAVY, TEAL, "#7fb3b0", SAND, RUST)[-len(grades) :]
    return {grade["id"]: colour for grade, colour in zip(grades, palette, strict=True)}


def _areas(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(content["areas"])


def _line(text: str, longest: int = 42) -> str:
    """Cut an area's title to fit an axis; the table beneath has it whole."""
    if len(text) <= longest:
        return text
    return text[:longest].rsplit(" ", 1)[0] + "\u2026"


def _claim_row(area: Mapping[str, Any], figures: Mapping[str, Figure], good: str) -> tuple[dict[str, Any], str]:
    """Return an area's place in the picture, and the words that say the same."""
    claim, cases = figures[area["claimed_good"]], figures[area["cases"]["good"]]
    row: dict[str, Any] = {"area": _line(area["title"]), "claim": claim["value"], "label": "no cases"}
    words = f"{area['title']}: {claim['numerator']} of {claim['denominator']} criteria called {good}"
    if cases["interval"] is None:
        return row, f"{words}; no audited cases"
    counted = f"{cases['numerator']} of {cases['denominator']}"
    row |= {"cases": cases["value"], **cases["interval"], "label": counted}
    return row, f"{words}; {counted} cases {good} (interval {shown_figure(cases, 'interval')})"


def claims_and_cases(content: Mapping[str, Any]) -> Drawing:
    """Set the share of criteria called good beside the share of cases found good, with its interval."""
    good = content["programme"]["good"]
    found = [_claim_row(area, figures_of(content), good) for area in _areas(content)]
    rows, told = [row for row, _ in found], [words for _, words in found]
    order = [row["area"] for row in rows]
    axis = alt.Axis(title=f"Share that is {good}", format="%", tickCount=5, orient="top")
    y = alt.Y("area:N", sort=order, axis=alt.Axis(title=None))
    base = alt.Chart(alt.Data(values=rows))
    keys = [f"Criteria called {good}", f"Audited cases {good}, with interval"]

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=alt.Scale(domain=[0, 1]), axis=axis)

    def under(key: str) -> Any:
        """Name the series in the data: a word in a Vega expression would be read as code."""
        return alt.Chart(alt.Data(values=[{**row, "key": key} for row in rows]))

    def keyed() -> dict[str, Any]:
        legend = alt.Legend(title=None, orient="top", symbolSize=110, labelLimit=260)
        return {
            "color": alt.Color("key:N", scale=alt.Scale(domain=keys, range=[NAVY, TEAL]), legend=legend),
            "shape": alt.Shape("key:N", scale=alt.Scale(domain=keys, range=["diamond", "circle"]), legend=legend),
        }

    spec = alt.layer(
        base.mark_rule(strokeWidth=5, color="#9fc6c4", strokeCap="round").encode(y=y, x=x("low"), x2="high:Q"),
        under(keys[1]).mark_point(filled=True, size=95, opacity=1).encode(y=y, x=x("cases"), **keyed()),
        under(keys[0]).mark_point(filled=True, size=95, opacity=1).encode(y=y, x=x("claim"), **keyed()),
        base.mark_text(align="left", dx=10, color=SLATE, fontSize=11).encode(y=y, x=alt.value(WIDTH), text="label:N"),
    ).properties(width=WIDTH, height=alt.Step(30))
    return Drawing("What the force says and what the cases show", ". ".join(told) + ".", spec)


def _counts(area: Mapping[str, Any], content: Mapping[str, Any], figures: Mapping[str, Figure]) -> list[int]:
    found = {item["grade"]: figures[item["figure"]]["numerator"] or 0 for item in area["cases"]["grades"]}
    return [found.get(grade["id"], 0) for grade in content["programme"]["grades"]]


def _grades_told(area: Mapping[str, Any], content: Mapping[str, Any], figures: Mapping[str, Figure]) -> str:
    grades = zip(_counts(area, content, figures), content["programme"]["grades"], strict=True)
    words = ", ".join(f"{count} {grade['label'].lower()}" for count, grade in grades)
    return f"{area['title']}: {words}, of {figures[area['cases']['good']]['denominator']}"


def _grade_rows(
    area: Mapping[str, Any], content: Mapping[str, Any], figures: Mapping[str, Figure]
) -> list[dict[str, Any]]:
    """Return one bar's parts, best grade first; the first carries the words beside the bar."""
    programme, good = content["programme"], figures[area["cases"]["good"]]
    colours, total, before = _colours(programme["grades"]), good["denominator"] or 1, 0
    rows: list[dict[str, Any]] = []
    for count, grade in zip(_counts(area, content, figures), programme["grades"], strict=True):
        rows.append(
            {
                "area": _line(area["title"]),
                "n": "" if rows else _share(good, programme["good"]),
                "grade": grade["label"],
                "from": before / total,
                "to": (before + count) / total,
                "middle": (before + count / 2) / total,
                "count": str(count) if count else "",
                "ink": INK_ON[colours[grade["id"]]],
            }
        )
        before += count
    return rows


def grade_distribution(content: Mapping[str, Any]) -> Drawing:
    """Show audited cases by grade in each area, with n and counts on the bars."""
    figures, grades = figures_of(content), content["programme"]["grades"]
    colours = _colours(grades)
    areas = [{"title": "All cases", "cases": content["whole"]["cases"]}, *_areas(content)]
    graded = [area for area in areas if figures[area["cases"]["good"]]["denominator"]]
    rows = [row for area in graded for row in _grade_rows(area, content, figures)]
    told = [_grades_told(area, content, figures) for area in graded]
    labels = [grade["label"] for grade in grades]
    order = list(dict.fromkeys(row["area"] for row in rows))
    colour = alt.Color(
        "grade:N",
        scale=alt.Scale(domain=labels, range=[colours[g["id"]] for g in grades]),
        legend=alt.Legend(title=None, orient="top", symbolType="square", columns=len(labels)),
    )
    y = alt.Y("area:N", sort=order, axis=alt.Axis(title=None))
    base = alt.Chart(alt.Data(values=rows))
    x = alt.X("from:Q", scale=alt.Scale(domain=[0, 1]), axis=None)
    spec = alt.layer(
        base.mark_bar(height=20, stroke="#ffffff", strokeWidth=1.5).encode(y=y, x=x, x2="to:Q", color=colour),
        base.mark_text(fontSize=12, fontWeight=600).encode(
            y=y, x=alt.X("middle:Q"), text="count:N", color=alt.Color("ink:N", scale=None)
        ),
        base.mark_text(align="left", dx=10, color=SLATE, fontSize=11).encode(y=y, x=alt.value(WIDTH), text="n:N"),
    ).properties(width=WIDTH, height=alt.Step(30))
    return Drawing("Audited cases by grade", ". ".join(told) + "." if told else "No graded cases yet.", spec)


def _share(figure: Figure, good: str) -> str:
    return f"{shown_figure(figure, 'percent')} {good} ({shown_figure(figure, 'interval')}), n = {figure['denominator']}"


def burn_down(content: Mapping[str, Any]) -> Drawing:
    """Show actions open so far, and left open later if each one ends on its date."""
    figures = figures_of(content)
    rows, told = [], []
    for point in content["tracking"]["burn_down"]:
        for kind, series in SERIES.items():
            if kind in point:
                count = figures[point[kind]]["numerator"]
                rows.append({"date": point["date"], "series": series, "count": count})
                told.append(f"{_short(point['date'])}: {count}, {series.lower()}")
    last_open = max((row["date"] for row in rows if row["series"] == "Open"), default="")
    for row in rows:
        row["label"] = "" if row["series"] != "Open" and row["date"] == last_open else str(row["count"])
    scale = alt.Scale(domain=list(SERIES.values()), range=[NAVY, TEAL])
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X(
            "utcyearmonthdate(date):T",
            scale=alt.Scale(type="utc"),
            axis=alt.Axis(
                title=None, format="%-d %b", grid=False, values=[row["date"] for row in rows], labelOverlap=True
            ),
        ),
        y=alt.Y("count:Q", axis=alt.Axis(title="Actions", tickMinStep=1, tickCount=5)),
    )
    key = alt.Legend(title=None, orient="top", symbolType="stroke", symbolStrokeWidth=3, symbolSize=400)
    spec = alt.layer(
        base.mark_line(strokeWidth=2.5).encode(
            color=alt.Color("series:N", scale=scale, legend=key),
            strokeDash=alt.StrokeDash(
                "series:N", scale=alt.Scale(domain=scale.domain, range=[[1, 0], [6, 4]]), legend=key
            ),
        ),
        base.mark_point(filled=True, size=45, opacity=1).encode(color=alt.Color("series:N", scale=scale)),
        base.mark_text(dy=-12, fontSize=11, color=SLATE).encode(text="label:N"),
    ).properties(width=WIDTH + 200, height=190)
    return Drawing("Actions still open", "; ".join(told) + "." if told else "No actions yet.", spec)


def _short(day: str) -> str:
    return shown_day(date.fromisoformat(day))


def _trend_rows(item: Mapping[str, Any], figures: Mapping[str, Figure]) -> list[dict[str, Any]]:
    points = [(point["at"], figures[point["figure"]]) for point in item["points"]]
    return [
        {"at": at, "series": item["label"], "value": figure["value"], "label": shown_figure(figure, "percent")}
        for at, figure in points
        if figure["value"] is not None
    ]


def _trend_told(item: Mapping[str, Any], figures: Mapping[str, Figure]) -> str:
    words = [f"{_short(row['at'][:10])} {row['label']}" for row in _trend_rows(item, figures)]
    return f"{item['label']}: {', '.join(words) or 'none'}"


def trend(content: Mapping[str, Any]) -> Drawing:
    """Show the headline shares in each summary so far."""
    figures = figures_of(content)
    series = [item for item in content["trend"] if item["share"]]
    rows = [row for item in series for row in _trend_rows(item, figures)]
    told = [_trend_told(item, figures) for item in series]
    names = [item["label"] for item in series]
    base = alt.Chart().encode(
        x=alt.X(
            "at:T",
            scale=alt.Scale(type="utc", padding=20),
            axis=alt.Axis(
                title=None, format="%-d %b", grid=False, labelOverlap=True, values=sorted({row["at"] for row in rows})
            ),
        ),
        y=alt.Y("value:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(title=None, format="%", tickCount=5)),
    )
    spec = (
        alt.layer(
            base.mark_line(strokeWidth=2.5, color=NAVY),
            base.mark_point(filled=True, size=60, opacity=1, color=NAVY),
            base.mark_text(dy=-13, fontSize=12, fontWeight=600, color=NAVY).encode(text="label:N"),
            data=alt.Data(values=rows),
        )
        .properties(width=178, height=150)
        .facet(
            column=alt.Column(
                "series:N",
                sort=names,
                header=HEADER,
            )
        )
    )
    return Drawing("Through the summaries", "; ".join(told) + ".", spec)


DRAWN: dict[str, Callable[[Mapping[str, Any]], Drawing]] = {
    "claims": claims_and_cases,
    "grades": grade_distribution,
    "burn-down": burn_down,
    "trend": trend,
}


CONFIG = {
    "font": typeface.STACK,
    "background": "white",
    "padding": {"left": 12, "top": 6, "right": 16, "bottom": 4},
    "view": {"continuousWidth": 300, "continuousHeight": 300, "stroke": None},
    "facet": {"spacing": 26},
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "labelLimit": 260,
        "gridColor": RULE,
        "domainColor": RULE,
        "tickColor": RULE,
        "labelColor": "#1d2733",
        "titleColor": SLATE,
        "labelPadding": 6,
    },
    "axisY": {"ticks": False, "domain": False},
    "legend": {"labelFontSize": 12, "labelColor": "#1d2733", "padding": 4},
}


def draw(content: Mapping[str, Any], name: str) -> Chart:
    """Draw one picture; the same content gives the same bytes."""
    drawing = DRAWN[name](content)
    # The configuration is put in as plain values: each `configure_…` of Altair copies and checks the whole chart.
    spec = drawing.spec.to_dict() | {"config": CONFIG}
    svg, png = rendered(json.dumps(spec, sort_keys=True))
    return Chart(
        name=name,
        title=drawing.title,
        description=drawing.description,
        svg=accessible(svg, name=name, title=drawing.title, description=drawing.description),
        png=png,
    )


@lru_cache(maxsize=32)
def rendered(spec: str) -> tuple[str, bytes]:
    """Give a chart's SVG and PNG. From one summary to the next most pictures stay, so the last ones are kept."""
    typeface.make_known_to_charts()
    svg = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    # The same bytes as drawing it again for the PNG, which took half of the time.
    return svg, vl_convert.svg_to_png(svg, scale=SCALE)


@lru_cache(maxsize=4)
def charts(data: bytes) -> tuple[Chart, ...]:
    """Draw the pictures of a summary's bytes. When keeping them fails and is tried again, they are not drawn again."""
    content = json.loads(data)
    return tuple(draw(content, name) for name in DRAWN)
