"""What comes after the audits of the demonstration: a second round, what inspectors brought, who answered feedback.

No dice are thrown for any of it, so that it changes nothing else of the story.
"""

import io
import random
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from audits import feedback_operations, inspector_operations
from audits.models import Capacity, Feedback, FeedbackLink, FeedbackState, Grading
from cases import operations as samples
from cases import retention_operations
from cases.models import Candidate, Frame, Retention, Spread
from ncpi.inspections.demo import moment
from ncpi.inspections.models import Grade
from ncpi.lib.tables import read_csv
from ncpi.lib.uploads import as_it_is

SECOND_SEED = "lottery 11 17 23 38 40 59"
SECOND_ROUND = {"missing": 2, "custody": 2}
INSPECTED = [("missing", "good"), ("s47", "requires_improvement"), ("custody", "inadequate")]
KEPT = "The inspectorate's report is not out yet, and what it finds may have to be looked up in the cases."


def build(demo: Any) -> None:
    _second_round(demo)
    _inspectors_list(demo)
    _inspectors_correction(demo)
    _feedback(demo)
    row = Retention.objects.get(inspection=demo.inspection)
    retention_operations.keep_until(
        by=demo.people["information_governance"], inspection=demo.inspection, version=row.version, reason=KEPT,
        review_date=date(2022, 9, 1), at=moment(date(2021, 7, 9), 16),
    )  # fmt: skip


def _second_round(demo: Any) -> None:
    """Missing children and children in custody are looked at once more; their cases wait to be allocated."""
    by, frame = demo.people["coordinator"], Frame.objects.get(inspection=demo.inspection, discarded_at=None)
    plan = samples.fix_plan(
        by=by, frame=frame, sizes=SECOND_ROUND, second_grading_percent=0, second_at_extremes=True,
        spread=Spread.DISTRICT, round_number=2, at=moment(date(2021, 7, 7), 14),
    )  # fmt: skip
    samples.draw_sample(
        by=by, sample=plan, seed=SECOND_SEED, at=moment(date(2021, 7, 8), 9), rng=random.Random(SECOND_SEED)
    )


def _inspectors_list(demo: Any) -> None:
    """The inspectors hand over what they graded beside the force's sample."""
    left = Candidate.objects.filter(frame__inspection=demo.inspection, case=None, set_aside=None)
    lines = [
        f"{left.filter(case_type__key=kind).order_by('reference')[0].reference},{kind},{grade},"
        for kind, grade in INSPECTED
    ]
    data = "\n".join(["reference,case_type,grade,reason", *lines]).encode()
    inspector_operations.import_grades(
        by=demo.people["inspector_1"],
        inspection=demo.inspection,
        document=as_it_is(io.BytesIO(data), "further-cases.csv", extension="csv", media_type="text/csv"),
        table=read_csv(data),
        at=moment(date(2021, 7, 9), 11),
    )


def _inspectors_correction(demo: Any) -> None:
    first = Grading.objects.filter(inspection=demo.inspection, capacity=Capacity.INSPECTOR).exclude(
        grade__key="inadequate"
    )
    inspector_operations.correct_inspector_grading(
        by=demo.people["inspector_2"],
        grading=first.select_related("inspection__force").order_by("at", "pk")[0],
        grade=Grade.objects.get(programme=demo.inspection.programme, key="inadequate"),
        reason="On a second reading: the younger sibling was seen by nobody, and no plan names them.",
        at=moment(date(2021, 7, 9), 12),
    )


def _feedback(demo: Any) -> None:
    """What was released is sent; the team of the first case has read it and answers."""
    by = demo.people["coordinator"]
    rows = Feedback.objects.filter(inspection=demo.inspection, state=FeedbackState.RELEASED)
    for number, row in enumerate(rows.select_related("inspection__force").order_by("pk")):
        at = moment(date(2021, 7, 8), 10) + timedelta(hours=number)
        feedback_operations.send_feedback(by=by, feedback=row, to="", at=at, now=timezone.now())
    link = FeedbackLink.objects.select_related("inspection__force", "feedback").filter(feedback__in=rows).earliest("pk")
    feedback_operations.acknowledge_by_link(
        link=link, reply="Talked through at the team's meeting. The checklist has changed.", at=link.made_at
    )
