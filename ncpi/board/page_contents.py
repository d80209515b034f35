"""What the Board's pages show, gathered for one template each."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import Http404
from django.urls import reverse

from ncpi.accounts.permissions import Permission
from ncpi.board import queries
from ncpi.board.access import content_of
from ncpi.board.dashboard import dashboard
from ncpi.board.figures import MEASURES
from ncpi.board.models import Ask, Meeting, Summary, SummaryState
from ncpi.board.wording import figures_of
from ncpi.inspections.models import Inspection
from ncpi.jobs.models import Job


def version_of(data: Mapping[str, str]) -> int:
    """Read the version that a button carries; what is not a number is version nought, which nothing has."""
    text = data.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def figure_base(summary: Summary, held: set[Permission]) -> str:
    """Return the start of the address of each figure's page, for those who may follow."""
    if Permission.FIGURE_VIEW not in held:
        return ""
    return reverse("board:figure", args=[summary.inspection.ref, summary.number, "-"]).removesuffix("-")


def _shown(summary: Summary, held: set[Permission]) -> dict[str, Any]:
    return {
        "inspection": summary.inspection,
        "summary": summary,
        "board": dashboard(content_of(summary)),
        "charts": {row.name.replace("-", "_"): row for row in summary.charts.defer("svg", "png").order_by("order")},
        "figure_base": figure_base(summary, held),
    }


def board_page(summary: Summary, held: set[Permission]) -> dict[str, Any]:
    """Return a released summary as the Board reads it, with what members answered."""
    responses = summary.responses.select_related("by").order_by("at", "pk")
    return {
        **_shown(summary, held),
        "responses": responses,
        "may_respond": Permission.BOARD_RESPOND in held and summary.state == SummaryState.RELEASED,
    }


def summary_page(summary: Summary, held: set[Permission]) -> dict[str, Any]:
    """Return a summary as those see it who make, approve and release it."""
    others = Summary.objects.filter(inspection=summary.inspection).exclude(pk=summary.pk).released()
    before = others.filter(as_at__lt=summary.as_at).without_content().order_by("-as_at", "-pk").first()
    return {
        **_shown(summary, held),
        "before": before,
        "may_write": Permission.SUMMARY_COMPILE in held and summary.state == SummaryState.DRAFT,
        "may_approve": Permission.SUMMARY_APPROVE in held and summary.state == SummaryState.DRAFT,
        "may_release": Permission.SUMMARY_APPROVE in held and summary.state == SummaryState.APPROVED,
    }


def readiness_page(inspection: Inspection, held: set[Permission], on: date) -> dict[str, Any]:
    """Return the inspection's summaries, the compilation under way, and what the next paper will be headed."""
    summaries = Summary.objects.filter(inspection=inspection).without_content().select_related("released_by")
    job = Job.objects.filter(kind="compile_summary", key=f"inspection-{inspection.pk}").order_by("-pk").first()
    return {
        "inspection": inspection,
        "summaries": summaries.order_by("-number"),
        "job": job,
        "meetings": Meeting.objects.filter(inspection=inspection).order_by("-held_date", "pk"),
        "meeting": queries.meeting_of(inspection, on),
        "asks": Ask.objects.filter(inspection=inspection, withdrawn_at=None).order_by("order", "pk"),
        "may_compile": Permission.SUMMARY_COMPILE in held and not inspection.is_closed,
    }


SOURCES = {
    "self-assessment": ("selfassessment:overview", Permission.JUDGEMENT_VIEW, "The self-assessment"),
    "actions": ("actions:list", Permission.ACTION_VIEW, "Recommendations and actions"),
    "fieldwork": ("fieldwork:overview", Permission.FIELDWORK_VIEW, "Fieldwork"),
    "inspection": ("inspections:inspection", Permission.INSPECTION_VIEW, "The inspection's dates"),
    "case audits": ("audits:agreement", Permission.AUDIT_FIGURES_VIEW, "Case audits"),
}


def figure_page(summary: Summary, name: str, held: set[Permission]) -> dict[str, Any]:
    """Return one figure of a summary: what it counts, as at when, from where."""
    content = content_of(summary)
    figures = figures_of(content)
    if name not in figures:
        raise Http404
    figure = figures[name]
    titles = {area["area"]: area["title"] for area in content["areas"]}
    grades = {grade["id"]: grade["label"] for grade in content["programme"]["grades"]}
    return {
        "inspection": summary.inspection,
        "summary": summary,
        "figure": figure,
        "counts": MEASURES.get(figure["measure"], ""),
        "area_title": titles.get(figure["area"], "Whole force"),
        "breakdown": grades.get(figure["breakdown"], figure["breakdown"]),
        "as_at": datetime.fromisoformat(figure["as_at"]),
        **_source(summary.inspection, figure["source"], held),
        "points": _points(content, name),
    }


def _source(inspection: Inspection, source: str, held: set[Permission]) -> dict[str, str]:
    """Return the way to the rows behind a figure, for those who may see them."""
    name, permission, title = SOURCES.get(source.split(":")[0], ("", None, ""))
    if permission not in held:
        return {}
    return {"source_address": reverse(name, args=[inspection.ref]), "source_title": title}


def _points(content: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the figure's value in each summary so far, where the summary carries a trend of it."""
    figures = figures_of(content)
    series: Mapping[str, Any] = next((item for item in content["trend"] if item["id"] == name), {"points": []})
    return [{"at": datetime.fromisoformat(p["at"]), "figure": figures[p["figure"]]} for p in series["points"]]
