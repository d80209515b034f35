"""Who can be asked, and when."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.fieldwork import access, duty_rows, lists, people_rows, queries
from ncpi.fieldwork.forms import ChangePersonForm, DutyForm, FilterForm, PersonForm
from ncpi.fieldwork.models import Person
from ncpi.fieldwork.operations import exports, invitations
from ncpi.fieldwork.operations import people as operations
from ncpi.fieldwork.views.imports import import_page
from ncpi.inspections.access import get_inspection
from ncpi.lib.clocks import clock_of
from ncpi.lib.conflicts import differences
from ncpi.lib.exports import as_file, as_named_file, wanted
from ncpi.lib.listing import listing
from ncpi.lib.versions import StaleVersion


@requires(Permission.FIELDWORK_MANAGE)
@require_safe
def people(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    form = FilterForm(request.GET)
    rows = queries.people_of(inspection, **form.filters)
    if wanted(request):
        exports.note_list_export(by=request.user, inspection=inspection, what="list of people")
        return as_file(request, name=f"People {ref}", header=lists.PEOPLE, rows=lists.people_lines(rows))
    context = {
        "inspection": inspection,
        "form": form,
        "filters": form.filters,
        "listing": listing(request, rows),
        "units": queries.units_of(inspection),
    }
    return render(request, "fieldwork/people.html", context)


@requires(Permission.FIELDWORK_MANAGE)
def add(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    form = PersonForm(request.POST or None, force=inspection.force)
    if form.is_valid():
        try:
            person = operations.add_person(by=request.user, force=inspection.force, **form.cleaned_data)
        except operations.ReferenceTaken as error:
            form.add_error("reference", str(error))
        else:
            messages.success(request, "Person added. Now say when they can be asked.")
            return redirect("fieldwork:person", ref=ref, pk=person.pk)
    return render(request, "fieldwork/form.html", {"inspection": inspection, "form": form, "title": "Add a person"})


@requires(Permission.FIELDWORK_MANAGE)
def change(request, ref, pk):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    person = access.get_person(inspection, pk)
    form = ChangePersonForm(
        request.POST or None, instance=person, force=inspection.force, initial={"version": person.version}
    )
    conflict, status = [], 200
    if form.is_valid():
        try:
            operations.change_person(by=request.user, person=Person.objects.get(pk=pk), **form.cleaned_data)
        except StaleVersion as stale:
            stored = {name: getattr(stale.row, name) for name in form.Meta.fields}
            conflict, status = differences(form, stored), 409
            form.take_version(stale.row.version)
        except (operations.ReferenceTaken, operations.ManagesThemselves) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Person changed.")
            return redirect("fieldwork:person", ref=ref, pk=pk)
    context = {"inspection": inspection, "form": form, "title": "Change a person", "conflict": conflict}
    return render(request, "fieldwork/form.html", context, status=status)


@requires(Permission.FIELDWORK_MANAGE)
def person(request, ref, pk):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    one = access.get_person(inspection, pk)
    form = DutyForm(request.POST or None)
    if form.is_valid():
        try:
            operations.add_duty(by=request.user, person=one, **form.time)
        except operations.TimesOverlap as error:
            form.add_error(None, str(error))
        except operations.NotAPartner as error:
            form.add_error("kind", str(error))
        except operations.NobodyAgreed as error:
            form.add_error("agreed_by", str(error))
        else:
            messages.success(request, "Time added.")
            return redirect("fieldwork:person", ref=ref, pk=pk)
    context = {
        "inspection": inspection,
        "person": one,
        "form": form,
        "duties": queries.duties_of(one, inspection),
        "invitations": queries.invitations_of(one, inspection),
        "secret": request.session.pop(f"link-{pk}", ""),
    }
    return render(request, "fieldwork/person.html", context)


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def let_go(request, ref, pk):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    one = access.get_person(inspection, pk)
    try:
        operations.let_person_go(by=request.user, person=one, version=one.version, at=clock_of(inspection.force).at)
    except StaleVersion as stale:
        messages.error(request, str(stale))
        return redirect("fieldwork:person", ref=ref, pk=pk)
    messages.success(
        request,
        "They are not asked any more, until somebody adds them again. Make a new timetable if they were placed.",
    )
    return redirect("fieldwork:people", ref=ref)


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def remove_duty(request, ref, pk, duty):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    row = access.get_duty(access.get_person(inspection, pk), duty)
    operations.remove_duty(by=request.user, duty=row)
    messages.success(request, "Time taken back.")
    return redirect("fieldwork:person", ref=ref, pk=pk)


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def link(request, ref, pk):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    one = access.get_person(inspection, pk)
    secret = invitations.give_link(by=request.user, person=one, inspection=inspection, at=clock_of(inspection.force).at)
    request.session[f"link-{pk}"] = request.build_absolute_uri(reverse("fieldwork:my-sessions", args=[secret]))
    return redirect("fieldwork:person", ref=ref, pk=pk)


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def revoke_link(request, ref, pk):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    one = access.get_person(inspection, pk)
    invitations.revoke_links(by=request.user, person=one, inspection=inspection, at=clock_of(inspection.force).at)
    messages.success(request, "The personal link no longer opens anything.")
    return redirect("fieldwork:person", ref=ref, pk=pk)


@requires(Permission.FIELDWORK_MANAGE)
@require_safe
def calendar(request, ref, pk):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    one = access.get_person(inspection, pk)
    rows = queries.invitations_of(one, inspection)
    return calendar_response(
        invitations.feed_of(rows, queries.organiser_of(inspection), at=clock_of(inspection.force).at)
    )


def calendar_response(data):
    return as_named_file(data, name="sessions", extension="ics", media_type="text/calendar; charset=utf-8")


@requires(Permission.FIELDWORK_MANAGE)
def import_people(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    known = Person.objects.filter(force_id=inspection.force_id).values_list("reference", "line_manager__reference")
    return import_page(
        request,
        inspection,
        title="Import people",
        rule=people_rows,
        read=lambda table: people_rows.read_people(table, known=dict(known)),
        save=lambda rows: operations.import_people(by=request.user, force=inspection.force, rows=rows),
        refusals=(),
        said=lambda done: f"{done.in_words('person')}.",
        done="fieldwork:people",
    )


@requires(Permission.FIELDWORK_MANAGE)
def import_duties(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    known = Person.objects.here().filter(force_id=inspection.force_id).values_list("reference", "band")
    return import_page(
        request,
        inspection,
        title="Import times",
        rule=duty_rows,
        read=lambda table: duty_rows.read_duties(table, known=dict(known)),
        save=lambda rows: operations.import_duties(by=request.user, force=inspection.force, rows=rows),
        refusals=operations.TimesOverlap,
        said=lambda count: f"{count} new times imported." if count else "Every time in the file was there already.",
        done="fieldwork:people",
    )
