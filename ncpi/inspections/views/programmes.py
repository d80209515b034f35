"""The pages of programmes: what good looks like, and on what that rests."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from ncpi.accounts.access import requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections import queries
from ncpi.inspections.forms import CompareForm
from ncpi.inspections.models import Criterion, Programme
from ncpi.inspections.programme_comparison import compare
from ncpi.inspections.programme_content import from_content


def _programme(key, edition):
    return get_object_or_404(Programme, key=key, edition=edition)


@requires(Permission.INSPECTION_VIEW)
def programme_list(request):
    return render(request, "inspections/programmes.html", {"programmes": queries.programmes()})


@requires(Permission.INSPECTION_VIEW)
def programme(request, key, edition):
    found = _programme(key, edition)
    context = {
        "programme": found,
        "areas": queries.areas_of(found),
        "grades": found.grades.order_by("order", "pk"),
        "bases": queries.bases_of(found),
        "basis_words": queries.BASIS_WORDS,
        "content": found.content,
    }
    return render(request, "inspections/programme.html", context)


@requires(Permission.INSPECTION_VIEW)
def criterion(request, key, edition, criterion):
    found = _programme(key, edition)
    row = get_object_or_404(Criterion.objects.select_related("area"), key=criterion, area__programme=found)
    context = {
        "programme": found,
        "criterion": row,
        "basis": queries.BASIS_WORDS[row.basis],
        "questions": found.questions.filter(area=row.area).select_related("case_type").order_by("order", "pk"),
        "sessions": found.session_kinds.filter(criteria=row).order_by("order", "pk"),
    }
    return render(request, "inspections/criterion.html", context)


@requires(Permission.INSPECTION_VIEW)
def audit_tool(request, key, edition):
    found = _programme(key, edition)
    context = {
        "programme": found,
        "case_types": queries.case_types_of(found),
        "sample": found.content["sample"],
        "questions": queries.questions_of(found),
        "basis_words": queries.BASIS_WORDS,
    }
    return render(request, "inspections/audit_tool.html", context)


@requires(Permission.INSPECTION_VIEW)
def sessions(request, key, edition):
    found = _programme(key, edition)
    kinds = found.session_kinds.prefetch_related("criteria").order_by("order", "pk")
    context = {"programme": found, "kinds": kinds, "basis_words": queries.BASIS_WORDS}
    return render(request, "inspections/session_kinds.html", context)


@requires(Permission.INSPECTION_VIEW)
def deadlines(request, key, edition):
    found = _programme(key, edition)
    context = {
        "programme": found,
        "rules": found.deadline_rules.order_by("order", "pk"),
        "basis_words": queries.BASIS_WORDS,
    }
    return render(request, "inspections/deadlines.html", context)


@requires(Permission.INSPECTION_VIEW)
def comparison(request):
    """Two programmes side by side; without two named, the two newest."""
    form = CompareForm(request.GET)
    rows = list(queries.programmes())
    if not form.is_valid():
        if len(rows) < 2:
            return redirect("inspections:programmes")
        return redirect(f"{reverse('inspections:compare')}?first={rows[1].pk}&second={rows[0].pk}")
    first, second = form.cleaned_data["first"], form.cleaned_data["second"]
    found = compare(from_content(first.content), from_content(second.content))
    context = {"first": first, "second": second, "found": found, "programmes": rows}
    return render(request, "inspections/compare.html", context)
