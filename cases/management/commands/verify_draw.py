"""Redo a draw from its two files alone; no database is asked."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from cases.record import UnreadableRecord, read_record


class Command(BaseCommand):
    help = "Redo a draw from the frame's file and the record of the draw, and say whether it reproduces."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("frame", type=Path, help="frame.csv, as the Sample page gives it")
        parser.add_argument("record", type=Path, help="draw.json, as the Sample page gives it")
        parser.add_argument(
            "places", type=Path, nargs="*", help="places.csv of each round that was spread over districts or teams"
        )

    def handle(self, *args, frame, record, places, **options):
        try:
            drawn = read_record(record.read_bytes())
            differences = drawn.differences(frame.read_bytes(), [file.read_bytes() for file in places])
        except (OSError, UnreadableRecord) as error:
            raise CommandError(str(error))
        if differences:
            raise CommandError("The draw does not reproduce.\n" + "\n".join(differences))
        count = sum(len(one.references) for one in drawn.rounds)
        rounds = f"{len(drawn.rounds)} round{'s' * (len(drawn.rounds) != 1)}"
        self.stdout.write(f"The draw reproduces: {count} cases drawn in {rounds} and {len(drawn.replaced)} replaced.")
