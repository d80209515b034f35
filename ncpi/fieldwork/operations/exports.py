"""What leaves the timetable as a file is written down."""

from typing import Any

from django.db import transaction

from ncpi.accounts import journal
from ncpi.fieldwork.models import Timetable


@transaction.atomic
def note_export(*, by: Any, timetable: Timetable, what: str) -> None:
    """Write down who took which part of a timetable away, in which form."""
    journal.record(by=by, verb="exported", subject=timetable, force=timetable.inspection.force, detail=what)
