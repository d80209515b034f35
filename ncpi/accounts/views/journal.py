"""Who did and saw what: the pages of information governance."""

from datetime import datetime

from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from ncpi.accounts import operations, queries
from ncpi.accounts.access import requires
from ncpi.accounts.forms import JournalFilterForm
from ncpi.accounts.permissions import Permission
from ncpi.lib.exports import CSV, named
from ncpi.lib.tables import csv_lines

PAGE_SIZE = 50
EXPORT_HEADER = ("at", "by", "force", "verb", "subject_type", "subject", "detail", "address")


@requires(Permission.JOURNAL_VIEW)
def journal(request):
    rows = queries.journal_of(request.user, JournalFilterForm(request.GET).wanted)
    entries, has_more = queries.journal_page(rows, before=_place(request), size=PAGE_SIZE)
    kept = request.GET.copy()
    kept.pop("before", None)
    context = {
        "entries": entries,
        "older": f"{entries[-1].at.isoformat()}_{entries[-1].pk}" if has_more else "",
        "query": kept.urlencode(),
        "verbs": queries.verbs_of(request.user),
        "filter": request.GET,
    }
    return render(request, "accounts/journal.html", context)


@requires(Permission.JOURNAL_VIEW)
def export(request):
    wanted = JournalFilterForm(request.GET).wanted
    operations.record_journal_export(by=request.user, wanted=str(wanted))
    rows = queries.journal_of(request.user, wanted)
    lines = csv_lines(EXPORT_HEADER, (_exported(row) for row in rows.iterator(chunk_size=1000)))
    return named(StreamingHttpResponse(lines, content_type=CSV), "journal", "csv")


@requires(Permission.JOURNAL_VIEW)
def reading(request):
    readings = queries.readings_of(request.user, at=timezone.now())
    return render(request, "accounts/journal_reading.html", {"readings": readings, "days": queries.READING_DAYS})


def _place(request):
    """Return the place in the journal that the address names; one that makes no sense is the beginning."""
    moment, _, number = request.GET.get("before", "").partition("_")
    try:
        at = datetime.fromisoformat(moment)
        return (at, int(number)) if timezone.is_aware(at) and number.isdecimal() and len(number) < 19 else None
    except ValueError:
        return None


def _exported(row):
    by = row.by.name if row.by else "The service"
    force = row.force.name if row.force else ""
    return row.at.isoformat(), by, force, row.verb, row.subject_type, row.subject, row.detail, row.address
