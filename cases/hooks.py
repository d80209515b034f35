"""Rooms above that must act in the same transaction: when a case leaves the sample (`settings.ON_CASE_REPLACED`),
when the cases of an inspection are erased (`settings.ON_CASES_ERASED`)."""

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


class CannotErase(Exception):
    """The cases cannot be erased yet; the message says why."""


def tell_erased(*, by: Any, inspection: Any, at: datetime) -> None:
    """Have each room erase what it holds about the cases; one that cannot yet raises `CannotErase`."""
    for path in settings.ON_CASES_ERASED:
        import_string(path)(by=by, inspection=inspection, at=at)
