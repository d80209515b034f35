"""`make run`: the whole product on this machine, from nothing to signed in. Ctrl-C stops all that it started.

1. PostgreSQL and Redis from their wheels, unless DATABASE_URL and REDIS_URL name others.
2. The schema, the programmes and, once and only in a database made here, the demonstration.
3. Web, worker, beat and relay under supervisord, which starts again what dies.
"""

import contextlib
import fcntl
import hashlib
import http.client
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.processes import (  # noqa: E402  (the checkout is not installed)
    CannotStart,
    command_line,
    end_process,
    free_port,
    private_file,
)
from tools.services import Postgres, Redis  # noqa: E402

HOME = ROOT / "var" / "local"
LOGS = ROOT / "var" / "log"
SUPERVISORD = HOME / "supervisord.conf"
DEFAULT_PORT = 8000
PYTHON = sys.executable

PROGRAMS = {
    "web": (
        "-m gunicorn ncpi.wsgi:application --preload --bind 127.0.0.1:{port} --worker-class gthread --workers 2"
        " --threads 4 --max-requests 5000 --max-requests-jitter 500 --no-control-socket"
    ),
    "worker": "-m celery -A ncpi worker --concurrency 2 --without-gossip --without-mingle --loglevel INFO",
    "beat": "-m celery -A ncpi beat --pidfile= --schedule var/local/beat-schedule --loglevel INFO",
    "relay": "manage.py relay",
}


class AlreadyRunning(Exception):
    """Another `make run` of this checkout is up."""


def say(text):
    print(text, flush=True)


