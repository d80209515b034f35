"""The floor of a page, and two pages made the wrong way: gates that let them pass would be worth nothing."""

from functools import cache

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.template import engines

from audits.models import AnswerValue
from cases.models import Case
from ncpi.accounts.access import signed_in
from ncpi.lib.forms import HouseForm

BARE_BYTES = 19_000
_BARE = "<!doctype html><title>Bare</title><p>{{ user.name }}</p>" + "<p>Nineteen kilobytes of text.</p>" * (
    BARE_BYTES // 34
)
_LIST = "<ul>{% for case in cases %}<li>{{ case.case_type.title }} {{ case.candidate.district }}</li>{% endfor %}</ul>"


@cache
def _template(text):
    return engines["django"].from_string(text)


@signed_in
def bare(request):
    """A signed-in page of about 19 KB: session, person, policy, template; nothing else."""
    return HttpResponse(_template(_BARE).render({"user": request.user}))


@signed_in
def one_by_one(request, ref):
    """A list that fetches what belongs to each row with a query of its own."""
    rows = Case.objects.filter(inspection__ref=ref).order_by("pk")
    return HttpResponse(_template(_LIST).render({"cases": rows}))


class _Sixty(HouseForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number in range(60):
            self.fields[f"question_{number}"] = forms.ChoiceField(
                label=f"Question {number}", choices=AnswerValue.choices, widget=forms.RadioSelect, required=False
            )


@signed_in
def crispy(request):
    """Sixty questions rendered field by field by crispy forms."""
    return render(request, "accounts/sign_in.html", {"form": _Sixty()})
