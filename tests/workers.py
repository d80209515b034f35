"""A real Celery worker and a real relay as processes of their own, on the database of the running tests."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def environment(**changes):
    """The tests' own environment, with the test database by name."""
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    own = {"DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}", "PYTHONUNBUFFERED": "1"}
    return os.environ | own | changes


@contextlib.contextmanager
def process(log, *arguments, **changes):
    """Run one of the product's processes with its output in a file; end it and wait for it."""
    with log.open("wb") as output:
        started = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment(**changes),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield started
    finally:
        started.terminate()
        try:
            started.wait(timeout=60)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


class Worker:
    """What a test can ask of the running worker."""

    def __init__(self, process, log_file):
        self.process = process
        self._log_file = log_file

    def log(self):
        return self._log_file.read_text(errors="replace")

    def wait_until(self, condition, seconds=120):
        """Wait for a condition on the database; fail with the worker's log when it does not come."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if condition():
                return
            assert self.process.poll() is None, f"The worker ended:\n{self.log()}"
            time.sleep(0.1)
        raise AssertionError(f"Not so after {seconds} s. The worker's log:\n{self.log()[-3000:]}")

    def settle(self):
        """Let running work end, so that emptying the tables does not meet it."""
        from ncpi.jobs.models import Job

        open_states = ["sent", "running"]
        with contextlib.suppress(AssertionError):
            self.wait_until(lambda: not Job.objects.filter(state__in=open_states).exists(), seconds=60)


@contextlib.contextmanager
def celery_worker(folder, **changes):
    log = folder / "worker.log"
    arguments = [
        "-m",
        "celery",
        "-A",
        "ncpi",
        "worker",
        "--concurrency",
        "1",
        "--without-gossip",
        "--without-mingle",
    ]
    with process(log, *arguments, "--loglevel", "INFO", **changes) as started:
        worker = Worker(started, log)
        worker.wait_until(lambda: " ready." in worker.log())
        yield worker


@contextlib.contextmanager
def relay(folder, **changes):
    with process(folder / "relay.log", "manage.py", "relay", "--every", "0.2", **changes) as started:
        yield started
