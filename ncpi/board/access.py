"""The ways to a summary. Who may only read the Board's page finds released ones; a draft does not exist."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from ncpi.accounts.access import permissions_in
from ncpi.accounts.permissions import Permission
from ncpi.board.models import Ask, Meeting, Summary, SummaryChart, SummaryState
from ncpi.inspections.access import get_inspection
from ncpi.inspections.models import Inspection

WITH_ALL = ("inspection__force", "inspection__programme", "approved_by", "released_by")


def get_summary(user: Any, ref: str, number: int, permission: Permission) -> Summary:
    """Return a summary that the person may read; a draft only to those who may read drafts."""
    rows = Summary.objects.visible_to(user, permission).select_related(*WITH_ALL)
    summary = get_object_or_404(rows, inspection__ref=ref, number=number)
    if not may_read(user, summary):
        raise Http404
    return summary


def may_read(user: Any, summary: Summary) -> bool:
    if summary.state == SummaryState.RELEASED:
        return True
    return Permission.SUMMARY_VIEW in permissions_in(user, summary.inspection.force_id)


@dataclass(frozen=True)
class Released:
    """The inspection and its latest released summary, which may not be there yet."""

    inspection: Inspection
    summary: Summary | None


def get_released(user: Any, ref: str) -> Released:
    """Return the latest released summary of an inspection, found in one query."""
    rows = Summary.objects.visible_to(user, Permission.BOARD_VIEW).released().select_related(*WITH_ALL)
    summary = rows.filter(inspection__ref=ref).order_by("-as_at", "-number").first()
    if summary:
        return Released(summary.inspection, summary)
    return Released(get_inspection(user, ref, Permission.BOARD_VIEW), None)


def get_chart(user: Any, ref: str, number: int, name: str) -> SummaryChart:
    rows = SummaryChart.objects.filter(
        summary__in=Summary.objects.visible_to(user, Permission.BOARD_VIEW), summary__inspection__ref=ref
    )
    chart = get_object_or_404(
        rows.select_related("summary__inspection").defer("summary__content", "png"), summary__number=number, name=name
    )
    if not may_read(user, chart.summary):
        raise Http404
    return chart


def get_meeting(inspection: Inspection, pk: int) -> Meeting:
    return get_object_or_404(Meeting, inspection=inspection, pk=pk)


def get_ask(inspection: Inspection, pk: int) -> Ask:
    return get_object_or_404(Ask.objects.select_related("inspection__force"), inspection=inspection, pk=pk)


def content_of(summary: Summary) -> dict[str, Any]:
    """Return a summary's frozen content."""
    content: dict[str, Any] = json.loads(summary.content)
    return content
