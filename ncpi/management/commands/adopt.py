"""Checks the files of a programme and writes it down for good."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ncpi.inspections import operations, programme_files
from ncpi.inspections.located_yaml import ProgrammeFileError

SHIPPED = Path(programme_files.__file__).with_name("programmes")


class Command(BaseCommand):
    help = "Adopt programmes: folders of YAML, or all that this product ships. What is adopted already is left alone."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="*", type=Path, help="a folder that holds a programme's files")
        parser.add_argument("--all", action="store_true", help="adopt every programme that the product ships")
        parser.add_argument("--check", action="store_true", help="only check the files; write nothing")

    def handle(self, *args, folder, **options):
        folders = [*folder, *(sorted(SHIPPED.iterdir()) if options["all"] else [])]
        if not folders:
            raise CommandError("Name a folder, or say --all.")
        for path in folders:
            self.adopt(path, only_check=options["check"])

    def adopt(self, path, *, only_check):
        try:
            found = programme_files.load_programme(path)
        except ProgrammeFileError as error:
            raise CommandError(f"{path} cannot be adopted:\n{error}")
        name = f"{found.programme.id}, edition {found.programme.edition}"
        if only_check:
            self.stdout.write(f"{name}: sound. Digest {found.digest}")
            return
        try:
            operations.adopt_programme(by=None, found=found, at=timezone.now())
        except operations.AlreadyAdopted as said:
            self.stdout.write(str(said))
        except operations.EditionChanged as error:
            raise CommandError(str(error))
        else:
            self.stdout.write(f"{name}: adopted. Digest {found.digest}")
