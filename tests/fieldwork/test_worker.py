"""A timetable made by a real worker, watched and stopped."""

from datetime import time

import pytest
from django.utils import timezone

from ncpi.fieldwork.models import Timetable
from ncpi.fieldwork.operations import sessions, timetables
from ncpi.jobs.models import Job
from tests.factories import make_inspection, make_user
from tests.fieldwork import makers


@pytest.mark.slow
def test_a_real_worker_makes_the_timetable_and_says_where_it_is(celery_worker_process):
    inspection = make_inspection()
    by = make_user("coordinator", force=inspection.force)
    makers.make_fieldwork(inspection, by=by, count=3)

    job = timetables.ask_for_timetable(by=by, inspection=inspection, now=timezone.now())

    celery_worker_process.wait_until(lambda: Job.objects.get(pk=job.pk).state == "done")
    made = Timetable.objects.get()
    assert (made.job, made.outcome, made.placements.count()) == (job, "optimal", 3)
    done = Job.objects.get(pk=job.pk)
    assert done.result_address == f"/inspections/{inspection.ref}/fieldwork/timetables/1"
    assert (done.message, done.done, done.total) == ("Version 1: 3 sessions placed", 3, 3)


@pytest.mark.slow
def test_a_problem_that_contradicts_itself_fails_with_its_reason_and_is_not_tried_again(celery_worker_process):
    inspection = make_inspection()
    by = make_user("coordinator", force=inspection.force)
    person = makers.make_person(inspection.force, by=by)
    makers.make_inspector(inspection, by=by)
    makers.make_session(inspection, by=by, fixed=[person], minutes=240)
    sessions.arrange(by=by, inspection=inspection, version=0, opens=time(9), closes=time(12))

    job = timetables.ask_for_timetable(by=by, inspection=inspection, now=timezone.now())

    celery_worker_process.wait_until(lambda: not Job.objects.get(pk=job.pk).is_open)
    failed = Job.objects.get(pk=job.pk)
    assert (failed.state, failed.attempts) == ("failed", 1)
    assert failed.error == "Interview 1 lasts 240 minutes, longer than any day."
    assert not Timetable.objects.exists()
