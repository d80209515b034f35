"""The life of a job, one exit of each operation at a time."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection

from ncpi.jobs import operations, queries
from ncpi.jobs.models import Job, Mail
from ncpi.jobs.steps import Refused, job_step
from ncpi.jobs.tasks import send_mail
from tests.factories import make_force
from tests.jobs.mail_server import free_port

NOW = datetime(2021, 6, 14, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def ask(key="one", kind="send_mail", at=NOW):
    return operations.enqueue(by=None, kind=kind, key=key, args={}, force=None, at=at)


def state(job):
    return Job.objects.get(pk=job.pk).state


@pytest.mark.django_db
class TestAsking:
    def test_the_same_work_asked_for_twice_is_one_job(self):
        assert ask().pk == ask().pk
        assert Job.objects.count() == 1

    def test_work_that_ended_may_be_asked_for_again(self):
        first = ask()
        Job.objects.update(state="done")

        assert ask().pk != first.pk

    def test_one_message_is_queued_once_whatever_its_text(self):
        for body in ("One", "Two"):
            operations.queue_mail(key="k", to="x@y.test", subject="S", body=body, at=NOW)

        assert [message.body for message in Mail.objects.all()] == ["One"]
        assert Job.objects.count() == 1


@pytest.mark.django_db
class TestHandingOver:
    def test_due_work_is_handed_over_in_order_and_no_other(self):
        first, second = ask("one"), ask("two", at=NOW + timedelta(seconds=1))
        ask("tomorrow", at=NOW + timedelta(days=1))
        given = []

        count = operations.hand_over(publish=lambda kind, job_id: given.append(job_id), at=LATER)

        assert (count, given) == (2, [first.pk, second.pk])
        assert sorted(Job.objects.values_list("state", flat=True)) == ["queued", "sent", "sent"]

    def test_a_broker_that_is_away_leaves_the_work_queued(self):
        job = ask()

        def away(kind, job_id):
            raise ConnectionError

        with pytest.raises(ConnectionError):
            operations.hand_over(publish=away, at=NOW)

        assert state(job) == "queued"

    def test_what_was_handed_over_and_lost_is_queued_again(self):
        job = ask()
        operations.hand_over(publish=lambda **_: None, at=NOW)

        assert operations.take_back_abandoned(at=NOW + timedelta(seconds=59)) == 0
        assert operations.take_back_abandoned(at=NOW + timedelta(seconds=61)) == 1
        assert state(job) == "queued"

    def test_work_that_kills_every_worker_fails_in_the_end(self):
        job = ask()
        at = NOW
        for _ in range(operations.MAX_ATTEMPTS):
            assert operations.claim(job_id=job.pk, step=0, at=at) is not None
            at += operations.LEASE + timedelta(seconds=1)
            operations.take_back_abandoned(at=at)

        job.refresh_from_db()
        assert (job.state, job.error) == ("failed", "The worker stopped each time this was tried.")


@pytest.mark.django_db
class TestDoing:
    def test_a_second_delivery_finds_the_step_taken(self):
        job = ask()

        assert operations.claim(job_id=job.pk, step=0, at=NOW) is not None
        assert operations.claim(job_id=job.pk, step=0, at=NOW) is None

    def test_a_step_waits_for_the_one_before(self):
        job = ask()

        assert operations.claim(job_id=job.pk, step=1, at=NOW) is None

    def test_the_last_step_ends_the_job_and_says_where_the_result_is(self):
        held = operations.claim(job_id=ask().pk, step=0, at=NOW)
        operations.complete_step(job=held, is_last=False, at=NOW)
        held = operations.claim(job_id=held.pk, step=1, at=NOW)
        operations.complete_step(job=held, is_last=True, at=LATER, address="/there")

        held.refresh_from_db()
        assert (held.state, held.steps_done, held.result_address, held.finished_at) == ("done", 2, "/there", LATER)

    def test_who_lost_the_lease_can_no_longer_finish(self):
        slow = operations.claim(job_id=ask().pk, step=0, at=NOW)
        quick = operations.claim(job_id=slow.pk, step=0, at=LATER)

        operations.complete_step(job=slow, is_last=True, at=LATER)
        assert (operations.renew(job=slow, at=LATER), state(slow)) == (False, "running")

        operations.complete_step(job=quick, is_last=True, at=LATER)
        assert state(slow) == "done"

    def test_an_error_is_tried_again_later_and_later(self):
        job = ask()
        waits = []
        for _ in range(operations.MAX_ATTEMPTS):
            held = operations.claim(job_id=job.pk, step=0, at=NOW)
            operations.fail(job=held, error="OSError", is_final=False, at=NOW)
            waits.append(Job.objects.get(pk=job.pk).due_at - NOW)

        assert [wait.seconds for wait in waits[:-1]] == [10, 20, 40, 80]
        assert state(job) == "failed"

    def test_a_stop_reaches_the_work_at_its_next_report(self):
        held = operations.claim(job_id=ask().pk, step=0, at=NOW)
        before = operations.report(job=held, done=1, total=4, message="One of four", at=NOW)
        operations.ask_to_stop(by=None, job=held)
        after = operations.report(job=held, done=2, total=4, message="Two of four", at=NOW)

        held.refresh_from_db()
        assert (before, after, held.percent) == (True, False, 50)

    def test_failed_work_can_be_tried_again_and_other_work_cannot(self):
        job = ask()
        held = operations.claim(job_id=job.pk, step=0, at=NOW)
        operations.fail(job=held, error="No", is_final=True, at=NOW)

        assert operations.try_again(job=job, at=LATER).state == "queued"
        with pytest.raises(operations.NotFailed):
            operations.try_again(job=job, at=LATER)


@pytest.mark.django_db
class TestSteps:
    def test_a_refusal_is_final_and_shown(self):
        @job_step("tests.refuses")
        def refuses(job):
            raise Refused("Nothing to compile.")

        job = ask()
        refuses(job_id=job.pk)

        job.refresh_from_db()
        assert (job.state, job.error) == ("failed", "Nothing to compile.")

    def test_an_error_says_its_kind_and_nothing_personal(self):
        @job_step("tests.breaks")
        def breaks(job):
            raise ValueError("a name")

        job = ask()
        breaks(job_id=job.pk)

        job.refresh_from_db()
        assert (job.state, job.error) == ("queued", "ValueError")

    def test_mail_is_sent_once_however_often_it_is_delivered(self):
        from ncpi.jobs.tasks import send_mail

        operations.queue_mail(
            key="k", to="x@y.test", subject="S", body="B", at=NOW, attachment=("a.ics", "text/calendar", b"BEGIN")
        )
        job = Job.objects.get()

        send_mail(job_id=job.pk)
        send_mail(job_id=job.pk)

        assert [(message.to, message.attachments[0][0]) for message in mail.outbox] == [(["x@y.test"], "a.ics")]
        assert state(job) == "done"


@pytest.mark.django_db
def test_the_queue_in_numbers():
    ask("one")
    ask("two", at=LATER)
    operations.claim(job_id=ask("three").pk, step=0, at=NOW)
    operations.queue_mail(key="k", to="x@y.test", subject="S", body="B", at=LATER)

    found = queries.queue(at=NOW + timedelta(minutes=3))

    assert found == queries.Queue(waiting=3, running=1, failed=0, oldest_age=timedelta(minutes=3), mail_waiting=1)


@pytest.mark.django_db
def test_jobs_of_another_force_are_not_listed():
    ours, theirs = make_force(), make_force("Wessmouth Police")
    for force in (ours, theirs):
        operations.enqueue(by=None, kind="send_mail", key=force.slug, args={}, force=force, at=NOW)

    assert [job.key for job in queries.jobs_of([ours.pk])] == ["fenshire"]


@pytest.mark.django_db(transaction=True)
def test_two_relays_at_once_hand_each_job_over_once():
    for number in range(10):
        ask(str(number))
    given = []
    together = threading.Barrier(2)

    def relay():
        together.wait()
        operations.hand_over(publish=lambda kind, job_id: given.append(job_id), at=NOW)
        connection.close()

    threads = [threading.Thread(target=relay) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(given) == sorted(Job.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_twenty_deliveries_at_once_are_claimed_by_one():
    job = ask()
    claimed = []
    together = threading.Barrier(20)

    def deliver():
        together.wait()
        if operations.claim(job_id=job.pk, step=0, at=NOW):
            claimed.append(True)
        connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert claimed == [True]


@pytest.mark.django_db
class TestWaitingForWhatIsAway:
    @pytest.mark.parametrize(
        ("away_for", "wait"),
        [
            (timedelta(0), timedelta(seconds=5)),
            (timedelta(minutes=2), timedelta(seconds=30)),
            (timedelta(days=2), timedelta(minutes=5)),
        ],
    )
    def test_it_is_tried_again_however_long_the_outage(self, away_for, wait):
        at = NOW + away_for
        ask()
        job = operations.claim(job_id=ask().pk, step=0, at=at)

        operations.postpone(job=job, error="The mail server cannot be reached.", at=at)

        job.refresh_from_db()
        assert (job.state, job.attempts, job.due_at, job.lease_token) == ("queued", 0, at + wait, None)
        assert job.error == "The mail server cannot be reached."

    def test_a_message_waits_for_a_mail_server_that_is_away(self, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
        operations.queue_mail(key="one", to="x@fenshire.test", subject="Subject", body="Body", at=NOW)

        send_mail.apply(kwargs={"job_id": Job.objects.get().pk}).get()

        job = Job.objects.get()
        assert (job.state, job.attempts, Mail.objects.get().sent_at) == ("queued", 0, None)
        assert job.error == "The mail server cannot be reached. The message waits for it."
