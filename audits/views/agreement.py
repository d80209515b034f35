"""How alike people grade the same cases: everybody's for the moderator, one's own for each auditor."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from audits import agreement, agreement_queries, inspector_queries, queries
from audits.agreement_queries import AGREED_INSPECTOR, FIRST_INSPECTOR, FIRST_SECOND
from ncpi.accounts import journal
from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.inspections.models import Grade

# Title, names of rows and columns, how a sentence calls them, which capacities.
COMPARED = (
    ("First and second auditor", "First", "Second", "First auditors' grades", "second auditors'", FIRST_SECOND),
    ("First auditor and inspector", "First", "Inspector", "First auditors' grades", "inspectors'", FIRST_INSPECTOR),
    ("Agreed grade and inspector", "Agreed", "Inspector", "Our grades", "inspectors'", AGREED_INSPECTOR),
)


@requires(Permission.AUDIT_FIGURES_VIEW)
@require_GET
def agreement_page(request, ref):
    inspection = get_inspection(request.user, ref, Permission.AUDIT_FIGURES_VIEW)
    journal.record(by=request.user, verb="read the agreement of", subject=inspection, force=inspection.force)
    scale = queries.scale_by_key(inspection.programme_id)
    labels = dict(Grade.objects.filter(programme_id=inspection.programme_id).values_list("key", "label"))
    pairs = agreement_queries.pairs_of(inspection)
    sees_people = Permission.AUDIT_MODERATE in permissions_in(request.user, inspection.force_id)
    context = {
        "inspection": inspection,
        "comparisons": [_comparison(inspection, scale, labels, pairs, *compared) for compared in COMPARED],
        "auditors": agreement_queries.by_auditor(scale, pairs) if sees_people else [],
        "sees_people": sees_people,
        "inspected": inspector_queries.inspected(inspection, {key: labels[key] for key in scale.keys}),
        "rules": list(agreement.Outcome),
        "fewest": agreement.FEWEST_PAIRS,
    }
    return render(request, "audits/agreement.html", context)


def _comparison(inspection, scale, labels, pairs, title, row, column, rows, columns, capacities):
    counted = pairs[capacities]
    result = agreement_queries.measured(scale, counted)
    return {
        "title": title,
        "row": row,
        "column": column,
        "labels": [labels[key] for key in scale.keys],
        "result": result,
        "sentence": result.direction(rows, columns),
        "lines": [
            (labels[key], [(n, i == j) for j, n in enumerate(result.counts[i])]) for i, key in enumerate(scale.keys)
        ],
        "by_type": agreement_queries.by_case_type(scale, counted, inspection) if counted else [],
        "drift": agreement_queries.drift(scale, counted),
    }


@requires(Permission.AUDIT_DO)
@require_GET
def my_agreement(request, ref):
    inspection = get_inspection(request.user, ref, Permission.AUDIT_DO)
    journal.record(by=request.user, verb="read their own agreement in", subject=inspection, force=inspection.force)
    scale = queries.scale_by_key(inspection.programme_id)
    own = agreement_queries.of_auditor(scale, agreement_queries.pairs_of(inspection), request.user)
    context = {
        "inspection": inspection,
        "comparisons": [
            ("The other auditor of the case", own.peers, own.peers.direction("Your grades", "the other auditors'")),
            ("The inspectors", own.inspectors, own.inspectors.direction("Your grades", "the inspectors'")),
        ],
        "fewest": agreement.FEWEST_PAIRS,
    }
    return render(request, "audits/my_agreement.html", context)
