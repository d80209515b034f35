"""What every page needs to know about the person in front of it."""

from functools import lru_cache

from django.conf import settings
from django.urls import reverse

from ncpi.accounts.access import memberships, permissions_anywhere, permissions_in


def navigation(request):
    """Give templates the person's permissions and the navigation that their roles need."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    held = permissions_anywhere(user)
    return {
        "permissions": {str(permission) for permission in held},
        "forces": sorted({row.force.name for row in memberships(user)}),
        "main_navigation": [
            (title, _address(name))
            for title, name, permission in settings.MAIN_NAVIGATION
            if permission in (None, *held)
        ],
    }


def sections_of(inspection, user):
    """Return the inspection's own navigation for this person: (title, address) pairs, those about cases apart."""
    held = permissions_in(user, inspection.force_id)
    return tuple(
        [(title, _address(name, inspection.ref)) for title, name, permission in row if permission in held]
        for row in (settings.INSPECTION_NAVIGATION, settings.CASES_NAVIGATION)
    )


@lru_cache(maxsize=2048)
def _address(name, *args):
    """Give an address; every page asks for the same twenty, and looking one up costs as much as rendering it."""
    return reverse(name, args=args)
