"""A concern is raised while broker and mail server are both away: real servers, a real worker, a real relay."""

import smtplib
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.mail import get_connection, send_mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from audits.models import Concern
from ncpi.jobs.models import Job, Mail
from tests import workers
from tests.audits.factories import drawn_sample, give
from tests.factories import client_of, make_user
from tests.jobs.mail_server import MailServer, free_port

ROOT = Path(__file__).resolve().parents[2]
SUBJECT = "Subject: Urgent: a concern about a child's safety"

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]


@pytest.fixture
def audit():
    sampled = drawn_sample(cases=1)
    return give(sampled, sampled.cases[0], make_user("auditor", force=sampled.force))


def raise_concern(audit) -> Client:
    client = client_of(audit.auditor)
    address = reverse("audits:raise-concern", args=[audit.inspection.ref, audit.pk])
    return client.post(address, {"text": "Not seen since May."})


def test_it_reaches_its_person_once_when_both_are_back(redis, audit, tmp_path):
    handler, mail_port = audit.allocated_by, free_port()
    surroundings = {
        "REDIS_URL": redis.url(),
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(mail_port),
    }
    broker_port = redis.port

    with workers.relay(tmp_path, **surroundings), workers.celery_worker(tmp_path, **surroundings) as worker:
        redis.stop()
        raised = raise_concern(audit)
        while_both_are_away = (Job.objects.get().state, Mail.objects.get().sent_at)
        redis.start(port=broker_port)
        worker.wait_until(lambda: Job.objects.filter(error__startswith="The mail server").exists())
        with MailServer(mail_port) as server:
            worker.wait_until(lambda: Job.objects.get().state == "done")
            deliver_again(Job.objects.get(), surroundings)
            worker.wait_until(lambda: worker.log().count("succeeded in") >= 4)

    assert (raised.status_code, Concern.objects.count(), while_both_are_away) == (302, 1, ("queued", None))
    assert [(SUBJECT in letter, f"To: {handler.email}" in letter) for letter in server.letters] == [(True, True)]


def deliver_again(job, surroundings):
    again = f"from ncpi import celery\nfor _ in range(2): celery.publish(kind='send_mail', job_id={job.pk})"
    subprocess.run([sys.executable, "-c", again], env=workers.environment(**surroundings), cwd=ROOT, check=True)


def test_control_a_message_sent_as_the_concern_is_raised_is_lost_with_the_mail_server_away(audit):
    port = free_port()
    server = get_connection("django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=port)

    def raise_and_send():
        with transaction.atomic():
            Concern.objects.create(
                inspection=audit.inspection, case=audit.case, text="x", raised_by=audit.auditor,
                raised_at=audit.allocated_at, due_at=audit.allocated_at,
            )  # fmt: skip
            transaction.on_commit(
                lambda: send_mail("Urgent", "Body", None, [audit.allocated_by.email], connection=server)
            )

    with pytest.raises(ConnectionRefusedError):
        raise_and_send()
    with MailServer(port) as back:
        pass

    assert (Concern.objects.count(), back.letters) == (1, [])


def test_control_a_letter_sent_twice_is_seen_twice():
    with MailServer(free_port()) as server:
        for _ in range(2):
            with smtplib.SMTP(*server.server_address) as client:
                client.sendmail("a@fenshire.test", ["b@fenshire.test"], "Subject: Twice\r\n\r\nBody\r\n")

    assert len(server.letters) == 2
