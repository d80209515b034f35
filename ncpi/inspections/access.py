"""The way to an inspection."""

from typing import Any

from django.shortcuts import get_object_or_404

from ncpi.accounts.permissions import Permission
from ncpi.inspections.models import Inspection


def get_inspection(user: Any, ref: str, permission: Permission) -> Inspection:
    """Return the inspection if the person holds the permission in its force; otherwise it does not exist."""
    rows = Inspection.objects.visible_to(user, permission).select_related("force", "programme")
    # The whole programme as one document: 67 kB that only the programme's own pages read.
    rows = rows.defer("programme__content")
    return get_object_or_404(rows, ref=ref)
