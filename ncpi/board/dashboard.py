"""The Board page from a summary's frozen content: the same parts as the paper, arranged for a screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ncpi.board.figures import Figure
from ncpi.board.paper_progress import STATES
from ncpi.board.paper_sections import KINDS
from ncpi.board.wording import Sentence, figures_of, number, one_or_many, phrase, text

DOT = " \u00b7 "
SIGNED_TAGS = {
    "valid": "Signed",
    "stale": "Signed, changed since",
    "withdrawn": "Signature withdrawn",
    "none": "Not signed",
}


@dataclass(frozen=True)
class Bar:
    """One grade's part of a bar of a hundred, in the shade that the charts give the grade."""

    shade: str
    label: str
    start: float
    width: float


@dataclass(frozen=True)
class AreaRow:
    key: str
    title: str
    signature: str
    signature_label: str
    signed_by: str
    signed_date: date | None
    says: Sentence
    says_bar: tuple[Bar, ...]
    cases: Sentence
    cases_bar: tuple[Bar, ...]
    others: Sentence
    missing: tuple[Sentence, ...]
    newest_evidence: date | None
    flags: tuple[Mapping[str, Any], ...]

    @property
    def is_contradicted(self) -> bool:
        return any(flag["kind"] == "contradicted" for flag in self.flags)


@dataclass(frozen=True)
class Dashboard:
    content: Mapping[str, Any]
    figures: Mapping[str, Figure]
    areas: tuple[AreaRow, ...]
    clocks: tuple[Mapping[str, Any], ...]
    asks: tuple[tuple[str, str], ...]
    grades: tuple[tuple[str, str], ...]
    trend_moments: tuple[datetime, ...]
    trend: tuple[tuple[str, tuple[Sentence, ...]], ...]
    burn_down: tuple[tuple[date, Sentence, Sentence], ...]
    changed_since: datetime | None


SHADES = ("navy", "teal", "mint", "sand", "rust")


def shades(count: int) -> tuple[str, ...]:
    """Name the shades of a scale, best first; the charts use the same."""
    return ("teal", "sand", "rust")[:count] if count <= len(SHADES) - 2 else SHADES[-count:]


def _day(iso: str) -> date | None:
    return date.fromisoformat(iso) if iso else None


def _bars(
    items: list[Mapping[str, str]], grades: list[Mapping[str, Any]], figures: Mapping[str, Figure]
) -> tuple[Bar, ...]:
    counts = {item["grade"]: figures[item["figure"]]["numerator"] or 0 for item in items}
    total = sum(counts.values())
    bars, start = [], 0.0
    for shade, grade in zip(shades(len(grades)), grades, strict=True):
        width = round(100 * counts.get(grade["id"], 0) / total, 2) if total else 0.0
        if width:
            bars.append(Bar(shade, grade["label"], round(start, 2), width))
        start += width
    return tuple(bars)


def _listed(items: list[Mapping[str, str]], labels: Mapping[str, str], figures: Mapping[str, Figure]) -> Sentence:
    found: Sentence = []
    for item in items:
        if figures[item["figure"]]["numerator"]:
            found += [*([text(DOT)] if found else []), number(item["figure"])]
            found.append(phrase(f" {labels[item['grade']].lower()}"))
    return found


def _cases(area: Mapping[str, Any], labels: Mapping[str, str], figures: Mapping[str, Figure]) -> Sentence:
    good = area["cases"]["good"]
    if not figures[good]["denominator"]:
        return [text("No graded case speaks to this yet.")]
    return [
        *_listed(area["cases"]["grades"], labels, figures),
        text(", of "),
        number(good, "denominator"),
        text(" ("),
        number(good, "percent"),
        text(", "),
        number(good, "interval"),
        text(")"),
    ]


def _others(area: Mapping[str, Any], figures: Mapping[str, Figure]) -> Sentence:
    others = area["others"]
    if not figures[others["open"]]["numerator"]:
        return [text("Nothing open.")]
    found: Sentence = [number(others["open"]), text(" open")]
    for kind in ("overdue", "repeated"):
        if figures[others[kind]]["numerator"]:
            found += [text(", "), number(others[kind]), text(f" {kind}")]
    return found


def _area(area: Mapping[str, Any], content: Mapping[str, Any], figures: Mapping[str, Figure]) -> AreaRow:
    grades = content["programme"]["grades"]
    labels = {grade["id"]: grade["label"] for grade in grades}
    signature = area["signature"]
    return AreaRow(
        key=area["area"],
        title=area["title"],
        signature=signature["state"],
        signature_label=SIGNED_TAGS[signature["state"]],
        signed_by=signature["by"],
        signed_date=_day(signature["date"]),
        says=_listed(area["claims"], labels, figures) or [text("Not judged yet.")],
        says_bar=_bars(area["claims"], grades, figures),
        cases=_cases(area, labels, figures),
        cases_bar=_bars(area["cases"]["grades"], grades, figures),
        others=_others(area, figures),
        missing=tuple(gap["sentence"] for gap in area["missing"]),
        newest_evidence=_day(area["newest_evidence"]),
        flags=tuple(area["flags"]),
    )


def _clock(row: Mapping[str, str], figures: Mapping[str, Figure]) -> Mapping[str, Any]:
    figure = figures[row["days"]]
    words = " to go" if figure["measure"] == "days_to" else " ago"
    days: Sentence = [number(row["days"]), one_or_many(figure, f" day{words}", f" days{words}")]
    if not figure["numerator"]:
        days = [text("today")]
    return {**row, "date": date.fromisoformat(row["date"]), "state_label": STATES[row["state"]], "days": days}


def _trend(content: Mapping[str, Any]) -> tuple[tuple[datetime, ...], tuple[tuple[str, tuple[Sentence, ...]], ...]]:
    moments = sorted({point["at"] for item in content["trend"] for point in item["points"]})
    rows = []
    for item in content["trend"]:
        known = {point["at"]: point["figure"] for point in item["points"]}
        cells = tuple(_point(known.get(at), is_share=item["share"]) for at in moments)
        rows.append((item["label"], cells))
    return tuple(datetime.fromisoformat(at) for at in moments), tuple(rows)


def _point(name: str | None, *, is_share: bool) -> Sentence:
    if name is None:
        return [text("\u2013")]
    return [number(name), text(" of "), number(name, "denominator")] if is_share else [number(name)]


def _burn_down(content: Mapping[str, Any]) -> tuple[tuple[date, Sentence, Sentence], ...]:
    return tuple(
        (
            date.fromisoformat(point["date"]),
            _point(point.get("open"), is_share=False),
            _point(point.get("planned"), is_share=False),
        )
        for point in content["tracking"]["burn_down"]
    )


def dashboard(content: Mapping[str, Any]) -> Dashboard:
    """Arrange a summary for the Board page."""
    figures = figures_of(content)
    moments, rows = _trend(content)
    labels = [grade["label"] for grade in content["programme"]["grades"]]
    return Dashboard(
        content=content,
        figures=figures,
        areas=tuple(_area(area, content, figures) for area in content["areas"]),
        clocks=tuple(_clock(row, figures) for row in content["clocks"]),
        asks=tuple((KINDS.get(ask["kind"], "To note"), ask["text"]) for ask in content["asks"]),
        grades=tuple(zip(shades(len(labels)), labels, strict=True)),
        trend_moments=moments,
        trend=rows,
        burn_down=_burn_down(content),
        changed_since=datetime.fromisoformat(content["changes"]["since"]) if content["changes"]["since"] else None,
    )
