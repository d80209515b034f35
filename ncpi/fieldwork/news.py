"""What this room's people hear of on their home page."""

from ncpi.accounts.news import kinds
from ncpi.accounts.permissions import Permission

KINDS = [
    *kinds("ncpi.timetable", Permission.FIELDWORK_NOTES, "fieldwork:overview", {
        "made": ("timetable made", "timetables made"),
    }),
    *kinds("ncpi.timetable", Permission.FIELDWORK_VIEW, "fieldwork:overview", {
        "published": ("timetable published", "timetables published"),
    }),
    *kinds("ncpi.invitation", Permission.FIELDWORK_MANAGE, "fieldwork:overview", {
        "answered (accepted)": ("invitation accepted", "invitations accepted"),
        "answered (declined)": ("invitation declined", "invitations declined"),
        "answered (cannot then)": ("person cannot then", "people cannot then"),
        "answered (stand-in)": ("stand-in proposed", "stand-ins proposed"),
    }),
    *kinds("ncpi.session", Permission.FIELDWORK_VIEW, "fieldwork:overview", {
        "cancelled": ("session cancelled", "sessions cancelled"),
    }),
    *kinds("ncpi.sessionrecord", Permission.FIELDWORK_NOTES, "fieldwork:records", {
        "recorded": ("session written up", "sessions written up"),
    }),
]  # fmt: skip
