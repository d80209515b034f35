"""What the Board's tests with a database stand on: an inspection with something in every room."""

from datetime import UTC, date, datetime

import pytest

from ncpi.actions.models import Action, Recommendation, Report
from ncpi.board import operations
from ncpi.board.figures import FigureValue
from ncpi.inspections.marks import mark_changed
from ncpi.inspections.models import Criterion, Grade
from ncpi.selfassessment.models import Judgement
from tests import factories, worlds

AT = datetime(2021, 7, 12, 17, 0, tzinfo=UTC)
ON = date(2021, 7, 12)


def figures_of_cases(good=6, total=22):
    rest = total - good
    return [
        FigureValue("audit_grade", "", "good", good, total, round(good / total, 6), 0.13, 0.48),
        FigureValue("audit_grade", "", "requires_improvement", rest, total, round(rest / total, 6), 0.52, 0.87),
        FigureValue("audit_grade", "", "inadequate", 0, total, 0.0, 0.0, 0.15),
        FigureValue("concerns", "", "open", 1, 4, 0.25),
        FigureValue("audit_grade_by_district", "", "north.good", is_suppressed=True),
    ]


class World:
    def __init__(self):
        self.force = factories.make_force()
        roles = ("coordinator", "chief_officer", "board_member", "lead", "auditor", "information_governance")
        self.people = {role: factories.make_user(role, force=self.force) for role in roles}
        by = self.people["coordinator"]
        self.inspection = factories.make_inspection(self.force, by=by)
        _judge(self.inspection)
        _promise(self.inspection, self.people["lead"])
        operations.publish_figures(
            by=by, inspection=self.inspection, source="case audits", figures=figures_of_cases(), as_at=AT
        )
        mark_changed(inspection_id=self.inspection.pk, at=AT)

    def compile(self, at=AT, on=ON):
        """Compile the inspection as it stands, without a worker."""
        return operations.compile_summary(
            by=self.people["coordinator"], inspection=self.inspection, on=on, job=None, at=at
        )

    def release(self):
        summary, officer = self.compile(), self.people["chief_officer"]
        operations.approve(by=officer, summary=summary, version=summary.version, at=AT)
        return operations.release(by=officer, summary=summary, version=summary.version, at=AT)


def _judge(inspection):
    good = Grade.objects.get(programme=inspection.programme, key="good")
    criteria = Criterion.objects.filter(area__programme=inspection.programme, area__key="C20-INI").order_by("order")
    for criterion in criteria:
        Judgement.objects.create(inspection=inspection, criterion=criterion, grade=good, state="drafting", saved_at=AT)


def _promise(inspection, owner):
    report = Report.objects.create(force=inspection.force, title="An earlier report", published_date=date(2020, 2, 27))
    first = Recommendation.objects.create(force=inspection.force, report=report, number="1", text="Answer in time")
    Recommendation.objects.create(
        force=inspection.force, report=report, number="2", text="Answer in time again", repeats=first
    )
    Action.objects.create(
        inspection=inspection, title="Answer in time", owner=owner, raised_by=owner,
        raised_date=date(2021, 6, 1), due_date=date(2021, 7, 1),
    )  # fmt: skip


made = worlds.copies(World)


@pytest.fixture
def world(made, db):
    return made()


@pytest.fixture
def force(world):
    return world.force


@pytest.fixture
def people(world):
    return world.people


@pytest.fixture
def inspection(world):
    return world.inspection


@pytest.fixture
def compile_now(world):
    return world.compile


@pytest.fixture
def released(world):
    return world.release()
