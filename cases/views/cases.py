"""The drawn cases: list, one case, replacement."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from cases import access, list_queries, operations, sampling
from cases.exports import CASE_HEADER, case_row
from cases.forms import CaseFilter, ReplaceForm
from cases.hooks import CaseInUse
from cases.views.shared import may_manage
from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of
from ncpi.lib.exports import as_table
from ncpi.lib.listing import stretch
from ncpi.lib.versions import StaleVersion


@requires(Permission.SAMPLE_VIEW)
@require_GET
def cases(request, ref):
    filters = CaseFilter(request.GET)
    inspection, rows = access.read_cases(request.user, ref, filters.chosen)
    context = {
        "inspection": inspection,
        "listing": stretch(request, rows, sign="code"),
        "filters": filters.chosen,
        "states": CaseFilter.STATES,
        "types": list_queries.case_types(inspection),
        "districts": list_queries.districts(inspection),
        "may_manage": may_manage(request, inspection),
    }
    return render(request, "cases/list.html", context)


@requires(Permission.SAMPLE_VIEW)
@require_GET
def cases_csv(request, ref):
    inspection, rows = access.export_cases(request.user, ref, CaseFilter(request.GET).chosen)
    return as_table("csv", name=f"Cases {inspection.ref}", header=CASE_HEADER, rows=map(case_row, rows))


@requires(Permission.SAMPLE_VIEW)
@require_GET
def cases_xlsx(request, ref):
    inspection, rows = access.export_cases(request.user, ref, CaseFilter(request.GET).chosen)
    return as_table("xlsx", name=f"Cases {inspection.ref}", header=CASE_HEADER, rows=map(case_row, rows))


@requires(Permission.SAMPLE_VIEW)
@require_GET
def case(request, ref, code):
    found = access.get_case(request.user, ref, code, Permission.SAMPLE_VIEW)
    context = {"inspection": found.inspection, "case": found, "may_manage": may_manage(request, found.inspection)}
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
