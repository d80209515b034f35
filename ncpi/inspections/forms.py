"""What people type about an inspection and its dates."""

from django import forms

from ncpi.inspections import queries
from ncpi.inspections.models import InspectionKind, Programme
from ncpi.lib.forms import DateInput, HouseForm, VersionedFormMixin


def day(label, *, required=True, help_text=""):
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=DateInput(),
        error_messages={"invalid": "Enter a real date.", "required": "Enter a date."},
    )


class NamedChoice(forms.ModelChoiceField):
    """A choice among rows, in words that `words(row)` gives."""

    def __init__(self, *, words, **kwargs):
        self.words = words
        super().__init__(**kwargs)

    def label_from_instance(self, row):
        return self.words(row)


class DatesFields(forms.Form):
    """The dates of an inspection; whether they fit together is for the operation to say."""

    name = forms.CharField(label="Name of the inspection", max_length=150)
    notice_date = day("Notice given on")
    fieldwork_start_date = day("Fieldwork starts")
    fieldwork_end_date = day("Fieldwork ends")
    evidence_from_date = day("Evidence speaks for the time from")
    evidence_to_date = day("Evidence speaks for the time to")
    publication_date = day("Report published on", required=False, help_text="Leave empty until the report is out.")


class OpenInspectionForm(HouseForm, DatesFields):
    submit = "Open inspection"

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["force"] = NamedChoice(
            label="Force", words=str, queryset=queries.forces_to_manage(user), empty_label=None
        )
        self.fields["programme"] = NamedChoice(
            label="Programme",
            words=lambda row: f"{row.title} (edition {row.edition})",
            queryset=Programme.objects.order_by("-in_force_from", "key", "-edition"),
            empty_label=None,
        )
        self.fields["kind"] = forms.ChoiceField(label="Kind", choices=InspectionKind.choices)
        self.order_fields(["force", "programme", "name", "kind"])


class ChangeDatesForm(VersionedFormMixin, HouseForm, DatesFields):
    submit = "Save dates"


class CloseForm(VersionedFormMixin, HouseForm):
    submit = "Close inspection"


class MilestoneForm(HouseForm):
    submit = "Add milestone"

    title = forms.CharField(label="What is due", max_length=200)
    due_date = day("By when")
    note = forms.CharField(label="Note (optional)", max_length=500, required=False)


class MoveMilestoneForm(VersionedFormMixin, HouseForm):
    submit = "Move date"

    due_date = day("New date", help_text="From now on this date stays when the inspection's dates move.")
    note = forms.CharField(label="Note (optional)", max_length=500, required=False)


class FinishMilestoneForm(VersionedFormMixin, HouseForm):
    submit = "Mark as done"

    done_date = day("Done on")


class CompareForm(forms.Form):
    """Which two programmes to set side by side, from the address."""

    first = forms.ModelChoiceField(Programme.objects.order_by("pk"))
    second = forms.ModelChoiceField(Programme.objects.order_by("pk"))
