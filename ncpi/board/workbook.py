"""A summary's figures as an Excel workbook, for those who reckon on."""

from collections.abc import Mapping
from typing import Any

from ncpi.board.wording import figures_of, shown, shown_moment
from ncpi.lib.tables import Sheet, write_xlsx

FIELDS = ("id", "measure", "area", "breakdown", "numerator", "denominator", "value", "low", "high", "as_at", "source")


def workbook(content: Mapping[str, Any]) -> bytes:
    """Return the figures, the picture by area and the overdue actions, each on a sheet."""
    return write_xlsx(_about(content), _figures(content), _warnings(content))


def _about(content: Mapping[str, Any]) -> Sheet:
    inspection = content["inspection"]
    rows = [
        ("Force", inspection["force"]),
        ("Inspection", inspection["title"]),
        ("Programme", content["programme"]["title"]),
        ("Phase", inspection["phase"]),
        ("As at", shown_moment(content["as_at"])),
        *(("In short", shown(sentence, figures_of(content))) for sentence in content["sentences"]),
    ]
    return Sheet("About", ("What", "Words"), rows)


def _figures(content: Mapping[str, Any]) -> Sheet:
    rows = []
    for figure in content["figures"]:
        interval = figure["interval"] or {"low": None, "high": None}
        known = {**figure, "low": interval["low"], "high": interval["high"]}
        rows.append([known[name] for name in FIELDS])
    return Sheet("Figures", FIELDS, rows)


def _warnings(content: Mapping[str, Any]) -> Sheet:
    figures = figures_of(content)
    rows = [
        (area["area"], area["title"], flag["label"], shown(flag["sentence"], figures))
        for area in content["areas"]
        for flag in area["flags"]
    ]
    return Sheet("Warnings", ("Area", "Title", "Warning", "Why"), rows)
