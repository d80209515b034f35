"""What a co-ordinator says of a change by hand: where a session should go, with whom, and why a rule may be broken."""

from django import forms

from ncpi.fieldwork.grid_forms import MOST
from ncpi.lib import dates
from ncpi.lib.forms import DateInput


class ClockInput(forms.TimeInput):
    input_type = "time"


class ProposalForm(forms.Form):
    """Where a session should go: a start of the list, or a day and a clock time; with whom, or as it works best.

    `inspector` and `instead` are those of the columns between which a session was dragged.
    """

    start = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M"])
    day = forms.DateField(required=False, widget=DateInput(attrs={"id": "move-day"}))
    clock = forms.TimeField(
        required=False, widget=ClockInput(attrs={"id": "move-clock", "class": "govuk-input govuk-input--width-5"})
    )
    chosen = forms.BooleanField(required=False)
    inspectors = forms.MultipleChoiceField(required=False)
    people = forms.MultipleChoiceField(required=False)
    inspector = forms.CharField(required=False, max_length=20)
    instead = forms.CharField(required=False, max_length=20)

    def __init__(self, *args, inspectors, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["inspectors"].choices = [(key, key) for key in inspectors]
        self.fields["people"].choices = [(key, key) for key in people]

    def clean(self):
        data = super().clean()
        data["at"] = data.get("start")
        if data.get("day") and data.get("clock"):
            try:
                data["at"] = dates.combine(data["day"], data["clock"])
            except dates.LocalTimeError as error:
                self.add_error("clock", str(error))
        return data

    @property
    def has_start(self):
        return self.is_valid() and self.cleaned_data["at"] is not None


class MoveForm(ProposalForm):
    """A proposal that is to be kept."""

    version = forms.IntegerField(min_value=0, max_value=MOST)
    reason = forms.CharField(required=False, max_length=300, strip=True)
    seen = forms.CharField(required=False, max_length=5000)

    @property
    def seen_codes(self):
        return frozenset(code for code in self.cleaned_data["seen"].splitlines() if code)


class VersionForm(forms.Form):
    """The version that somebody saw."""

    version = forms.IntegerField(min_value=0, max_value=MOST)


class AcceptForm(VersionForm):
    """Which changes of a draft are kept."""

    sessions = forms.MultipleChoiceField(required=False)

    def __init__(self, *args, sessions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sessions"].choices = [(key, key) for key in sessions]


class CompareForm(forms.Form):
    """Two versions by number; what makes no sense compares nothing."""

    before = forms.IntegerField(required=False, min_value=1, max_value=MOST)
    after = forms.IntegerField(required=False, min_value=1, max_value=MOST)

    @property
    def numbers(self):
        self.is_valid()
        return self.cleaned_data.get("before"), self.cleaned_data.get("after")
