"""What people type to submit a return, and to look back. Forms parse; operations save."""

from datetime import time, timedelta

from crispy_forms_gds.layout import Field, Layout
from django import forms
from django.utils import timezone

from ncpi.lib.dates import LocalTimeError, combine
from ncpi.lib.forms import DateInput, HouseForm

SHORTEST = timedelta(microseconds=1)


class MomentForm(HouseForm):
    """A day and a time of day that lie behind; without a time, the end of the day, or now if it is today."""

    date = forms.DateField(label="Date", widget=DateInput)
    time = forms.TimeField(label="Time", required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))

    def __init__(self, *args, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        day, clock, today = data["date"], data["time"], timezone.localdate(self.now)
        if day > today:
            raise forms.ValidationError("That moment has not come yet.")
        try:
            self.at = combine(day, clock) if clock else combine(day + timedelta(days=1), time(0)) - SHORTEST
        except LocalTimeError as refusal:
            raise forms.ValidationError(str(refusal))
        if day == today and not clock:
            self.at = self.now
        if self.at > self.now:
            raise forms.ValidationError("That moment has not come yet.")
        return data


class SubmitForm(HouseForm):
    """Handing over the state that the page shows."""

    submit = "Submit the return"

    digest = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    is_final = forms.BooleanField(
        label="Inspectors may read this return and its evidence from now on. It cannot be taken back.",
        error_messages={"required": "Say that the inspectors may read it."},
    )

    def layout(self):
        return Layout("digest", Field.checkbox("is_final"))

    def show(self, scope):
        """Offer the form again over the state as it is now."""
        self.data = self.data.copy()
        self.data["digest"] = scope.digest
        self.data.pop("is_final", None)
