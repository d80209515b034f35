"""What people do with accounts and roles."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from ncpi.accounts import journal
from ncpi.accounts.models import Membership, User
from ncpi.lib.versions import swap


class RoleAlreadyHeld(Exception):
    """The person already has this role in this force."""


@transaction.atomic
def invite(*, by: Any, force: Any, email: str, name: str, at: datetime) -> User:
    """Return the account of this e-mail address, making it when it is new. It has no password until one is set."""
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User(email=email.lower(), name=name, created_at=at)
        user.set_unusable_password()
        user.save()
    journal.record(by=by, verb="invited", subject=user, force=force)
    return user


@transaction.atomic
def give_role(*, by: Any, user: User, force: Any, role: str, on: date, ends_date: date | None = None) -> Membership:
    """Give a person a role in a force from a day."""
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                user=user, force=force, role=role, starts_date=on, ends_date=ends_date, granted_by=by
            )
    except IntegrityError as error:
        raise RoleAlreadyHeld("This person already has this role.") from error
    journal.record(by=by, verb="gave role", subject=membership, force=force, detail=role)
    return membership


@transaction.atomic
def end_role(*, by: Any, membership: Membership, version: int, on: date) -> Membership:
    """End a role; it counts for nothing from the next request after this day, or at once if it has not begun."""
    last_day = max(membership.starts_date, on)
    swap(membership, version=version, ends_date=last_day)
    journal.record(by=by, verb="ended role", subject=membership, force=membership.force, detail=membership.role)
    return membership
