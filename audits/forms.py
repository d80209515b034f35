"""What people type about audits. Forms parse; operations save."""

import re

from crispy_forms_gds.layout import Field, Fixed, Layout, Size
from django import forms
from django.core.exceptions import BadRequest

from audits.models import FeedbackTo, ToolQuestion
from audits.name_checks import doubts_in, refused_in
from audits.operations import Typed
from ncpi.accounts.access import colleagues
from ncpi.accounts.permissions import Permission
from ncpi.inspections.models import Area, CaseType, Criterion, Grade, QuestionKind
from ncpi.lib.forms import DateInput, HouseForm, VersionedFormMixin


def grades_of(programme_id):
    return Grade.objects.filter(programme_id=programme_id).order_by("order", "pk")


LONGEST_TEXT = 4000
_ANSWER_FIELD = re.compile(r"[qtv](\d{1,18})")


def typed_answers(post):
    """Read the answers of a page: `q7` is the choice of question 7, `t7` its text, `v7` its version."""
    keys = {int(match[1]) for name in post if (match := _ANSWER_FIELD.fullmatch(name))}
    return {key: _typed(post, key) for key in sorted(keys)}


def _typed(post, key):
    text = post.get(f"t{key}", "").replace("\r\n", "\n").strip()
    version = post.get(f"v{key}", "0")
    if len(text) > LONGEST_TEXT or not re.fullmatch(r"\d{1,9}", version):
        raise BadRequest(f"A comment has at most {LONGEST_TEXT} characters.")
    return Typed(post.get(f"q{key}", ""), text, int(version))


