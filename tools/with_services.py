"""Runs a command of this checkout with PostgreSQL and Redis at hand: `python tools/with_services.py manage.py shell`.

Uses what DATABASE_URL and REDIS_URL name, else the servers and the data of `make run`; it stops only what it started.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.local import HOME, secret_key  # noqa: E402  (the checkout is not installed)
from tools.processes import CannotStart  # noqa: E402
from tools.services import Postgres, Redis  # noqa: E402


def main():
    HOME.mkdir(parents=True, exist_ok=True)
    environment = {"SECRET_KEY": secret_key(), "NCPI_MODE": "local"} | os.environ
    started = []
    try:
        if "DATABASE_URL" not in environment:
            postgres = Postgres(HOME)
            if postgres.start():
                started.append(postgres)
            postgres.create_database("ncpi")
            environment.update(DATABASE_URL=postgres.url("ncpi"), NCPI_OWN_DATABASE="1")
        if "REDIS_URL" not in environment:
            redis = Redis(HOME)
            if redis.start():
                started.append(redis)
            environment["REDIS_URL"] = redis.url()
        return subprocess.run([sys.executable, *sys.argv[1:]], cwd=ROOT, env=environment, check=False).returncode
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        for service in started:
            service.stop()


if __name__ == "__main__":
    sys.exit(main())
