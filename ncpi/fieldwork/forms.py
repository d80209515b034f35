"""What co-ordinators and participants type in the fieldwork."""

from crispy_forms_gds.layout import Field, Layout
from django import forms

from ncpi.fieldwork.cells import Cells
from ncpi.fieldwork.models import Arrangement, Band, DutyKind, Inspector, Part, Person, Reply, Session
from ncpi.fieldwork.operations.sessions import Wanted, preferences
from ncpi.lib import dates, tables
from ncpi.lib.forms import DateInput, Fieldset, HouseForm, HouseModelForm, VersionedFormMixin

NARROW = {"class": "govuk-input govuk-input--width-5"}


class TimeInput(forms.TimeInput):
    """The browser's own time field."""

    input_type = "time"

    def __init__(self, **kwargs):
        super().__init__(format="%H:%M", **kwargs)
        self.attrs.setdefault("class", "govuk-input govuk-input--width-5")


class FilterForm(forms.Form):
    """Filters of the list of people; what makes no sense filters nothing."""

    search = forms.CharField(required=False, max_length=100)
    unit = forms.CharField(required=False, max_length=120)
    band = forms.ChoiceField(required=False, choices=[("", "All"), *Band.choices])

    @property
    def filters(self):
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class PersonForm(HouseModelForm):
    class Meta:
        model = Person
        fields = [
            *("reference", "name", "job_title", "band", "unit", "organisation"),
            *("email", "line_manager", "max_sessions"),
        ]
        labels = {"email": "E-mail", "max_sessions": "Sessions at most", "band": "Rank band"}
        help_texts = {
            "reference": "The force's own number for this person.",
            "organisation": "For partners: the agency they come from.",
            "line_manager": "Nobody sits in a focus group with their own line manager.",
        }

    def __init__(self, *args, force, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Person.objects.here().filter(force=force).exclude(pk=self.instance.pk)
        self.fields["line_manager"].queryset = rows.order_by("name", "pk")
        self.fields["line_manager"].label_from_instance = lambda person: f"{person.name} ({person.reference})"

    def validate_constraints(self):
        """Left to the operation, which says it in words."""


class ChangePersonForm(VersionedFormMixin, PersonForm):
    pass


class SpanFormMixin:
    """Two London clock times that make a range; a time the clocks skip or show twice is refused."""

    def clean(self):
        data = super().clean()
        wanted = [data.get(name) for name in ("start_date", "start", "end_date", "end")]
        if None not in wanted:
            try:
                data["during"] = dates.span(*wanted)
            except dates.EmptyRange as error:
                self.add_error("end", str(error))
            except dates.LocalTimeError as error:
                self.add_error("start", str(error))
        return data


class DutyForm(SpanFormMixin, HouseForm):
    submit = "Add this time"

    kind = forms.ChoiceField(choices=DutyKind.choices, label="What")
    start_date = forms.DateField(label="First day", widget=DateInput())
    start = forms.TimeField(label="From", widget=TimeInput())
    end_date = forms.DateField(label="Last day", widget=DateInput())
    end = forms.TimeField(label="To", widget=TimeInput())
    note = forms.CharField(label="Note", required=False, max_length=200)


class AbsenceForm(SpanFormMixin, HouseForm):
    submit = "Add absence"

    start_date = forms.DateField(label="First day", widget=DateInput())
    start = forms.TimeField(label="From", widget=TimeInput())
    end_date = forms.DateField(label="Last day", widget=DateInput())
    end = forms.TimeField(label="To", widget=TimeInput())
    reason = forms.CharField(label="Reason", required=False, max_length=200)


class InspectorForm(HouseModelForm):
    specialisms = forms.CharField(
        label="Specialisms",
        required=False,
        max_length=300,
        help_text="One or more, between semicolons: custody; digital",
    )

    class Meta:
        model = Inspector
        fields = ["reference", "name", "email", "specialisms", "max_a_day"]
        labels = {"email": "E-mail", "max_a_day": "Sessions a day at most"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["specialisms"] = "; ".join(self.instance.specialisms)

    def clean_specialisms(self):
        found = list(Cells(0, self.cleaned_data).words("specialisms"))
        if any(len(word) > 60 for word in found):
            raise forms.ValidationError("A specialism is at most 60 characters long.")
        return found

    def validate_constraints(self):
        """Left to the operation, which says it in words."""


class ChangeInspectorForm(VersionedFormMixin, InspectorForm):
    pass


class ArrangementForm(VersionedFormMixin, HouseModelForm):
    submit = "Save rules"

    class Meta:
        model = Arrangement
        fields = [
            *("opens", "closes", "lunch_from", "lunch_to", "lunch_minutes", "inspector_gap_minutes"),
            *("inspector_sessions_a_day", "person_gap_minutes", "person_sessions_a_day", "rooms"),
        ]
        widgets = {name: TimeInput() for name in ("opens", "closes", "lunch_from", "lunch_to")}
        labels = {
            "opens": "Sessions from",
            "closes": "Sessions until",
            "lunch_from": "Inspectors' lunch from",
            "lunch_to": "Inspectors' lunch until",
            "lunch_minutes": "Minutes of lunch",
            "inspector_gap_minutes": "Minutes between an inspector's sessions",
            "inspector_sessions_a_day": "Sessions a day of an inspector at most",
            "person_gap_minutes": "Minutes between a person's sessions",
            "person_sessions_a_day": "Sessions a day of a person at most",
            "rooms": "Rooms or meeting links",
        }
        help_texts = {
            "rooms": "Leave empty when there are as many as needed.",
            "lunch_minutes": "0 for no fixed lunch.",
        }

    def clean(self):
        data = super().clean()
        if data.get("opens") and data.get("closes") and data["closes"] <= data["opens"]:
            self.add_error("closes", "The day must close after it opens.")
        lunch = [data.get(name) for name in ("lunch_from", "lunch_to", "lunch_minutes")]
        if None not in lunch and lunch[2]:
            start, end = (clock.hour * 60 + clock.minute for clock in lunch[:2])
            if end - start < lunch[2]:
                self.add_error("lunch_minutes", "Lunch does not fit between the two times.")
        for name in ("inspector_sessions_a_day", "person_sessions_a_day"):
            if data.get(name) == 0:
                self.add_error(name, "Must be at least 1.")
        return data

    def validate_constraints(self):
        """Said above in words."""


class SessionForm(HouseModelForm):
    """One session wanted. `people` and `others` are by reference."""

    fixed = forms.CharField(
        label="Who must come",
        required=False,
        max_length=1000,
        help_text="References of people, between semicolons.",
    )
    pool_units = forms.MultipleChoiceField(
        label="Choose from units", required=False, widget=forms.CheckboxSelectMultiple
    )
    pool_band = forms.ChoiceField(label="Only this rank band", required=False, choices=[("", "Any"), *Band.choices])
    pool_people = forms.CharField(
        label="Or choose from these people",
        required=False,
        max_length=4000,
        help_text="References, between semicolons.",
    )
    after = forms.CharField(
        label="After these sessions", required=False, max_length=500, help_text="References of sessions."
    )
    windows = forms.CharField(
        label="Only within",
        required=False,
        max_length=2000,
        help_text="Such as 2021-07-05 09:00-12:00, between semicolons. Empty means any open hour.",
    )
    prefer_from = forms.TimeField(label="Rather from", required=False, widget=TimeInput())
    prefer_to = forms.TimeField(label="Rather until", required=False, widget=TimeInput())
    link = forms.URLField(label="Meeting link", required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = Session
        fields = [
            *("reference", "title", "kind", "minutes", "inspectors_needed", "specialism", "size", "areas"),
            "priority",
        ]
        labels = {
            "inspectors_needed": "Inspectors",
            "size": "How many of those to choose from",
            "areas": "Speaks to",
        }
        help_texts = {
            "size": "0 when everybody who comes is named above.",
            "priority": "1 to 9; when not all can be placed, more weighs more.",
            "specialism": "What one of the inspectors must know; empty when any will do.",
        }
        widgets = {"areas": forms.CheckboxSelectMultiple}

    def __init__(self, *args, inspection, people, others, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.people, self.others = people, others
        self.fields["kind"].queryset = inspection.programme.session_kinds.order_by("order", "pk")
        areas = inspection.programme.areas.order_by("order", "pk")
        self.fields["areas"].queryset = areas
        self.fields["areas"].choices = list(areas.values_list("pk", "title"))
        self.fields["areas"].required = False
        self.fields["pool_units"].choices = [(unit, unit) for unit in units]
        self.fields["priority"].min_value = 1
        if self.instance.pk:
            self._fill()

    def layout(self):
        return Layout(
            Fieldset("reference", "title", "kind", Field("minutes"), "link", legend="What", legend_size="m"),
            Fieldset("inspectors_needed", "specialism", legend="Inspectors", legend_size="m"),
            Fieldset("fixed", "size", "pool_units", "pool_band", "pool_people", legend="Who", legend_size="m"),
            Fieldset("after", "windows", "prefer_from", "prefer_to", "priority", legend="When", legend_size="m"),
            Fieldset("areas", legend="Coverage", legend_size="m"),
            *(["version"] if "version" in self.fields else []),
        )

    def _fill(self):
        """Show what is stored in the words that this form takes."""
        session = self.instance
        parts = list(session.candidates.values_list("part", "person__reference").order_by("person__reference"))
        local = [(dates.to_local(one.during.lower), dates.to_local(one.during.upper)) for one in session.windows.all()]
        self.initial |= {
            "fixed": "; ".join(key for part, key in parts if part == Part.FIXED),
            "pool_people": "; ".join(key for part, key in parts if part == Part.POOL),
            "after": "; ".join(session.after.order_by("reference").values_list("reference", flat=True)),
            "windows": "; ".join(f"{start:%Y-%m-%d %H:%M}-{end:%H:%M}" for start, end in sorted(local)),
            "prefer_from": session.preferences.get("from"),
            "prefer_to": session.preferences.get("to"),
        }

    def clean_minutes(self):
        minutes = self.cleaned_data["minutes"]
        if not 15 <= minutes <= 480:
            raise forms.ValidationError("A session lasts from 15 to 480 minutes.")
        return minutes

    def clean_inspectors_needed(self):
        return self._within("inspectors_needed", 1, 10)

    def clean_priority(self):
        return self._within("priority", 1, 9)

    def clean_fixed(self):
        return self._known("fixed", self.people)

    def clean_pool_people(self):
        return self._known("pool_people", self.people)

    def clean_after(self):
        return self._known("after", self.others)

    def clean_windows(self):
        cells = Cells(0, self.cleaned_data)
        found = cells.windows("windows")
        if cells.problems:
            raise forms.ValidationError([f"This field {problem.message}" for problem in cells.problems])
        return found

    def clean(self):
        data = super().clean()
        start, end = data.get("prefer_from"), data.get("prefer_to")
        if start and end and end <= start:
            self.add_error("prefer_to", "Must be after the time before it.")
        if not data.get("fixed") and not data.get("size") and "fixed" not in self.errors:
            self.add_error("fixed", "Nobody would come: name somebody, or choose from a pool.")
        return data

    @property
    def values(self):
        """Return the fields of the session itself."""
        data = self.cleaned_data
        kept = ("reference", "title", "minutes", "inspectors_needed", "specialism", "size", "priority", "link")
        return {name: data[name] for name in kept} | {
            "preferences": preferences(data["prefer_from"], data["prefer_to"])
        }

    @property
    def wanted(self):
        data = self.cleaned_data
        units, band = data["pool_units"], data["pool_band"]
        of_units = [one for one in self.people.values() if units and one.unit in units and band in ("", one.band)]
        pool = {one.pk: one for one in (*of_units, *data["pool_people"])}
        for one in data["fixed"]:
            pool.pop(one.pk, None)
        return Wanted(
            fixed=data["fixed"],
            pool=list(pool.values()) if data["size"] else [],
            windows=data["windows"],
            areas=list(data["areas"]) or list(data["kind"].areas.all()),
            after=data["after"],
        )

    def validate_constraints(self):
        """Left to the operation, which says it in words."""

    def _within(self, name, lowest, highest):
        value = self.cleaned_data[name]
        if not lowest <= value <= highest:
            raise forms.ValidationError(f"Must be from {lowest} to {highest}.")
        return value

    def _known(self, name, rows):
        found = Cells(0, self.cleaned_data).words(name)
        unknown = [key for key in found if key not in rows]
        if unknown:
            raise forms.ValidationError(f"Nothing here has the reference {', '.join(unknown)}.")
        return [rows[key] for key in found]


class ChangeSessionForm(VersionedFormMixin, SessionForm):
    pass


class TableForm(HouseForm):
    """One CSV file, read into a table."""

    submit = "Import"

    file = forms.FileField(label="CSV file", widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}))

    def clean_file(self):
        try:
            return tables.read_csv(self.cleaned_data["file"].read())
        except tables.UnreadableTable as error:
            raise forms.ValidationError([str(problem) for problem in error.problems])


class PublishForm(forms.Form):
    tell = forms.BooleanField(required=False)


class AnswerForm(forms.Form):
    reply = forms.ChoiceField(choices=[one for one in Reply.choices if one[0] != Reply.NONE])
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)
