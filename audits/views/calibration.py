"""The same five cases for every auditor, and then how far apart they lie."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from audits import access, calibration_operations, calibration_queries
from audits.forms import GradeForm
from ncpi.accounts import journal
from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of
from ncpi.lib.versions import StaleVersion


@requires(Permission.GUIDANCE_VIEW)
@require_GET
def calibration(request, ref):
    inspection = get_inspection(request.user, ref, Permission.GUIDANCE_VIEW)
    journal.record(by=request.user, verb="read the calibration of", subject=inspection, force=inspection.force)
    held = permissions_in(request.user, inspection.force_id)
    exercise = calibration_queries.open_calibration(inspection)
    moderates = Permission.AUDIT_MODERATE in held
    context = {
        "inspection": inspection,
        "exercise": exercise,
        "moderates": moderates,
        "audits": Permission.AUDIT_DO in held,
        "own": calibration_queries.own_cases(exercise, request.user) if exercise else [],
        "progress": calibration_queries.progress(exercise) if exercise and moderates else [],
        "closed": calibration_queries.closed_exercises(inspection, request.user, sees_people=moderates),
    }
    return render(request, "audits/calibration.html", context)


@requires(Permission.AUDIT_DO)
def calibrate(request, ref, pk):
    case = access.get_calibration_case(request.user, ref, pk)
    form = GradeForm(request.POST or None, programme_id=case.inspection.programme_id)
    if form.is_valid():
        at = clock_of(case.inspection.force).at
        try:
            calibration_operations.grade_for_calibration(by=request.user, case=case, at=at, **form.cleaned_data)
        except (calibration_operations.CannotCalibrate, InspectionClosed) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Grade recorded.")
            return redirect("audits:calibration", ref)
    return render(request, "audits/calibrate.html", {"inspection": case.inspection, "case": case, "form": form})


@requires(Permission.AUDIT_MODERATE)
@require_POST
def begin(request, ref):
    inspection = get_inspection(request.user, ref, Permission.AUDIT_MODERATE)
    try:
        calibration_operations.begin_calibration(
            by=request.user, inspection=inspection, at=clock_of(inspection.force).at
        )
    except (calibration_operations.CannotCalibrate, InspectionClosed) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The exercise is open to every auditor.")
    return redirect("audits:calibration", ref)


@requires(Permission.AUDIT_MODERATE)
@require_POST
def close(request, ref, pk):
    exercise = access.get_calibration(request.user, ref, pk)
    at = clock_of(exercise.inspection.force).at
    try:
        calibration_operations.close_calibration(by=request.user, exercise=exercise, version=exercise.version, at=at)
    except (calibration_operations.CannotCalibrate, InspectionClosed, StaleVersion) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Closed. Its auditors now see the spread.")
    return redirect("audits:calibration", ref)
