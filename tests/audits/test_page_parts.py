"""The questions of the audit page: rendered once, filled on each request, and never a way in for markup."""

import re

import pytest

from audits import page_parts, queries
from audits.models import Tool, ToolQuestion
from audits.operations import Typed
from audits.page_parts import asked_in, grades_of
from audits.queries import Given
from ncpi.inspections import queries as inspections
from tests import worlds
from tests.audits.factories import AT, drawn_sample, give
from tests.factories import make_user

pytestmark = pytest.mark.django_db

HOSTILE = "{0} {text} {{open}} {version!r} <script>alert(1)</script> \" ' & %s \\x00text\\x00"
ESCAPED = "{0} {text} {{open}} {version!r} &lt;script&gt;alert(1)&lt;/script&gt; &quot; &#x27; &amp; %s \\x00text\\x00"


def make_audit():
    sampled = drawn_sample(cases=1)
    return give(sampled, sampled.cases[0], make_user("auditor", force=sampled.force))


made = worlds.copies(make_audit)


@pytest.fixture
def audit(made, db):
    return made()


@pytest.fixture
def hostile(audit):
    """The audit with a tool of one question of each kind whose every text is hostile."""
    audit.tool = Tool.objects.create(
        force=audit.inspection.force, programme=audit.inspection.programme, number=9, digest="h" * 64,
        made_by=audit.auditor, made_at=AT,
    )  # fmt: skip
    for order, kind in enumerate(("scale", "completeness", "text")):
        ToolQuestion.objects.create(
            tool=audit.tool, key=f"H{order}", section=HOSTILE[:90], ask=HOSTILE, kind=kind, is_required=True,
            follow_up=HOSTILE, escalates=True, order=order,
        )  # fmt: skip
    return audit


def filled(audit, **given):
    return [mould.filled(Given(**{"value": "", "text": "", "version": 0, "guidance": "", **given})) for mould in
            asked_in(audit)]  # fmt: skip


def test_hostile_text_of_a_tool_is_shown_as_text(hostile):
    scale, recorded, text = filled(hostile)

    assert [html.count(ESCAPED) for html in (scale, recorded, text)] == [3, 3, 1]
    assert [html.count("<script") for html in (scale, recorded, text)] == [0, 0, 0]


def test_hostile_answers_and_guidance_are_shown_as_text(hostile):
    for html in filled(hostile, value='yes" onclick="x', text=HOSTILE, version=7, guidance=HOSTILE):
        assert 'maxlength="4000"' in html
        assert f">{ESCAPED}</textarea>" in html
        assert f'</span> {ESCAPED} <a class="govuk-link"' in html
        assert re.findall(r"<script|onclick|\schecked", html) == []


def test_typed_text_that_names_a_field_of_the_mould_stays_as_typed(audit):
    question = asked_in(audit)[0]

    html = question.filled(Given("no", "{answered}{text}", 3, ""))

    assert "{answered}{text}</textarea>" in html
    assert 'value="3">' in html


@pytest.mark.parametrize(
    ("value", "text", "checked", "opens"),
    [("", "", [], False), ("yes", "", ["yes"], False), ("partly", "Late.", ["partly"], True), ("no", "", ["no"], True)],
)
def test_the_choice_is_checked_and_the_comment_opens_where_it_is_asked_for(audit, value, text, checked, opens):
    mould = next(mould for mould in asked_in(audit) if mould.asks_why and not mould.is_text)

    html = mould.filled(Given(value, text, 1, ""))

    assert re.findall(r'value="(\w+)" data-key="\d"[^>]* checked', html) == checked
    assert (" open>" in html, "ncpi-question--answered" in html) == (opens, bool(value))


def test_the_questions_are_rendered_once_and_what_was_answered_is_asked_each_time(audit, django_assert_num_queries):
    asked_in(audit)
    grades_of(audit.inspection.programme_id)

    with django_assert_num_queries(1):
        moulds = asked_in(audit)
        grades_of(audit.inspection.programme_id)
        shown = page_parts.questions(moulds, queries.given_answers(audit), {moulds[0].pk: Typed("yes", "", 0)})

    assert (shown.total, shown.answered) == (len(moulds), 1)
    assert [section.answered for section in shown.sections] == [1] + [0] * (len(shown.sections) - 1)


def test_another_version_of_the_tool_is_rendered_anew(audit, hostile):
    new = [mould.key for mould in asked_in(hostile)]
    hostile.refresh_from_db()

    assert new == ["H0", "H1", "H2"]
    assert asked_in(hostile)[0].key == "Q-ALL-1"


def test_what_the_process_keeps_is_bounded():
    assert page_parts._asked_in.cache_parameters()["maxsize"] == 256
    assert inspections.grades_of.cache_parameters()["maxsize"] == 64
