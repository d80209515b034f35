"""Small real things for tests, made by the operations where there are any."""

from datetime import UTC, date, datetime

from django.test import Client

from ncpi.accounts import operations as accounts
from ncpi.accounts.models import User
from ncpi.inspections.models import Force

PASSWORD = "a long enough password"
NOW = datetime(2021, 6, 14, 9, 0, tzinfo=UTC)
TODAY = date(2021, 6, 14)


def make_force(name="Fenshire Constabulary"):
    """Return the force of this name; its slug is the first word."""
    return Force.objects.get_or_create(name=name, defaults={"slug": name.split()[0].lower()})[0]


def make_user(*roles, force=None, name=None):
    """Return a person with these roles (keys of ROLES) in the force, for ever."""
    number = User.objects.count() + 1
    name = name or f"{(roles or ('nobody',))[0]} {number}"
    user = User(email=f"user{number}@{(force.slug if force else 'nowhere')}.test", name=name, created_at=NOW)
    user.set_password(PASSWORD)
    user.save()
    for role in roles:
        accounts.give_role(by=user, user=user, force=force, role=role, on=date(2020, 1, 1))
    return user


def client_of(user):
    """Return a browser in which the person is signed in."""
    client = Client()
    client.force_login(user, backend="ncpi.accounts.backends.MembersBackend")
    return client
