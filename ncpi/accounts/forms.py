from datetime import timedelta

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password

from ncpi.accounts.permissions import ROLES
from ncpi.accounts.queries import JournalFilter
from ncpi.lib.forms import DateInput, HouseForm


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
            self.user = authenticate(self.request, username=cleaned["email"].lower(), password=cleaned["password"])
            if self.user is None:
                raise forms.ValidationError("That e-mail address and password do not match an active account.")
        return cleaned


class NewPasswordForm(HouseForm):
    """A new password for a known person, typed once: the browser or a password manager shows it."""

    submit = "Set password"

    password = forms.CharField(
        label="New password",
        help_text="At least 12 characters. Three random words are better than one clever one.",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self):
        validate_password(self.cleaned_data["password"], self.user)
        return self.cleaned_data["password"]


class ChangePasswordForm(NewPasswordForm):
    """The same, by somebody who proves that they know the present one."""

    submit = "Change password"
    field_order = ["current", "password"]

    current = forms.CharField(
        label="Current password",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_current(self):
        if not self.user.check_password(self.cleaned_data["current"]):
            raise forms.ValidationError("That is not your current password.")
        return self.cleaned_data["current"]


def role_choices():
    return [("", "Choose a role"), *((role.key, role.title) for role in ROLES.values())]


class InviteForm(HouseForm):
    """Somebody who should have a role in the force."""

    submit = "Send the invitation"

    name = forms.CharField(label="Name", max_length=120, help_text="As colleagues know them, with rank or title.")
    email = forms.EmailField(
        label="E-mail address", max_length=254, widget=forms.EmailInput(attrs={"spellcheck": "false"})
    )
    force = forms.ModelChoiceField(queryset=None, empty_label=None, label="Force")
    role = forms.ChoiceField(label="Role", choices=role_choices)

    def __init__(self, forces, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["force"].queryset = forces


class GiveRoleForm(HouseForm):
    """One more role for somebody who is already here."""

    submit = "Give the role"

    force = forms.ModelChoiceField(queryset=None, empty_label=None, label="Force")
    role = forms.ChoiceField(label="Role", choices=role_choices)
    starts_date = forms.DateField(label="From", widget=DateInput)
    last_date = forms.DateField(
        label="Last day (optional)", required=False, widget=DateInput, help_text="Leave empty when there is no end yet."
    )

    def __init__(self, forces, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["force"].queryset = forces

    def clean(self):
        cleaned = super().clean()
        last_date = cleaned.pop("last_date", None)
        cleaned["ends_date"] = last_date + timedelta(days=1) if last_date else None
        return cleaned


class PeopleFilterForm(forms.Form):
    search = forms.CharField(required=False, max_length=100)
    role = forms.ChoiceField(required=False, choices=lambda: [("", "Any role"), *role_choices()[1:]])


class JournalFilterForm(forms.Form):
    person = forms.CharField(required=False, max_length=100)
    verb = forms.CharField(required=False, max_length=60)
    subject = forms.CharField(required=False, max_length=100)
    from_date = forms.DateField(required=False)
    to_date = forms.DateField(required=False)

    @property
    def wanted(self):
        """What was asked for; parts that make no sense ask for nothing."""
        self.is_valid()
        return JournalFilter(**{name: value for name, value in self.cleaned_data.items() if value})
