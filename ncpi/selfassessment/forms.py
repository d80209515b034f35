"""What people type about judgements, evidence and signatures. Forms parse; operations save."""

from dataclasses import replace

from crispy_forms_gds.layout import Field, Fixed, Layout, Size
from django import forms
from django.core.validators import URLValidator

from ncpi.accounts.access import colleagues
from ncpi.accounts.permissions import Permission
from ncpi.inspections.queries import grades_of
from ncpi.lib.forms import DateInput, DocumentField, HouseForm, VersionedFormMixin
from ncpi.lib.wording import with_plain_line_ends
from ncpi.selfassessment.canonical import LONGEST_TEXT, TEXTS
from ncpi.selfassessment.limits import too_long
from ncpi.selfassessment.models import EvidenceKind, Marking
from ncpi.selfassessment.signing import packed, unpacked

HINTS = {
    "narrative": "What the force does, and how well, in words that somebody outside the force understands.",
    "impact": "How you know that it makes a difference for children.",
    "gaps": "What is missing or weak.",
    "plan": "What will be done about it, by whom and by when.",
}


class TextField(forms.CharField):
    """A long text with LF line ends, whatever the browser sends."""

    def __init__(self, **kwargs):
        super().__init__(**{"max_length": LONGEST_TEXT, "widget": forms.Textarea, **kwargs})

    def to_python(self, value):
        return with_plain_line_ends(super().to_python(value))


class PersonField(forms.ModelChoiceField):
    """A colleague who holds a permission, by name."""

    def __init__(self, label, force, permission, *, required=False):
        empty = "Choose" if required else "Leave as it is"
        super().__init__(colleagues(force, permission), label=label, required=required, empty_label=empty)

    def label_from_instance(self, person):
        return person.name


class WebAddressField(forms.URLField):
    """The address of a page: http or https, nothing that a click would run."""

    default_validators = [URLValidator(schemes=["http", "https"])]

    def __init__(self, **kwargs):
        super().__init__(max_length=500, assume_scheme="https", **kwargs)


class JudgementForm(VersionedFormMixin, HouseForm):
    """Grade and texts of one criterion."""

    def __init__(self, *args, programme, **kwargs):
        super().__init__(*args, **kwargs)
        self.word_limit = programme.word_limit
        self.grades = {str(grade.pk): grade for grade in grades_of(programme.pk)}
        choices = [(key, grade.label) for key, grade in self.grades.items()]
        self.fields["grade"] = forms.ChoiceField(
            choices=choices, required=False, widget=forms.RadioSelect, label="Our grade"
        )
        for name, label in TEXTS.items():
            self.fields[name] = TextField(label=label, help_text=HINTS[name], required=False)
        self.order_fields(["grade", *TEXTS, "version"])

    def layout(self):
        limit = {"max_words": self.word_limit} if self.word_limit else {"max_characters": LONGEST_TEXT, "threshold": 90}
        areas = [Field.textarea(name, rows=8, label_size=Size.SMALL, **limit) for name in TEXTS]
        return Layout(Field.radios("grade", legend_size=Size.SMALL, inline=True), *areas, "version")

    def clean(self):
        data = super().clean()
        texts = {name: data[name] for name in TEXTS if name in data}
        for name, problem in too_long(texts, limit=self.word_limit).items():
            self.add_error(name, problem)
        return data

    @property
    def grade(self):
        return self.grades.get(self.cleaned_data["grade"])

    @property
    def texts(self):
        return {name: self.cleaned_data[name] for name in TEXTS}

    @staticmethod
    def values_of(judgement):
        """Return a judgement's row, or an earlier version of it, as the form would have it."""
        return {"grade": str(judgement.grade_id or ""), **{name: getattr(judgement, name) for name in TEXTS}}

    def in_words(self, side):
        """Return a side of a conflict as people read it: a grade by its label."""
        if side.name != "grade":
            return side
        labels = {key: grade.label for key, grade in self.grades.items()}
        return replace(side, stored=labels.get(side.stored, ""), typed=labels.get(side.typed, ""))

    def offer(self, values, *, version):
        """Offer the form again with these values over a newer version."""
        self.take_version(version)
        for name, value in values.items():
            self.data[self.add_prefix(name)] = value


