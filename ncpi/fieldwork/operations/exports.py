"""What leaves the fieldwork as a file is written down."""

from typing import Any

from django.db import transaction

from ncpi.accounts import journal
from ncpi.fieldwork.models import Timetable
from ncpi.inspections.models import Inspection


@transaction.atomic
def note_export(*, by: Any, timetable: Timetable, what: str) -> None:
    """Write down who took which part of a timetable away, in which form."""
    journal.record(by=by, verb="exported", subject=timetable, force=timetable.inspection.force, detail=what)


@transaction.atomic
def note_list_export(*, by: Any, inspection: Inspection, what: str) -> None:
    """Write down who took which list of the fieldwork away."""
    journal.record(by=by, verb="exported", subject=inspection, force=inspection.force, detail=what)
