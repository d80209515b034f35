"""What this room's people hear of on their home page."""

from ncpi.accounts.news import kinds
from ncpi.accounts.permissions import Permission

KINDS = [
    *kinds("audits.concern", Permission.CONCERN_VIEW, "audits:concerns", {
        "raised": ("concern raised", "concerns raised"),
        "acknowledged": ("concern acknowledged", "concerns acknowledged"),
        "closed": ("concern closed", "concerns closed"),
    }),
    *kinds("audits.audit", Permission.SAMPLE_MANAGE, "audits:allocation", {
        "handed in": ("audit handed in", "audits handed in"),
    }),
    *kinds("audits.moderation", Permission.AUDIT_MODERATE, "audits:moderation", {
        "moderated": ("case moderated", "cases moderated"),
    }),
    *kinds("audits.finding", Permission.SAMPLE_MANAGE, "audits:findings", {
        "recorded": ("finding recorded", "findings recorded"),
    }),
]  # fmt: skip
