"""What people type to each other about a criterion. The page draws these forms itself: there is one for each thread."""

from django import forms

from ncpi.accounts.access import colleagues
from ncpi.accounts.permissions import Permission
from ncpi.lib.forms import HouseForm
from ncpi.selfassessment.forms import TextField
from ncpi.selfassessment.thread_models import ThreadKind
from ncpi.selfassessment.thread_operations import LONGEST_REMARK


class RemarkForm(HouseForm):
    """Something said in a thread, and to whom. `people` are numbers and names to choose from, read once a page."""

    text = TextField(label="Your reply", max_length=LONGEST_REMARK, error_messages={"required": "Write something."})

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tell"] = forms.TypedChoiceField(
            label="Tell a colleague", required=False, coerce=int, empty_value=None,
            choices=[("", "Nobody in particular"), *((str(number), name) for number, name in people)],
            error_messages={"invalid_choice": "That person cannot read this. Choose from the list."},
        )  # fmt: skip

    @staticmethod
    def people_of(force, *, but):
        """Return who can be told something, in order of name."""
        return list(colleagues(force, Permission.DRAFT_VIEW).exclude(pk=but.pk).values_list("pk", "name"))

    @property
    def said(self):
        tell = self.cleaned_data["tell"]
        return {"text": self.cleaned_data["text"], "tell": [tell] if tell else []}


class StartForm(RemarkForm):
    """A new question or comment; the button says which."""

    kind = forms.ChoiceField(choices=ThreadKind.choices)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "Ask or say something about this criterion"

    @property
    def said(self):
        return {"kind": self.cleaned_data["kind"], **super().said}
