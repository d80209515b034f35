from datetime import timedelta

import pytest

from ncpi.inspections.marks import mark_changed
from ncpi.inspections.models import ChangeMark
from tests.factories import NOW, make_inspection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("seconds", "stands"), [((60, 0), 60), ((0, 60), 60), ((30, 30), 30)], ids=["back", "forward", "same"]
)
def test_a_mark_never_moves_back(seconds, stands):
    inspection = make_inspection()

    for second in seconds:
        mark_changed(inspection_id=inspection.pk, at=NOW + timedelta(seconds=second))

    mark = ChangeMark.objects.get(inspection=inspection)
    assert (mark.changed_at, mark.changes) == (NOW + timedelta(seconds=stands), 3)


def test_each_inspection_has_its_own_mark():
    one, other = make_inspection(), make_inspection(name="Inspection 2022")

    mark_changed(inspection_id=one.pk, at=NOW + timedelta(seconds=60))

    assert ChangeMark.objects.get(inspection=other).changed_at == NOW
