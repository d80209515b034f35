"""The self-assessment as a whole: overview, areas, who holds what, gaps."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.inspections.models import Area
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of
from ncpi.lib.exports import as_file, wanted
from ncpi.lib.versions import StaleVersion
from ncpi.selfassessment import access, assignment_operations, gap_operations, operations, queries
from ncpi.selfassessment.canonical import TEXTS
from ncpi.selfassessment.evidence_gaps import RULES_IN_BRIEF, RULES_IN_WORDS
from ncpi.selfassessment.forms import AssignForm
from ncpi.selfassessment.views.returns import returns_page


@requires(Permission.JUDGEMENT_VIEW)
def overview(request, ref):
    inspection = get_inspection(request.user, ref, Permission.JUDGEMENT_VIEW)
    if not access.reads_drafts(request.user, inspection):
        return render(request, "selfassessment/returns.html", returns_page(request, inspection))
    if wanted(request):
        return _export(request, inspection)
    held = permissions_in(request.user, inspection.force_id)
    found = queries.overview(inspection, user=request.user)
    context = {
        "inspection": inspection,
        "overview": found,
        "held": held,
        "may_bring": Permission.JUDGEMENT_ASSIGN in held
        and found.is_any_not_started
        and queries.inspection_before(inspection),
        "on": clock_of(inspection.force).on,
    }
    return render(request, "selfassessment/overview.html", context)


@requires(Permission.JUDGEMENT_ASSIGN)
@require_POST
def begin(request, ref):
    inspection = get_inspection(request.user, ref, Permission.JUDGEMENT_ASSIGN)
    try:
        operations.begin(by=request.user, inspection=inspection, at=clock_of(inspection.force).at)
    except InspectionClosed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Self-assessment begun: every criterion has its page.")
    return redirect("selfassessment:overview", ref)


@requires(Permission.DRAFT_VIEW)
def area(request, ref, area):
    inspection = get_inspection(request.user, ref, Permission.DRAFT_VIEW)
    found = get_object_or_404(Area, programme=inspection.programme_id, key=area)
    lines, standing, scope, cases = queries.area_lines(inspection, found)
    if not lines:
        raise Http404
    context = {
        "inspection": inspection,
        "area": found,
        "lines": lines,
        "standing": standing,
        "scope": scope,
        "cases": cases,
        "held": permissions_in(request.user, inspection.force_id),
        "on": clock_of(inspection.force).on,
    }
    return render(request, "selfassessment/area.html", context)


@requires(Permission.JUDGEMENT_ASSIGN)
def assign(request, ref):
    inspection = get_inspection(request.user, ref, Permission.JUDGEMENT_ASSIGN)
    chosen_area, chosen_lead = request.GET.get("area", ""), request.GET.get("lead", "")
    shown = queries.assignable(inspection, area=chosen_area, lead=chosen_lead)
    form = AssignForm(request.POST or None, force=inspection.force, shown=shown)
    if request.method == "POST" and form.is_valid():
        try:
            count = assignment_operations.assign(
                by=request.user, inspection=inspection, versions=form.versions, changes=form.changes
            )
        except (StaleVersion, InspectionClosed, operations.NotPossibleNow) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{count} {'criterion' if count == 1 else 'criteria'} assigned.")
            return redirect(request.get_full_path())
    chosen, all_of_them = set(request.POST.getlist("criteria")), "all" in request.GET and request.method == "GET"
    rows = [(row, choice := f"{row.pk}:{row.version}", all_of_them or choice in chosen) for row in shown]
    context = {"inspection": inspection, "form": form, "rows": rows}
    context["areas"] = Area.objects.filter(programme=inspection.programme_id).order_by("order", "pk")
    holders = form.fields["lead"].queryset.values_list("pk", "name")
    context.update(area=chosen_area, lead=chosen_lead, holders=[(str(pk), name) for pk, name in holders])
    return render(request, "selfassessment/assign.html", context)


@requires(Permission.DRAFT_VIEW)
def gaps(request, ref):
    inspection = get_inspection(request.user, ref, Permission.DRAFT_VIEW)
    asked = queries.GapFilter.of(request.GET)
    every = queries.gaps(inspection)
    found = asked.narrow(every)
    if wanted(request):
        rows = [_gap_row(row.weakness.claim, line) for row in found for line in row.gaps]
        header = ("criterion", "title", "area", "grade", "gap", "action due")
        return as_file(request, name=f"Evidence gaps {ref}", header=header, rows=rows)
    context = {
        "inspection": inspection,
        "found": found,
        "asked": asked,
        "areas": sorted({line.weakness.claim.area for line in every}),
        "kinds": RULES_IN_BRIEF.items(),
        "query": urlencode({"area": asked.area, "rule": asked.rule, "acted": asked.acted}),
        "rules": RULES_IN_WORDS.values(),
        "may_act": not inspection.is_closed,
        "held": permissions_in(request.user, inspection.force_id),
    }
    return render(request, "selfassessment/gaps.html", context)


@requires(Permission.DRAFT_VIEW)
@require_POST
def act_on_gap(request, ref, criterion, rule):
    judgement = access.get_judgement(request.user, ref, criterion, Permission.DRAFT_VIEW)
    clock = clock_of(judgement.inspection.force)
    try:
        gap_operations.act_on_gap(by=request.user, judgement=judgement, rule=rule, on=clock.on, at=clock.at)
    except (gap_operations.GapNotThere, gap_operations.NobodyHoldsIt, InspectionClosed) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Action raised. {judgement.lead.name} owns it.")
    if request.POST.get("back") == "gaps":
        return redirect("selfassessment:gaps", ref)
    return redirect("selfassessment:criterion", ref, criterion)


def _gap_row(claim, line):
    due = line.action.due_date if line.action else ""
    return claim.key, claim.title, claim.area, claim.grade, line.gap.reason, due


def _export(request, inspection):
    rows = (
        (
            row.criterion.area.title, row.criterion.key, row.criterion.title, row.grade.label if row.grade else "",
            row.get_state_display(), row.lead.name if row.lead else "", row.reviewer.name if row.reviewer else "",
            row.due_date, *(getattr(row, name) for name in TEXTS),
        )
        for row in queries.whole_return(inspection).judgements
    )  # fmt: skip
    header = ("area", "criterion", "title", "grade", "state", "lead", "reviewer", "due", *TEXTS)
    return as_file(request, name=f"Self-assessment {inspection.ref}", header=header, rows=rows)
