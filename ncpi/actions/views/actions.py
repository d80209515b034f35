"""The pages of actions."""

from django.http import Http404
from django.shortcuts import render, resolve_url

from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.actions import forms, operations, queries
from ncpi.actions.access import get_action, get_proof, may_update
from ncpi.actions.models import Action, ActionStatus, Recommendation
from ncpi.actions.views.form_page import form_page
from ncpi.inspections.access import get_inspection
from ncpi.lib.clocks import clock_of
from ncpi.lib.exports import as_table
from ncpi.lib.listing import listing
from ncpi.lib.uploads import as_attachment


@requires(Permission.ACTION_VIEW)
def action_list(request, ref):
    inspection = get_inspection(request.user, ref, Permission.ACTION_VIEW)
    on = clock_of(inspection.force).on
    form = forms.ActionFilter(request.GET)
    rows = queries.actions(inspection, on=on, filters=forms.chosen(form), mine=request.user)
    found = listing(request, rows)
    context = {
        "inspection": inspection,
        "on": on,
        "filter": form,
        "listing": found,
        "rows": [(row, *queries.position_of(row, on)) for row in found.page],
        "counts": queries.action_counts(inspection, on=on),
        "held": permissions_in(request.user, inspection.force_id),
    }
    return render(request, "actions/list.html", context)


@requires(Permission.ACTION_VIEW)
def export(request, ref, kind):
    inspection = get_inspection(request.user, ref, Permission.ACTION_VIEW)
    on = clock_of(inspection.force).on
    rows = queries.actions(inspection, on=on, filters=forms.chosen(forms.ActionFilter(request.GET)), mine=request.user)
    lines = queries.action_rows(rows, on)
    return as_table(kind, name=f"{ref} actions", header=queries.ACTION_COLUMNS, rows=lines)


@requires(Permission.ACTION_EDIT)
def raise_action(request, ref):
    inspection = get_inspection(request.user, ref, Permission.ACTION_EDIT)
    clock = clock_of(inspection.force)
    form = forms.RaiseActionForm(request.POST or None, inspection=inspection, initial=_behind(request, inspection))

    def act(values):
        return operations.raise_action(by=request.user, inspection=inspection, on=clock.on, at=clock.at, **values)

    return form_page(
        request,
        form,
        act,
        done=lambda made: resolve_url("actions:action", ref, made.pk),
        message="Action raised.",
        inspection=inspection,
        heading="Raise an action",
        back=resolve_url("actions:list", ref),
    )


def _behind(request, inspection):
    """The recommendation that the address names, when it is in this tracker."""
    pk = request.GET.get("recommendation", "")
    found = (
        Recommendation.objects.filter(force_id=inspection.force_id, pk=pk) if pk.isdecimal() and len(pk) < 19 else []
    )
    return {"recommendation": found[0].pk} if found else {}


@requires(Permission.ACTION_VIEW)
def action(request, ref, pk):
    inspection = get_inspection(request.user, ref, Permission.ACTION_VIEW)
    row = get_action(inspection, pk)
    on = clock_of(inspection.force).on
    standing, word = queries.position_of(row, on)
    held = permissions_in(request.user, inspection.force_id)
    is_second = request.user.pk not in (row.owner_id, row.raised_by_id)
    context = {
        "inspection": inspection,
        "action": row,
        "on": on,
        "standing": standing,
        "word": word,
        "story": queries.story_of(row),
        "may_update": row.is_open and not inspection.is_closed and may_update(request.user, row),
        "may_edit": row.is_open and not inspection.is_closed and Permission.ACTION_EDIT in held,
        "may_decide": row.is_open and is_second and Permission.ACTION_CLOSE in held,
    }
    return render(request, "actions/action.html", context)


def _own_action(request, ref, pk, permission=Permission.ACTION_UPDATE):
    """The inspection, its clock and an action that this person may work on; anybody else's does not exist."""
    inspection = get_inspection(request.user, ref, permission)
    row = get_action(inspection, pk)
    if permission == Permission.ACTION_UPDATE and not may_update(request.user, row):
        raise Http404
    return inspection, clock_of(inspection.force), row


