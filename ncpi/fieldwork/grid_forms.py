"""What the address of a timetable says of the form in which somebody wants to see it."""

from typing import Any

from django import forms

from ncpi.fieldwork.fortnight import WORDS, By, Choice

MOST = 2**31 - 1


class ViewForm(forms.Form):
    """The form of the fortnight and its filters; what makes no sense shows everything."""

    by = forms.ChoiceField(required=False, choices=list(WORDS.items()))
    week = forms.IntegerField(required=False, min_value=0, max_value=99)
    inspector = forms.IntegerField(required=False, min_value=0, max_value=MOST)
    unit = forms.CharField(required=False, max_length=120)
    person = forms.IntegerField(required=False, min_value=0, max_value=MOST)

    @property
    def choice(self) -> Choice:
        self.is_valid()
        said: dict[str, Any] = self.cleaned_data
        return Choice(
            By(said.get("by") or By.WEEK),
            said.get("week") or 0,
            said.get("inspector") or 0,
            said.get("unit") or "",
            said.get("person") or 0,
        )
