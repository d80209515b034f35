"""How far an audit has come and what still stands between it and being handed in.

The rule counts what is answered. It makes no score of the answers and no grade: a grade is a person's
judgement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

YES = "yes"
PARTLY = "partly"
NO = "no"
NOT_APPLICABLE = "not_applicable"
CANNOT_TELL = "cannot_tell"

REPLIES: tuple[tuple[str, str], ...] = (
    (YES, "Yes"),
    (PARTLY, "Partly"),
    (NO, "No"),
    (NOT_APPLICABLE, "Not applicable"),
    (CANNOT_TELL, "Cannot tell from the record"),
)
REPLY_VALUES = tuple(value for value, _ in REPLIES)

# The replies that say how the work was done. The other two say that the question or the record could not.
JUDGING_REPLIES = (YES, PARTLY, NO)


SCALE = "scale"
COMPLETENESS = "completeness"
TEXT = "text"

# What may be answered to a question of each kind; a text is an answer by itself.
REPLIES_BY_KIND = {
    SCALE: REPLY_VALUES,
    COMPLETENESS: (YES, NO, NOT_APPLICABLE),
    TEXT: (),
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a tool. With `asks_why`, a "no" needs a comment; with `escalates`, it needs a concern."""

    key: str
    kind: str = SCALE
    is_required: bool = True
    asks_why: bool = False
    escalates: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    value: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One reason an audit cannot be handed in; an empty question means the grade."""

    question: str
    message: str


@dataclass(frozen=True, slots=True)
class Progress:
    answered: int
    total: int
    next_question: str
    blocks: tuple[Block, ...]

    @property
    def percent(self) -> int:
        """Round down, so that 100 always means that every question is answered."""
        return 100 * self.answered // self.total if self.total else 100

    @property
    def can_be_submitted(self) -> bool:
        return not self.blocks


def progress(
    questions: Sequence[Question],
    replies: Mapping[str, Reply],
    *,
    grade: str = "",
    reason: str = "",
    has_concern: bool = False,
) -> Progress:
    """Give the state of an audit: questions in the tool's order, replies by question."""
    open_keys = [q.key for q in questions if not is_answered(q, replies.get(q.key))]
    blocks = [
        Block(question.key, message)
        for question in questions
        if (message := _missing(question, replies.get(question.key), has_concern=has_concern))
    ]
    if not grade:
        blocks.append(Block("", "Choose a grade."))
    if not reason.strip():
        blocks.append(Block("", "Write the reason for the grade."))
    return Progress(
        answered=len(questions) - len(open_keys),
        total=len(questions),
        next_question=open_keys[0] if open_keys else "",
        blocks=tuple(blocks),
    )


def is_answered(question: Question, reply: Reply | None) -> bool:
    if reply is None:
        return False
    return bool(reply.comment.strip()) if question.kind == TEXT else reply.value in REPLIES_BY_KIND[question.kind]


def _missing(question: Question, reply: Reply | None, *, has_concern: bool) -> str:
    if reply is None or not is_answered(question, reply):
        return "Answer this question." if question.is_required else ""
    if reply.value != NO:
        return ""
    if question.escalates and not has_concern:
        return "The answer says that the child may not be safe. Raise a concern before handing in."
    if question.asks_why and not reply.comment.strip():
        return "Say more about this answer."
    return ""
