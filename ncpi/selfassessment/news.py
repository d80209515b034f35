"""What this room's people hear of on their home page."""

from ncpi.accounts.news import kinds
from ncpi.accounts.permissions import Permission

KINDS = [
    *kinds("ncpi.judgement", Permission.DRAFT_VIEW, "selfassessment:overview", {
        "saved judgement": ("judgement written", "judgements written"),
        "sent for review": ("judgement sent for review", "judgements sent for review"),
        "agreed": ("judgement agreed", "judgements agreed"),
        "returned": ("judgement returned", "judgements returned"),
    }),
    *kinds("ncpi.thread", Permission.DRAFT_VIEW, "selfassessment:overview", {
        "asked": ("question asked", "questions asked"),
        "resolved": ("question settled", "questions settled"),
    }),
    *kinds("ncpi.evidence", Permission.DRAFT_VIEW, "selfassessment:library", {
        "added evidence": ("piece of evidence added", "pieces of evidence added"),
        "added file version": ("new version of evidence", "new versions of evidence"),
    }),
    *kinds("ncpi.signature", Permission.DRAFT_VIEW, "selfassessment:overview", {
        "signed": ("signature", "signatures"),
        "withdrew signature": ("signature withdrawn", "signatures withdrawn"),
    }),
    *kinds("ncpi.submittedreturn", Permission.JUDGEMENT_VIEW, "selfassessment:returns", {
        "submitted": ("return submitted", "returns submitted"),
    }),
]  # fmt: skip
