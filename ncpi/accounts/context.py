"""What every page needs to know about the person in front of it."""

from django.conf import settings

from ncpi.accounts.access import memberships, permissions_anywhere, permissions_in
from ncpi.lib.addresses import address_of


def navigation(request):
    """Give templates the person's permissions and forces."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "permissions": permissions_anywhere(user),
        "forces": _forces(user),
    }


def _forces(user):
    return sorted({row.force.name for row in memberships(user)})


def chrome_of(context):
    """Give what the head of a page says of the person: name, forces and the navigation that their roles need."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"name": None}
    held, path = permissions_anywhere(user), request.path
    places = [(title, address_of(name)) for title, name, permission in settings.MAIN_NAVIGATION
              if permission is None or permission in held]  # fmt: skip
    return {
        "name": user.name,
        "forces": ", ".join(_forces(user)),
        "places": tuple((title, address, address == path) for title, address in places),
    }


def sections_of(inspection, user):
    """Return the inspection's own navigation for this person: (title, address) pairs, those about cases apart."""
    held = permissions_in(user, inspection.force_id)
    return tuple(
        [(title, address_of(name, inspection.ref)) for title, name, permission in row if permission in held]
        for row in (settings.INSPECTION_NAVIGATION, settings.CASES_NAVIGATION)
    )


def here_among(sections, path, *, leads_home=False):
    """Give sections with what `aria-current` says of each; one that leads home begins every other address."""
    return tuple(
        (title, address, "page" if address == path else "true" if address in path and (place or not leads_home) else "")
        for place, (title, address) in enumerate(sections)
    )
