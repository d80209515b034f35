"""What a participant types who cannot come at the time asked."""

from crispy_forms_gds.layout import Layout
from django import forms

from ncpi.fieldwork.forms import TimeInput
from ncpi.fieldwork.operations.replies import MOST_TIMES
from ncpi.lib import dates
from ncpi.lib.forms import DateInput, Fieldset, HouseForm, VersionedFormMixin
from ncpi.lib.text import one_line

SHOWN_TIMES = 3
MISSING = {
    "day_1": "Say on which day you could come.",
    "start_1": "Say from when you could.",
    "end_1": "Say until when you could.",
}


class OtherTimesForm(VersionedFormMixin, HouseForm):
    """Up to three times at which they could come, in UK time."""

    submit = "Send these times"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number in range(1, SHOWN_TIMES + 1):
            is_first = number == 1
            self.fields[f"day_{number}"] = forms.DateField(label="Day", widget=DateInput(), required=is_first)
            self.fields[f"start_{number}"] = forms.TimeField(label="From", widget=TimeInput(), required=is_first)
            self.fields[f"end_{number}"] = forms.TimeField(label="To", widget=TimeInput(), required=is_first)
        for name, words in MISSING.items():
            self.fields[name].error_messages["required"] = words

    def layout(self):
        words = ("I could come", "Or, if you can", "Or, if you can")
        return Layout(
            *(
                Fieldset(f"day_{number}", f"start_{number}", f"end_{number}", legend=word, legend_size="m")
                for number, word in enumerate(words, start=1)
            ),
            "version",
        )

    def clean(self):
        data = super().clean()
        found = [self._time(data, number) for number in range(1, SHOWN_TIMES + 1)]
        data["times"] = [span for span in found if span is not None][:MOST_TIMES]
        return data

    def _time(self, data, number):
        names = [f"{part}_{number}" for part in ("day", "start", "end")]
        day, *clocks = (data.get(name) for name in names)
        if day is None and not any(clocks):
            return None
        for name in names:
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, "Give the day and both times, or leave all three empty.")
        if day is None or None in clocks:
            return None
        moments = []
        for name, clock in zip(names[1:], clocks, strict=True):
            try:
                moments.append(dates.combine(day, clock))
            except dates.LocalTimeError as error:
                self.add_error(name, str(error))
        if len(moments) == 2 and moments[1] <= moments[0]:
            self.add_error(names[2], "The end must be after the start.")
        return tuple(moments) if len(moments) == 2 and moments[0] < moments[1] else None


class StandInForm(VersionedFormMixin, HouseForm):
    """Who could come instead, typed: the page names nobody, and never says whether a guess was right."""

    submit = "Propose them"

    who = forms.CharField(
        label="Who could come in your place",
        max_length=254,
        help_text="Their work e-mail address, or the force's number for them. The co-ordinator sees whether they can.",
    )

    def clean_who(self):
        return one_line(self.cleaned_data["who"])
