"""Pages of the moderator: settling gradings that differ."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from audits import access, agreement, operations, queries
from audits.forms import ModerationForm
from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of


@requires(Permission.AUDIT_MODERATE)
@require_GET
def moderation(request, ref):
    inspection = get_inspection(request.user, ref, Permission.AUDIT_MODERATE)
    cases = list(queries.moderation_list(inspection))
    context = {
        "inspection": inspection,
        "waiting": [case for case in cases if not case.is_moderated],
        "settled": [case for case in cases if case.is_moderated],
        "progress": queries.audit_progress(inspection),
    }
    return render(request, "audits/moderation.html", context)


@requires(Permission.AUDIT_MODERATE)
def moderate(request, ref, code):
    case = access.get_case_to_moderate(request.user, ref, code)
    pair = queries.side_by_side(case)
    form = ModerationForm(request.POST or None, case=case, questions=[compared.question for compared in pair.answers])
    if not case.is_moderated and form.is_valid():
        try:
            _settle(request, case, form.cleaned_data)
        except (operations.OwnAudit, operations.NothingToModerate, InspectionClosed) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Grade settled.")
            return redirect("audits:moderation", ref)
    decided = queries.moderated_by(case)
    settled, stale = (decided, None) if case.is_moderated else (None, decided)
    context = {
        "inspection": case.inspection,
        "case": case,
        "pair": pair,
        "form": form,
        "outcome": _outcome(case, pair),
        "settled": settled,
        "stale": stale,
        "criterion": queries.criterion_title(case.inspection.programme_id, settled.criterion_key) if settled else "",
    }
    return render(request, "audits/moderate.html", context)


def _settle(request, case, data):
    operations.moderate(
        by=request.user,
        case=case,
        grade=data["grade"],
        reason=data["reason"],
        criterion_key=data["criterion"].key,
        question=data["question"],
        at=clock_of(case.inspection.force).at,
    )


def _outcome(case, pair):
    scale = operations.scale_of(case.inspection.programme_id)
    return agreement.compare(str(pair.first.grade_id), str(pair.second.grade_id), scale)
