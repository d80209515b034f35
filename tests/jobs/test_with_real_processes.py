"""A real broker, worker and relay: what happens when one of them is away or dies in the middle."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models import F
from django.test import Client
from kombu import Connection
from kombu.exceptions import OperationalError

from ncpi.jobs import operations
from ncpi.jobs.models import Job, Mail
from ncpi.jobs.tasks import send_mail
from tests import workers
from tests.factories import NOW, PASSWORD, make_force, make_user

ROOT = Path(__file__).resolve().parents[2]
# Seconds: far more than it takes, far less than a line to the broker that nobody cuts.
PATIENCE = 15

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]


@pytest.fixture
def surroundings(redis, tmp_path):
    """Where worker and relay of the test look for their broker and put their mail."""
    return {"REDIS_URL": redis.url(), "EMAIL_FILE_PATH": str(tmp_path / "mail")}


def ask_for_mail(key="one"):
    operations.queue_mail(key=key, to="x@fenshire.test", subject="Subject", body="Body", at=NOW)
    return Job.objects.get(key=key)


def letters(tmp_path, *, of="Subject"):
    return sum(file.read_text().count(f"Subject: {of}") for file in (tmp_path / "mail").glob("*"))


def is_done(job):
    return Job.objects.filter(pk=job.pk, state="done").exists()


def test_a_job_goes_from_the_page_to_its_result(celery_worker_process):
    job = ask_for_mail()

    celery_worker_process.wait_until(lambda: is_done(job))

    assert Mail.objects.get().sent_at is not None


def test_with_the_broker_away_people_sign_in_and_save_and_the_work_is_done_when_it_is_back(
    redis, surroundings, tmp_path
):
    administrator = make_user("administrator", force=make_force())
    invitation = {"name": "Lead 1", "email": "lead@fenshire.test", "role": "lead"}
    invitation["force"] = administrator.memberships.get().force_id
    port, browser = redis.port, Client()

    with workers.relay(tmp_path, **surroundings), workers.celery_worker(tmp_path, **surroundings) as worker:
        redis.stop()
        began = time.monotonic()
        signed_in = browser.post("/sign-in", {"email": administrator.email, "password": PASSWORD})
        invited = browser.post("/people/invite", invitation)
        took = time.monotonic() - began
        time.sleep(1)
        waiting = Job.objects.get().state
        redis.start(port=port)
        worker.wait_until(lambda: Mail.objects.filter(sent_at=None).count() == 0)

    assert (signed_in.status_code, invited.status_code, waiting) == (302, 302, "queued")
    assert took < PATIENCE
    assert (letters(tmp_path, of="Your role"), Job.objects.get().state) == (1, "done")


def test_control_work_sent_on_commit_is_lost_with_the_broker_away(redis):
    away = redis.url()
    redis.stop()

    def save_and_send():
        with transaction.atomic():
            mail = Mail.objects.create(key="k", to="x@y.test", subject="S", body="B", created_at=NOW)
            transaction.on_commit(lambda: publish_directly(mail.pk, away))

    with pytest.raises(OperationalError):
        save_and_send()

    assert (Mail.objects.count(), Job.objects.count()) == (1, 0)


def publish_directly(pk, url):
    with Connection(url, transport_options={"socket_connect_timeout": 1}) as connection:
        send_mail.apply_async(kwargs={"job_id": pk}, connection=connection, retry=False)


def test_a_job_delivered_three_times_has_one_result(surroundings, tmp_path):
    job = ask_for_mail()
    deliver = f"from ncpi import celery\nfor _ in range(3): celery.publish(kind='send_mail', job_id={job.pk})"

    with workers.celery_worker(tmp_path, **surroundings) as worker:
        subprocess.run([sys.executable, "-c", deliver], env=workers.environment(**surroundings), cwd=ROOT, check=True)
        worker.wait_until(lambda: worker.log().count("succeeded in") == 3)

    assert (letters(tmp_path), is_done(job)) == (1, True)


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_leaves_its_work_to_the_next(surroundings, tmp_path):
    job = ask_for_mail()
    slow = surroundings | {"EMAIL_BACKEND": "tests.jobs.slow_mail.EmailBackend"}
    (tmp_path / "second").mkdir()

    with workers.relay(tmp_path, **surroundings):
        with workers.celery_worker(tmp_path, **slow) as worker:
            worker.wait_until(lambda: Job.objects.filter(pk=job.pk, state="running").exists())
            os.killpg(worker.process.pid, signal.SIGKILL)
        # As if most of the lease had passed while the next worker was being started.
        Job.objects.filter(pk=job.pk).update(lease_until=F("lease_until") - timedelta(seconds=16))
        with workers.celery_worker(tmp_path / "second", **surroundings) as worker:
            worker.wait_until(lambda: is_done(job))

    job.refresh_from_db()
    assert (letters(tmp_path), job.attempts) == (1, 2)
