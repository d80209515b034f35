"""Signing in by e-mail address and password."""

from django.contrib.auth.backends import BaseBackend

from ncpi.accounts.models import User
from ncpi.lib.prepared import Parameter, Prepared


class MembersBackend(BaseBackend):
    """Checks one password, and spends the same time on an unknown address as on a known one."""

    def authenticate(self, request, username=None, password=None):
        if not username or not password:
            return None
        user = User.objects.filter(email__iexact=username).first()
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id):
        return next(iter(_ACTIVE.rows(pk=user_id)), None)


_ACTIVE = Prepared(lambda: User.objects.filter(pk=Parameter("pk"), is_active=True))
