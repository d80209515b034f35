"""Builds the demonstration force at a stage of its inspection, by the same operations that people use."""

import random
import time

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils.module_loading import import_string

from ncpi.inspections import demo as base
from ncpi.inspections.models import Force, Programme, ProgrammePart

# In the order in which the work happens; the Board's summaries are compiled last, from everything before them.
BUILDERS = [
    "ncpi.actions.demo.build",
    "ncpi.selfassessment.demo.build",
    "cases.demo.build",
    "audits.demo.build",
    "ncpi.fieldwork.demo.build",
    "ncpi.board.demo.build",
]


class Command(BaseCommand):
    help = "Rebuild the demonstration force. Only in a database that `make run` made for itself."

    def add_arguments(self, parser):
        parser.add_argument("--stage", choices=base.STAGES, default="fieldwork")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--once", action="store_true", help="do nothing when a force is there already")

    def handle(self, *args, stage, seed, once, **options):
        if not settings.DEMONSTRATION_ALLOWED:
            raise CommandError("Demonstration data is only made in a database that `make run` made for itself.")
        if Force.objects.exists():
            if once:
                return
            self._forget()
        began = time.monotonic()
        with transaction.atomic():
            demo = base.build(stage=stage, rng=random.Random(seed))  # a seed for repeatable pictures, no secret
            for path in BUILDERS:
                import_string(path)(demo, stage=stage)
        self.stdout.write(f"Demonstration at stage {stage}, seed {seed}: {time.monotonic() - began:.0f} s.")

    def _forget(self):
        """Empty the tables of the product; a force that is not a demonstration stops it."""
        if Force.objects.filter(is_demonstration=False).exists():
            raise CommandError("There is a real force in this database; nothing was changed.")
        tables = ", ".join(f'"{name}"' for name in sorted(_tables()))
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {tables}, django_session RESTART IDENTITY CASCADE")


def _tables():
    """Name the tables of the three apps, without the adopted programmes, which never change."""
    models = [model for app in ("ncpi", "cases", "audits") for model in apps.get_app_config(app).get_models()]
    kept = {Programme, *ProgrammePart.__subclasses__()}
    for model in set(models) - kept:
        yield model._meta.db_table
        yield from (field.remote_field.through._meta.db_table for field in model._meta.local_many_to_many)
