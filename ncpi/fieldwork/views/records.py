"""After the sessions: what became of each, and what follows from it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.actions.operations import DueBeforeRaised
from ncpi.fieldwork import access, record_queries
from ncpi.fieldwork.operations import records as operations
from ncpi.fieldwork.record_forms import FollowUpForm, RecordForm
from ncpi.inspections.access import get_inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of
from ncpi.lib.listing import listing
from ncpi.lib.versions import StaleVersion


@requires(Permission.FIELDWORK_NOTES)
@require_safe
def records(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_NOTES)
    at = clock_of(inspection.force).at
    context = {
        "inspection": inspection,
        "held": record_queries.held_of(inspection, at=at),
        "listing": listing(request, record_queries.over_of(inspection, at=at)),
        "can_manage": Permission.FIELDWORK_MANAGE in permissions_in(request.user, inspection.force_id),
    }
    return render(request, "fieldwork/records.html", context)


@requires(Permission.FIELDWORK_MANAGE)
def record(request, ref, pk):
    session, after = _session(request, ref, pk)
    form = RecordForm(request.POST or None, after=after, initial=RecordForm.initial_of(after))
    status = 200
    if form.is_valid():
        at = clock_of(session.inspection.force).at
        try:
            operations.record_session(by=request.user, session=session, at=at, **form.values)
        except StaleVersion as stale:
            status = 409
            form.take_version(stale.row.version)
            form.add_error(None, f"{stale} Read what is on record now, then save again.")
        except (operations.NotYet, operations.NotToRepeat, InspectionClosed) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Saved.")
            return redirect("fieldwork:record", ref=ref, pk=pk)
    return _page(request, session, after, form=form, status=status)


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def as_planned(request, ref, pk):
    session, after = _session(request, ref, pk)
    at, everybody = clock_of(session.inspection.force).at, [one.pk for one in after.asked]
    try:
        operations.record_session(by=request.user, session=session, version=0, took_place=True, came=everybody, at=at)
    except (operations.NotYet, InspectionClosed, StaleVersion) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{session.title}: took place, everybody came.")
    return redirect("fieldwork:records", ref=ref)


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def follow_up(request, ref, pk):
    session, after = _recorded(request, ref, pk)
    form = FollowUpForm(request.POST, force=session.inspection.force)
    if form.is_valid():
        clock = clock_of(session.inspection.force)
        try:
            operations.follow_up(by=request.user, record=after.record, on=clock.on, at=clock.at, **form.values)
        except DueBeforeRaised as error:
            form.add_error("due_date", str(error))
        except (operations.HasFollowUp, InspectionClosed, StaleVersion) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Action raised.")
            return redirect("fieldwork:record", ref=ref, pk=pk)
    return _page(request, session, after, action_form=form)


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def again(request, ref, pk):
    session, after = _recorded(request, ref, pk)
    at = clock_of(session.inspection.force).at
    try:
        wanted = operations.want_again(by=request.user, record=after.record, version=after.record.version, at=at)
    except (operations.NotToRepeat, InspectionClosed, StaleVersion) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Wanted again as {wanted.reference}. The next timetable places it.")
    return redirect("fieldwork:record", ref=ref, pk=pk)


def _session(request, ref, pk):
    """Return a session with what is known after it; one that was never published has no such page."""
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    session = access.get_session(inspection, pk)
    after = record_queries.after_of(session)
    if after is None:
        raise Http404
    return session, after


def _recorded(request, ref, pk):
    session, after = _session(request, ref, pk)
    if after.record is None:
        raise Http404
    after.record.session = session
    return session, after


def _page(request, session, after, *, form=None, action_form=None, status=200):
    record = after.record
    if form is None:
        form = RecordForm(after=after, initial=RecordForm.initial_of(after))
    if action_form is None and record and record.action is None:
        action_form = FollowUpForm(
            force=session.inspection.force, initial={"version": record.version}, auto_id="id_action_%s"
        )
    context = {
        "inspection": session.inspection,
        "session": session,
        "after": after,
        "record": record,
        "form": form,
        "action_form": action_form,
    }
    return render(request, "fieldwork/record.html", context, status=status)
