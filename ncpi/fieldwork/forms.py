"""What co-ordinators and participants type in the fieldwork."""

from django import forms

from ncpi.accounts.access import colleagues
from ncpi.accounts.permissions import Permission
from ncpi.fieldwork.cells import Cells
from ncpi.fieldwork.models import Arrangement, Band, DutyKind, Inspector, Person, Reply
from ncpi.lib import dates, tables
from ncpi.lib.forms import DateInput, HouseForm, HouseModelForm, VersionedFormMixin
from ncpi.lib.sheets import sheet_as_csv
from ncpi.lib.uploads import UnacceptableDocument, inspect

# Of the processor; a person waits for it.
WORKBOOK_SECONDS = 10


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
            *("email", "line_manager", "max_sessions", "user"),
        ]
        labels = {"email": "E-mail", "max_sessions": "Sessions at most", "band": "Rank band", "user": "Account here"}
        help_texts = {
            "user": "Where they sign in here, their invitations are on their work list.",
            "reference": "The force's own number for this person.",
            "organisation": "For partners: the agency they come from.",
            "line_manager": "Nobody sits in a focus group with their own line manager.",
        }

    def __init__(self, *args, force, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Person.objects.here().filter(force=force).exclude(pk=self.instance.pk)
        self.fields["line_manager"].queryset = rows.order_by("name", "pk")
        self.fields["line_manager"].label_from_instance = lambda person: f"{person.name} ({person.reference})"
        _offer_accounts(self.fields["user"], colleagues(force, Permission.INSPECTION_VIEW))

    def validate_constraints(self):
        """Left to the operation, which says it in words."""


def _offer_accounts(field, users):
    field.queryset = users
    field.label_from_instance = lambda user: f"{user.name} ({user.email})"


class ChangePersonForm(VersionedFormMixin, PersonForm):
    pass


class SpanFormMixin:
    """Two London clock times that make a range; a time the clocks skip or show twice is refused beside its field."""

    def clean(self):
        data = super().clean()
        wanted = [data.get(name) for name in ("start_date", "start", "end_date", "end")]
        if None not in wanted:
            span = self._span(*wanted)
            if span is not None:
                data["during"] = span
        return data

    def _span(self, start_day, start, end_day, end):
        moments = []
        for name, day, clock in (("start", start_day, start), ("end", end_day, end)):
            try:
                moments.append(dates.combine(day, clock))
            except dates.LocalTimeError as error:
                self.add_error(name, str(error))
        if len(moments) < 2:
            return None
        if moments[1] <= moments[0]:
            self.add_error("end", "The end must be after the start.")
            return None
        return tuple(moments)


class DutyForm(SpanFormMixin, HouseForm):
    submit = "Add this time"

    kind = forms.ChoiceField(choices=DutyKind.choices, label="What")
    start_date = forms.DateField(label="First day", widget=DateInput())
    start = forms.TimeField(label="From", widget=TimeInput())
    end_date = forms.DateField(label="Last day", widget=DateInput())
    end = forms.TimeField(label="To", widget=TimeInput())
    note = forms.CharField(label="Note", required=False, max_length=200)
    agreed_by = forms.CharField(
        label="Who agreed",
        required=False,
        max_length=120,
        help_text="Only when somebody comes in on a rest day. Nobody is asked then without their agreement.",
    )
    agreed_date = forms.DateField(label="Agreed on", required=False, widget=DateInput())

    @property
    def time(self):
        """Return the time as the operation takes it; a mark of agreement belongs to one kind alone."""
        data = self.cleaned_data
        agreed = data["kind"] == DutyKind.AGREED
        return {name: data[name] for name in ("kind", "during", "note")} | {
            "agreed_by": data["agreed_by"] if agreed else "",
            "agreed_date": data["agreed_date"] if agreed else None,
        }


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
        fields = ["reference", "name", "email", "specialisms", "max_a_day", "user"]
        labels = {"email": "E-mail", "max_a_day": "Sessions a day at most", "user": "Account here"}
        help_texts = {"user": "Where they sign in here, their own sessions are on their first page."}

    def __init__(self, *args, force, **kwargs):
        super().__init__(*args, **kwargs)
        _offer_accounts(self.fields["user"], colleagues(force, Permission.FIELDWORK_VIEW))
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


class TableForm(HouseForm):
    """One CSV file or workbook, read into a table."""

    submit = "Import"

    file = forms.FileField(
        label="CSV file or Excel workbook", widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv,.xlsx"})
    )

    def clean_file(self):
        upload = self.cleaned_data["file"]
        try:
            if upload.name.lower().endswith(".xlsx"):
                inspect(upload, upload.name, only=("xlsx",))
                with sheet_as_csv(upload, most_rows=tables.LIMITS.rows, seconds=WORKBOOK_SECONDS) as text:
                    text.seek(0)
                    return tables.read_csv(text.read())
            return tables.read_csv(upload.read())
        except tables.UnreadableTable as error:
            raise forms.ValidationError([str(problem) for problem in error.problems])
        except UnacceptableDocument as refusal:
            raise forms.ValidationError(str(refusal))


class PublishForm(forms.Form):
    tell = forms.BooleanField(required=False)


class VersionForm(forms.Form):
    """The version that the person saw, of an act that needs nothing else."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)


class AnswerForm(forms.Form):
    reply = forms.ChoiceField(choices=[(one.value, one.label) for one in (Reply.ACCEPTED, Reply.DECLINED)])
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)