class ReviewForm(VersionedFormMixin, HouseForm):
    """A reviewer's decision on one judgement."""

    submit = "Record the decision"

    decision = forms.ChoiceField(
        choices=[("agree", "Agree"), ("return", "Return to the lead")], widget=forms.RadioSelect, label="Your decision"
    )
    text = TextField(
        label="Comment", help_text="Needed when you return it: what has to change?", required=False, max_length=5_000
    )

    def layout(self):
        return Layout(
            Field.radios("decision", legend_size=Size.MEDIUM),
            Field.textarea("text", rows=4, label_size=Size.SMALL),
            "version",
        )

    def clean(self):
        data = super().clean()
        if data.get("decision") == "return" and not data.get("text", "").strip():
            self.add_error("text", "Say why you return it.")
        return data


class CriteriaField(forms.MultipleChoiceField):
    """Criteria as the page showed them, each `number:version`; those changed since are named."""

    def __init__(self, shown):
        self.shown = {str(row.pk): row for row in shown}
        super().__init__(error_messages={"required": "Choose at least one criterion."})

    def validate(self, value):
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        chosen = [(self.shown.get(number), version) for number, _, version in (row.partition(":") for row in value)]
        if any(row is None for row, _ in chosen):
            raise forms.ValidationError("Choose from the criteria on the page.")
        changed = [row.criterion.key for row, version in chosen if str(row.version) != version]
        if changed:
            raise forms.ValidationError(
                f"Somebody else changed {', '.join(changed)} meanwhile. The page shows how they are now: look, choose "
                "them again if you still mean it, then assign."
            )


class AssignForm(HouseForm):
    """Who holds the chosen criteria, who reviews them, by when. An empty field leaves things as they are."""

    submit = "Assign"

    def __init__(self, *args, force, shown, **kwargs):
        super().__init__(*args, **kwargs)
        self.shown = shown
        self.fields["lead"] = PersonField("Lead", force, Permission.JUDGEMENT_EDIT)
        self.fields["reviewer"] = PersonField("Reviewer", force, Permission.JUDGEMENT_REVIEW)
        self.fields["due_date"] = forms.DateField(label="Due", required=False, widget=DateInput)
        self.fields["criteria"] = CriteriaField(shown)

    def layout(self):
        return Layout("lead", "reviewer", Field.text("due_date", field_width=Fixed.TEN))

    def clean(self):
        data = super().clean()
        if not self.errors and not self.changes:
            raise forms.ValidationError("Choose a lead, a reviewer or a due date.")
        return data

    @property
    def versions(self):
        return {
            int(pk): int(version) for pk, _, version in (row.partition(":") for row in self.cleaned_data["criteria"])
        }

    @property
    def changes(self):
        return {
            name: self.cleaned_data[name] for name in ("lead", "reviewer", "due_date") if self.cleaned_data.get(name)
        }


