"""Small real things for tests, made by the operations where there are any."""

from datetime import UTC, date, datetime

from django.test import Client

from ncpi.accounts import operations as accounts
from ncpi.accounts.models import User
from ncpi.inspections import demo
from ncpi.inspections import operations as inspections
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


def make_programme(key="ncpi-2020"):
    """Return a programme that the product ships, adopted once in each test database."""
    return demo.programme(key)


def make_inspection(force=None, *, by=None, programme=None, name="Inspection 2021", **dates):
    """Return an open inspection with the dates of the demonstration, unless told otherwise."""
    force = force or make_force()
    return inspections.open_inspection(
        by=by,
        force=force,
        programme=programme or make_programme(),
        name=name,
        at=NOW,
        **{
            "notice_date": date(2021, 5, 24),
            "fieldwork_start_date": date(2021, 7, 5),
            "fieldwork_end_date": date(2021, 7, 16),
            "evidence_from_date": date(2020, 7, 1),
            "evidence_to_date": date(2021, 6, 30),
            **dates,
        },
    )
