"""A rota for one person or many, and the days that a calendar shows."""

from crispy_forms_gds.layout import Field, Layout
from django import forms

from ncpi.fieldwork import rotas
from ncpi.fieldwork.cells import Cells
from ncpi.fieldwork.models import Band
from ncpi.lib import dates
from ncpi.lib.forms import DateInput, Fieldset, HouseForm

FIRST_YEAR, LAST_YEAR = 2000, 2099


class CalendarForm(forms.Form):
    """Where a calendar begins and whose it is; what makes no sense filters nothing."""

    unit = forms.CharField(required=False, max_length=120)
    first = forms.DateField(required=False)

    @property
    def first_day(self):
        self.is_valid()
        day = self.cleaned_data.get("first")
        return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None

    @property
    def shown_unit(self):
        self.is_valid()
        return self.cleaned_data.get("unit", "")


class RotaForm(HouseForm):
    """Whose rota, the pattern, and from when to when. `people` is everybody by reference."""

    submit = "Enter this rota"

    units = forms.MultipleChoiceField(label="Everybody of", required=False, widget=forms.CheckboxSelectMultiple)
    band = forms.ChoiceField(label="Only this rank band", required=False, choices=[("", "Any"), *Band.choices])
    names = forms.CharField(
        label="Or these people",
        required=False,
        max_length=4000,
        help_text="References, between semicolons.",
    )
    pattern = forms.CharField(
        label="Shift pattern",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Day by day: {rotas.EXAMPLE}. A shift that ends at or before its start ends the next morning.",
    )
    first = forms.DateField(label="First day", widget=DateInput())
    until = forms.DateField(label="Last day", widget=DateInput())
    starts_on = forms.IntegerField(
        label="Day of the pattern on the first day",
        initial=1,
        min_value=1,
        max_value=rotas.MOST_DAYS,
        help_text="1 when it begins at its beginning. Teams on one pattern begin it on different days.",
    )
    ends_earlier = forms.BooleanField(
        label="End the rotas that these people have the day before",
        required=False,
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = people
        self.fields["units"].choices = [(unit, unit) for unit in sorted({one.unit for one in people.values()})]

    def layout(self):
        return Layout(
            Fieldset(Field.checkboxes("units", small=True), "band", "names", legend="Whose rota", legend_size="m"),
            Fieldset("pattern", "first", "until", "starts_on", "ends_earlier", legend="The rota", legend_size="m"),
        )

    def clean_names(self):
        found = Cells(0, self.cleaned_data).words("names")
        unknown = [key for key in found if key not in self.people]
        if unknown:
            raise forms.ValidationError(f"Nobody here has the reference {', '.join(unknown)}.")
        return [self.people[key] for key in found]

    def clean_pattern(self):
        try:
            pattern = rotas.read_pattern(self.cleaned_data["pattern"])
        except rotas.BadPattern as error:
            raise forms.ValidationError(str(error))
        if len(rotas.written(pattern)) > rotas.LONGEST_TEXT:
            raise forms.ValidationError("This is too long to keep. Write it with fewer different shifts.")
        return pattern

    def clean(self):
        data = super().clean()
        if "names" in data and not self._chosen(data):
            self.add_error("units", "Nobody is chosen. Choose a unit, or name somebody.")
        if all(data.get(name) for name in ("pattern", "first", "until", "starts_on")):
            self._check(data)
        return data

    def _check(self, data):
        rota = rotas.Written(data["pattern"], data["first"], data["until"], data["starts_on"])
        try:
            rotas.check(rota)
            shifts = sum(1 for _ in rota.shifts())
        except rotas.BadRota as error:
            self.add_error(error.field, str(error))
        except dates.LocalTimeError as error:
            self.add_error("pattern", str(error))
        else:
            if shifts * len(self._chosen(data)) > rotas.MOST_SHIFTS:
                self.add_error(
                    "until", f"This makes more than {rotas.MOST_SHIFTS:,} shifts. Choose fewer people or days."
                )
            data["rota"] = rota

    def _chosen(self, data):
        units, band = data.get("units", []), data.get("band", "")
        of_units = [one for one in self.people.values() if one.unit in units and band in ("", one.band)]
        return list({one.pk: one for one in (*of_units, *data.get("names", []))}.values())

    @property
    def chosen(self):
        return self._chosen(self.cleaned_data)
