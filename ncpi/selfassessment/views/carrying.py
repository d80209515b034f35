"""Bringing last inspection's return forward, all at once or criterion by criterion."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of
from ncpi.lib.versions import StaleVersion
from ncpi.selfassessment import access, queries
from ncpi.selfassessment.carrying_operations import bring_all_forward, bring_forward, confirm_carried
from ncpi.selfassessment.operations import NotPossibleNow

REFUSALS = (NotPossibleNow, StaleVersion, InspectionClosed)


@requires(Permission.JUDGEMENT_ASSIGN)
def bring_all(request, ref):
    inspection = get_inspection(request.user, ref, Permission.JUDGEMENT_ASSIGN)
    if request.method == "POST":
        try:
            count = bring_all_forward(by=request.user, inspection=inspection, at=clock_of(inspection.force).at)
        except REFUSALS as refusal:
            messages.error(request, str(refusal))
        else:
            brought = "1 criterion" if count == 1 else f"{count} criteria"
            messages.success(request, f"{brought} brought forward: each is to be changed or confirmed.")
            return redirect("selfassessment:overview", ref)
        return redirect("selfassessment:bring-all-forward", ref)
    source, rows = queries.source_of(inspection), queries.not_started(inspection)
    pairs = [(row, source.criteria.get(source.match(row.criterion.key))) for row in rows] if source else []
    context = {"inspection": inspection, "source": source, "pairs": pairs}
    context["matched"] = sum(earlier is not None for _, earlier in pairs)
    return render(request, "selfassessment/bring_all.html", context)


@requires(Permission.JUDGEMENT_EDIT)
def bring_one(request, ref, criterion):
    judgement = access.get_judgement(request.user, ref, criterion, Permission.JUDGEMENT_EDIT)
    if request.method == "POST":
        return _act(request, bring_forward, judgement, "Brought forward. Read it and save it.", key=True)
    source = queries.source_of(judgement.inspection)
    chosen = request.GET.get("from") or (source.match(criterion) if source else "")
    context = {
        "judgement": judgement,
        "inspection": judgement.inspection,
        "source": source,
        "earlier": source.criteria.get(chosen) if source else None,
        "may_bring": judgement.state == "not_started",
    }
    return render(request, "selfassessment/bring_one.html", context)


@requires(Permission.JUDGEMENT_EDIT)
@require_POST
def confirm(request, ref, criterion):
    judgement = access.get_judgement(request.user, ref, criterion, Permission.JUDGEMENT_EDIT)
    return _act(request, confirm_carried, judgement, "Confirmed: this is the force's judgement now.")


def _act(request, act, judgement, done, *, key=False):
    """Do one act whose button carries the version, and the earlier criterion where one is chosen."""
    which = {"key": request.POST.get("key", "")} if key else {}
    at = clock_of(judgement.inspection.force).at
    try:
        version = int(request.POST.get("version", ""))
        act(by=request.user, judgement=judgement, version=version, at=at, **which)
    except ValueError:
        messages.error(request, "The button was incomplete. Try again.")
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("selfassessment:criterion", judgement.inspection.ref, judgement.criterion.key)
