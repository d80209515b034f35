"""Gradings of inspectors: of the force's sample and of further cases, one by one or as a list."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from audits import access, inspector_operations, inspector_queries, inspector_rows
from audits.forms import CorrectGradeForm, GradeForm
from audits.inspector_forms import FurtherGradeForm, GradeListForm
from ncpi.accounts import journal
from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of
from ncpi.lib.exports import as_table

REFUSALS = (
    inspector_operations.GradedAlready,
    inspector_operations.NothingToCorrect,
    inspector_operations.IsDrawn,
    inspector_operations.ImportedAlready,
    InspectionClosed,
)


@requires(Permission.INSPECTOR_GRADES)
@require_GET
def inspector_gradings(request, ref):
    inspection = get_inspection(request.user, ref, Permission.INSPECTOR_GRADES)
    cases = list(inspector_queries.cases_for_inspector(inspection))
    journal.record(by=request.user, verb="read the sample of", subject=inspection, force=inspection.force)
    context = {
        "inspection": inspection,
        "cases": cases,
        "graded": sum(1 for case in cases if case.inspector_grade),
        "further": list(inspector_queries.further_gradings(inspection)),
        "lists": list(inspector_queries.grade_lists(inspection)),
    }
    return render(request, "audits/inspector_gradings.html", context)


@requires(Permission.INSPECTOR_GRADES)
def grade_as_inspector(request, ref, code):
    """Grade a case of the sample, or correct the grade that stands."""
    case = access.get_case_for_inspector(request.user, ref, code)
    history = inspector_queries.history_of_case(case)
    form_of = CorrectGradeForm if history else GradeForm
    form = form_of(request.POST or None, programme_id=case.inspection.programme_id)
    if form.is_valid():
        given = {"by": request.user, "at": clock_of(case.inspection.force).at, **form.cleaned_data}
        try:
            if history:
                inspector_operations.correct_inspector_grading(grading=history[0], **given)
            else:
                inspector_operations.grade_as_inspector(case=case, **given)
        except REFUSALS as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Grade corrected." if history else "Grading recorded.")
            return redirect("audits:inspector-gradings", ref)
    context = {"inspection": case.inspection, "case": case, "form": form, "history": history}
    return render(request, "audits/grade_as_inspector.html", context)


@requires(Permission.INSPECTOR_GRADES)
def grade_further(request, ref):
    inspection = get_inspection(request.user, ref, Permission.INSPECTOR_GRADES)
    form = FurtherGradeForm(request.POST or None, programme_id=inspection.programme_id)
    if form.is_valid():
        at = clock_of(inspection.force).at
        try:
            inspector_operations.grade_further_case(by=request.user, inspection=inspection, at=at, **form.cleaned_data)
        except REFUSALS as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Grading recorded.")
            return redirect("audits:inspector-gradings", ref)
    return render(request, "audits/grade_further.html", {"inspection": inspection, "form": form, "history": []})


@requires(Permission.INSPECTOR_GRADES)
def further(request, ref, pk):
    """Correct the grade of a further case."""
    row = access.get_further_grading(request.user, ref, pk)
    form = CorrectGradeForm(request.POST or None, programme_id=row.inspection.programme_id)
    if form.is_valid():
        at = clock_of(row.inspection.force).at
        try:
            inspector_operations.correct_inspector_grading(by=request.user, grading=row, at=at, **form.cleaned_data)
        except REFUSALS as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Grade corrected.")
            return redirect("audits:inspector-gradings", ref)
    history = inspector_queries.history_of_further(row)
    context = {"inspection": row.inspection, "row": row, "form": form, "history": history}
    return render(request, "audits/grade_further.html", context)


@requires(Permission.INSPECTOR_GRADES)
def import_grades(request, ref):
    inspection = get_inspection(request.user, ref, Permission.INSPECTOR_GRADES)
    form = GradeListForm(request.POST or None, request.FILES or None)
    problems = ()
    if form.is_valid():
        try:
            made = _import(request, inspection, form)
        except inspector_rows.GradesRefused as refused:
            problems = refused.problems
            form.add_error("file", str(refused))
        except REFUSALS as refused:
            form.add_error("file", str(refused))
        else:
            said = f"{made.drawn} gradings of our sample and {made.further} of further cases imported."
            messages.success(request, said)
            return redirect("audits:inspector-gradings", ref)
    context = {"inspection": inspection, "form": form, "problems": problems, "columns": inspector_rows.COLUMNS_SAID}
    return render(request, "audits/import_grades.html", context)


def _import(request, inspection, form):
    return inspector_operations.import_grades(
        by=request.user,
        inspection=inspection,
        document=form.cleaned_data["file"],
        table=form.table,
        names_allowed=form.cleaned_data["no_names"],
        at=clock_of(inspection.force).at,
    )


@requires(Permission.INSPECTOR_GRADES)
@require_GET
def columns(request, ref):
    get_inspection(request.user, ref, Permission.INSPECTOR_GRADES)
    return as_table("csv", name="Inspector gradings", header=inspector_rows.COLUMNS, rows=[])
