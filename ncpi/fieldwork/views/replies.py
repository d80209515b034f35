"""Who answered what, and the one step that each answer asks for."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.fieldwork import access, queries, reply_queries
from ncpi.fieldwork.forms import VersionForm
from ncpi.fieldwork.operations import replies as operations
from ncpi.fieldwork.operations import stand_ins
from ncpi.inspections.access import get_inspection
from ncpi.lib.clocks import clock_of
from ncpi.lib.listing import listing
from ncpi.lib.versions import StaleVersion


@requires(Permission.FIELDWORK_MANAGE)
@require_safe
def replies(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    at, shows_all = clock_of(inspection.force).at, request.GET.get("show") == "all"
    shown = listing(request, queries.replies_of(inspection, since=None if shows_all else at))
    replan = reply_queries.replan_of(inspection, at=at)
    context = {
        "inspection": inspection,
        "listing": shown,
        "rows": reply_queries.rows_of(inspection, list(shown.page), replan, at=at),
        "counts": reply_queries.counts_of(inspection, at=at),
        "replan": replan,
        "job": queries.open_job_of(inspection),
        "shows_all": shows_all,
    }
    return render(request, "fieldwork/replies.html", context)


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def take_over(request, ref, pk):
    return _step(request, ref, pk, _take_over, "Times taken over. Re-plan to see what moves.")


def _take_over(by, inspection, invitation, version):
    operations.take_over_times(
        by=by, inspection=inspection, invitation=invitation, version=version, at=clock_of(inspection.force).at
    )


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def accept_stand_in(request, ref, pk):
    return _step(request, ref, pk, _accept, "Stand-in accepted. Both have been told.")


def _accept(by, inspection, invitation, version):
    stand_ins.accept_stand_in(
        by=by,
        inspection=inspection,
        invitation=invitation,
        version=version,
        at=clock_of(inspection.force).at,
        now=timezone.now(),
    )


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def refuse_stand_in(request, ref, pk):
    return _step(request, ref, pk, _refuse, "Stand-in refused. The answer counts as declined.")


def _refuse(by, inspection, invitation, version):
    stand_ins.refuse_stand_in(
        by=by, inspection=inspection, invitation=invitation, version=version, at=clock_of(inspection.force).at
    )


def _step(request, ref, pk, act, said):
    """Take one step on one reply, and say what came of it."""
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    invitation = access.get_reply(inspection, pk)
    form = VersionForm(request.POST)
    try:
        act(request.user, inspection, invitation, form.cleaned_data["version"] if form.is_valid() else 0)
    except (StaleVersion, operations.NothingToTakeOver, stand_ins.CannotStandIn) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("fieldwork:replies", ref=ref)
