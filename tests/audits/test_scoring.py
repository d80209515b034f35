import pytest

from audits.scoring import REPLY_VALUES, Block, Progress, Question, Reply, is_answered, progress

TOOL = (
    Question("q1", asks_why=True),
    Question("q2"),
    Question("q3", is_required=False),
)


def test_an_untouched_audit_is_blocked_by_every_required_question_and_the_grade():
    assert progress(TOOL, {}) == Progress(
        answered=0,
        total=3,
        next_question="q1",
        blocks=(
            Block("q1", "Answer this question."),
            Block("q2", "Answer this question."),
            Block("", "Choose a grade."),
            Block("", "Write the reason for the grade."),
        ),
    )


def test_a_complete_audit_can_be_submitted_without_the_optional_question():
    state = progress(TOOL, {"q1": Reply("yes"), "q2": Reply("cannot_tell")}, grade="good", reason="Seen and heard.")

    assert state.can_be_submitted
    assert (state.answered, state.percent, state.next_question) == (2, 66, "q3")


@pytest.mark.parametrize("value", REPLY_VALUES)
@pytest.mark.parametrize("comment", ["", "  ", "The log stops at noon."])
def test_a_follow_up_is_asked_for_only_where_the_tool_says_so(value, comment):
    state = progress(TOOL[:1], {"q1": Reply(value, comment)}, grade="good", reason="x")

    asked = value == "no" and not comment.strip()
    assert state.blocks == ((Block("q1", "Say more about this answer."),) if asked else ())
    assert (state.percent, state.next_question) == (100, "")


@pytest.mark.parametrize("value", ["", "maybe"])
def test_a_reply_that_is_none_counts_as_unanswered(value):
    assert progress(TOOL[1:2], {"q2": Reply(value)}, grade="good", reason="x").blocks == (
        Block("q2", "Answer this question."),
    )


@pytest.mark.parametrize(("grade", "reason", "count"), [("", "x", 1), ("good", "", 1), ("good", " \n", 1), ("", "", 2)])
def test_a_grade_needs_its_reason(grade, reason, count):
    assert len(progress((), {}, grade=grade, reason=reason).blocks) == count


def test_replies_to_other_questions_count_for_nothing():
    assert progress(TOOL, {"q9": Reply("yes")}, grade="good", reason="x").answered == 0


def test_a_tool_without_questions_is_complete():
    assert progress((), {}, grade="good", reason="x").percent == 100


@pytest.mark.parametrize(
    ("kind", "reply", "expected"),
    [
        ("scale", Reply("cannot_tell"), True),
        ("completeness", Reply("yes"), True),
        ("completeness", Reply("partly"), False),
        ("completeness", Reply("cannot_tell"), False),
        ("text", Reply("", "The child was moved."), True),
        ("text", Reply("yes", "  "), False),
        ("text", None, False),
    ],
)
def test_each_kind_of_question_has_its_own_answers(kind, reply, expected):
    assert is_answered(Question("q", kind=kind), reply) is expected


@pytest.mark.parametrize(("value", "has_concern", "count"), [("no", False, 1), ("no", True, 0), ("yes", False, 0)])
def test_a_child_who_may_not_be_safe_needs_a_concern_before_the_audit_is_handed_in(value, has_concern, count):
    question = Question("safe", escalates=True)

    state = progress([question], {"safe": Reply(value, "x")}, grade="good", reason="x", has_concern=has_concern)

    assert len(state.blocks) == count
