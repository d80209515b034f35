"""Makes a force and its first administrator, who invites everybody else."""

from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import ValidationError, validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from ncpi.accounts import operations as accounts
from ncpi.accounts.password_links import parts_for
from ncpi.inspections import operations as inspections


class Command(BaseCommand):
    help = "Add a force with its first administrator, and print a link to set a password."

    def add_arguments(self, parser):
        parser.add_argument("name")
        parser.add_argument("--administrator", required=True, metavar="EMAIL")
        parser.add_argument("--administrator-name", default="Force administrator")

    def handle(self, *args, name, administrator, administrator_name, **options):
        try:
            validate_email(administrator)
        except ValidationError:
            raise CommandError(f"{administrator!r} is not an e-mail address.")
        try:
            with transaction.atomic():
                force = inspections.add_force(by=None, name=name, slug=slugify(name), clock_offset=timedelta(0))
                user = accounts.invite(
                    by=None, force=force, email=administrator, name=administrator_name, at=timezone.now()
                )
                accounts.give_role(by=None, user=user, force=force, role="administrator", on=timezone.localdate())
        except inspections.ForceNameTaken as refusal:
            raise CommandError(str(refusal))
        link = settings.BASE_URL + reverse("accounts:set-password", args=parts_for(user))
        self.stdout.write(
            f"{force.name} is there. {user.email} sets a password within three days, once, at\n\n{link}\n"
        )
