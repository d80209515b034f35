"""Who people are, what they may do, and what they did."""

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from ncpi.accounts.permissions import ROLES, Permission, roles_with
from ncpi.lib.versions import VersionedModel


class UserManager(BaseUserManager):
    def get_by_natural_key(self, username):
        return self.get(email__iexact=username)


class User(AbstractBaseUser, VersionedModel):
    """A person with an account. What they may do is in their memberships."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)
    is_demonstration = models.BooleanField(default=False)
    wants_reminders = models.BooleanField(default=True)
    last_seen_at = models.DateTimeField(null=True)
    session_epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    objects = UserManager()

    USERNAME_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_is_unique_whatever_the_case")]

    def __str__(self):
        return f"User {self.pk}"

    def _get_session_auth_hash(self, secret=None):
        """Bind sessions to the password and to the epoch: raising the epoch ends every session but the caller's."""
        value = f"{self.password}:{self.session_epoch}"
        return salted_hmac("ncpi.accounts.session", value, secret=secret, algorithm="sha256").hexdigest()


class MembershipQuerySet(models.QuerySet):
    def current(self, on):
        """Roles that count on a day. From `ends_date` on a role counts no more, so ending one works at once."""
        return self.filter(Q(starts_date__lte=on) & (Q(ends_date=None) | Q(ends_date__gt=on)))

    def of(self, user, on):
        return self.filter(user=user).current(on)

    def granting(self, permission: Permission):
        return self.filter(role__in=roles_with(permission))


@pghistory.track()
class Membership(VersionedModel):
    """One role of one person in one force, between two dates."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    force = models.ForeignKey("ncpi.Force", on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30, choices=[(role.key, role.title) for role in ROLES.values()])
    starts_date = models.DateField()
    ends_date = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=list(ROLES)), name="membership_role_is_known"),
            models.CheckConstraint(
                condition=Q(ends_date=None) | Q(ends_date__gte=F("starts_date")), name="membership_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["user", "force", "role"], condition=Q(ends_date=None), name="membership_one_open_a_role"
            ),
        ]

    def __str__(self):
        return f"Membership {self.pk}"

    @property
    def title(self):
        return ROLES[self.role].title


@pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))
class JournalEntry(models.Model):
    """Who did or saw what, when. Append-only: the database refuses changes."""

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    force = models.ForeignKey("ncpi.Force", null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=200)
    detail = models.CharField(max_length=500, blank=True)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["force", "-at", "-id"], name="journal_by_force"),
            models.Index(fields=["subject_type", "subject_id"], name="journal_by_subject"),
        ]

    def __str__(self):
        return f"Journal {self.pk}"


class Submission(models.Model):
    """One rendered form that was acted on, so that posting it again gives the same answer and no second record."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField()
    target = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="submission_once_a_form")]

    def __str__(self):
        return f"Submission {self.pk}"


class Draft(models.Model):
    """What somebody typed into a form and has not saved; it belongs to that person and that form."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    form = models.CharField(max_length=120)
    data = models.JSONField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "form"], name="draft_one_a_form")]

    def __str__(self):
        return f"Draft {self.pk}"
