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


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a tool. A follow-up is a comment that the listed replies ask for."""

    key: str
    is_required: bool = True
    follow_up_on: frozenset[str] = frozenset()


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
    questions: Sequence[Question], replies: Mapping[str, Reply], *, grade: str = "", reason: str = ""
) -> Progress:
    """Give the state of an audit: questions in the tool's order, replies by question."""
    answered = sum(1 for question in questions if _is_answered(replies.get(question.key)))
    blocks = [block for question in questions for block in _blocks(question, replies.get(question.key))]
    if not grade:
        blocks.append(Block("", "Choose a grade."))
    if not reason.strip():
        blocks.append(Block("", "Write the reason for the grade."))
    return Progress(
        answered=answered,
        total=len(questions),
        next_question=next((q.key for q in questions if not _is_answered(replies.get(q.key))), ""),
        blocks=tuple(blocks),
    )


def _is_answered(reply: Reply | None) -> bool:
    return reply is not None and reply.value in REPLY_VALUES


def _blocks(question: Question, reply: Reply | None) -> tuple[Block, ...]:
    if reply is None or not _is_answered(reply):
        return (Block(question.key, "Answer this question."),) if question.is_required else ()
    if reply.value in question.follow_up_on and not reply.comment.strip():
        return (Block(question.key, "Say more about this answer."),)
    return ()