def one_at_a_time():
    """Hold the checkout's lock for as long as this process lives."""
    HOME.mkdir(parents=True, exist_ok=True)
    lock = (HOME / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        raise AlreadyRunning(f"Already running: {lock.read().strip() or 'still starting'}") from None
    lock.truncate(0)
    return lock


def choose_port():
    """The port asked for, or the default, or the next free one after it; the second value says what to tell."""
    asked = os.environ.get("PORT")
    if asked:
        if not asked.isdecimal() or not 0 < int(asked) < 65536:
            raise CannotStart(f"PORT={asked} is not a port number.")
        if free_port(int(asked)) != int(asked):
            raise CannotStart(f"Port {asked} is taken by another program. Choose another: make run PORT=8010")
        return int(asked), ""
    for port in range(DEFAULT_PORT, DEFAULT_PORT + 100):
        if free_port(port) == port:
            taken = f"Port {DEFAULT_PORT} is taken by another program; using {port}." if port != DEFAULT_PORT else ""
            return port, taken
    raise CannotStart(f"No free port between {DEFAULT_PORT} and {DEFAULT_PORT + 99}. Choose one: make run PORT=9000")


def secret_key():
    file = HOME / "secret_key"
    if not file.exists():
        private_file(file, secrets.token_urlsafe(64))
    return file.read_text()


def start_services(environment):
    """Start what the environment does not name; say in it where everything is, and return what to look after."""
    started = []
    if not environment.get("DATABASE_URL"):
        postgres = Postgres(HOME)
        postgres.start()
        started.append(postgres)
        postgres.create_database("ncpi")
        environment.update(DATABASE_URL=postgres.url("ncpi"), NCPI_OWN_DATABASE="1")
    else:
        environment.pop("NCPI_OWN_DATABASE", None)
    if not environment.get("REDIS_URL"):
        redis = Redis(HOME)
        redis.start()
        started.append(redis)
        environment["REDIS_URL"] = redis.url()
    return started


def manage(environment, *arguments):
    """Run one management command; show what it said only when it fails."""
    ran = subprocess.run(
        [PYTHON, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        raise CannotStart(f"{ran.stdout}\nmanage.py {' '.join(arguments)} failed.")


def signins(environment):
    """Begin to look up the demonstration's sign-ins, while the web server starts."""
    if "NCPI_OWN_DATABASE" not in environment:
        return None
    return subprocess.Popen(
        [PYTHON, "manage.py", "signins"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )


def state_of_source():
    """A digest of all that the database and the static files are made from."""
    digest = hashlib.sha256()
    for pattern in ("*/migrations/*.py", "ncpi/inspections/programmes/**/*", "static/**/*", "var/assets/**/*", "*.txt"):
        for file in sorted(path for path in ROOT.glob(pattern) if path.is_file()):
            digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def prepare(environment):
    """Bring schema, programmes and static files up to date, when anything they are made from has changed."""
    stamp, state = HOME / "prepared", state_of_source()
    is_own = "NCPI_OWN_DATABASE" in environment
    if is_own and stamp.exists() and stamp.read_text() == state:
        return
    collect = [PYTHON, "manage.py", "collectstatic", "--noinput", "--clear", "-v", "0"]
    with subprocess.Popen(collect, cwd=ROOT, env=environment) as static:
        try:
            manage(environment, "migrate", "--noinput")
            manage(environment, "adopt", "--all")
            if static.wait() != 0:
                raise CannotStart("manage.py collectstatic failed.")
        finally:
            if static.poll() is None:
                static.terminate()
    if is_own:
        stamp.write_text(state)


def make_demonstration(environment):
    """Make the demonstration force, once, and only in a database made here."""
    made = HOME / "demonstration-made"
    if "NCPI_OWN_DATABASE" in environment and not made.exists():
        say("Making the demonstration force (once; a minute or so) ...")
        manage(environment, "demo", "--stage", "fieldwork", "--seed", "7")
        made.touch()


def write_supervision(port):
    """Write supervisord's configuration. Its `%` is doubled: supervisord expands it."""
    LOGS.mkdir(parents=True, exist_ok=True)
    parts = [
        "[supervisord]\nnodaemon=true\nsilent=true\nloglevel=info",
        f"logfile={LOGS}/supervisord.log\npidfile={HOME}/supervisord.pid\nchildlogdir={LOGS}",
        "user=root" if os.geteuid() == 0 else "",
    ]
    for name, arguments in PROGRAMS.items():
        parts.append(
            f'\n[program:{name}]\ncommand="{PYTHON}" {arguments.format(port=port)}\ndirectory={ROOT}\n'
            f"redirect_stderr=true\nstdout_logfile={LOGS}/{name}.log\nstdout_logfile_maxbytes=5MB\n"
            "stdout_logfile_backups=2\nautorestart=true\nstartsecs=2\nstartretries=20\n"
            "stopwaitsecs=20\nstopasgroup=true\nkillasgroup=true"
        )
    # In one group they stop together, not one after the other.
    parts.append(f"\n[group:readiness]\nprograms={','.join(PROGRAMS)}")
    SUPERVISORD.write_text("\n".join(part.replace("%", "%%") for part in parts) + "\n")


def stop_old_supervisor():
    """End a supervisor whose `make run` was killed, and with it all it supervised."""
    with contextlib.suppress(OSError, ValueError):
        pid = int((HOME / "supervisord.pid").read_text())
        if str(SUPERVISORD) in command_line(pid):
            end_process(pid, seconds=40)


def answers(port):
    """Whether the web server gives a page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    return False


def wait_until_answering(supervisor, port, seconds=90):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if supervisor.poll() is not None:
            raise CannotStart(f"The supervisor ended. See {LOGS}/supervisord.log")
        if answers(port):
            return
        time.sleep(0.2)
    log = LOGS / "web.log"
    end = "\n".join(log.read_text(errors="replace").splitlines()[-25:]) if log.exists() else ""
    raise CannotStart(f"{end}\nThe web server does not answer. Its log is {log}")


def stop_on_signals():
    """Turn every way of asking this process to end into the same exception."""

    def stop(number, _frame):
        raise KeyboardInterrupt(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def ignore_signals():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def look_after(supervisor, services):
    """Until told to stop, start again a service that died, where it was."""
    ports = {service: service.port for service in services}
    while supervisor.poll() is None:
        time.sleep(2)
        for service in services:
            if service.port is None:
                say(f"{type(service).__name__} died; starting it again.")
                service.start(port=ports[service])
    raise CannotStart(f"The supervisor ended. See {LOGS}/supervisord.log")


def run():
    lock = one_at_a_time()
    stop_old_supervisor()
    port, remark = choose_port()
    address = f"http://127.0.0.1:{port}/"
    environment = os.environ | {
        "SECRET_KEY": os.environ.get("SECRET_KEY") or secret_key(),
        "NCPI_MODE": os.environ.get("NCPI_MODE") or "local",
        "BASE_URL": os.environ.get("BASE_URL") or address.rstrip("/"),
        "PYTHONUNBUFFERED": "1",
    }
    supervisor, services = None, []
    try:
        services = start_services(environment)
        prepare(environment)
        make_demonstration(environment)
        write_supervision(port)
        supervisor = subprocess.Popen(
            [PYTHON, "-m", "supervisor.supervisord", "-c", str(SUPERVISORD)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        sign_ins = signins(environment)
        wait_until_answering(supervisor, port)
        lock.write(address)
        lock.flush()
        say(f"\n{remark}\nNCPI readiness is at {address}\n".lstrip())
        say(sign_ins.communicate()[0] if sign_ins else "")
        say(f"\nLogs are in {LOGS.relative_to(ROOT)}/. Ctrl-C stops everything; the data stays.")
        look_after(supervisor, services)
    finally:
        ignore_signals()
        say("\nStopping ...")
        if supervisor is not None:
            end_process(supervisor.pid, seconds=40)
        for service in reversed(services):
            service.stop()
        say("Stopped. The data is in var/local/.")


def clean():
    """Forget the local data, after asking."""
    try:
        lock = one_at_a_time()
    except AlreadyRunning as error:
        raise AlreadyRunning(f"{error}. Stop it first.") from None
    if os.environ.get("CLEAN") != "yes":
        answer = input("Forget the local database, uploads, logs and test data under var/? Type yes: ")
        if answer.strip() != "yes":
            say("Nothing was removed.")
            return
    stop_old_supervisor()
    for folder in (HOME, ROOT / "var" / "test"):
        with contextlib.suppress(CannotStart):
            Postgres(folder).stop()
        Redis(folder).stop()
    for name in ("local", "test", "media", "mail", "log", "static", "cache", "bench.json", "coverage"):
        path = ROOT / "var" / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    lock.close()
    say("Forgotten.")


def main():
    stop_on_signals()
    act = {"run": run, "clean": clean}[sys.argv[1]]
    try:
        act()
    except KeyboardInterrupt:
        return 0
    except EOFError:
        say("\nNothing was removed. (CLEAN=yes answers without asking.)")
        return 1
    except (CannotStart, AlreadyRunning) as error:
        say(f"\n{error}".rstrip())
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
