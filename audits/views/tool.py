"""The questions of an audit: the force's own beside the programme's, and a blank form for working on paper."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from audits import access, operations, page_parts, tool_operations, tool_queries
from audits.forms import OwnQuestionForm
from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of


@requires(Permission.SAMPLE_MANAGE)
@require_GET
def questions(request, ref):
    inspection = get_inspection(request.user, ref, Permission.SAMPLE_MANAGE)
    rows = tool_queries.own_rows(inspection)
    context = {
        "inspection": inspection,
        "own": rows,
        "has_news": any(row.state in ("draft", "stale") for row in rows),
        "versions": list(tool_queries.versions(inspection)),
        "by_type": tool_queries.questions_by_type(inspection),
        "waiting": tool_queries.waiting_audits(inspection),
    }
    return render(request, "audits/questions.html", context)


@requires(Permission.SAMPLE_MANAGE)
def add_question(request, ref):
    inspection = get_inspection(request.user, ref, Permission.SAMPLE_MANAGE)
    form = OwnQuestionForm(request.POST or None, programme_id=inspection.programme_id)
    if form.is_valid():
        at = clock_of(inspection.force).at
        try:
            tool_operations.add_question(by=request.user, inspection=inspection, at=at, **form.cleaned_data)
        except InspectionClosed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Question added. It is asked once you put it to use.")
            return redirect("audits:questions", ref)
    return render(request, "audits/add_question.html", {"inspection": inspection, "form": form})


@requires(Permission.SAMPLE_MANAGE)
@require_POST
def withdraw_question(request, ref, pk):
    inspection = get_inspection(request.user, ref, Permission.SAMPLE_MANAGE)
    question = access.get_own_question(inspection, pk)
    at = clock_of(inspection.force).at
    try:
        tool_operations.withdraw_question(by=request.user, inspection=inspection, question=question, version=1, at=at)
    except (tool_operations.Withdrawn, InspectionClosed) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Question withdrawn. It leaves once you put the change to use.")
    return redirect("audits:questions", ref)


@requires(Permission.SAMPLE_MANAGE)
@require_POST
def put_to_use(request, ref):
    inspection = get_inspection(request.user, ref, Permission.SAMPLE_MANAGE)
    try:
        tool, moved = tool_operations.put_to_use(
            by=request.user, inspection=inspection, at=clock_of(inspection.force).at
        )
    except (tool_operations.NothingNew, InspectionClosed) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Version {tool.number} is in use. {moved} audits that nobody had begun have it.")
    return redirect("audits:questions", ref)


@requires(Permission.AUDIT_DO)
@require_POST
def take_to_paper(request, ref, pk):
    audit = access.get_own_audit(request.user, ref, pk)
    try:
        operations.take_to_paper(by=request.user, audit=audit, at=clock_of(audit.inspection.force).at)
    except (operations.NotYours, InspectionClosed) as error:
        messages.error(request, str(error))
        return redirect("audits:audit", ref, pk)
    return redirect("audits:blank", ref, pk)


@requires(Permission.AUDIT_DO)
@require_GET
def blank(request, ref, pk):
    audit = access.get_own_audit(request.user, ref, pk)
    context = {
        "inspection": audit.inspection,
        "audit": audit,
        "sections": page_parts.paper_sections(audit),
        "grades": [label for _, label in page_parts.grades_of(audit.inspection.programme_id)],
    }
    return render(request, "audits/blank.html", context)
