"""The look for names with what this installation adds to it (`settings.PERSONAL_PATTERNS`)."""

from collections.abc import Mapping

from django.conf import settings

from audits.names import Doubt, check_texts
from ncpi.lib.personal import RULES


def doubts_in(texts: Mapping[str, str]) -> tuple[Doubt, ...]:
    """Give what looks personal: a person may say that nobody is named."""
    own = settings.PERSONAL_PATTERNS
    return check_texts(texts, rules=(*own.refused, *RULES), harmless=own.harmless)


def refused_in(texts: Mapping[str, str]) -> tuple[Doubt, ...]:
    """Give what this installation refuses whatever a person says."""
    return check_texts(texts, rules=settings.PERSONAL_PATTERNS.refused)
