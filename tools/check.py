"""`make check`: every check that needs no test, a line each, all of them even when one fails."""

import contextlib
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

# Production's settings as a stranger would give them. No server is asked: the checks read settings only.
PRODUCTION = {
    "NCPI_MODE": "production",
    "SECRET_KEY": "only-for-the-check-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:1/nowhere",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "ALLOWED_HOSTS": "readiness.example.police.uk",
    "CSRF_TRUSTED_ORIGINS": "https://readiness.example.police.uk",
    "BASE_URL": "https://readiness.example.police.uk",
}

# The longest first: the others run beside it.
CHECKS = {
    "types": ["mypy", "--no-error-summary"],
    "ruff format": ["ruff", "format", "--check", "--quiet", "."],
    "ruff lint": ["ruff", "check", "--quiet", "."],
    "template lint": ["djlint", "templates", "--lint", "--quiet"],
    "import order": ["lint-imports", "--cache-dir", "var/cache/imports"],
    "migrations": [
        "python",
        "-W",
        "ignore::RuntimeWarning",
        "manage.py",
        "makemigrations",
        "--check",
        "--dry-run",
    ],
    "deployment": ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
}


def run(name):
    command = CHECKS[name]
    started = time.monotonic()
    ran = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        env=os.environ | PRODUCTION,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return name, ran.returncode == 0, ran.stdout.strip(), time.monotonic() - started


def main():
    with contextlib.suppress(OSError):
        (ROOT / "var" / "cache").mkdir(parents=True, exist_ok=True)
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for name, passed, said, seconds in pool.map(run, CHECKS):
            print(f"{'ok  ' if passed else 'FAIL'}  {name}  ({seconds:.0f} s)", flush=True)
            if not passed:
                failed.append(name)
                print(said + "\n", flush=True)
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
