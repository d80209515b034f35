"""The way to an inspection."""

from functools import cache
from typing import Any

from ncpi.accounts.access import ASKER, asked_by
from ncpi.accounts.permissions import Permission
from ncpi.inspections.models import Inspection
from ncpi.lib.prepared import Parameter, Prepared


def get_inspection(user: Any, ref: str, permission: Permission) -> Inspection:
    """Return the inspection if the person holds the permission in its force; otherwise it does not exist."""
    return _visible(permission).one_or_404(**asked_by(user), ref=ref)


@cache
def _visible(permission: Permission) -> Prepared[Inspection]:
    return Prepared(
        lambda: (
            Inspection.objects.visible_to(ASKER, permission)
            .filter(ref=Parameter("ref"))
            .select_related("force", "programme")
        )
    )
