"""How a Celery task does one step of a job: claim, keep the lease alive, run, finish or record the error."""

import functools
import logging
import threading

from celery import shared_task
from django.db import close_old_connections, connection
from django.utils import timezone

from ncpi.jobs import operations

logger = logging.getLogger(__name__)

RENEW_SECONDS = 5


class Refused(Exception):
    """The work cannot be done as asked and trying again will not help. The text is shown to whoever asked."""


class Away(Exception):
    """Something outside cannot be reached. The step is tried again until it can; the text is shown meanwhile."""


def job_step(name, *, step=0, is_last=True):
    """Turn `run(job) -> address or None` into the named Celery task for one step of a job."""

    def wrap(run):
        @shared_task(name=name, ignore_result=True)
        @functools.wraps(run)
        def task(*, job_id, **kwargs):
            job = operations.claim(job_id=job_id, step=step, at=timezone.now())
            if job is None:
                return
            with _lease(job):
                _run(run, job, is_last=is_last)

        return task

    return wrap


def _run(run, job, *, is_last):
    try:
        address = run(job) or ""
    except Refused as refusal:
        operations.fail(job=job, error=str(refusal), is_final=True, at=timezone.now())
    except Away as away:
        operations.postpone(job=job, error=str(away), at=timezone.now())
    except Exception as error:
        logger.exception("Job %s (%s) went wrong", job.pk, job.kind)
        if not connection.in_atomic_block:
            close_old_connections()
        operations.fail(job=job, error=type(error).__name__, is_final=False, at=timezone.now())
    else:
        operations.complete_step(job=job, is_last=is_last, at=timezone.now(), address=address)


class _lease:
    """Renews the job's lease from a thread of its own, so that a long step is not taken for dead."""

    def __init__(self, job):
        self.job = job
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *error):
        self.ended.set()
        self.thread.join()

    def _renew(self):
        try:
            while not self.ended.wait(RENEW_SECONDS):
                operations.renew(job=self.job, at=timezone.now())
        except Exception:
            logger.exception("Job %s: lease not renewed", self.job.pk)
        finally:
            connection.close()
