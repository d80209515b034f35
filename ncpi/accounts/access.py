"""The gate in front of every view.

`requires(permission)` marks a view with the permission that it needs. Who holds it in no force gets 403 whatever the
address names; who holds it somewhere reaches only rows of the forces where they hold it, and everything else is 404,
byte for byte as if it did not exist.
"""

import functools
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from ncpi.accounts.models import Membership, User
from ncpi.accounts.permissions import ROLES, Permission
from ncpi.lib.prepared import Parameter, Prepared

# Who asks, in a prepared query; `asked_by` gives their values.
ASKER = Parameter("asker")
_TODAY = Parameter("today")


def asked_by(user: Any) -> dict[str, Any]:
    """Give the values of a prepared query that was built for `ASKER`."""
    if not hasattr(user, "_asks"):
        user._asks = {"asker": user.pk, "today": timezone.localdate()}
    return user._asks


def requires(permission: Permission) -> Callable:
    """Declare the permission of a view, and refuse whoever holds it nowhere."""

    def wrap(view: Callable) -> Callable:
        @functools.wraps(view)
        def gated(request: Any, *args: Any, **kwargs: Any) -> Any:
            if permission not in permissions_anywhere(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        gated.permission = permission  # type: ignore[attr-defined]
        return gated

    return wrap


def requires_of_row(permission: Permission) -> Callable:
    """Declare the permission of a view that takes forms and whose own first query is the gate.

    Roles are read only when that query finds nothing.
    """

    def wrap(view: Callable) -> Callable:
        @functools.wraps(view)
        def gated(request: Any, *args: Any, **kwargs: Any) -> Any:
            if request.method != "POST" and permission not in permissions_anywhere(request.user):
                raise PermissionDenied
            try:
                return view(request, *args, **kwargs)
            except Http404:
                if permission not in permissions_anywhere(request.user):
                    raise PermissionDenied
                raise

        gated.permission = permission  # type: ignore[attr-defined]
        return gated

    return wrap


def signed_in(view: Callable) -> Callable:
    """Declare that a view needs a signed-in person and nothing more."""
    view.permission = None  # type: ignore[attr-defined]
    return view


def public(view: Callable) -> Callable:
    """Declare that a view is open to all."""
    view.permission = "public"  # type: ignore[attr-defined]
    view.login_required = False  # type: ignore[attr-defined]
    return view


def memberships(user: Any) -> list[Membership]:
    """Return the person's current roles with their forces; one query a request."""
    if not hasattr(user, "_memberships"):
        user._memberships = _MEMBERSHIPS.rows(**asked_by(user)) if user.is_authenticated else []
    return user._memberships


_MEMBERSHIPS = Prepared(
    lambda: Membership.objects.of(ASKER, _TODAY).select_related("force").order_by("force__name", "pk")
)


def permissions_anywhere(user: Any) -> frozenset[Permission]:
    """Return what the person may do in at least one force."""
    return _granted(tuple(row.role for row in memberships(user)))


def permissions_in(user: Any, force_id: int) -> frozenset[Permission]:
    """Return what the person may do in one force."""
    return _granted(tuple(row.role for row in memberships(user) if row.force_id == force_id))


@lru_cache(maxsize=256)
def _granted(roles: tuple[str, ...]) -> frozenset[Permission]:
    return frozenset(permission for role in roles for permission in ROLES[role].permissions)


def forces_granting(user: Any, permission: Permission) -> QuerySet:
    """Return the ids of the forces where the person holds the permission, as a predicate for a query.

    For `ASKER` it is a predicate for a prepared query.
    """
    held = Membership.objects.of(user, _TODAY if user is ASKER else timezone.localdate()).granting(permission)
    return held.values("force_id")


def colleagues(force: Any, permission: Permission) -> QuerySet:
    """Return the active people who hold the permission in the force now, in order of name."""
    held = Membership.objects.filter(force=force).current(timezone.localdate()).granting(permission)
    return User.objects.filter(is_active=True, pk__in=held.values("user_id")).order_by("name", "pk")
