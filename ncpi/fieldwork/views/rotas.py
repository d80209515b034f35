"""Who works when: rotas for one person or many, and the calendars that they make."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.fieldwork import access, queries, rota_queries, rota_rows
from ncpi.fieldwork.models import Person
from ncpi.fieldwork.operations import rotas as operations
from ncpi.fieldwork.operations.people import TimesOverlap
from ncpi.fieldwork.rota_forms import CalendarForm, RotaForm
from ncpi.fieldwork.views.imports import import_page
from ncpi.inspections.access import get_inspection
from ncpi.lib.listing import listing


@requires(Permission.FIELDWORK_MANAGE)
@require_safe
def rotas(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    form = CalendarForm(request.GET)
    shown = listing(request, queries.people_of(inspection, unit=form.shown_unit), size=30)
    first = rota_queries.first_day(inspection, form.first_day)
    context = {
        "inspection": inspection,
        "listing": shown,
        "calendar": rota_queries.calendar(list(shown.page), first=first),
        "units": queries.units_of(inspection),
        "unit": form.shown_unit,
    }
    return render(request, "fieldwork/rotas.html", context)


@requires(Permission.FIELDWORK_MANAGE)
@require_safe
def person_rota(request, ref, pk):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    person = access.get_person(inspection, pk)
    first = rota_queries.first_day(inspection, CalendarForm(request.GET).first_day)
    context = {
        "inspection": inspection,
        "person": person,
        "calendar": rota_queries.calendar([person], first=first, weeks=4),
        "rotas": rota_queries.rotas_of(person),
    }
    return render(request, "fieldwork/person_rota.html", context)


@requires(Permission.FIELDWORK_MANAGE)
def enter(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    people = {row.reference: row for row in Person.objects.here().filter(force_id=inspection.force_id)}
    form = RotaForm(request.POST or None, people=people, initial={"names": request.GET.get("person", "")[:40]})
    if form.is_valid():
        data = form.cleaned_data
        try:
            entered = operations.enter_rota(
                by=request.user,
                force=inspection.force,
                people=form.chosen,
                rota=data["rota"],
                ends_earlier=data["ends_earlier"],
            )
        except TimesOverlap as error:
            form.add_error(None, str(error).splitlines())
        else:
            messages.success(request, said(entered))
            return redirect("fieldwork:rotas", ref=ref)
    return render(request, "fieldwork/form.html", {"inspection": inspection, "form": form, "title": "Enter a rota"})


@requires(Permission.FIELDWORK_MANAGE)
@require_POST
def remove(request, ref, pk, rota):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    row = access.get_rota(access.get_person(inspection, pk), rota)
    operations.remove_rota(by=request.user, rota=row)
    messages.success(request, "Rota taken back, with every shift of it.")
    return redirect("fieldwork:person-rota", ref=ref, pk=pk)


@requires(Permission.FIELDWORK_MANAGE)
def import_rotas(request, ref):
    inspection = get_inspection(request.user, ref, Permission.FIELDWORK_MANAGE)
    known = Person.objects.here().filter(force_id=inspection.force_id).values_list("reference", flat=True)
    return import_page(
        request,
        inspection,
        title="Import rotas",
        rule=rota_rows,
        read=lambda table: rota_rows.read_rotas(table, known=set(known)),
        save=lambda rows: operations.import_rotas(by=request.user, force=inspection.force, rows=rows),
        refusals=TimesOverlap,
        said=said,
        done="fieldwork:rotas",
    )


def said(entered):
    if not entered.rotas:
        return "Every one of these rotas was there already."
    people = "1 person" if entered.rotas == 1 else f"{entered.rotas} people"
    return f"Rota entered for {people}: {entered.shifts} shifts."
