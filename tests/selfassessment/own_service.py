"""The product's own processes on a PostgreSQL and a Redis of one test alone, which it may restart."""

import contextlib
import shlex
import signal
import subprocess
import time

from django.db import connection
from environ import Env

from tests import workers
from tools.local import PROGRAMS, answers
from tools.processes import end_process, free_port
from tools.services import Postgres, Redis


class Service:
    """What one test uses, and takes away and brings back in its middle."""

    def __init__(self, folder):
        self.folder = folder
        self.postgres, self.redis = Postgres(folder / "database"), Redis(folder / "broker")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self):
        """Have both servers, the database a copy of this test process's own."""
        self.redis.start()
        self.postgres.start()
        self.postgres.create_database("ncpi")
        dump, load = (self.postgres.programs / name for name in ("pg_dump", "psql"))
        with subprocess.Popen([dump, "-d", workers.environment()["DATABASE_URL"]], stdout=subprocess.PIPE) as source:
            copy = [load, "-Xq", "-v", "ON_ERROR_STOP=1", "-d", self.database_url]
            subprocess.run(copy, stdin=source.stdout, stdout=subprocess.DEVNULL, check=True)

    def stop(self):
        self.redis.stop()
        self.postgres.stop()

    @property
    def database_url(self):
        return self.postgres.url("ncpi")

    @contextlib.contextmanager
    def processes(self):
        """Run web, worker and relay as `make run` does."""
        found = {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis.url(), "BASE_URL": self.url}
        found["EMAIL_FILE_PATH"] = str(self.folder / "mail")
        with contextlib.ExitStack() as running:
            started = []
            for name in ("web", "worker", "relay"):
                arguments = shlex.split(PROGRAMS[name].format(port=self.port))
                started.append(running.enter_context(workers.process(self.folder / f"{name}.log", *arguments, **found)))
            wait_until(lambda: answers(self.port))
            yield
            # All at once, so that each is not waited for in turn.
            for process in started:
                process.terminate()

    @contextlib.contextmanager
    def without_redis(self):
        port = self.redis.port
        self.redis.stop()
        yield
        self.redis.start(port=port)

    @contextlib.contextmanager
    def without_postgres(self):
        """Let the database crash: what it had acknowledged has to be there when it is back."""
        port, first_line = self.postgres.port, (self.postgres.data / "postmaster.pid").read_text().splitlines()[0]
        end_process(int(first_line), by=signal.SIGQUIT)
        connection.close()
        yield
        self.postgres.start(port=port)


@contextlib.contextmanager
def own_service(folder):
    """Run the product apart from every other test; the ORM of this process speaks to its database."""
    service, before = Service(folder), dict(connection.settings_dict)
    folder.mkdir(exist_ok=True)
    try:
        service.start()
        connection.close()
        own = Env.db_url_config(service.database_url)
        connection.settings_dict.update({key: own[key] for key in ("NAME", "HOST", "PORT", "USER", "PASSWORD")})
        with service.processes():
            yield service
    finally:
        connection.close()
        connection.settings_dict.update(before)
        service.stop()


def wait_until(condition, seconds=120):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"Not so after {seconds} s."
        time.sleep(0.05)
