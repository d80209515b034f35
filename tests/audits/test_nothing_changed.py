"""Nothing changed, nothing counted; whatever changes a figure has it counted again."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import audits
from audits import (
    allocation_operations,
    concern_operations,
    correction_operations,
    counting,
    figure_operations,
    inspector_operations,
    operations,
    tool_operations,
)
from audits.models import Audit, Capacity, Concern
from cases import operations as samples
from ncpi.board.models import Publication
from tests.audits.factories import AT, drawn_sample, give, grade_of, graded, hand_in, own_question, two_gradings
from tests.factories import TODAY, make_user

AUDITS = Path(audits.__file__).parent


class Story:
    """One sample to which one thing after another happens, a minute apart."""

    def __init__(self):
        self.sampled = drawn_sample(cases=4)
        self.force, self.cases, self.by = self.sampled.force, self.sampled.cases, self.sampled.coordinator
        self.auditors = [make_user("auditor", force=self.force) for _ in range(2)]
        self.other = make_user("coordinator", force=self.force)
        self.at = AT

    def asked(self):
        """Publish, and give the statements that asked something."""
        self.at += timedelta(minutes=1)
        with CaptureQueriesContext(connection) as captured:
            figure_operations.publish_figures(by=None, inspection=self.sampled.inspection, as_at=self.at)
        return [query["sql"] for query in captured if query["sql"].lstrip().startswith(("SELECT", "WITH"))]

    def is_counted(self):
        return any("audits_grading" in sql for sql in self.asked())

    def audit(self, case, capacity=Capacity.FIRST):
        return Audit.objects.get(case=self.cases[case], capacity=capacity, ended_at=None)

    def concern(self, act, **given):
        concern = Concern.objects.get()
        by = self.other if act == "close_concern" else self.by
        operation = getattr(concern_operations, act)
        operation(by=by, concern=concern, version=concern.version, at=self.at, **given)

    def an_audit_is_handed_in(self):
        hand_in(give(self.sampled, self.cases[0], self.auditors[0]), "good", at=self.at)

    def a_second_reading_is_asked_for(self):
        allocation_operations.ask_second_grading(by=self.by, case=self.cases[0], on=TODAY, at=self.at)

    def it_is_given_back_for_a_conflict(self):
        audit = self.audit(0, Capacity.SECOND)
        allocation_operations.declare_conflict(by=audit.auditor, audit=audit, reason="Knows them.", at=self.at)

    def a_case_is_given_by_hand(self):
        give(self.sampled, self.cases[1], self.auditors[1])

    def the_rest_is_shared_out(self):
        allocation_operations.allocate_cases(by=self.by, inspection=self.sampled.inspection, on=TODAY, at=self.at)

    def two_differ_across_the_line(self):
        hand_in(self.audit(1), "good", at=self.at)
        hand_in(give(self.sampled, self.cases[1], self.auditors[0], Capacity.SECOND), "inadequate", at=self.at)

    def a_moderator_decides(self):
        given = {"grade": grade_of(self.sampled.inspection, "good"), "reason": "x", "criterion_key": "C20-INI-1"}
        operations.moderate(
            by=make_user("moderator", force=self.force), case=self.cases[1], question=None, at=self.at, **given
        )

    def a_grade_is_corrected(self):
        grade = grade_of(self.sampled.inspection, "inadequate")
        audit = self.audit(1)
        correction_operations.correct_grading(by=audit.auditor, audit=audit, grade=grade, reason="x", at=self.at)

    def a_concern_is_raised(self):
        concern_operations.raise_concern(
            by=self.auditors[0], case=self.cases[0], audit=None, text="x", at=self.at, now=self.at
        )

    def it_becomes_overdue(self):
        self.at = Concern.objects.get().due_at

    def it_is_acknowledged(self):
        self.concern("acknowledge_concern")

    def it_is_acted_on(self):
        self.concern("resolve_concern", done="Visited.")

    def it_is_closed(self):
        self.concern("close_concern")

    def an_inspector_grades(self):
        self._inspected(inspector_operations.grade_as_inspector, case=self.cases[0])

    def an_inspector_grades_a_further_case(self):
        of = {"reference": "FN9999/21", "case_type": self.cases[0].case_type}
        self._inspected(inspector_operations.grade_further_case, inspection=self.sampled.inspection, **of)

    def _inspected(self, operation, **of):
        grade = grade_of(self.sampled.inspection, "good")
        operation(by=self.other, grade=grade, reason="Seen.", at=self.at, **of)

    def a_case_is_replaced(self):
        case = self.cases[3]
        case.refresh_from_db()
        samples.replace_case(by=self.by, case=case, version=case.version, reason="Not there.", at=self.at)

    def another_version_of_the_questions_is_put_to_use(self):
        own_question(self.sampled.inspection, self.by)
        tool_operations.put_to_use(by=self.by, inspection=self.sampled.inspection, at=self.at)

    def the_forces_threshold_changes(self):
        self.sampled.inspection.force.suppression_threshold += 1

    def the_clock_is_put_back(self):
        self.at -= timedelta(days=1)


HAPPENS = [
    Story.an_audit_is_handed_in,
    Story.a_second_reading_is_asked_for,
    Story.it_is_given_back_for_a_conflict,
    Story.a_case_is_given_by_hand,
    Story.the_rest_is_shared_out,
    Story.two_differ_across_the_line,
    Story.a_moderator_decides,
    Story.a_grade_is_corrected,
    Story.a_concern_is_raised,
    Story.it_becomes_overdue,
    Story.it_is_acknowledged,
    Story.it_is_acted_on,
    Story.it_is_closed,
    Story.an_inspector_grades,
    Story.an_inspector_grades_a_further_case,
    Story.a_case_is_replaced,
    Story.another_version_of_the_questions_is_put_to_use,
    Story.the_forces_threshold_changes,
    Story.the_clock_is_put_back,
]


@pytest.mark.django_db
def test_whatever_changes_a_figure_has_it_counted_once_again():
    story = Story()
    story.asked()

    counted = []
    for act in HAPPENS:
        act(story)
        counted.append((act.__name__, story.is_counted(), story.is_counted()))

    assert counted == [(act.__name__, True, False) for act in HAPPENS]


@pytest.mark.django_db
def test_with_nothing_changed_two_questions_are_asked_and_none_of_a_case():
    story = Story()
    two_gradings(story.sampled, story.cases[0], "good", "good", auditors=story.auditors)
    story.asked()

    asked = story.asked()

    assert len(asked) == 2
    assert [sql for sql in asked if "cases_" in sql or "audits_" in sql.replace("audits_tool", "")] == []


@pytest.mark.django_db
def test_control_a_change_without_its_mark_is_not_counted():
    story = Story()
    story.asked()

    graded(story.sampled, story.cases[0], Capacity.FIRST, "good", by=story.auditors[0])

    assert story.is_counted() is False


@pytest.mark.django_db
def test_figures_that_another_release_counted_are_counted_again():
    story = Story()
    story.asked()
    Publication.objects.update(terms="0" * 64)

    assert story.is_counted() is True


def test_all_code_that_counts_is_in_the_digest():
    found, wanted = set(), {"figure_operations"}
    while wanted - found:
        name = (wanted - found).pop()
        found.add(name)
        for node in ast.walk(ast.parse((AUDITS / f"{name}.py").read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "audits":
                named = [alias.name for alias in node.names] if node.module == "audits" else [node.module[7:]]
                wanted |= {part for part in named if (AUDITS / f"{part}.py").exists()}

    assert found - set(counting.MODULES) == {"allocation", "allocation_queries", "counting", "tool_queries"}
    assert set(counting.MODULES) <= found
