"""Links that set a password once. The token is bound to the password it replaces and ends after three days."""

from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from ncpi.accounts.models import User


def parts_for(user: User) -> tuple[str, str]:
    """Return the two parts of the person's link."""
    return urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)


def user_of(uid: str, token: str) -> Any | None:
    """Return the person whose link this is, or nobody when it was used, is too old or was never made."""
    try:
        pk = int(urlsafe_base64_decode(uid).decode("ascii"))
    except ValueError:
        return None
    user = User.objects.filter(pk=pk, is_active=True).first() if pk < 2**63 else None
    return user if user is not None and default_token_generator.check_token(user, token) else None
