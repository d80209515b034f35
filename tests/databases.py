"""Test databases copied from one that was made once from the models; `tests/tools/test_schema.py` says that migrating
makes the same. Copying takes a fraction of a second, migrating many.

The programmes that the product ships are adopted in each, so that a test need not.

The template is named by a digest of what it is made from. Test sessions and their processes share it.
"""

import contextlib
import hashlib
import os
from pathlib import Path

from django.db import connection
from filelock import FileLock

from ncpi.inspections.demo import programme
from tools.schema import make_from_models

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ("ncpi-2020", "ncpi-2024")
MADE_FROM = ("ncpi/migrations", "cases/migrations", "audits/migrations")


# What a test that commits leaves alone: what migrations write, and the programmes.
KEPT = (
    "django_migrations", "django_content_type", "auth_permission", "ncpi_programme", "ncpi_programmefiles",
    "ncpi_grade", "ncpi_area", "ncpi_criterion", "ncpi_casetype", "ncpi_question", "ncpi_sessionkind",
    "ncpi_sessionkind_areas", "ncpi_sessionkind_criteria", "ncpi_deadlinerule",
)  # fmt: skip
EMPTY = """
do $$
declare name text; has_rows boolean;
begin
    set local session_replication_role = replica;
    for name in select tablename from pg_tables where schemaname = 'public' and tablename <> all (%s) loop
        execute format('select exists (select 1 from %%I)', name) into has_rows;
        if has_rows then execute format('delete from %%I', name); end if;
    end loop;
    set local session_replication_role = origin;
end $$
"""


def empty(kept=KEPT):
    """Delete the rows of every other table. Most are empty, and to truncate a hundred tables takes over a second."""
    with connection.cursor() as cursor:
        cursor.execute(EMPTY, [list(kept)])


def empty_after_a_test_that_commits():
    """Bring the database back to how `test_database` made it."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from ncpi_programme")
        is_as_shipped = cursor.fetchone() == (len(SHIPPED),)
    empty(KEPT if is_as_shipped else KEPT[:3])
    for key in SHIPPED:
        programme(key)


def _template_name():
    digest = hashlib.sha256((ROOT / "constraints.txt").read_bytes())
    for file in sorted(path for folder in MADE_FROM for path in (ROOT / folder).glob("*.py")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return f"ncpi_template_{digest.hexdigest()[:16]}"


def _use(name):
    connection.close()
    connection.settings_dict["NAME"] = name


@contextlib.contextmanager
def _connected_to(name):
    before = connection.settings_dict["NAME"]
    _use(name)
    try:
        yield
    finally:
        _use(before)


@contextlib.contextmanager
def fresh_database(name):
    """Point Django at an empty database, and drop it afterwards."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'create database "{name}"')
        try:
            with _connected_to(name):
                yield
        finally:
            cursor.execute(f'drop database "{name}" with (force)')


def _names_like(cursor, pattern):
    cursor.execute("select datname from pg_database where datname like %s", [pattern])
    return [name for (name,) in cursor.fetchall()]


def _make_template(cursor, name):
    for old in _names_like(cursor, r"ncpi\_template\_%"):
        cursor.execute(f'drop database "{old}" with (force)')
    unfinished = f"{name}_unfinished"
    cursor.execute(f'create database "{unfinished}"')
    with _connected_to(unfinished):
        make_from_models()
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
    for key in SHIPPED:
        programme(key)
    try:
        yield own
    finally:
        _use(original)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'drop database "{own}" with (force)')
