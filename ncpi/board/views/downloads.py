"""What leaves by download: the summary as data, its pictures, and the Board's paper."""

import json

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.board import access, queries
from ncpi.board.models import SummaryState
from ncpi.board.paper import Standing
from ncpi.board.paper_docx import docx
from ncpi.board.paper_pdf import pdf
from ncpi.board.pictures import Chart
from ncpi.board.workbook import workbook
from ncpi.lib.dates import to_local
from ncpi.lib.exports import DOCX, XLSX, as_named_file


@requires(Permission.BOARD_VIEW)
@require_safe
def summary_json(request, ref, number):
    """The frozen content with its number, state and digest beside it."""
    summary = access.get_summary(request.user, ref, number, Permission.BOARD_VIEW)
    data = {"number": summary.number, "state": summary.state, "digest": summary.digest, **access.content_of(summary)}
    return HttpResponse(json.dumps(data, ensure_ascii=False, indent=1), content_type="application/json")


@requires(Permission.BOARD_VIEW)
@require_safe
def frozen_json(request, ref, number):
    """The very bytes that the digest is over."""
    summary = access.get_summary(request.user, ref, number, Permission.BOARD_VIEW)
    content = summary.content.encode("utf-8")
    name = f"{ref}-summary-{number}"
    return as_named_file(content, name=name, extension="frozen.json", media_type="application/json")


@requires(Permission.BOARD_VIEW)
@require_safe
def chart_svg(request, ref, number, name):
    chart = access.get_chart(request.user, ref, number, name)
    response = HttpResponse(chart.svg, content_type="image/svg+xml; charset=utf-8")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


@requires(Permission.BOARD_VIEW)
@require_safe
def paper_pdf(request, ref, number):
    return _paper(request, ref, number, pdf, "application/pdf", "pdf")


@requires(Permission.BOARD_VIEW)
@require_safe
def paper_docx(request, ref, number):
    return _paper(request, ref, number, docx, DOCX, "docx")


@requires(Permission.BOARD_VIEW)
@require_safe
def figures_xlsx(request, ref, number):
    summary = access.get_summary(request.user, ref, number, Permission.BOARD_VIEW)
    content = workbook(access.content_of(summary))
    return as_named_file(content, name=f"{ref}-summary-{number}", extension="xlsx", media_type=XLSX)


def _paper(request, ref, number, write, media_type, ending):
    summary = access.get_summary(request.user, ref, number, Permission.BOARD_VIEW)
    on = to_local(summary.as_at).date()
    meeting = queries.meeting_facts(queries.meeting_of(summary.inspection, on), on)
    charts = [
        Chart(c.name, c.title, c.description, c.svg.encode(), bytes(c.png)) for c in summary.charts.order_by("order")
    ]
    standing = Standing(summary.number, summary.covering_note, is_released=summary.state == SummaryState.RELEASED)
    data = write(access.content_of(summary), meeting, charts, standing)
    return as_named_file(data, name=f"{ref}-board-paper-{number}", extension=ending, media_type=media_type)
