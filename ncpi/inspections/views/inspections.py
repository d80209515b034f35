"""The pages of an inspection."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.views.decorators.http import require_POST

from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.accounts.work import tiles_of
from ncpi.inspections import forms, operations, queries
from ncpi.inspections.access import get_inspection
from ncpi.inspections.models import Milestone
from ncpi.lib.clocks import clock_of
from ncpi.lib.conflicts import differences
from ncpi.lib.listing import listing
from ncpi.lib.versions import StaleVersion

REFUSALS = (operations.InspectionClosed, operations.MilestoneDone, operations.DoneInTheFuture)


@requires(Permission.INSPECTION_VIEW)
def inspection_list(request):
    found = listing(request, queries.inspections_of(request.user))
    context = {
        "listing": found,
        "rows": [(row, clock_of(row.force).on) for row in found.page],
        "may_open": queries.forces_to_manage(request.user).exists(),
    }
    return render(request, "inspections/list.html", context)


@requires(Permission.INSPECTION_VIEW)
def inspection(request, ref):
    found = get_inspection(request.user, ref, Permission.INSPECTION_VIEW)
    on = clock_of(found.force).on
    held = permissions_in(request.user, found.force_id)
    lines = queries.milestones_of(found, on)
    context = {
        "inspection": found,
        "on": on,
        "phases": queries.phases_of(found, on),
        "lines": lines,
        "next": queries.next_of(lines),
        "clocks": queries.clocks_of(lines),
        "tiles": tiles_of(found, held),
        "people": queries.people_of(found),
        "may_manage": Permission.INSPECTION_MANAGE in held and not found.is_closed,
    }
    return render(request, "inspections/inspection.html", context)


def _form_page(request, form, act, *, done, message, **context):
    """Show the form; posted and sound, `act(values)`. A refusal or a stale row keeps what was typed."""
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = act(form.cleaned_data)
        except operations.DatesOutOfOrder as refusal:
            form.add_error(refusal.field, str(refusal))
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
        except StaleVersion as stale:
            status = 409
            now = {name: getattr(stale.row, name) for name in form.cleaned_data if name != "version"}
            context["conflict"] = differences(form, now)
            form.take_version(stale.row.version)
        else:
            messages.success(request, message)
            return redirect(done(made) if callable(done) else done)
    return render(request, context.pop("template", "form_page.html"), {"form": form, **context}, status=status)


@requires(Permission.INSPECTION_MANAGE)
def open_inspection(request):
    form = forms.OpenInspectionForm(request.POST or None, user=request.user)

    def act(values):
        at = clock_of(values["force"]).at
        return operations.open_inspection(by=request.user, at=at, **values)

    return _form_page(
        request,
        form,
        act,
        done=lambda made: resolve_url("inspections:inspection", made.ref),
        message="Inspection opened.",
        template="inspections/open.html",
    )


@requires(Permission.INSPECTION_MANAGE)
def change_dates(request, ref):
    found = get_inspection(request.user, ref, Permission.INSPECTION_MANAGE)
    names = ("name", "version", *operations.DATES, *operations.PERIOD)
    initial = {name: getattr(found, name) for name in names}
    form = forms.ChangeDatesForm(request.POST or None, initial=initial)

    def act(values):
        operations.change_dates(by=request.user, inspection=found, at=clock_of(found.force).at, **values)

    lead = "Milestones that are neither done nor set by hand move with the dates."
    return _page(request, found, form, act, message="Dates saved.", heading="Change dates", lead=lead)


@requires(Permission.INSPECTION_MANAGE)
def close(request, ref):
    found = get_inspection(request.user, ref, Permission.INSPECTION_MANAGE)
    form = forms.CloseForm(request.POST or None, initial={"version": found.version})

    def act(values):
        operations.close_inspection(by=request.user, inspection=found, at=clock_of(found.force).at, **values)

    lead = "It stays readable for everybody who may read it now. Nothing in it can be changed any more."
    return _page(
        request,
        found,
        form,
        act,
        message="Inspection closed.",
        heading="Close this inspection",
        lead=lead,
        is_warning=True,
    )


def _page(request, found, form, act, *, message, heading, **context):
    back = resolve_url("inspections:inspection", found.ref)
    return _form_page(
        request, form, act, done=back, message=message, inspection=found, heading=heading, back=back, **context
    )


@requires(Permission.INSPECTION_MANAGE)
def add_milestone(request, ref):
    found = get_inspection(request.user, ref, Permission.INSPECTION_MANAGE)
    form = forms.MilestoneForm(request.POST or None)

    def act(values):
        operations.add_milestone(by=request.user, inspection=found, at=clock_of(found.force).at, **values)

    return _page(request, found, form, act, message="Milestone added.", heading="Add a milestone")


def _milestone(request, ref, pk):
    found = get_inspection(request.user, ref, Permission.INSPECTION_MANAGE)
    rows = Milestone.objects.select_related("inspection__force", "rule")
    return found, clock_of(found.force), get_object_or_404(rows, pk=pk, inspection=found)


@requires(Permission.INSPECTION_MANAGE)
def move_milestone(request, ref, pk):
    found, clock, row = _milestone(request, ref, pk)
    initial = {"version": row.version, "due_date": row.due_date, "note": row.note}
    form = forms.MoveMilestoneForm(request.POST or None, initial=initial)

    def act(values):
        operations.move_milestone(by=request.user, milestone=row, at=clock.at, **values)

    return _page(request, found, form, act, message="Date moved.", heading="Move a milestone", caption=row.title)


@requires(Permission.INSPECTION_MANAGE)
def finish_milestone(request, ref, pk):
    found, clock, row = _milestone(request, ref, pk)
    form = forms.FinishMilestoneForm(request.POST or None, initial={"version": row.version, "done_date": clock.on})

    def act(values):
        operations.finish_milestone(by=request.user, milestone=row, on=clock.on, at=clock.at, **values)

    return _page(request, found, form, act, message="Milestone done.", heading="Mark as done", caption=row.title)


@requires(Permission.INSPECTION_MANAGE)
@require_POST
def reopen_milestone(request, ref, pk):
    _, clock, row = _milestone(request, ref, pk)
    version = request.POST.get("version", "")
    try:
        if not version.isdecimal() or len(version) > 9:
            raise StaleVersion(row)
        operations.reopen_milestone(by=request.user, milestone=row, version=int(version), at=clock.at)
    except (StaleVersion, operations.InspectionClosed) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Milestone open again.")
    return redirect("inspections:inspection", ref)
