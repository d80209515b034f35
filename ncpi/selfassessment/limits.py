"""How long the texts of a judgement may be: the programme may set a number of words for each."""

from collections.abc import Mapping

from ncpi.lib.wording import word_count
from ncpi.selfassessment.canonical import TEXTS


def too_long(texts: Mapping[str, str], *, limit: int | None) -> dict[str, str]:
    """Say of each text over the limit by how much; without a limit nothing is too long."""
    if limit is None:
        return {}
    counts = {name: word_count(text) for name, text in texts.items()}
    return {
        name: f"{TEXTS[name]} has {count:,} words; the programme allows {limit:,}. Take out {count - limit:,}."
        for name, count in counts.items()
        if count > limit
    }
