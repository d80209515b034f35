"""Pages of those who see to a child: concerns, with the clock running."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from audits import access, concern_operations
from audits.forms import ResolveForm
from audits.models import ConcernState
from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.lib.clocks import clock_of
from ncpi.lib.conflicts import differences
from ncpi.lib.forms import VersionedFormMixin
from ncpi.lib.versions import StaleVersion


class ActForm(VersionedFormMixin, forms.Form):
    """A button that carries the version it was shown with."""


@requires(Permission.CONCERN_VIEW)
@require_GET
def concerns(request, ref):
    inspection = get_inspection(request.user, ref, Permission.CONCERN_VIEW)
    rows = access.concerns_of(request.user, inspection).select_related("case__case_type")
    rows = list(rows.order_by("due_at", "pk"))
    context = {
        "inspection": inspection,
        "open": [row for row in rows if row.state in ConcernState.open_states()],
        "closed": [row for row in reversed(rows) if row.state == ConcernState.CLOSED],
        "at": clock_of(inspection.force).at,
    }
    return render(request, "audits/concerns.html", context)


@requires(Permission.CONCERN_VIEW)
@require_GET
def concern(request, ref, pk):
    concern = access.get_concern(request.user, ref, pk, Permission.CONCERN_VIEW)
    return _page(request, concern)


@requires(Permission.CONCERN_HANDLE)
@require_POST
def acknowledge(request, ref, pk):
    return _act(request, ref, pk, concern_operations.acknowledge_concern, "Concern acknowledged.")


@requires(Permission.CONCERN_HANDLE)
@require_POST
def close(request, ref, pk):
    return _act(request, ref, pk, concern_operations.close_concern, "Concern closed.")


@requires(Permission.CONCERN_HANDLE)
@require_POST
def give_back(request, ref, pk):
    return _act(request, ref, pk, concern_operations.return_concern, "Concern sent back.")


@requires(Permission.CONCERN_HANDLE)
@require_POST
def resolve(request, ref, pk):
    concern = access.get_concern(request.user, ref, pk, Permission.CONCERN_HANDLE)
    form = ResolveForm(request.POST)
    if not form.is_valid():
        return _page(request, concern, form=form)
    at = clock_of(concern.inspection.force).at
    try:
        concern_operations.resolve_concern(by=request.user, concern=concern, at=at, **form.cleaned_data)
    except concern_operations.NotInThatState as error:
        messages.error(request, str(error))
        return _page(request, concern, form=form, status=409)
    except StaleVersion as stale:
        form.take_version(stale.row.version)
        conflict = differences(form, {"done": stale.row.done})
        return _page(request, stale.row, form=form, conflict=conflict, status=409)
    messages.success(request, "Recorded. A second person closes the concern.")
    return redirect("audits:concern", ref, pk)


def _act(request, ref, pk, operation, said):
    concern = access.get_concern(request.user, ref, pk, Permission.CONCERN_HANDLE)
    form = ActForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    try:
        operation(by=request.user, concern=concern, version=version, at=clock_of(concern.inspection.force).at)
    except (concern_operations.NotInThatState, concern_operations.SamePerson) as error:
        messages.error(request, str(error))
    except StaleVersion:
        messages.error(request, "Somebody has moved this concern on since you opened it.")
    else:
        messages.success(request, said)
    return redirect("audits:concern", ref, pk)


def _page(request, concern, *, form=None, conflict=None, status=200):
    held = permissions_in(request.user, concern.inspection.force_id)
    context = {
        "inspection": concern.inspection,
        "concern": concern,
        "form": form or ResolveForm(initial={"version": concern.version}),
        "conflict": conflict,
        "may_handle": Permission.CONCERN_HANDLE in held,
        "is_own": concern.resolved_by_id == request.user.pk,
        "at": clock_of(concern.inspection.force).at,
    }
    return render(request, "audits/concern.html", context, status=status)
