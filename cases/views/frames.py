"""The extract and the frame: brought, its columns named, looked at, frozen."""

import gzip

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases import access, extract_operations, operations, queries
from cases.checking import look
from cases.extract import OPTIONAL_COLUMNS, REQUIRED_COLUMNS
from cases.forms import ExtractForm, MappingForm
from cases.views.shared import may_manage, sample_page
from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of
from ncpi.lib.exports import CSV, as_named_file, as_table
from ncpi.lib.tables import UnreadableTable
from ncpi.lib.uploads import UnacceptableDocument
from ncpi.lib.versions import StaleVersion

REFUSALS = (
    InspectionClosed,
    operations.FrameIsFrozen,
    operations.NotInUse,
    operations.DrawnFrom,
    StaleVersion,
)
BRING_REFUSALS = (
    operations.ImportedAlready,
    operations.FrameIsFrozen,
    extract_operations.BeingChecked,
    InspectionClosed,
    UnacceptableDocument,
)


@requires(Permission.SAMPLE_MANAGE)
def import_extract(request, ref):
    inspection = get_inspection(request.user, ref, Permission.SAMPLE_MANAGE)
    form = ExtractForm(request.POST or None, request.FILES or None)
    problems = ()
    if request.method == "POST" and form.is_valid():
        try:
            extract = _bring(request, inspection, form.cleaned_data["extract"])
        except UnreadableTable as refused:
            problems = refused.problems
            form.add_error("extract", "Nothing was imported. Put the file right and bring it again.")
        except BRING_REFUSALS as refused:
            form.add_error("extract", str(refused))
        else:
            return redirect("cases:extract", ref=ref, number=extract.number)
    context = {"form": form, "problems": problems, "required": REQUIRED_COLUMNS, "optional": OPTIONAL_COLUMNS}
    return sample_page(request, inspection, "cases/import.html", **context)


@requires(Permission.SAMPLE_MANAGE)
def extract(request, ref, number):
    found = access.get_extract(request.user, ref, number)
    form = MappingForm(request.POST or None, header=found.header)
    if request.method == "POST" and form.is_valid():
        try:
            extract_operations.start_import(
                by=request.user, extract=found, mapping=form.cleaned_data, now=timezone.now()
            )
        except UnreadableTable as refused:
            for problem in refused.problems:
                form.add_error(None, f"{problem.column} {problem.message}")
        except (extract_operations.NotWaiting, InspectionClosed) as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("cases:extract", ref=ref, number=number)
    context = {"inspection": found.inspection, "extract": found, "form": form, "job": queries.job_of(found)}
    return render(request, "cases/extract.html", context)


@requires(Permission.SAMPLE_MANAGE)
@require_GET
def extract_problems(request, ref, number):
    found, packed = access.export_problems(request.user, ref, number)
    content = gzip.decompress(packed)
    return as_named_file(content, name=f"problems-{found.number}", extension="csv", media_type=CSV)


@requires(Permission.SAMPLE_MANAGE)
@require_POST
def put_extract_aside(request, ref, number):
    found = access.get_extract(request.user, ref, number)
    try:
        extract_operations.put_aside(by=request.user, extract=found, at=clock_of(found.inspection.force).at)
    except (extract_operations.NotWaiting, InspectionClosed) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The file is put aside. Nothing was imported.")
    return redirect("cases:sample", ref=ref)


@requires(Permission.SAMPLE_MANAGE)
@require_GET
def extract_columns(request, ref):
    get_inspection(request.user, ref, Permission.SAMPLE_MANAGE)
    return as_table("csv", name="Case extract", header=(*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS), rows=[])


@requires(Permission.SAMPLE_VIEW)
@require_GET
def frame(request, ref, number):
    found = access.get_frame(request.user, ref, number, Permission.SAMPLE_VIEW)
    context = {"inspection": found.inspection, "frame": found, "composition": queries.composition(found)}
    context["may_manage"] = may_manage(request, found.inspection)
    return render(request, "cases/frame.html", context)


@requires(Permission.SAMPLE_VIEW)
@require_GET
def frame_csv(request, ref, number):
    found, content = access.export_frame(request.user, ref, number)
    return as_named_file(content, name=f"frame-{found.number}", extension="csv", media_type=CSV)


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


def _bring(request, inspection, document):
    """Look at the top of the file, and keep it until its columns are named."""
    seen = look(document.file, document.extension)
    return extract_operations.bring_extract(
        by=request.user, inspection=inspection, document=document, look=seen, at=clock_of(inspection.force).at
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
