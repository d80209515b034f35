"""Forms as this house renders them.

crispy-forms-gds prints labels, hints, legends and button texts unescaped. Everything that goes through these
classes is escaped once, so that a question, a force's name or a case reference from the database stays text.
"""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button as GdsButton
from crispy_forms_gds.layout import Fieldset as GdsFieldset
from crispy_forms_gds.layout import Layout
from django import forms
from django.forms.utils import pretty_name
from django.utils.html import conditional_escape

from ncpi.lib.uploads import ACCEPT, ACCEPTED_IN_WORDS, UnacceptableDocument, inspect

NAMELESS = forms.Field.default_error_messages["required"]


class Fieldset(GdsFieldset):
    """A fieldset whose legend is text, never markup."""

    def __init__(self, *fields, legend=None, **kwargs):
        super().__init__(*fields, legend=conditional_escape(legend) if legend else legend, **kwargs)


class Button(GdsButton):
    """A button whose caption is text, never markup."""

    def __init__(self, name, value, **kwargs):
        super().__init__(name, conditional_escape(value), **kwargs)

    @classmethod
    def primary(cls, name, value, **kwargs):
        return super().primary(name, conditional_escape(value), **kwargs)

    @classmethod
    def secondary(cls, name, value, **kwargs):
        return super().secondary(name, conditional_escape(value), **kwargs)

    @classmethod
    def warning(cls, name, value, **kwargs):
        return super().warning(name, conditional_escape(value), **kwargs)


class HouseFormMixin:
    """Escapes what crispy-forms-gds does not, and gives every form a helper without its own form tag.

    A subclass sets `submit` (the caption of its button) or its own `layout()`.
    """

    submit = "Save"

    def full_clean(self):
        """Say which field is missing: the page lists errors above the form, away from their labels."""
        for name, field in self.fields.items():
            if field.error_messages.get("required") == NAMELESS:
                field.error_messages["required"] = f"“{field.label or pretty_name(name)}” is missing."
        super().full_clean()

    def __getitem__(self, name):
        bound = super().__getitem__(name)
        bound.label = conditional_escape(bound.label)
        bound.help_text = conditional_escape(bound.help_text)
        return bound

    def layout(self):
        """Return the fields in order; override for fieldsets and conditional parts."""
        return Layout(*self.fields)

    @property
    def helper(self):
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.show_form_errors = False
        helper.layout = self.layout()
        return helper


class HouseForm(HouseFormMixin, forms.Form):
    """A plain form in the house's manner."""


class HouseModelForm(HouseFormMixin, forms.ModelForm):
    """A model form for its fields; operations save, never the form."""


class VersionedFormMixin:
    """Carries the version that the person saw, for compare-and-swap."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version"] = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def take_version(self, version):
        """Offer the form again over a newer state: what was typed stays, the version moves on."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(version)


class DateInput(forms.DateInput):
    """The browser's own date field: typed or picked, always ISO on the wire."""

    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)
        self.attrs.setdefault("class", "govuk-input govuk-input--width-10")


class DocumentField(forms.FileField):
    """A file that was looked into: its cleaned value is a `Document` that an operation may keep.

    `only` names the extensions, where not every kind of document will do.
    """

    def __init__(self, *, only=(), **kwargs):
        super().__init__(**{"max_length": 255, **kwargs})
        self.only = only
        self.widget.attrs.setdefault("accept", ",".join(f".{extension}" for extension in only) or ACCEPT)
        self.help_text = self.help_text or f"{ACCEPTED_IN_WORDS}. No macros, no embedded files, 20 MB at most."

    def clean(self, data, initial=None):
        uploaded = super().clean(data, initial)
        if not uploaded:
            return None
        try:
            return inspect(uploaded, uploaded.name, only=self.only)
        except UnacceptableDocument as refusal:
            raise forms.ValidationError(str(refusal))
