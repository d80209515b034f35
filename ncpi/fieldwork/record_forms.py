"""What is typed once a session's time is over."""

from crispy_forms_gds.layout import HTML, Field, Layout
from django import forms

from ncpi.accounts.access import colleagues
from ncpi.accounts.permissions import Permission
from ncpi.fieldwork import notes
from ncpi.fieldwork.record_models import LONGEST_NOTE
from ncpi.lib.forms import DateInput, HouseForm, VersionedFormMixin

CHECKED = "I have read it again: it names nobody, and holds nothing that was said about a child."


class CheckedTextMixin:
    """Refuses marks of a person in its `texts`; what only may be one is asked to be read again."""

    texts = ()
    has_doubts = False

    def clean(self):
        data = super().clean()
        doubts = notes.doubts_of({name: data.get(name) or "" for name in self.texts})
        is_read = data.get("is_checked")
        for one in doubts:
            if one.is_refused or not is_read:
                self.add_error(one.field, one.message)
        self.has_doubts = any(not one.is_refused for one in doubts)
        return data


class RecordForm(CheckedTextMixin, VersionedFormMixin, HouseForm):
    submit = "Save"
    texts = ("reason", "note")

    took_place = forms.TypedChoiceField(
        label="Did it take place?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it took place."},
    )
    reason = forms.CharField(
        label="If not, why", required=False, max_length=200, help_text="Such as: an inspector was called away."
    )
    came = forms.MultipleChoiceField(label="Who came", required=False, widget=forms.CheckboxSelectMultiple)
    others = forms.MultipleChoiceField(
        label="Who came in somebody's place", required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label="A short note for the force",
        required=False,
        max_length=LONGEST_NOTE,
        help_text="What the force has to send, arrange or mend. Never what anybody said about a child, and nobody's "
        "name. Inspectors do not see it.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    is_checked = forms.BooleanField(label=CHECKED, required=False)

    def __init__(self, *args, after, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["came"].choices = [(str(one.pk), f"{one.name}, {one.unit}") for one in after.asked]
        self.fields["others"].choices = [(str(one.pk), f"{one.name}, {one.unit}") for one in after.others]

    def layout(self):
        who = [Field.checkboxes("came", small=True)] if self.fields["came"].choices else []
        if self.fields["others"].choices:
            who += [HTML(self._opening()), Field.checkboxes("others", small=True), HTML("</div></details>")]
        checked = ["is_checked"] if self.has_doubts else []
        return Layout("took_place", "reason", *who, "note", *checked, "version")

    def _opening(self):
        """Return the start of what is folded away: mostly nobody came in somebody's place."""
        is_open = " open" if self["others"].value() else ""
        return (
            f'<details class="govuk-details"{is_open}><summary class="govuk-details__summary">'
            '<span class="govuk-details__summary-text">Somebody else came</span></summary>'
            '<div class="govuk-details__text">'
        )

    def clean(self):
        data = super().clean()
        if data.get("took_place") is False and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Say why it did not take place.")
        return data

    @property
    def values(self):
        data = self.cleaned_data
        return {
            "version": data["version"],
            "took_place": data["took_place"],
            "reason": data["reason"],
            "note": data["note"],
            "came": {int(key) for key in (*data["came"], *data["others"])},
        }

    @staticmethod
    def initial_of(after):
        """Return what is on record, or that everybody came."""
        record = after.record
        return {
            "version": record.version if record else 0,
            "took_place": ("yes" if record.took_place else "no") if record else None,
            "reason": record.reason if record else "",
            "note": record.note if record else "",
            "came": [str(one.pk) for one in after.asked if one.pk in after.came],
            "others": [str(one.pk) for one in after.others if one.pk in after.came],
        }


class FollowUpForm(CheckedTextMixin, VersionedFormMixin, HouseForm):
    submit = "Raise the action"
    texts = ("title",)

    title = forms.CharField(
        label="What will be done",
        max_length=200,
        help_text="Write it for everybody who reads actions, without what was said in the session.",
    )
    owner = forms.ModelChoiceField(label="Who answers for it", queryset=None, empty_label="Choose")
    due_date = forms.DateField(label="By when", widget=DateInput(), error_messages={"invalid": "Enter a real date."})
    is_checked = forms.BooleanField(label=CHECKED, required=False)

    def __init__(self, *args, force, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = colleagues(force, Permission.ACTION_UPDATE)
        self.fields["owner"].label_from_instance = lambda user: user.name

    def layout(self):
        checked = ["is_checked"] if self.has_doubts else []
        return Layout("title", "owner", "due_date", *checked, "version")

    @property
    def values(self):
        return {name: self.cleaned_data[name] for name in ("version", "title", "owner", "due_date")}
