"""A form of this house names what is missing, as text."""

import pytest
from django import forms

from ncpi.lib.forms import HouseForm


class Visit(HouseForm):
    title = forms.CharField(label="Title <of the visit>")
    seen_on = forms.DateField()
    is_read = forms.BooleanField(error_messages={"required": "Say that you have read it."})


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("title", "“Title &lt;of the visit&gt;” is missing."),
        ("seen_on", "“Seen on” is missing."),
        ("is_read", "Say that you have read it."),
    ],
)
def test_what_is_missing_is_named_above_the_form_and_beside_it(field, says):
    errors = Visit({}).errors[field]

    assert f"<li>{says}</li>" in str(errors)
