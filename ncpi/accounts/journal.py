"""Writing the journal. Every operation and every reading of a protected object leaves one line."""

from contextvars import ContextVar
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone

# Where the current request comes from; set by the middleware, empty in tasks and commands.
address: ContextVar[str | None] = ContextVar("address", default=None)


# Written by hand: a line is written at every reading of a case, and it is one statement whoever writes it.
LINE = """
INSERT INTO ncpi_journalentry (at, by_id, force_id, verb, subject_type, subject_id, subject, detail, address)
VALUES (%(at)s, %(by)s, %(force)s, %(verb)s, %(subject_type)s, %(subject_id)s, %(subject)s, %(detail)s, %(address)s)
"""


def record(*, by: Any, verb: str, subject: Model, force: Any, detail: str = "") -> None:
    """Write one line in the current transaction. `subject` is named by its `__str__`, which reveals nobody."""
    with connection.cursor() as cursor:
        cursor.execute(LINE, line(by=by, verb=verb, subject=subject, force=force, detail=detail))


def line(*, by: Any, verb: str, subject: Model, force: Any, detail: str = "") -> dict[str, Any]:
    """Give the values of one line, for a statement that writes it beside something else."""
    return {
        "at": timezone.now(),
        "by": by and by.pk,
        "force": force and force.pk,
        "verb": verb,
        "subject_type": subject._meta.label_lower,
        "subject_id": subject.pk,
        "subject": str(subject)[:200],
        "detail": detail[:500],
        "address": address.get(),
    }
