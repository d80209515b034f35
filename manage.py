#!/usr/bin/env python
"""Django's command line for NCPI readiness."""

import os
import secrets
import sys

# These work on files alone, so nobody has to name a database, a broker or a key for them.
OF_FILES = {"solve_timetable", "verify_draw"}
NOT_ASKED = {
    "NCPI_MODE": "local",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nowhere",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ncpi.settings")
    if sys.argv[1:2] and sys.argv[1] in OF_FILES:
        for name, value in (NOT_ASKED | {"SECRET_KEY": secrets.token_hex(32)}).items():
            os.environ.setdefault(name, value)
    from django.core.management import execute_from_command_line  # app ready

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
