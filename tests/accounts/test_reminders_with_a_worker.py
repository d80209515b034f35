"""The morning's task with a real broker, worker and relay: delivered twice, each person has one mail, sent once."""

from datetime import timedelta

import pytest

from ncpi.accounts import tasks
from ncpi.celery import app
from ncpi.jobs.models import Job, Mail
from ncpi.lib.clocks import clock_of
from tests.factories import make_action, make_force, make_inspection, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]


def test_a_task_that_is_delivered_twice_sends_one_mail_a_person(celery_worker_process):
    force = make_force()
    owners = [make_user("action_owner", force=force) for _ in range(2)]
    on = clock_of(force).on
    inspection = make_inspection(
        force, notice_date=on, fieldwork_start_date=on + timedelta(days=30), fieldwork_end_date=on + timedelta(days=40)
    )
    for owner in owners:
        make_action(inspection, by=owner, on=on, due_date=on + timedelta(days=3))

    for _ in range(2):
        app.send_task(tasks.remind_everybody.name)
    celery_worker_process.wait_until(lambda: Mail.objects.exclude(sent_at=None).count() == 2)
    celery_worker_process.settle()

    assert sorted(Mail.objects.values_list("to", flat=True)) == sorted(owner.email for owner in owners)
    assert list(Job.objects.values_list("kind", "state", "attempts")) == [("send_mail", "done", 1)] * 2
