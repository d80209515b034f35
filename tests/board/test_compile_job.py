"""Compiling as it happens: a real worker, a job delivered twice, two workers at once, a worker that dies."""

import threading

import pytest
from django.db import connection

from ncpi.board import operations
from ncpi.board.models import Figure, Summary, SummaryChart
from ncpi.celery import publish
from ncpi.inspections.models import Inspection
from ncpi.jobs.models import Job
from ncpi.lib.clocks import clock_of
from ncpi.lib.digests import sha256
from tests import factories
from tests.board.conftest import AT, ON

QUERIES = 22


def ask(inspection, by):
    from django.utils import timezone

    return operations.request_compile(by=by, inspection=inspection, at=timezone.now())


def made():
    force = factories.make_force()
    by = factories.make_user("coordinator", force=force)
    return by, factories.make_inspection(force, by=by)


def test_a_real_worker_compiles_one_summary_however_often_the_job_is_delivered(celery_worker_process):
    by, inspection = made()
    job = ask(inspection, by)
    publish(kind="compile_summary", job_id=job.pk)

    celery_worker_process.wait_until(lambda: Job.objects.get(pk=job.pk).state == "done")
    publish(kind="compile_summary", job_id=job.pk)
    again = ask(inspection, by)
    celery_worker_process.wait_until(lambda: Job.objects.get(pk=again.pk).state == "done")

    summary = Summary.objects.get()
    done = Job.objects.get(pk=job.pk)
    assert done.result_address == f"/inspections/{inspection.ref}/summaries/1/"
    assert (summary.digest, SummaryChart.objects.count()) == (sha256(summary.content.encode()), 4)
    assert Figure.objects.filter(measure="cases_audited").count() <= 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_keep_one_summary():
    by, inspection = made()
    ready, kept = threading.Barrier(2), []

    def work():
        try:
            mine = Inspection.objects.select_related("force", "programme").get(pk=inspection.pk)
            ready.wait()
            kept.append(operations.compile_summary(by=by, inspection=mine, on=ON, job=None, at=AT).pk)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert (len(kept), len(set(kept)), Summary.objects.count(), SummaryChart.objects.count()) == (2, 1, 1, 4)


@pytest.mark.django_db
def test_what_a_dying_worker_had_written_is_not_there(monkeypatch):
    by, inspection = made()

    def dies(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(operations.SummaryChart.objects, "bulk_create", dies)
    with pytest.raises(KeyboardInterrupt):
        operations.compile_summary(by=by, inspection=inspection, on=ON, job=None, at=AT)
    monkeypatch.undo()
    left = Summary.objects.count()

    summary = operations.compile_summary(by=by, inspection=inspection, on=ON, job=None, at=AT)

    assert (left, summary.number, Summary.objects.count()) == (0, 1, 1)


@pytest.mark.django_db
def test_the_night_asks_for_every_open_inspection_once():
    from ncpi.board.tasks import compile_every_night

    _, inspection = made()

    for _ in range(2):
        compile_every_night()

    assert list(Job.objects.values_list("kind", "key")) == [("compile_summary", f"inspection-{inspection.pk}")]


@pytest.mark.django_db
def test_gathering_takes_the_same_queries_however_much_there_is(inspection, people, django_assert_num_queries):
    from ncpi.board import queries
    from tests.board.conftest import _promise

    clock_of(inspection.force)
    queries.state_of(inspection, as_at=AT, on=ON)
    with django_assert_num_queries(QUERIES):
        queries.state_of(inspection, as_at=AT, on=ON)
    for _ in range(2):
        _promise(inspection, people["lead"])

    with django_assert_num_queries(QUERIES):
        queries.state_of(inspection, as_at=AT, on=ON)
