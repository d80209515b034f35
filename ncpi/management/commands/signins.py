"""Prints the demonstration sign-ins, one a role. There are none but in a database that `make run` made for itself."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ncpi.accounts.models import Membership
from ncpi.accounts.permissions import ROLES
from ncpi.inspections.demo import DEMONSTRATION_PASSWORD


class Command(BaseCommand):
    help = "Print the demonstration sign-ins, one a role."

    def handle(self, *args, **options):
        if not settings.DEMONSTRATION_ALLOWED:
            raise CommandError("There are no demonstration accounts in a database that make run did not make.")
        rows = Membership.objects.filter(user__is_demonstration=True, ends_date=None).select_related("user", "force")
        first = {}
        for row in rows.order_by("force__name", "pk"):
            first.setdefault(row.role, row)
        if not first:
            self.stdout.write("No demonstration accounts yet: manage.py demo makes them.")
            return
        self.stdout.write(f"Sign in with the password  {DEMONSTRATION_PASSWORD}\n\n")
        for key, role in ROLES.items():
            if key in first:
                row = first[key]
                self.stdout.write(f"  {role.title:26} {row.user.email:44} {row.force.name}")
