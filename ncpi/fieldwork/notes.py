"""What the force's own note on a session may not hold.

A session is about how the force works. What somebody said in it about a child, and who a child or family is, belongs
to no page of the fieldwork (DESIGN: child-level data stays with the cases; UK GDPR Article 5(1)(c)). Marks that only
a person has are refused. Likenesses of names, addresses, and of what a child said, are shown back to be read again.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ncpi.lib import personal

_CHILD = r"child|boy|girl|baby|toddler|teenager|pupil|daughter|son|victim|sibling|brother|sister"
_SAID = (
    r"said|says|told|disclosed|alleged|described|was\s+(?:abused|assaulted|beaten|burned|bruised|exploited|groomed|hit|"
    r"hurt|injured|left|missing|neglected|raped|removed|touched)"
)
RULES = (
    *personal.RULES,
    personal.Rule("said", "what was said about a child", rf"\b(?:{_CHILD})(?:'s|’s)?\b[^.;\n]{{0,40}}?\b(?:{_SAID})\b"),
)
READ_AGAIN = frozenset({"name", "address", "said"})


@dataclass(frozen=True, slots=True)
class Doubt:
    """A part of a field that looks as if it should not be there; `is_refused` when there is no doubt about it."""

    field: str
    excerpt: str
    says: str
    is_refused: bool

    @property
    def message(self) -> str:
        ending = "Leave it out." if self.is_refused else "Read it again."
        return f"“{self.excerpt}” looks like {self.says}. {ending}"


def doubts_of(texts: Mapping[str, str]) -> tuple[Doubt, ...]:
    """Return what should not be in the texts, by field and in order."""
    return tuple(
        Doubt(field, text[one.start : one.end], one.says, one.kind not in READ_AGAIN)
        for field, text in texts.items()
        for one in personal.find(text, rules=RULES)
    )
