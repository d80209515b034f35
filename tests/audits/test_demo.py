import random

import pytest

from audits import demo as audits_demo
from audits.figure_counts import all_figures
from audits.models import Audit, Concern, Grading, Moderation
from cases import demo as cases_demo
from ncpi.inspections import demo as base

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_demonstration_is_audited_for_the_most_part():
    demo = base.build(stage="fieldwork", rng=random.Random(7))
    cases_demo.build(demo, stage="fieldwork")

    audits_demo.build(demo, stage="fieldwork")

    counted = {
        "audits": Audit.objects.count(),
        "submitted": Audit.objects.filter(state="submitted").count(),
        "inspector": Grading.objects.filter(capacity="inspector").count(),
        "moderated": Moderation.objects.filter(rule="moderated").count() > 0,
        "concerns": sorted(Concern.objects.values_list("state", flat=True)),
    }
    assert counted == {
        "audits": 43,
        "submitted": 40,
        "inspector": 13,
        "moderated": True,
        "concerns": ["acknowledged", "closed"],
    }
    assert (
        sum(f.numerator for f in all_figures(demo.inspection, at=demo.at) if (f.measure, f.area) == ("audit_grade", ""))
        > 20
    )
