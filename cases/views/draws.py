"""The draw: sample page, plan, seed, certificate, files."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from cases import access, operations, queries, sampling
from cases.forms import DrawForm, PlanForm
from cases.record import write_record
from cases.views.shared import sample_page
from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of
from ncpi.lib.exports import CSV, as_named_file

DRAW_REFUSALS = (
    operations.AlreadyDrawn,
    operations.PlanSuperseded,
    operations.FrameChanged,
    InspectionClosed,
)


@requires(Permission.SAMPLE_VIEW)
@require_GET
def sample(request, ref):
    inspection = get_inspection(request.user, ref, Permission.SAMPLE_VIEW)
    return sample_page(request, inspection, "cases/sample.html")


@requires(Permission.SAMPLE_MANAGE)
def plan(request, ref):
    inspection = get_inspection(request.user, ref, Permission.SAMPLE_MANAGE)
    state = queries.sample_state(inspection)
    if state.stage in ("extract", "freeze"):
        return redirect("cases:sample", ref=ref)
    form = PlanForm(request.POST or None, types=state.types, next_round=state.next_round)
    if request.method == "POST" and form.is_valid():
        try:
            _fix_plan(request, state, form)
        except (operations.NotFrozen, operations.PlanIsFixed, sampling.PlanBeyondFrame, InspectionClosed) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Plan fixed. Now enter the seed.")
            return redirect("cases:draw", ref=ref)
    return render(request, "cases/plan.html", {"inspection": inspection, "state": state, "form": form})


@requires(Permission.SAMPLE_MANAGE)
def draw(request, ref):
    inspection = get_inspection(request.user, ref, Permission.SAMPLE_MANAGE)
    state = queries.sample_state(inspection)
    if state.planned is None:
        return redirect("cases:sample", ref=ref)
    form = DrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = clock_of(inspection.force).at
        try:
            operations.draw_sample(by=request.user, sample=state.planned, seed=form.cleaned_data["seed"], at=at)
        except DRAW_REFUSALS as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{state.total_asked} cases drawn.")
            return redirect("cases:sample", ref=ref)
    context = {"inspection": inspection, "state": state, "form": form, "plan": queries.asked_rows(state.planned)}
    return render(request, "cases/draw.html", context)


@requires(Permission.SAMPLE_VIEW)
@require_GET
def certificate(request, ref, number):
    found = access.read_certificate(request.user, ref, number)
    context = {
        "inspection": found.sample.inspection,
        "certificate": found,
        "printed_at": clock_of(found.sample.inspection.force).at,
    }
    return render(request, "cases/certificate.html", context)


@requires(Permission.SAMPLE_VIEW)
@require_GET
def draw_json(request, ref):
    content = write_record(access.export_record(request.user, ref))
    return as_named_file(content, name="draw", extension="json", media_type="application/json")


@requires(Permission.SAMPLE_VIEW)
@require_GET
def drawn_csv(request, ref, number):
    content = access.export_round(request.user, ref, number, what="drawn cases")
    return as_named_file(content, name="drawn", extension="csv", media_type=CSV)


@requires(Permission.SAMPLE_VIEW)
@require_GET
def places_csv(request, ref, number):
    content = access.export_round(request.user, ref, number, what="places")
    return as_named_file(content, name="places", extension="csv", media_type=CSV)


@requires(Permission.SAMPLE_VIEW)
@require_GET
def used_csv(request, ref, number):
    content = access.export_round(request.user, ref, number, what="used before")
    return as_named_file(content, name="used", extension="csv", media_type=CSV)


def _fix_plan(request, state, form):
    return operations.fix_plan(
        by=request.user,
        frame=state.frame,
        sizes=form.sizes,
        second_grading_percent=form.cleaned_data["second_grading_percent"],
        second_at_extremes=form.cleaned_data["second_at_extremes"],
        spread=form.cleaned_data["spread"],
        round_number=form.cleaned_data["round"],
        at=clock_of(state.frame.inspection.force).at,
    )
