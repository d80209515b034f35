"""What this room's people hear of on their home page."""

from ncpi.accounts.news import kinds
from ncpi.accounts.permissions import Permission

KINDS = [
    *kinds("ncpi.recommendation", Permission.ACTION_VIEW, "actions:list", {
        "entered": ("recommendation entered", "recommendations entered"),
        "changed status": ("recommendation with a new status", "recommendations with new statuses"),
    }),
    *kinds("ncpi.action", Permission.ACTION_VIEW, "actions:list", {
        "raised": ("action raised", "actions raised"),
        "updated": ("action with a new update", "actions with new updates"),
        "moved": ("action given a new date", "actions given new dates"),
        "asked to close": ("action ready to close", "actions ready to close"),
        "closed": ("action closed", "actions closed"),
        "sent back": ("action sent back", "actions sent back"),
    }),
]  # fmt: skip
