"""What people type about recommendations and actions."""

from django import forms

from ncpi.accounts.access import colleagues
from ncpi.accounts.permissions import Permission
from ncpi.actions.models import ActionStatus, Recommendation, RecommendationKind, RecommendationStatus
from ncpi.actions.queries import deadline_titles
from ncpi.inspections.models import Area, Criterion
from ncpi.lib.forms import DateInput, HouseForm, VersionedFormMixin
from ncpi.lib.uploads import ACCEPT, ACCEPTED_IN_WORDS, UnacceptableDocument, inspect

DAY = {"widget": DateInput(), "error_messages": {"invalid": "Enter a real date."}}


def text_area(label, *, rows=4, help_text="", required=True, longest=4000):
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class PersonField(forms.ModelChoiceField):
    """A choice among colleagues, by name."""

    def label_from_instance(self, person):
        return person.name


class RowField(forms.ModelChoiceField):
    """A choice among rows, in words that `words(row)` gives."""

    def __init__(self, *, words, **kwargs):
        self.words = words
        super().__init__(**kwargs)

    def label_from_instance(self, row):
        return self.words(row)


def owners(inspection):
    return colleagues(inspection.force, Permission.ACTION_UPDATE)


def in_short(recommendation):
    return f"{recommendation.number}: {recommendation.text[:80]}"


def areas_of(inspection, **kwargs):
    return RowField(
        words=lambda area: area.title,
        queryset=Area.objects.filter(programme=inspection.programme).order_by("order", "pk"),
        required=False,
        empty_label="None",
        **kwargs,
    )


