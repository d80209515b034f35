"""Reading what people type about the sample."""

from crispy_forms_gds.layout import Field, Fixed, Layout, Size
from django import forms
from django.core.exceptions import ValidationError

from cases import sampling
from cases.extract import LIMITS, REQUIRED_COLUMNS, proposed_mapping
from cases.models import Spread
from ncpi.lib.document_kinds import UNPACKS
from ncpi.lib.forms import DateInput, Fieldset, HouseForm, VersionedFormMixin
from ncpi.lib.uploads import UnacceptableDocument, as_it_is, inspect

MAPPED = {
    "reference": ("Reference", "The force's own reference of the case, once in the file."),
    "case_type": ("Case type", "A case type of the programme, by its key or its title."),
    "district": ("District", ""),
    "team": ("Team", "The team that ran the case."),
    "reported_on": ("Reported on", "A date."),
    "finalised_on": ("Finalised on", "A date, or empty."),
    "outcome": ("Outcome", "A few words, or empty."),
    "ethnicity_recorded": ("Ethnicity recorded", "Yes or no."),
    "disability_recorded": ("Disability recorded", "Yes or no."),
}


AS_CSV = "Leave out columns that are not needed, or save the sheet as CSV and bring that."


class ExtractForm(HouseForm):
    submit = "Bring the file in"
    extract = forms.FileField(
        label="Case extract (CSV or Excel)",
        help_text=f"At most {LIMITS.rows:,} cases and {LIMITS.size // 1_000_000} MB. Of a workbook the first sheet.",
        max_length=255,
        error_messages={
            "required": "Choose the file to import.",
            "empty": "The file is empty.",
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def clean_extract(self):
        return table_file(self.cleaned_data["extract"], most=LIMITS.size)


def table_file(upload, *, most):
    """Give an uploaded table as a document. A workbook is looked into here, a CSV by whatever reads its rows."""
    if upload.size > most:
        raise ValidationError(f"The file is larger than {most // 1_000_000} MB.")
    try:
        if upload.name.lower().endswith(".xlsx"):
            return inspect(upload, upload.name, only=("xlsx",))
        return as_it_is(upload, upload.name, extension="csv", media_type="text/csv")
    except UnacceptableDocument as refusal:
        raise ValidationError(f"{refusal} {AS_CSV}" if str(refusal) == UNPACKS else str(refusal))


class MappingForm(HouseForm):
    """Which column of the file holds what; `header` are the file's columns."""

    submit = "Check and import"

    def __init__(self, *args, header, **kwargs):
        super().__init__(*args, **kwargs)
        proposed = proposed_mapping(header)
        columns = [(name, name) for name in header]
        for name, (label, hint) in MAPPED.items():
            is_needed = name in REQUIRED_COLUMNS
            self.fields[name] = forms.ChoiceField(
                label=label,
                help_text=hint,
                choices=[("", "Choose a column" if is_needed else "Not in the file"), *columns],
                initial=proposed.get(name, ""),
                required=is_needed,
                error_messages={"required": f"{label}: choose the column that holds it."},
            )

    def clean(self):
        cleaned = super().clean()
        chosen = [name for name in cleaned.values() if name]
        for ours, theirs in list(cleaned.items()):
            if theirs and chosen.count(theirs) > 1:
                self.add_error(ours, f"The column “{theirs}” is chosen for two things.")
        return self.cleaned_data


class PlanForm(HouseForm):
    """One number a case type; `types` are the rows of the sample's state."""

    submit = "Fix the plan"
    second_grading_percent = forms.IntegerField(
        label="Graded by a second auditor, in percent",
        help_text="A random share of the cases is graded twice, blind.",
        min_value=0,
        max_value=100,
        initial=20,
    )
    second_at_extremes = forms.BooleanField(
        label="Also every case that its first auditor gives the best or the worst grade", required=False
    )
    spread = forms.ChoiceField(
        label="Spread each type over",
        help_text="In proportion to what each district or team has in the frame; the numbers are fixed with the plan.",
        choices=[(Spread.TYPE, "Nothing: draw from the whole force"), ("district", "Districts"), ("team", "Teams")],
        initial=Spread.TYPE,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether each type is spread."},
    )
    round = forms.IntegerField(min_value=1, max_value=99, widget=forms.HiddenInput)

    def __init__(self, *args, types, next_round, **kwargs):
        super().__init__(*args, **kwargs)
        self.types = types
        self.fields["round"].initial = next_round
        is_first = next_round == 1
        for row in types:
            self.fields[_field(row.key)] = forms.IntegerField(
                label=row.title,
                help_text=f"{row.in_frame:,} in the frame" if is_first else f"{row.left:,} not drawn yet",
                min_value=0,
                max_value=row.left,
                initial=min(row.asked or row.default, row.left) if is_first else 0,
                error_messages={
                    "max_value": f"{row.title}: the frame holds {row.left:,}{'' if is_first else ' more'}.",
                    "required": f"{row.title}: give a number; 0 draws none.",
                    "invalid": f"{row.title}: give a whole number.",
                    "min_value": f"{row.title}: give 0 or more.",
                },
            )

    def layout(self):
        return Layout(
            Fieldset(
                *(Field.text(_field(row.key), field_width=Fixed.FOUR) for row in self.types),
                legend="Cases to draw of each type",
                legend_size=Size.MEDIUM,
                css_class="ncpi-plan",
            ),
            Field.radios("spread", legend_size=Size.MEDIUM),
            Field.text("second_grading_percent", field_width=Fixed.THREE),
            "second_at_extremes",
            "round",
        )

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not sum(self.sizes.values()):
            raise ValidationError("The plan asks for no case.")
        return cleaned

    @property
    def sizes(self):
        return {row.key: self.cleaned_data[_field(row.key)] for row in self.types}


class DrawForm(HouseForm):
    submit = "Draw the sample"
    seed = forms.CharField(
        label="Seed",
        help_text=(
            "1 to 100 characters without accents. Take something that nobody could know when the plan was fixed, "
            "such as the next lottery numbers or a number that the inspectorate names."
        ),
        max_length=100,
        strip=False,
        error_messages={"required": "Enter the seed."},
    )

    def clean_seed(self):
        seed = self.cleaned_data["seed"]
        try:
            sampling.check_seed(seed)
        except sampling.UnusableSeed as error:
            raise ValidationError(str(error))
        return seed


class ReplaceForm(VersionedFormMixin, HouseForm):
    submit = "Replace this case"
    reason = forms.CharField(
        label="Why can this case not be audited?",
        help_text="For instance: sealed by a court, in the extract twice. No names.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Give the reason."},
    )


class ReasonForm(VersionedFormMixin, HouseForm):
    reason = forms.CharField(
        label="Why?",
        help_text="It stays on record. Write no name, and nothing of a case.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Give the reason."},
    )


class KeepForm(ReasonForm):
    review_date = forms.DateField(label="Look at them again on", widget=DateInput())

    field_order = ("review_date", "reason")


class SureForm(VersionedFormMixin, HouseForm):
    """Nothing to say but yes."""


class CaseFilter(forms.Form):
    """The list's filters, from the address; what makes no sense is left out."""

    STATES = [("", "All"), ("in_sample", "In the sample"), ("replaced", "Replaced")]
    find = forms.CharField(required=False, max_length=60)
    case_type = forms.CharField(required=False, max_length=60)
    district = forms.CharField(required=False, max_length=100)
    state = forms.ChoiceField(required=False, choices=STATES)

    @property
    def chosen(self):
        self.is_valid()
        return {key: value for key, value in self.cleaned_data.items() if value}


def _field(key):
    return f"size_{key}"
