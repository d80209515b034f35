from django import forms
from django.contrib.auth import authenticate

from ncpi.lib.forms import HouseForm


class SignInForm(HouseForm):
    """E-mail address and password; says the same whatever was wrong."""

    submit = "Sign in"

    email = forms.EmailField(
        label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"})
    )
    password = forms.CharField(
        max_length=256, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, request, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        self.user = None

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("email") and cleaned.get("password"):
            self.user = authenticate(self.request, username=cleaned["email"], password=cleaned["password"])
            if self.user is None:
                raise forms.ValidationError("That e-mail address and password do not match an active account.")
        return cleaned