class RaiseActionForm(HouseForm):
    submit = "Raise action"

    title = forms.CharField(label="What will be done", max_length=200)
    detail = text_area("In more detail (optional)", required=False)
    next_step = forms.CharField(label="Next step (optional)", max_length=300, required=False)
    due_date = forms.DateField(label="By when", **DAY)

    def __init__(self, *args, inspection, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"] = PersonField(label="Who answers for it", queryset=owners(inspection))
        self.fields["recommendation"] = RowField(
            label="Recommendation behind it",
            words=in_short,
            queryset=Recommendation.objects.filter(force_id=inspection.force_id).order_by("number", "pk"),
            required=False,
            empty_label="None",
        )
        self.fields["criterion"] = RowField(
            label="Criterion it serves",
            words=lambda row: f"{row.key} {row.title}",
            queryset=Criterion.objects.filter(area__programme=inspection.programme).order_by("order", "pk"),
            required=False,
            empty_label="None",
        )
        self.order_fields(["title", "detail", "owner", "due_date", "next_step", "recommendation", "criterion"])


class UpdateForm(VersionedFormMixin, HouseForm):
    submit = "Save update"

    text = text_area("What has been done since the last update")
    next_step = forms.CharField(label="Next step", max_length=300, required=False)
    status = forms.ChoiceField(
        label="Has it begun?",
        choices=[(value, ActionStatus(value).label) for value in (ActionStatus.OPEN, ActionStatus.IN_PROGRESS)],
        widget=forms.RadioSelect,
    )


class MoveForm(VersionedFormMixin, HouseForm):
    submit = "Move date"

    new_date = forms.DateField(label="New date", **DAY)
    reason = text_area("Why it moves", help_text="Shown to whoever reads the action, beside the earlier date.")


class HandOverForm(VersionedFormMixin, HouseForm):
    submit = "Hand over"

    def __init__(self, *args, inspection, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"] = PersonField(label="New owner", queryset=owners(inspection))


class ProofForm(HouseForm):
    submit = "Add proof"

    text = text_area("What it shows", help_text="What was done, and how this shows it. No child is named.")
    link = forms.URLField(label="Link (optional)", max_length=500, required=False, assume_scheme="https")
    file = forms.FileField(
        label="Document (optional)",
        help_text=f"{ACCEPTED_IN_WORDS}; 20 MB at most.",
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload is None:
            return None
        try:
            return inspect(upload.file, upload.name)
        except UnacceptableDocument as refusal:
            raise forms.ValidationError(str(refusal))


class AskForm(VersionedFormMixin, HouseForm):
    submit = "Ask for closure"

    text = text_area("What changed, and how that can be tested")


class DecideForm(VersionedFormMixin, HouseForm):
    submit = "Decide"

    worked = forms.TypedChoiceField(
        label="Did it work?",
        choices=[("yes", "Yes: close the action"), ("no", "Not shown yet: send it back")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    test_of_effect = text_area(
        "How the effect was tested", help_text="An action that was done has not always worked: say what shows it."
    )


class NotAdoptForm(VersionedFormMixin, HouseForm):
    submit = "Do not adopt"

    reason = text_area("Why it will not be done", help_text="Shown with the action for good.")


class RecommendationForm(HouseForm):
    submit = "Enter recommendation"

    report = forms.CharField(label="Report", max_length=200)
    about = forms.CharField(
        label="About",
        max_length=150,
        required=False,
        help_text="The force it was written of, when that is another one.",
    )
    published_date = forms.DateField(label="Day of publication", required=False, **DAY)
    number = forms.CharField(label="Number in the report", max_length=40)
    text = text_area("What it asks for")
    kind = forms.ChoiceField(label="Kind", choices=RecommendationKind.choices)
    stated_date = forms.DateField(label="Date, when the report states one", required=False, **DAY)
    theme = forms.CharField(label="Theme", max_length=60, required=False)
    source_address = forms.URLField(
        label="Web address of the page", max_length=500, required=False, assume_scheme="https"
    )

    def __init__(self, *args, inspection, **kwargs):
        super().__init__(*args, **kwargs)
        titles = deadline_titles(inspection)
        self.fields["deadline_kind"] = forms.ChoiceField(
            label="Deadline", choices=[("", "Not known"), *titles.items()], required=False
        )
        self.fields["area"] = areas_of(inspection, label="Area")
        self.fields["owner"] = PersonField(
            label="Who answers for it", queryset=owners(inspection), required=False, empty_label="Nobody yet"
        )
        self.order_fields(
            ["report", "about", "published_date", "number", "text", "kind", "deadline_kind", "stated_date"]
            + ["area", "theme", "owner", "source_address"]
        )

    def clean(self):
        values = super().clean()
        if values.get("deadline_kind") == "fixed_date" and not values.get("stated_date"):
            self.add_error("stated_date", "Enter the date that the report states.")
        return values


class EditRecommendationForm(VersionedFormMixin, HouseForm):
    due_date = forms.DateField(label="Due", required=False, **DAY)
    theme = forms.CharField(label="Theme", max_length=60, required=False)

    def __init__(self, *args, inspection, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"] = PersonField(
            label="Who answers for it", queryset=owners(inspection), required=False, empty_label="Nobody yet"
        )
        self.fields["area"] = areas_of(inspection, label="Area")
        self.order_fields(["owner", "due_date", "area", "theme"])


class StatusForm(VersionedFormMixin, HouseForm):
    submit = "Add step"

    status = forms.ChoiceField(label="New status", choices=RecommendationStatus.choices, widget=forms.RadioSelect)
    on_date = forms.DateField(label="Since when", **DAY)
    comment = text_area("Comment", required=False)


class RepeatForm(VersionedFormMixin, HouseForm):
    submit = "Save link"

    def __init__(self, *args, recommendation, **kwargs):
        super().__init__(*args, **kwargs)
        others = Recommendation.objects.filter(force_id=recommendation.force_id).exclude(pk=recommendation.pk)
        self.fields["repeats"] = RowField(
            label="It repeats",
            words=in_short,
            queryset=others.order_by("number", "pk"),
            required=False,
            empty_label="Nothing earlier",
        )


class ImportForm(HouseForm):
    submit = "Check and import"

    file = forms.FileField(label="CSV file", widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))


POSITIONS = [("", "All"), ("open", "Open"), ("overdue", "Overdue"), ("ended", "Ended")]


class ActionFilter(forms.Form):
    """The filters of the list of actions; what makes no sense filters nothing."""

    position = forms.ChoiceField(choices=POSITIONS, required=False)
    status = forms.ChoiceField(choices=[("", "Any"), *ActionStatus.choices], required=False)
    whose = forms.ChoiceField(choices=[("", "Everybody's"), ("mine", "Mine")], required=False)
    words = forms.CharField(max_length=100, required=False)


class RecommendationFilter(forms.Form):
    """The filters of the list of recommendations; what makes no sense filters nothing."""

    position = forms.ChoiceField(choices=POSITIONS, required=False)
    status = forms.ChoiceField(choices=[("", "Any"), *RecommendationStatus.choices], required=False)
    words = forms.CharField(max_length=100, required=False)

    def __init__(self, *args, inspection, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["deadline_kind"] = forms.ChoiceField(
            choices=[("", "Any"), *deadline_titles(inspection).items()], required=False
        )


def chosen(form):
    """What a filter form makes of the address, without what it cannot read."""
    form.is_valid()
    return form.cleaned_data
