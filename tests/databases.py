"""Test databases copied from one that was migrated once: copying takes a fraction of a second, migrating many.

The template is named by a digest of what it is made from. Test sessions and their processes share it.
"""

import contextlib
import hashlib
import os
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from filelock import FileLock

ROOT = Path(__file__).resolve().parent.parent
MADE_FROM = ("ncpi/migrations", "cases/migrations", "audits/migrations")


def _template_name():
    digest = hashlib.sha256((ROOT / "constraints.txt").read_bytes())
    for file in sorted(path for folder in MADE_FROM for path in (ROOT / folder).glob("*.py")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return f"ncpi_template_{digest.hexdigest()[:16]}"


def _use(name):
    connection.close()
    connection.settings_dict["NAME"] = name


def _names_like(cursor, pattern):
    cursor.execute("select datname from pg_database where datname like %s", [pattern])
    return [name for (name,) in cursor.fetchall()]


def _make_template(cursor, name):
    for old in _names_like(cursor, r"ncpi\_template\_%"):
        cursor.execute(f'drop database "{old}" with (force)')
    unfinished = f"{name}_unfinished"
    cursor.execute(f'create database "{unfinished}"')
    before = connection.settings_dict["NAME"]
    _use(unfinished)
    try:
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        _use(before)
    cursor.execute(f'alter database "{unfinished}" rename to "{name}"')


@contextlib.contextmanager
def test_database():
    """Point Django at a fresh database of this process, and drop it afterwards."""
    own = f"test_ncpi_{os.getpid()}"
    template = _template_name()
    original = connection.settings_dict["NAME"]
    with connection._nodb_cursor() as cursor:
        (ROOT / "var" / "test").mkdir(parents=True, exist_ok=True)
        with FileLock(ROOT / "var" / "test" / "template.lock"):
            if not _names_like(cursor, template):
                _make_template(cursor, template)
            cursor.execute(f'create database "{own}" template "{template}"')
    _use(own)
    try:
        yield own
    finally:
        _use(original)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'drop database "{own}" with (force)')
