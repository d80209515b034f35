"""Real PostgreSQL and Redis for the tests, named in the environment before the settings are read.

Test sessions of one checkout share the servers and each has databases of its own, so that two can run at a time. The
last session to end stops them. Where DATABASE_URL and REDIS_URL are set already, those servers are used instead.
"""

import contextlib
import os
import shutil
from pathlib import Path

from filelock import FileLock

from tools.processes import command_line
from tools.services import Postgres, Redis

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "var" / "test"
SESSIONS = HOME / "sessions"


def _live_sessions():
    """The process ids of the sessions that use the servers; forgets those that were killed."""
    live = []
    for file in SESSIONS.iterdir():
        if "python" in command_line(int(file.name)):
            live.append(int(file.name))
        else:
            file.unlink()
    return live


def _drop_left_over_databases(postgres):
    """Drop what killed sessions left; the template stays."""
    for name in postgres.sql("select datname from pg_database where datname like 'test\\_ncpi\\_%'"):
        postgres.sql(f'drop database "{name}" with (force)')


def _start_own():
    SESSIONS.mkdir(parents=True, exist_ok=True)
    with FileLock(HOME / "services.lock"):
        alone = not _live_sessions()
        postgres, redis = Postgres(HOME, durable=False), Redis(HOME)
        postgres.start()
        redis.start()
        if alone:
            _drop_left_over_databases(postgres)
            shutil.rmtree(HOME / "media", ignore_errors=True)
        (SESSIONS / str(os.getpid())).touch()
        os.environ.setdefault("DATABASE_URL", postgres.url(f"ncpi_{os.getpid()}"))
        os.environ.setdefault("REDIS_URL", redis.url())
    os.environ["NCPI_TEST_SERVICES"] = str(os.getpid())


def begin():
    """Have both servers, and say in the environment where they are. Test processes inherit it from their parent."""
    if not ("DATABASE_URL" in os.environ and "REDIS_URL" in os.environ):
        _start_own()
    for folder in (HOME / "tmp", ROOT / "var" / "static"):
        folder.mkdir(parents=True, exist_ok=True)
    session = os.environ.get("NCPI_TEST_SERVICES", str(os.getpid()))
    process = os.environ.get("PYTEST_XDIST_WORKER", "main")
    os.environ.update(
        DJANGO_SETTINGS_MODULE="ncpi.settings",
        NCPI_MODE="test",
        SECRET_KEY="a-key-for-tests-alone-and-nothing-else-0123456789abcdef",
        NCPI_QUEUE_PREFIX=f"{session}-{process}:",
        NCPI_VISIBILITY_TIMEOUT="8",
        PYTEST_DEBUG_TEMPROOT=str(HOME / "tmp"),
        MEDIA_ROOT=str(HOME / "media" / session / process),
        HYPOTHESIS_STORAGE_DIRECTORY=str(ROOT / "var" / "cache" / "hypothesis"),
    )


def end():
    """Stop the servers when this process started using them and no other session does."""
    if os.environ.get("NCPI_TEST_SERVICES") != str(os.getpid()):
        return
    with FileLock(HOME / "services.lock"):
        (SESSIONS / str(os.getpid())).unlink(missing_ok=True)
        shutil.rmtree(HOME / "media" / str(os.getpid()), ignore_errors=True)
        if not _live_sessions():
            for service in (Redis(HOME), Postgres(HOME)):
                with contextlib.suppress(OSError):
                    service.stop()
    del os.environ["NCPI_TEST_SERVICES"]
