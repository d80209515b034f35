"""The sessions that are wanted."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_POST, require_safe

from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.fieldwork import access, lists, queries, session_rows
from ncpi.fieldwork.models import Person, Session, SessionState
from ncpi.fieldwork.operations import exports, session_imports
from ncpi.fieldwork.operations import sessions as operations
from ncpi.fieldwork.session_forms import ChangeSessionForm, SessionForm
from ncpi.fieldwork.views.imports import import_page
from ncpi.inspections.access import get_inspection
from ncpi.lib.clocks import clock_of
from ncpi.lib.conflicts import differences
from ncpi.lib.exports import as_file, wanted
from ncpi.lib.listing import listing
from ncpi.lib.versions import StaleVersion

NEW_LINK = " Those who were asked hear of its meeting link with the next version that you publish."
REFUSALS = (operations.SessionReferenceTaken, operations.TooFewInPool, operations.WaitsForItself)


@requires(Permission.FIELDWORK_VIEW)
@require_safe
def sessions(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_VIEW)
    can_manage = Permission.FIELDWORK_MANAGE in permissions_in(request.user, inspection.force_id)
    rows = queries.sessions_of(inspection)
    if wanted(request):
        exports.note_list_export(by=request.user, inspection=inspection, what="list of sessions")
        header, lines = lists.session_header(can_manage=can_manage), lists.session_lines(rows, can_manage=can_manage)
        return as_file(request, name=f"Sessions {ref}", header=header, rows=lines)
    context = {
        "inspection": inspection,
        "listing": listing(request, rows),
        "uncovered": queries.uncovered_areas(inspection),
        "can_manage": can_manage,
    }
    return render(request, "fieldwork/sessions.html", context)


def _form(form_class, request, inspection, **kwargs):
    """Return the form with the people and sessions that its references may name."""
    people = {row.reference: row for row in Person.objects.here().filter(force_id=inspection.force_id)}
    wanted = Session.objects.filter(inspection=inspection, state="wanted")
    # Only what is posted names other sessions; the page itself does not ask for them.
    others = SimpleLazyObject(lambda: {row.reference: row for row in wanted})
    units = sorted({row.unit for row in people.values()})
    return form_class(request.POST or None, inspection=inspection, people=people, others=others, units=units, **kwargs)


@requires(Permission.FIELDWORK_MANAGE)
def add(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    form = _form(SessionForm, request, inspection)
    if form.is_valid():
        try:
            operations.want_session(
                by=request.user,
                inspection=inspection,
                kind=form.cleaned_data["kind"],
                wanted=form.wanted,
                at=clock_of(inspection.force).at,
                **form.values,
            )
        except REFUSALS as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Session added. The next timetable places it.")
            return redirect("fieldwork:sessions", ref=ref)
    return render(request, "fieldwork/form.html", {"inspection": inspection, "form": form, "title": "Add a session"})


@requires(Permission.FIELDWORK_MANAGE)
def session(request, ref, pk):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    row = access.get_session(inspection, pk)
    form = _form(ChangeSessionForm, request, inspection, instance=row, initial={"version": row.version})
    conflict, status = [], 200
    if form.is_valid():
        try:
            operations.change_session(
                by=request.user,
                session=access.get_session(inspection, pk),
                version=form.cleaned_data["version"],
                wanted=form.wanted,
                at=clock_of(inspection.force).at,
                kind=form.cleaned_data["kind"],
                **form.values,
            )
        except StaleVersion as stale:
            stored = {name: getattr(stale.row, name) for name in form.Meta.fields if name not in ("areas", "criteria")}
            conflict, status = differences(form, stored), 409
            form.take_version(stale.row.version)
        except REFUSALS as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _said(row, form))
            return redirect("fieldwork:sessions", ref=ref)
    context = {
        "inspection": inspection,
        "session": row,
        "form": form,
        "conflict": conflict,
        "can_cancel": row.state == SessionState.WANTED and not operations.took_place(row),
    }
    return render(request, "fieldwork/session.html", context, status=status)


def _said(row, form):
    knows_another = row.invitations.filter(is_cancelled=False).exclude(link=form.cleaned_data["link"]).exists()
    return f"Session changed.{NEW_LINK if knows_another else ''}"


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def cancel(request, ref, pk):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    row = access.get_session(inspection, pk)
    try:
        operations.cancel_session(by=request.user, session=row, version=row.version, at=clock_of(inspection.force).at)
    except (StaleVersion, operations.TookPlace) as error:
        messages.error(request, str(error))
        return redirect("fieldwork:session", ref=ref, pk=pk)
    messages.success(request, "Session cancelled. Its invitations are withdrawn with the next timetable.")
    return redirect("fieldwork:sessions", ref=ref)


@requires(Permission.FIELDWORK_MANAGE)
def import_sessions(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    return import_page(
        request,
        inspection,
        title="Import sessions",
        rule=session_rows,
        read=lambda table: _read(inspection, table),
        save=lambda rows: session_imports.import_sessions(
            by=request.user, inspection=inspection, rows=rows, at=clock_of(inspection.force).at
        ),
        refusals=session_imports.NoLongerWanted,
        said=lambda done: f"{done.in_words('session')}.",
        done="fieldwork:sessions",
    )


def _read(inspection, table):
    people = Person.objects.here().filter(force_id=inspection.force_id).order_by("reference")
    return session_rows.read_sessions(
        table,
        kinds=dict(inspection.programme.session_kinds.values_list("key", "minutes")),
        people={row.reference: session_rows.KnownPerson(row.unit, row.band) for row in people},
        areas=set(inspection.programme.areas.values_list("key", flat=True)),
        criteria=queries.criterion_words(inspection),
        known=_order(inspection),
    )


def _order(inspection):
    """Return every session's reference with those that it comes after."""
    waits = {key: set() for key in Session.objects.filter(inspection=inspection).values_list("reference", flat=True)}
    links = Session.after.through.objects.filter(from_session__inspection=inspection)
    for later, earlier in links.values_list("from_session__reference", "to_session__reference"):
        waits[later].add(earlier)
    return waits
