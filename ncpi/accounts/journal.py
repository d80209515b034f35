"""Writing the journal. Every operation and every reading of a protected object leaves one line."""

from contextvars import ContextVar
from typing import Any

from django.db.models import Model
from django.utils import timezone

from ncpi.accounts.models import JournalEntry

# Where the current request comes from; set by the middleware, empty in tasks and commands.
address: ContextVar[str | None] = ContextVar("address", default=None)


def record(*, by: Any, verb: str, subject: Model, force: Any, detail: str = "") -> JournalEntry:
    """Write one line in the current transaction. `subject` is named by its `__str__`, which reveals nobody."""
    return JournalEntry.objects.create(
        at=timezone.now(),
        by=by,
        force=force,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject=str(subject)[:200],
        detail=detail[:500],
        address=address.get(),
    )
