"""Rooms above that must act in the same transaction when a case leaves the sample: `settings.ON_CASE_REPLACED`."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


class CaseInUse(Exception):
    """The case cannot leave the sample; the message says why."""


def tell_replaced(*, by: Any, case: Any, at: datetime) -> None:
    """Tell each room; one that needs the case as it is raises `CaseInUse`."""
    for path in settings.ON_CASE_REPLACED:
        import_string(path)(by=by, case=case, at=at)
