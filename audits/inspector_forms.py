"""What people type or bring about inspectors' gradings."""

from django import forms
from django.core.exceptions import ValidationError

from audits.forms import GradeForm, NamedChoice
from audits.inspector_rows import LIMITS
from cases.checking import opened
from cases.extract import reference_problem
from cases.forms import table_file
from ncpi.inspections.models import CaseType
from ncpi.lib.forms import HouseForm
from ncpi.lib.tables import Table, UnreadableTable, stream_csv

READ_SECONDS = 10


class FurtherGradeForm(GradeForm):
    """An inspectors' grade of a case that is not in the force's sample."""

    reference = forms.CharField(
        label="Reference", help_text="The force's own reference of the case, and nothing else.", max_length=60
    )
    case_type = NamedChoice(queryset=CaseType.objects.none(), label="Type of case", empty_label="Choose")
    field_order = ("reference", "case_type", "grade", "reason")

    def __init__(self, *args, programme_id, **kwargs):
        super().__init__(*args, programme_id=programme_id, **kwargs)
        self.fields["case_type"].queryset = CaseType.objects.filter(programme_id=programme_id).order_by("order", "pk")

    def clean_reference(self):
        problem = reference_problem(self.cleaned_data["reference"])
        if problem:
            raise ValidationError(f"The reference {problem}")
        return self.cleaned_data["reference"]


class GradeListForm(HouseForm):
    """A list as a file; `table` is what it holds once the form is valid."""

    submit = "Import the list"
    file = forms.FileField(
        label="List of gradings (CSV or Excel)",
        help_text=f"At most {LIMITS.rows:,} rows. Of a workbook the first sheet.",
        max_length=255,
        error_messages={"required": "Choose the file to import.", "empty": "The file is empty."},
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    no_names = forms.BooleanField(label="I have looked: no reason names anybody", required=False)

    table: Table

    def clean_file(self):
        document = table_file(self.cleaned_data["file"], most=LIMITS.size)
        try:
            with (
                opened(document.file, document.extension, most_rows=LIMITS.rows, seconds=READ_SECONDS) as (text, _),
                stream_csv(text, limits=LIMITS) as (header, rows),
            ):
                self.table = Table(header, tuple(rows))
        except UnreadableTable as refused:
            raise ValidationError([str(problem) for problem in refused.problems])
        return document
