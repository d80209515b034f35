import json
import subprocess
import sys

import pytest
from django.db import connection

from tools import schema
from tools.schema import catalogue


@pytest.mark.slow
@pytest.mark.django_db
def test_migrating_makes_what_the_models_describe():
    ran = subprocess.run([sys.executable, schema.__file__], capture_output=True, text=True, check=False, timeout=600)

    assert ran.returncode == 0, ran.stderr
    assert set(json.loads(ran.stdout)) == catalogue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "alter table ncpi_force add column motto text",
        "alter table ncpi_force alter column name drop not null",
        "alter table ncpi_force alter column name set default 'no name'",
        "alter table ncpi_force add constraint short check (length(name) < 500)",
        "create index by_length on ncpi_force (length(name))",
        "drop table ncpi_submission",
        "do $$ declare t record; begin select * into t from pg_trigger where not tgisinternal limit 1;"
        " execute format('drop trigger %I on %s', t.tgname, t.tgrelid::regclass); end $$",
        "create function idle() returns int language sql as 'select 1'",
        "create extension pg_trgm",
    ],
)
def test_the_catalogue_tells_when_a_part_differs(change):
    before = catalogue()

    with connection.cursor() as cursor:
        cursor.execute(change)

    assert catalogue() != before
