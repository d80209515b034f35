"""What people do with accounts and roles."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from ncpi.accounts import journal
from ncpi.accounts.access import memberships
from ncpi.accounts.models import Membership, User
from ncpi.accounts.permissions import ROLES, Permission
from ncpi.jobs import operations as jobs
from ncpi.lib.versions import swap


class RoleAlreadyHeld(Exception):
    """The person already has this role in this force."""


class OwnRole(Exception):
    """Nobody gives a role to themselves."""


class EndsBeforeItStarts(Exception):
    """A role cannot end before it starts."""


class LastAdministrator(Exception):
    """A force always keeps somebody who can give roles."""


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
def grant_role(
    *, by: Any, user: User, force: Any, role: str, on: date, starts_date: date, ends_date: date | None
) -> Membership:
    """Give a colleague a role; the person who gives it is never the one who gets it."""
    if by.pk == user.pk:
        raise OwnRole("You cannot give yourself a role. Ask another administrator.")
    if ends_date is not None and ends_date <= max(starts_date, on):
        raise EndsBeforeItStarts("The role must end after it starts.")
    return give_role(by=by, user=user, force=force, role=role, on=starts_date, ends_date=ends_date)


@transaction.atomic
def invite_to_role(
    *, by: Any, force: Any, email: str, name: str, role: str, on: date, at: datetime, link_to: Callable[[User], str]
) -> User:
    """Invite somebody by e-mail into one role. Who has a password already is only told of the role."""
    user = invite(by=by, force=force, email=email, name=name, at=at)
    grant_role(by=by, user=user, force=force, role=role, on=on, starts_date=on, ends_date=None)
    title = ROLES[role].title
    if user.has_usable_password():
        body = f"You now also have the role of {title} in {force.name}. Sign in as before."
    else:
        body = _invitation(force=force, title=title, link=link_to(user))
    jobs.queue_mail(
        key=f"invitation-{user.pk}-{force.pk}-{role}-{at.isoformat()}",
        to=user.email,
        subject=f"Your role in NCPI readiness: {title}",
        body=body,
        at=at,
    )
    return user


@transaction.atomic
def send_password_link(*, by: Any, user: User, force: Any, at: datetime, link: str) -> None:
    """Send a person a link that sets a password once. Their present password works until they do."""
    journal.record(by=by, verb="sent password link", subject=user, force=force)
    jobs.queue_mail(
        key=f"password-link-{user.pk}-{at.isoformat()}",
        to=user.email,
        subject="Set your password for NCPI readiness",
        body=f"Set your password within three days, once, at\n\n{link}\n\nIf you did not expect this, do nothing.",
        at=at,
    )


@transaction.atomic
def set_password(*, by: Any, user: User, password: str) -> User:
    """Replace a password. Every other session of the person ends with it."""
    user.set_password(password)
    user.save(update_fields=["password"])
    journal.record(by=by, verb="set password", subject=user, force=None)
    return user


@transaction.atomic
def end_sessions(*, by: Any, user: User) -> User:
    """End every session of a person; the caller keeps their own by binding it anew."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    journal.record(by=by, verb="ended sessions", subject=user, force=None)
    return user


@transaction.atomic
def end_role(*, by: Any, membership: Membership, version: int, on: date) -> Membership:
    """End a role; it counts for nothing from the next request."""
    if membership.role in _administering() and not _others_administer(membership, on):
        raise LastAdministrator("This is the force's last administrator. Give somebody else the role first.")
    swap(membership, version=version, ends_date=max(membership.starts_date, on))
    journal.record(by=by, verb="ended role", subject=membership, force=membership.force, detail=membership.role)
    return membership


@transaction.atomic
def confirm_access(*, by: Any, force: Any, roles: int) -> None:
    """Record that an administrator went through everybody's roles and leaves them as they now are."""
    journal.record(by=by, verb="reviewed access", subject=force, force=force, detail=f"{roles} roles")


@transaction.atomic
def record_journal_export(*, by: Any, wanted: str) -> None:
    """Record that the journal was taken away, in the journal of each force whose lines were in it."""
    for membership in memberships(by):
        if Permission.JOURNAL_VIEW in ROLES[membership.role].permissions:
            journal.record(
                by=by, verb="exported journal", subject=membership.force, force=membership.force, detail=wanted
            )


@transaction.atomic
def retry_job(*, by: Any, job: Any, at: datetime) -> Any:
    """Queue failed background work afresh."""
    jobs.try_again(job=job, at=at)
    journal.record(by=by, verb="tried again", subject=job, force=job.force)
    return job


def _administering() -> list[str]:
    return [role.key for role in ROLES.values() if Permission.PEOPLE_MANAGE in role.permissions]


def _others_administer(membership: Membership, on: date) -> bool:
    others = Membership.objects.filter(force=membership.force, role__in=_administering(), user__is_active=True)
    return others.current(on).exclude(pk=membership.pk).select_for_update(no_key=True).exists()


def _invitation(*, force: Any, title: str, link: str) -> str:
    return (
        f"{force.name} has given you the role of {title} in NCPI readiness, where the force prepares for its "
        f"National Child Protection Inspection.\n\nSet your password within three days, once, at\n\n{link}\n\n"
        "Then sign in with this e-mail address. If you did not expect this, do nothing."
    )
