"""What people type on the Board's pages."""

from django import forms

from ncpi.board.models import Ask, AskKind, Meeting, ResponseKind
from ncpi.board.paper import SEED_TITLE
from ncpi.lib.forms import DateInput, HouseForm, VersionedFormMixin


class CoveringNoteForm(VersionedFormMixin, HouseForm):
    submit = "Save covering note"

    covering_note = forms.CharField(
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        label="Covering note",
        help_text="Words that stand before the figures, on the Board page and in the paper. Name no child.",
    )


class MeetingForm(VersionedFormMixin, HouseForm):
    submit = "Save meeting"

    held_date = forms.DateField(widget=DateInput(), label="Date of the meeting")
    agenda_item = forms.CharField(max_length=20, label="Agenda item", help_text="For example, 10.0")
    to = forms.CharField(max_length=120, label="To", initial="Business Coordination Board")
    sender = forms.CharField(max_length=120, label="From", initial="Chief Constable")
    title = forms.CharField(max_length=250, label="Title", initial=SEED_TITLE)
    marking = forms.CharField(max_length=60, label="Marking", initial="OFFICIAL")

    @classmethod
    def of(cls, meeting: Meeting | None, data=None):
        if meeting is None:
            return cls(data, initial={"version": 0})
        fields = ("held_date", "agenda_item", "to", "sender", "title", "marking", "version")
        return cls(data, initial={name: getattr(meeting, name) for name in fields})


class AskForm(HouseForm):
    submit = "Put to the Board"

    kind = forms.ChoiceField(choices=AskKind.choices, widget=forms.RadioSelect, label="What is the Board asked to do?")
    text = forms.CharField(
        max_length=Ask._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="The Board is recommended to\u2026",
        help_text="Begin with a verb: note, agree, decide whether.",
    )


class ResponseForm(HouseForm):
    submit = "Record"

    kind = forms.ChoiceField(choices=ResponseKind.choices, widget=forms.RadioSelect, label="What do you record?")
    text = forms.CharField(
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        label="Your question, decision or remark",
        help_text="Everybody who reads this summary sees it, with your name.",
    )
