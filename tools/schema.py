"""The tables as the models describe them, and what migrating an empty database makes.

Migrating takes longer, since Django renders every model anew at each step. Tests copy a database made from the models;
one of them runs this file and compares the catalogues.
"""

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Everything of the schema `public` that is not an extension's, as lines that a person can read.
CATALOGUE = """
select concat_ws(' ', 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), 'not null', a.attnotnull,
    'default', pg_get_expr(d.adbin, d.adrelid), 'identity', a.attidentity, 'generated', a.attgenerated,
    'collation', a.attcollation::regcollation)
from pg_attribute a join pg_class c on c.oid = a.attrelid
left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped
union all
select concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'
union all
select concat_ws(' ', 'index', indexdef) from pg_indexes where schemaname = 'public'
union all
select concat_ws(' ', 'trigger', tgenabled, pg_get_triggerdef(oid)) from pg_trigger where not tgisinternal
union all
select concat_ws(' ', 'function', pg_get_functiondef(p.oid)) from pg_proc p
where p.pronamespace = 'public'::regnamespace
    and not exists (select 1 from pg_depend where objid = p.oid and deptype = 'e')
union all
select concat_ws(' ', 'extension', extname) from pg_extension
"""
# Where migrating notes what it did.
BOOKKEEPING = "django_migrations"


OURS = ("ncpi", "cases", "audits")


def make_from_models():
    """Make every table, constraint and trigger in the empty database that Django is connected to."""
    import pgtrigger
    from django.core.management import call_command
    from django.db import connection
    from django.test import override_settings

    with connection.cursor() as cursor:
        cursor.execute("create extension if not exists btree_gist")
    with override_settings(MIGRATION_MODULES=dict.fromkeys(OURS)):
        # The libraries' first, which are few: ours name their tables.
        call_command("migrate", interactive=False, verbosity=0)
        call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
    pgtrigger.install()


def catalogue():
    """Return what the connected database consists of, a line for each part."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(CATALOGUE)
        return {line for (line,) in cursor.fetchall() if BOOKKEEPING not in line}


def main():
    """Print what migrating an empty database makes, as JSON."""
    sys.path.insert(0, str(ROOT))
    from tests import services

    services.begin()
    try:
        json.dump(sorted(_migrated()), sys.stdout)
    finally:
        services.end()


def _migrated():
    import django

    django.setup()
    from django.core.management import call_command

    from tests.databases import fresh_database

    with fresh_database(f"test_ncpi_{os.getpid()}_migrated"):
        call_command("migrate", interactive=False, verbosity=0)
        return catalogue()


if __name__ == "__main__":
    main()