class EvidenceForm(VersionedFormMixin, HouseForm):
    """What is said about a piece of evidence; with `is_new`, also the document or link itself."""

    def __init__(self, *args, force, is_new, is_link=False, criterion=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.criterion = criterion
        fields = self.fields
        fields["title"] = forms.CharField(label="Title", max_length=200)
        if is_new:
            fields["document"] = DocumentField(label="Document", required=False)
            self.is_multipart_form = True
        if is_new or is_link:
            fields["link"] = WebAddressField(
                label="Link",
                required=is_link,
                help_text="Instead of a document: the address of a page on the force's network or the web.",
            )
        fields["kind"] = forms.ChoiceField(label="Kind", choices=[("", "Choose"), *EvidenceKind.choices])
        fields["period_from_date"] = forms.DateField(
            label="Speaks for the time from",
            widget=DateInput,
            help_text="The time it is about, not the day it was made.",
        )
        fields["period_to_date"] = forms.DateField(label="to", widget=DateInput)
        fields["review_date"] = forms.DateField(
            label="Review it by", widget=DateInput, required=False, help_text="When it will be out of date, if it will."
        )
        fields["marking"] = forms.ChoiceField(label="Marking", choices=Marking.choices, widget=forms.RadioSelect)
        fields["owner"] = PersonField("Owner", force, Permission.JUDGEMENT_EDIT, required=True)
        if criterion is not None:
            fields["shows"] = forms.CharField(
                label=f"What it shows for {criterion}", max_length=500, help_text="One sentence.",
            )  # fmt: skip
        if is_new:
            del fields["version"]

    def layout(self):
        dates = ("period_from_date", "period_to_date", "review_date")
        special = {
            **{name: Field.text(name, field_width=Fixed.TEN) for name in dates},
            "marking": Field.radios("marking", inline=True, legend_size=Size.SMALL),
        }
        return Layout(*(special.get(name, name) for name in self.fields))

    def clean(self):
        data = super().clean()
        start, end = data.get("period_from_date"), data.get("period_to_date")
        if start and end and end < start:
            self.add_error("period_to_date", "The period cannot end before it starts.")
        is_either = "document" in self.fields and not {"document", "link"} & set(self.errors)
        if is_either and bool(data.get("document")) == bool(data.get("link")):
            self.add_error("document", "Give either a document or a link.")
        return data

    @property
    def columns(self):
        """Return the columns of `Evidence` that the form fills in."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in ("document", "shows", "version")
        }


class FileVersionForm(VersionedFormMixin, HouseForm):
    submit = "Add the new version"

    document = DocumentField(label="Newer version of the document")


class LinkForm(HouseForm):
    """An existing piece of evidence for one criterion, with a sentence."""

    submit = "Link the evidence"

    shows = forms.CharField(label="What it shows for this criterion", max_length=500, help_text="One sentence.")

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.pieces = {str(row.pk): row for row in choices}
        self.fields["evidence"] = forms.ChoiceField(
            label="Evidence", choices=[("", "Choose"), *((key, row.title) for key, row in self.pieces.items())]
        )
        self.order_fields(["evidence", "shows"])

    @property
    def evidence(self):
        return self.pieces[self.cleaned_data["evidence"]]


class ShowsForm(VersionedFormMixin, HouseForm):
    shows = forms.CharField(label="What it shows for this criterion", max_length=500, help_text="One sentence.")


class SignForm(HouseForm):
    """A chief officer's name over the digest of what the page shows."""

    submit = "Sign"

    digest = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    state = forms.CharField(widget=forms.HiddenInput, strip=False)
    name = forms.CharField(label="Your name and rank, as they are to stand under it", max_length=120)
    is_read = forms.BooleanField(
        label="I have read what is shown on this page.", error_messages={"required": "Read it before you sign it."}
    )

    def layout(self):
        return Layout("digest", "state", Field.text("name"), Field.checkbox("is_read"))

    @staticmethod
    def of(scope):
        """Return the hidden values that say what the page shows."""
        return {"digest": scope.digest, "state": packed(scope.text)}

    @property
    def shown_text(self):
        return unpacked(self.cleaned_data["state"], digest=self.cleaned_data["digest"])

    def show(self, scope):
        """Offer the form again over the state as it is now; it has to be read again."""
        self.data = self.data.copy()
        self.data.update(self.of(scope))
        self.data.pop("is_read", None)


class WithdrawForm(VersionedFormMixin, HouseForm):
    submit = "Withdraw the signature"

    reason = TextField(label="Why do you withdraw it?", max_length=2_000)

    def layout(self):
        return Layout(Field.textarea("reason", rows=3), "version")


class WorkbookForm(HouseForm):
    """The return's workbook as it comes back."""

    submit = "Show what would change"
    is_multipart_form = True

    workbook = DocumentField(
        label="Workbook that you filled in",
        help_text="The Excel workbook (.xlsx) that you took away here, saved again. 10 MB at most.",
        only=("xlsx",),
    )


class ApplyForm(HouseForm):
    """Which workbook the page showed, and in which state; the choices of cells stand beside the cells."""

    submit = "Apply these changes"

    shown = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    file = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
