"""The sample's pages: frame, plan, draw, certificate, cases."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cases import access, operations, queries, sampling
from cases.exports import CASE_HEADER, case_row
from cases.extract import OPTIONAL_COLUMNS, REQUIRED_COLUMNS
from cases.forms import CaseFilter, DrawForm, ExtractForm, PlanForm, ReplaceForm
from cases.hooks import CaseInUse
from cases.record import write_record
from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of
from ncpi.lib.listing import listing
from ncpi.lib.tables import Sheet, write_csv, write_xlsx
from ncpi.lib.versions import StaleVersion

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REFUSALS = (
    InspectionClosed,
    operations.FrameIsFrozen,
    operations.NotInUse,
    operations.DrawnFrom,
    StaleVersion,
)
DRAW_REFUSALS = (
    operations.AlreadyDrawn,
    operations.PlanSuperseded,
    operations.FrameChanged,
    InspectionClosed,
)
PROBLEMS_SHOWN = 100


@requires(Permission.SAMPLE_VIEW)
@require_GET
def sample(request, ref):
    inspection = get_inspection(request.user, ref, Permission.SAMPLE_VIEW)
    return _sample_page(request, inspection, "cases/sample.html")


@requires(Permission.SAMPLE_MANAGE)
def import_extract(request, ref):
    inspection = get_inspection(request.user, ref, Permission.SAMPLE_MANAGE)
    form = ExtractForm(request.POST or None, request.FILES or None)
    problems = ()
    if request.method == "POST" and form.is_valid():
        try:
            frame = _import(request, inspection, form.cleaned_data["extract"])
        except operations.ExtractRefused as refused:
            problems = refused.problems
            form.add_error("extract", str(refused))
        except (operations.ImportedAlready, operations.FrameIsFrozen, InspectionClosed) as refused:
            form.add_error("extract", str(refused))
        else:
            messages.success(request, f"{frame.rows:,} cases imported. Look at them, then freeze the frame.")
            return redirect("cases:frame", ref=ref, number=frame.number)
    context = {"form": form, "problems": problems[:PROBLEMS_SHOWN], "more": max(0, len(problems) - PROBLEMS_SHOWN)}
    context |= {"required": REQUIRED_COLUMNS, "optional": OPTIONAL_COLUMNS}
    return _sample_page(request, inspection, "cases/import.html", **context)


@requires(Permission.SAMPLE_MANAGE)
@require_GET
def extract_columns(request, ref):
    get_inspection(request.user, ref, Permission.SAMPLE_MANAGE)
    return _file(write_csv((*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS), []), "case-extract.csv", "text/csv")


@requires(Permission.SAMPLE_VIEW)
@require_GET
def frame(request, ref, number):
    found = access.get_frame(request.user, ref, number, Permission.SAMPLE_VIEW)
    context = {"inspection": found.inspection, "frame": found, "composition": queries.composition(found)}
    context["may_manage"] = _may_manage(request, found.inspection)
    return render(request, "cases/frame.html", context)


@requires(Permission.SAMPLE_VIEW)
@require_GET
def frame_csv(request, ref, number):
    found, content = access.export_frame(request.user, ref, number)
    return _file(content, f"frame-{found.number}.csv", "text/csv")


@requires(Permission.SAMPLE_MANAGE)
@require_POST
def freeze(request, ref, number):
    found = access.get_frame(request.user, ref, number, Permission.SAMPLE_MANAGE)
    return _act_on_frame(request, found, operations.freeze_frame, "Frame frozen. Now fix the plan.")


@requires(Permission.SAMPLE_MANAGE)
@require_POST
def discard(request, ref, number):
    found = access.get_frame(request.user, ref, number, Permission.SAMPLE_MANAGE)
    return _act_on_frame(request, found, operations.discard_frame, "Frame discarded and its rows erased.")


@requires(Permission.SAMPLE_MANAGE)
def plan(request, ref):
    inspection = get_inspection(request.user, ref, Permission.SAMPLE_MANAGE)
    state = queries.sample_state(inspection)
    if state.stage not in ("plan", "draw"):
        return redirect("cases:sample", ref=ref)
    form = PlanForm(request.POST or None, types=state.types)
    if request.method == "POST" and form.is_valid():
        try:
            _fix_plan(request, state.frame, form)
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
    if state.stage != "draw":
        return redirect("cases:sample", ref=ref)
    form = DrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = clock_of(inspection.force).at
        try:
            operations.draw_sample(by=request.user, sample=state.sample, seed=form.cleaned_data["seed"], at=at)
        except (
            operations.AlreadyDrawn,
            operations.PlanSuperseded,
            operations.FrameChanged,
            InspectionClosed,
        ) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{state.total_asked} cases drawn.")
            return redirect("cases:sample", ref=ref)
    return render(request, "cases/draw.html", {"inspection": inspection, "state": state, "form": form})


@requires(Permission.SAMPLE_VIEW)
@require_GET
def certificate(request, ref):
    found = access.read_certificate(request.user, ref)
    context = {
        "inspection": found.sample.inspection,
        "certificate": found,
        "printed_at": clock_of(found.sample.inspection.force).at,
    }
    return render(request, "cases/certificate.html", context)


@requires(Permission.SAMPLE_VIEW)
@require_GET
def draw_json(request, ref):
    _, record = access.export_record(request.user, ref, what="record of the draw")
    return _file(write_record(record), "draw.json", "application/json")


@requires(Permission.SAMPLE_VIEW)
@require_GET
def drawn_csv(request, ref):
    _, record = access.export_record(request.user, ref, what="drawn cases")
    return _file(record.drawn_file, "drawn.csv", "text/csv")


@requires(Permission.SAMPLE_VIEW)
@require_GET
def cases(request, ref):
    filters = CaseFilter(request.GET)
    inspection, rows = access.read_cases(request.user, ref, filters.chosen)
    context = {
        "inspection": inspection,
        "listing": listing(request, rows),
        "filters": filters.chosen,
        "states": CaseFilter.STATES,
        "types": queries.case_types(inspection),
        "districts": queries.districts(inspection),
        "may_manage": _may_manage(request, inspection),
    }
    return render(request, "cases/list.html", context)


@requires(Permission.SAMPLE_VIEW)
@require_GET
def cases_csv(request, ref):
    inspection, rows = access.export_cases(request.user, ref, CaseFilter(request.GET).chosen)
    content = write_csv(CASE_HEADER, map(case_row, rows))
    return _file(content, f"cases-{inspection.ref}.csv", "text/csv")


@requires(Permission.SAMPLE_VIEW)
@require_GET
def cases_xlsx(request, ref):
    inspection, rows = access.export_cases(request.user, ref, CaseFilter(request.GET).chosen)
    content = write_xlsx(Sheet("Cases", CASE_HEADER, map(case_row, rows)))
    return _file(content, f"cases-{inspection.ref}.xlsx", XLSX)


@requires(Permission.SAMPLE_VIEW)
@require_GET
def case(request, ref, code):
    found = access.get_case(request.user, ref, code, Permission.SAMPLE_VIEW)
    context = {"inspection": found.inspection, "case": found, "may_manage": _may_manage(request, found.inspection)}
    return render(request, "cases/case.html", context)


@requires(Permission.SAMPLE_MANAGE)
def replace(request, ref, code):
    found = access.get_case(request.user, ref, code, Permission.SAMPLE_MANAGE)
    form = ReplaceForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            replacement = operations.replace_case(
                by=request.user, case=found, at=clock_of(found.inspection.force).at, **form.cleaned_data
            )
        except StaleVersion as stale:
            form.take_version(stale.row.version)
            form.add_error(None, str(stale))
        except (operations.AlreadyReplaced, sampling.OrderExhausted, CaseInUse, InspectionClosed) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{found} replaced by {replacement}.")
            return redirect("cases:case", ref=ref, code=replacement.code)
    return render(request, "cases/replace.html", {"inspection": found.inspection, "case": found, "form": form})


def _import(request, inspection, upload):
    return operations.import_extract(
        by=request.user,
        inspection=inspection,
        file_name=upload.name,
        data=upload.read(),
        at=clock_of(inspection.force).at,
    )


def _fix_plan(request, frame, form):
    return operations.fix_plan(
        by=request.user,
        frame=frame,
        sizes=form.sizes,
        second_grading_percent=form.cleaned_data["second_grading_percent"],
        at=clock_of(frame.inspection.force).at,
    )


def _act_on_frame(request, frame, act, done):
    """Freeze or discard, as the person saw the frame."""
    version = request.POST.get("version", "")
    at = clock_of(frame.inspection.force).at
    try:
        act(
            by=request.user, frame=frame, version=int(version) if version.isdecimal() and len(version) < 9 else 0, at=at
        )
    except REFUSALS as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("cases:sample", ref=frame.inspection.ref)


def _sample_page(request, inspection, template, **more):
    context = {"inspection": inspection, "state": queries.sample_state(inspection), **more}
    context["may_manage"] = _may_manage(request, inspection)
    return render(request, template, context)


def _may_manage(request, inspection):
    return Permission.SAMPLE_MANAGE in permissions_in(request.user, inspection.force_id)


def _file(content, name, media_type):
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
