"""Earlier moderations as guidance, for auditors and moderators."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from audits import guidance_queries
from audits.forms import GuidanceFilter
from ncpi.accounts import journal
from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.lib.listing import listing

A_PAGE = 20


@requires(Permission.GUIDANCE_VIEW)
@require_GET
def guidance(request, ref):
    inspection = get_inspection(request.user, ref, Permission.GUIDANCE_VIEW)
    asked = GuidanceFilter(request.GET).chosen
    found = listing(request, guidance_queries.guidance(request.user, inspection, asked=asked), size=A_PAGE)
    journal.record(by=request.user, verb="read the guidance of", subject=inspection, force=inspection.force)
    choices = guidance_queries.choices(request.user, inspection)
    context = {
        "inspection": inspection,
        "listing": found,
        "rows": guidance_queries.shown(found.page, inspection),
        "asked": asked,
        "selects": [
            ("question", "Question", choices.questions, asked.get("question", "")),
            ("criterion", "Criterion", choices.criteria, asked.get("criterion", "")),
            ("case_type", "Type of case", choices.case_types, asked.get("case_type", "")),
        ],
    }
    return render(request, "audits/guidance.html", context)
