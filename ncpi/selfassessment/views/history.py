"""How the self-assessment came to say what it says: one judgement's versions, and the whole at a moment."""

from django.shortcuts import render

from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.lib.clocks import clock_of
from ncpi.selfassessment import access, queries
from ncpi.selfassessment.return_forms import MomentForm
from ncpi.selfassessment.signing import differences


@requires(Permission.DRAFT_VIEW)
def history(request, ref, criterion):
    judgement = access.get_judgement(request.user, ref, criterion, Permission.DRAFT_VIEW)
    versions = queries.versions(judgement)
    chosen = [_number(request.GET.get(name, "")) for name in ("from", "to")]
    context = {
        "judgement": judgement,
        "inspection": judgement.inspection,
        "versions": versions[::-1],
        "changes": queries.changes(versions),
        "comparison": queries.comparison(versions, *chosen),
        "chosen": chosen if any(chosen) else [versions[0].number, versions[-1].number],
        "is_asked": any(chosen),
    }
    return render(request, "selfassessment/history.html", context)


@requires(Permission.DRAFT_VIEW)
def as_it_was(request, ref):
    inspection = get_inspection(request.user, ref, Permission.DRAFT_VIEW)
    form = MomentForm(request.GET or None, now=clock_of(inspection.force).at)
    context = {"inspection": inspection, "form": form}
    if request.GET and form.is_valid():
        found = queries.as_it_was(inspection, at=form.at)
        now = queries.scope_to_sign(inspection, None)
        areas = queries.by_area(inspection, found.text)
        context.update(
            at=form.at, found=found, areas=areas, spread=queries.spread_of(areas),
            differences=differences(found.text, now.text),
        )  # fmt: skip
    return render(request, "selfassessment/as_it_was.html", context)


def _number(text):
    return int(text) if text.isdecimal() and len(text) < 10 else 0