class NoteForm(VersionedFormMixin, forms.Form):
    """What the auditor writes about the case as a whole; rendered by the audit page's own lean template."""

    strengths = forms.CharField(label="What was done well", required=False, max_length=LONGEST_TEXT)
    learning = forms.CharField(label="What to learn", required=False, max_length=LONGEST_TEXT)
    grade = forms.ModelChoiceField(label="Grade", queryset=Grade.objects.none(), required=False)
    grade_reason = forms.CharField(label="Reason for the grade", required=False, max_length=LONGEST_TEXT)

    TEXTS = ("strengths", "learning", "grade_reason")

    def __init__(self, *args, programme_id, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["grade"].queryset = grades_of(programme_id)

    @property
    def changes(self):
        return {name: self.cleaned_data[name] for name in (*self.TEXTS, "grade")}

    @property
    def texts(self):
        return {name: self.cleaned_data[name] for name in self.TEXTS}

    @property
    def first_error(self):
        name, errors = next(iter(self.errors.items()))
        return f"{self.fields[name].label or 'Form'}: {errors[0]}"

    @property
    def shown(self):
        """What the page shows again: just as it was typed."""
        names = (*self.TEXTS, "grade", "version")
        return {name: self.data.get(name, "") for name in names}

    @staticmethod
    def stored(audit):
        texts = {name: getattr(audit, name) for name in NoteForm.TEXTS}
        return {**texts, "grade": str(audit.grade_id or ""), "version": audit.version}

    def differences(self, audit):
        """List (label, stored, typed) of what differs."""
        rows = []
        for name, typed in self.changes.items():
            stored = getattr(audit, name)
            if stored != typed:
                rows.append((self.fields[name].label, str(stored or ""), str(typed or "")))
        return rows


class NamedChoice(forms.ModelChoiceField):
    """A choice among rows whose label is a plain attribute."""

    def __init__(self, *args, named="title", **kwargs):
        super().__init__(*args, **kwargs)
        self.named = named

    def label_from_instance(self, row):
        return str(getattr(row, self.named))


class NamesChecked:
    """A form whose free text is looked through for names: a gentle word first, then the person's own look decides.

    `checked` names the fields. What the installation refuses stays refused.
    """

    checked = ("reason",)
    doubts = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["no_names"] = forms.BooleanField(label="I have looked: nobody is named", required=False)

    def layout(self):
        """Ask whether anybody is named only where something looks like it."""
        names = [name for name in self.fields if name != "no_names"]
        return Layout(*names, *(["no_names"] if self.doubts else []))

    def clean(self):
        cleaned = super().clean()
        has_looked = cleaned.pop("no_names", False)
        for name in self.checked:
            text = {"": cleaned.get(name) or ""}
            refused = refused_in(text)
            doubts = refused or (() if has_looked else doubts_in(text))
            for doubt in doubts:
                self.add_error(name, doubt.message)
            self.doubts = (*self.doubts, *(() if refused else doubts))
        return cleaned


class ConcernForm(HouseForm):
    text = forms.CharField(
        label="What makes you think that the child may not be safe?",
        help_text="Say what the record shows and what it does not. Write no name.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    submit = "Raise the concern now"


class ResolveForm(VersionedFormMixin, HouseForm):
    done = forms.CharField(
        label="What was done for the child?",
        help_text="Say what was done, when, and how it is known that the child is safe. Write no name.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    submit = "Record what was done"


class FindingForm(NamesChecked, HouseForm):
    checked = ("text",)
    text = forms.CharField(
        label="What needs doing?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what needs doing."},
    )
    submit = "Record the finding"


class ModerationForm(NamesChecked, HouseForm):
    grade = NamedChoice(
        queryset=Grade.objects.none(), named="label", label="Agreed grade", widget=forms.RadioSelect, empty_label=None
    )
    reason = forms.CharField(
        label="Reason",
        help_text="Later auditors see it at the question it is about. Write no name.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    criterion = NamedChoice(queryset=Criterion.objects.none(), label="Criterion that decided it")
    question = NamedChoice(
        queryset=ToolQuestion.objects.none(), label="Question it is about (optional)", named="ask", required=False
    )
    submit = "Settle the grade"

    def __init__(self, *args, case, questions, **kwargs):
        super().__init__(*args, **kwargs)
        programme = case.inspection.programme_id
        self.fields["grade"].queryset = grades_of(programme)
        criteria = Criterion.objects.filter(area__programme_id=programme).select_related("area")
        self.fields["criterion"].queryset = criteria.order_by("area__order", "order", "pk")
        self.fields["criterion"].label_from_instance = lambda row: f"{row.area.title}: {row.title}"
        self.fields["question"].queryset = ToolQuestion.objects.filter(
            pk__in=[question.pk for question in questions]
        ).order_by("order", "pk")


class GradeForm(NamesChecked, HouseForm):
    """One grade of the programme's scale with its reason."""

    grade = NamedChoice(
        queryset=Grade.objects.none(), named="label", label="Grade", widget=forms.RadioSelect, empty_label=None
    )
    reason = forms.CharField(
        label="Reason", help_text="Write no name.", max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    submit = "Record the grading"

    def __init__(self, *args, programme_id, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["grade"].queryset = grades_of(programme_id)


class CorrectGradeForm(GradeForm):
    submit = "Correct the grade"


class ActionFromFindingForm(VersionedFormMixin, HouseForm):
    title = forms.CharField(
        label="Action",
        help_text="Write it afresh: people who may not read cases will read it.",
        max_length=200,
    )
    owner = NamedChoice(queryset=None, named="name", label="Owner")
    due_date = forms.DateField(label="Due", widget=DateInput())
    submit = "Raise the action"

    def __init__(self, *args, force, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = colleagues(force, Permission.ACTION_UPDATE)


class ReallocateForm(HouseForm):
    auditor = NamedChoice(queryset=None, named="name", label="Auditor", empty_label="Choose")
    submit = "Give the case to this auditor"

    def __init__(self, *args, force, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["auditor"].queryset = colleagues(force, Permission.AUDIT_DO)


WAYS = [
    ("equal", "Equally"),
    ("percent", "By percentage"),
    ("specialism", "By specialism, then equally"),
]


class AllocateForm(HouseForm):
    way = forms.ChoiceField(label="Share the work", choices=WAYS, initial="equal", widget=forms.RadioSelect)

    def layout(self):
        return Layout(Field.radios("way", inline=True, legend_size=Size.SMALL))


class AuditorForm(VersionedFormMixin, HouseForm):
    """What allocation needs to know of one auditor; `known` is what was said before."""

    team = forms.ChoiceField(label="Works in", required=False, help_text="No case that this team ran is given to them.")
    specialisms = forms.MultipleChoiceField(
        label="Knows best",
        help_text="These cases go to them where work is shared by specialism.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    share = forms.IntegerField(
        label="Share in percent",
        help_text="Counts where work is shared by percentage. Nothing or 0 is no work.",
        required=False,
        min_value=0,
        max_value=100,
    )
    submit = "Save"

    def __init__(self, *args, inspection, teams, known, **kwargs):
        said = {"team": known.team, "specialisms": known.specialisms, "share": known.share} if known else {}
        super().__init__(*args, initial={**said, "version": known.version if known else 0}, **kwargs)
        kept = [known.team] if known and known.team and known.team not in teams else []
        self.fields["team"].choices = [("", "None of the teams below"), *((name, name) for name in [*teams, *kept])]
        types = CaseType.objects.filter(programme_id=inspection.programme_id).order_by("order", "pk")
        self.fields["specialisms"].choices = list(types.values_list("key", "title"))

    def layout(self):
        return Layout("team", "specialisms", Field.text("share", field_width=Fixed.THREE), "version")


class OwnQuestionForm(HouseForm):
    ask = forms.CharField(
        label="Question",
        help_text="Ask one thing, so that yes is good and no is not. It is not reworded later.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    kind = forms.ChoiceField(
        label="Answered with", choices=QuestionKind.choices, initial=QuestionKind.SCALE, widget=forms.RadioSelect
    )
    case_type = NamedChoice(
        queryset=CaseType.objects.none(), label="Asked of", required=False, empty_label="Every case"
    )
    area = NamedChoice(
        queryset=Area.objects.none(),
        label="Area it speaks to (optional)",
        help_text="Its answers are then among that area's answers by question. The area's grades stay with the "
        "programme's questions.",
        required=False,
        empty_label="No area",
    )
    follow_up = forms.CharField(
        label="What to say more about when the answer is no (optional)", max_length=300, required=False
    )
    is_required = forms.BooleanField(label="It has to be answered before an audit is handed in", required=False)
    submit = "Add the question"

    def __init__(self, *args, programme_id, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["case_type"].queryset = CaseType.objects.filter(programme_id=programme_id).order_by("order", "pk")
        self.fields["area"].queryset = Area.objects.filter(programme_id=programme_id).order_by("order", "pk")


class FeedbackForm(VersionedFormMixin, HouseForm):
    to = forms.ChoiceField(label="For", choices=FeedbackTo.choices, widget=forms.RadioSelect)
    good = forms.CharField(
        label="What was good",
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    learn = forms.CharField(
        label="What to learn",
        help_text="Write to the people who ran the case. No name of a child, an officer or anybody else.",
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    no_names = forms.BooleanField(label="I have looked: nobody is named", required=False)
    submit = "Keep as draft"

    @property
    def said(self):
        return {name: self.cleaned_data[name] for name in ("to", "good", "learn")}

    @property
    def texts(self):
        return {"What was good": self.cleaned_data["good"], "What to learn": self.cleaned_data["learn"]}


class AcknowledgeForm(VersionedFormMixin, HouseForm):
    reply = forms.CharField(
        label="What was said back (optional)",
        help_text="Write no name.",
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    submit = "It was handed on and read"


class SendFeedbackForm(HouseForm):
    to = forms.EmailField(
        label="E-mail address of whoever ran the case (optional)",
        help_text="They get a link; the message says nothing of the case. You are shown the link once, too.",
        required=False,
        max_length=254,
    )
    submit = "Make the link"


class ReadFeedbackForm(NamesChecked, HouseForm):
    """What whoever ran a case says to its feedback, without an account."""

    checked = ("reply",)

    reply = forms.CharField(
        label="What do you want to say to it? (optional)",
        help_text="Write no name, of a child or anybody else.",
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    submit = "I have read this"


class GuidanceFilter(forms.Form):
    """What is looked for among earlier reasons, from the address; what makes no sense is left out."""

    words = forms.CharField(required=False, max_length=200)
    question = forms.CharField(required=False, max_length=60)
    criterion = forms.CharField(required=False, max_length=60)
    case_type = forms.CharField(required=False, max_length=60)

    @property
    def chosen(self):
        self.is_valid()
        return {key: value for key, value in self.cleaned_data.items() if value}


class ConflictForm(NamesChecked, HouseForm):
    reason = forms.CharField(
        label="What is the conflict?",
        help_text="Say how you are connected with the case. Write no name.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what the conflict is."},
    )
    submit = "Give the case back"
