"""The pages of recommendations."""

from django.contrib import messages
from django.shortcuts import redirect, render, resolve_url

from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.actions import forms, operations, queries
from ncpi.actions.access import get_recommendation
from ncpi.actions.recommendation_rows import (
    COLUMNS,
    LARGEST_FILE,
    RecommendationRowsError,
    RowProblem,
    read_recommendations,
)
from ncpi.actions.views.form_page import form_page
from ncpi.inspections.access import get_inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of
from ncpi.lib.exports import as_table
from ncpi.lib.listing import listing


@requires(Permission.ACTION_VIEW)
def recommendation_list(request, ref):
    inspection = get_inspection(request.user, ref, Permission.ACTION_VIEW)
    on = clock_of(inspection.force).on
    form = forms.RecommendationFilter(request.GET, inspection=inspection)
    found = listing(request, queries.recommendations(inspection, on=on, filters=forms.chosen(form)))
    titles = dict(form.fields["deadline_kind"].choices)
    context = {
        "inspection": inspection,
        "on": on,
        "filter": form,
        "listing": found,
        "rows": [(row, titles.get(row.deadline_kind, ""), *queries.position_of(row, on)) for row in found.page],
        "counts": queries.recommendation_counts(inspection, on=on),
        "held": permissions_in(request.user, inspection.force_id),
    }
    return render(request, "actions/recommendations.html", context)


@requires(Permission.ACTION_VIEW)
def export(request, ref, kind):
    inspection = get_inspection(request.user, ref, Permission.ACTION_VIEW)
    on = clock_of(inspection.force).on
    form = forms.RecommendationFilter(request.GET, inspection=inspection)
    rows = queries.recommendations(inspection, on=on, filters=forms.chosen(form))
    lines = queries.recommendation_rows(rows, queries.deadline_titles(inspection), on)
    return as_table(kind, name=f"{ref} recommendations", header=queries.RECOMMENDATION_COLUMNS, rows=lines)


@requires(Permission.ACTION_EDIT)
def enter(request, ref):
    inspection = get_inspection(request.user, ref, Permission.ACTION_EDIT)
    clock = clock_of(inspection.force)
    form = forms.RecommendationForm(request.POST or None, inspection=inspection)

    def act(values):
        report = operations.enter_report(
            by=request.user,
            inspection=inspection,
            title=values.pop("report"),
            about=values.pop("about"),
            published_date=values.pop("published_date"),
        )
        return operations.enter_recommendation(
            by=request.user, inspection=inspection, report=report, on=clock.on, at=clock.at, **values
        )

    return form_page(
        request,
        form,
        act,
        done=lambda made: resolve_url("actions:recommendation", ref, made.pk),
        message="Recommendation entered.",
        inspection=inspection,
        heading="Enter a recommendation",
        back=resolve_url("actions:recommendations", ref),
    )


@requires(Permission.ACTION_EDIT)
def import_rows(request, ref):
    inspection = get_inspection(request.user, ref, Permission.ACTION_EDIT)
    form = forms.ImportForm(request.POST or None, request.FILES or None)
    problems = []
    if request.method == "POST" and form.is_valid():
        try:
            entered = _import(request, inspection, form.cleaned_data["file"])
        except RecommendationRowsError as refused:
            problems = refused.problems
        except (operations.AlreadyImported, InspectionClosed) as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, f"{len(entered)} recommendations imported.")
            return redirect("actions:recommendations", ref)
    context = {"inspection": inspection, "form": form, "problems": problems, "columns": COLUMNS}
    return render(request, "actions/import.html", context)


def _import(request, inspection, upload):
    if upload.size > LARGEST_FILE:
        raise RecommendationRowsError([RowProblem(0, "", "The file is larger than 2 MB.")])
    clock = clock_of(inspection.force)
    rows = read_recommendations(upload.read())
    return operations.import_recommendations(
        by=request.user, inspection=inspection, rows=rows, on=clock.on, at=clock.at
    )


@requires(Permission.ACTION_EDIT)
def import_sample(request, ref):
    get_inspection(request.user, ref, Permission.ACTION_EDIT)
    example = ["1", "Title of the report", "2022-08-05", "What it asks for", "within_3_months"]
    example += [""] * (len(COLUMNS) - len(example))
    return as_table("csv", name="Recommendations", header=COLUMNS, rows=[example])


@requires(Permission.ACTION_VIEW)
def recommendation(request, ref, pk):
    inspection = get_inspection(request.user, ref, Permission.ACTION_VIEW)
    row = get_recommendation(inspection, pk)
    on = clock_of(inspection.force).on
    standing, word = queries.position_of(row, on)
    held = permissions_in(request.user, inspection.force_id)
    context = {
        "inspection": inspection,
        "recommendation": row,
        "on": on,
        "standing": standing,
        "word": word,
        "deadline": queries.deadline_titles(inspection).get(row.deadline_kind, ""),
        "trail": row.trail.select_related("by").order_by("-on_date", "-pk"),
        "actions": row.actions.filter(inspection__force_id=inspection.force_id)
        .select_related("owner", "inspection")
        .order_by("due_date", "pk"),
        "repeated_by": row.repeated_by.select_related("report").order_by("number", "pk"),
        "may_edit": Permission.ACTION_EDIT in held and not inspection.is_closed,
    }
    return render(request, "actions/recommendation.html", context)


def _page(request, inspection, row, form, act, *, message, heading):
    back = resolve_url("actions:recommendation", inspection.ref, row.pk)
    return form_page(
        request,
        form,
        act,
        done=back,
        message=message,
        inspection=inspection,
        heading=heading,
        caption=f"{row.report.about}: {row.number}",
        back=back,
    )


@requires(Permission.ACTION_EDIT)
def edit(request, ref, pk):
    inspection = get_inspection(request.user, ref, Permission.ACTION_EDIT)
    row = get_recommendation(inspection, pk)
    clock = clock_of(inspection.force)
    initial = {
        "version": row.version,
        "owner": row.owner_id,
        "due_date": row.due_date,
        "theme": row.theme,
        "area": row.area_id,
    }
    form = forms.EditRecommendationForm(request.POST or None, initial=initial, inspection=inspection)

    def act(values):
        operations.edit_recommendation(by=request.user, recommendation=row, at=clock.at, **values)

    return _page(request, inspection, row, form, act, message="Recommendation saved.", heading="Owner, date and area")


@requires(Permission.ACTION_EDIT)
def change_status(request, ref, pk):
    inspection = get_inspection(request.user, ref, Permission.ACTION_EDIT)
    row = get_recommendation(inspection, pk)
    clock = clock_of(inspection.force)
    initial = {"version": row.version, "status": row.status, "on_date": clock.on}
    form = forms.StatusForm(request.POST or None, initial=initial)

    def act(values):
        operations.change_status(by=request.user, recommendation=row, on=clock.on, at=clock.at, **values)

    return _page(request, inspection, row, form, act, message="Status changed.", heading="Add a step to the trail")


@requires(Permission.ACTION_EDIT)
def link_repeat(request, ref, pk):
    inspection = get_inspection(request.user, ref, Permission.ACTION_EDIT)
    row = get_recommendation(inspection, pk)
    initial = {"version": row.version, "repeats": row.repeats_id}
    form = forms.RepeatForm(request.POST or None, initial=initial, recommendation=row)

    def act(values):
        at = clock_of(inspection.force).at
        operations.link_repeat(by=request.user, recommendation=row, at=at, **values)

    return _page(request, inspection, row, form, act, message="Link saved.", heading="Link what it repeats")
