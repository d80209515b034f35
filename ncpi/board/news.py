"""What this room's people hear of on their home page."""

from ncpi.accounts.news import kinds
from ncpi.accounts.permissions import Permission

KINDS = [
    *kinds("ncpi.summary", Permission.SUMMARY_VIEW, "board:readiness", {
        "compiled": ("summary compiled", "summaries compiled"),
        "approved": ("summary approved", "summaries approved"),
    }),
    *kinds("ncpi.summary", Permission.BOARD_VIEW, "board:dashboard", {
        "released": ("summary released", "summaries released"),
    }),
    *kinds("ncpi.ask", Permission.BOARD_VIEW, "board:dashboard", {
        "asked the Board": ("thing asked of the Board", "things asked of the Board"),
    }),
]  # fmt: skip