def _page(request, row: Action, form, act, *, message, heading, lead=""):
    ref = row.inspection.ref
    back = resolve_url("actions:action", ref, row.pk)
    return form_page(
        request,
        form,
        act,
        done=back,
        message=message,
        inspection=row.inspection,
        heading=heading,
        caption=row.title,
        lead=lead,
        back=back,
    )


@requires(Permission.ACTION_UPDATE)
def update(request, ref, pk):
    _, clock, row = _own_action(request, ref, pk)
    begun = ActionStatus.OPEN if row.status == ActionStatus.OPEN else ActionStatus.IN_PROGRESS
    initial = {"version": row.version, "next_step": row.next_step, "status": begun}
    form = forms.UpdateForm(request.POST or None, initial=initial)

    def act(values):
        operations.update_action(by=request.user, action=row, at=clock.at, **values)

    return _page(request, row, form, act, message="Update saved.", heading="Update the action")


@requires(Permission.ACTION_UPDATE)
def move(request, ref, pk):
    _, clock, row = _own_action(request, ref, pk)
    form = forms.MoveForm(request.POST or None, initial={"version": row.version, "new_date": row.due_date})

    def act(values):
        operations.move_due_date(by=request.user, action=row, at=clock.at, **values)

    return _page(request, row, form, act, message="Date moved.", heading="Move the date")


@requires(Permission.ACTION_EDIT)
def hand_over(request, ref, pk):
    inspection, clock, row = _own_action(request, ref, pk, Permission.ACTION_EDIT)
    initial = {"version": row.version, "owner": row.owner_id}
    form = forms.HandOverForm(request.POST or None, initial=initial, inspection=inspection)

    def act(values):
        operations.hand_over(by=request.user, action=row, at=clock.at, **values)

    return _page(request, row, form, act, message="Action handed over.", heading="Hand the action over")


@requires(Permission.ACTION_UPDATE)
def add_proof(request, ref, pk):
    _, clock, row = _own_action(request, ref, pk)
    form = forms.ProofForm(request.POST or None, request.FILES or None)

    def act(values):
        operations.add_proof(
            by=request.user,
            action=row,
            text=values["text"],
            link=values["link"],
            document=values["file"],
            at=clock.at,
        )

    return _page(request, row, form, act, message="Proof added.", heading="Add proof")


@requires(Permission.ACTION_VIEW)
def proof_file(request, ref, pk, proof):
    inspection = get_inspection(request.user, ref, Permission.ACTION_VIEW)
    row = get_proof(get_action(inspection, pk), proof)
    return as_attachment(stored_name=row.stored_name, file_name=row.file_name, media_type=row.media_type)


@requires(Permission.ACTION_UPDATE)
def ask(request, ref, pk):
    _, clock, row = _own_action(request, ref, pk)
    form = forms.AskForm(request.POST or None, initial={"version": row.version})

    def act(values):
        operations.ask_for_closure(by=request.user, action=row, at=clock.at, **values)

    lead = "A second person, who neither owns nor raised the action, tests the effect and decides."
    return _page(request, row, form, act, message="Closure asked for.", heading="Ask for closure", lead=lead)


@requires(Permission.ACTION_CLOSE)
def decide(request, ref, pk):
    _, clock, row = _own_action(request, ref, pk, Permission.ACTION_CLOSE)
    form = forms.DecideForm(request.POST or None, initial={"version": row.version})

    def act(values):
        operations.decide_closure(by=request.user, action=row, on=clock.on, at=clock.at, **values)

    return _page(request, row, form, act, message="Decision saved.", heading="Decide on closure")


@requires(Permission.ACTION_CLOSE)
def not_adopt(request, ref, pk):
    _, clock, row = _own_action(request, ref, pk, Permission.ACTION_CLOSE)
    form = forms.NotAdoptForm(request.POST or None, initial={"version": row.version})

    def act(values):
        operations.not_adopt(by=request.user, action=row, at=clock.at, **values)

    return _page(request, row, form, act, message="Action not adopted.", heading="Do not adopt this action")
