"""Sessions in PostgreSQL, as Django keeps them, found by a statement that is made once a process."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from ncpi.lib.prepared import Parameter, Prepared

_STANDING = Prepared(lambda: Session.objects.filter(session_key=Parameter("key"), expire_date__gt=Parameter("now")))

_UPDATE = "UPDATE django_session SET session_data = %s, expire_date = %s WHERE session_key = %s"


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        found = _STANDING.rows(key=self.session_key, now=timezone.now())
        if found:
            return found[0]
        # The key of a session that ended is not used again.
        self._session_key = None
        return None

    def save(self, must_create: bool = False) -> None:
        if must_create or self.session_key is None:
            super().save(must_create=must_create)
            return
        # What was kept or changed so far, as Django's own saving finds it.
        data: Any = self._get_session()  # type: ignore[attr-defined]
        values: list[Any] = [self.encode(data), self.get_expiry_date(), self.session_key]
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE, values)
            if not cursor.rowcount:
                raise UpdateError
