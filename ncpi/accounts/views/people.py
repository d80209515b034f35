"""Who has which role: the force administrator's pages."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ncpi.accounts import operations, password_links, queries
from ncpi.accounts.access import forces_granting, requires
from ncpi.accounts.forms import GiveRoleForm, InviteForm, PeopleFilterForm
from ncpi.accounts.models import Membership, User
from ncpi.accounts.permissions import ROLES, Permission
from ncpi.lib.exports import as_table
from ncpi.lib.listing import listing
from ncpi.lib.versions import StaleVersion

EXPORT_HEADER = ("name", "email", "force", "role", "from", "until", "last_seen")


@requires(Permission.PEOPLE_MANAGE)
def people(request):
    rows = listing(request, _filtered(request))
    context = {"listing": rows, "roles": ROLES.values(), "filter": request.GET}
    return render(request, "accounts/people.html", context)


@requires(Permission.PEOPLE_MANAGE)
def export(request, kind):
    if kind not in ("csv", "xlsx"):
        raise Http404
    rows = (_exported(row) for row in _filtered(request))
    return as_table(kind, name="People and roles", header=EXPORT_HEADER, rows=rows)


@requires(Permission.PEOPLE_MANAGE)
def invite(request):
    form = InviteForm(_forces(request), request.POST or None)
    if form.is_valid():
        at = timezone.now()
        try:
            operations.invite_to_role(
                by=request.user, on=timezone.localdate(at), at=at, link_to=_link(request), **form.cleaned_data
            )
        except (operations.RoleAlreadyHeld, operations.OwnRole) as refusal:
            form.add_error("role", str(refusal))
        else:
            messages.success(request, "Invitation on its way.")
            return redirect("accounts:people")
    return render(request, "accounts/invite.html", {"form": form, "roles": ROLES.values()})


@requires(Permission.PEOPLE_MANAGE)
def person(request, pk):
    user = _person(request, pk)
    on = timezone.localdate()
    form = GiveRoleForm(_forces(request), request.POST or None, initial={"starts_date": on})
    if form.is_valid():
        try:
            operations.grant_role(by=request.user, user=user, on=on, **form.cleaned_data)
        except (operations.RoleAlreadyHeld, operations.OwnRole, operations.EndsBeforeItStarts) as refusal:
            form.add_error("role", str(refusal))
        else:
            messages.success(request, "Role given.")
            return redirect("accounts:person", pk=pk)
    roles = queries.managed_memberships(request.user).filter(user=user).order_by("-starts_date", "pk")
    return render(request, "accounts/person.html", {"person": user, "roles": roles, "form": form, "today": on})


@requires(Permission.PEOPLE_MANAGE)
@require_POST
def end_role(request, pk):
    membership = get_object_or_404(queries.managed_memberships(request.user), pk=pk)
    version = int(request.POST["version"]) if request.POST.get("version", "").isdecimal() else membership.version
    try:
        operations.end_role(by=request.user, membership=membership, version=version, on=timezone.localdate())
    except (operations.LastAdministrator, StaleVersion) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Role ended. It counts no more from now on.")
    return redirect("accounts:person", pk=membership.user_id)


@requires(Permission.PEOPLE_MANAGE)
@require_POST
def password_link(request, pk):
    user = _person(request, pk)
    force = queries.managed_memberships(request.user).filter(user=user).order_by("pk")[0].force
    link = _link(request)(user)
    operations.send_password_link(by=request.user, user=user, force=force, at=timezone.now(), link=link)
    messages.success(request, "Link on its way.")
    return redirect("accounts:person", pk=pk)


@requires(Permission.PEOPLE_MANAGE)
def review(request):
    at = timezone.now()
    rows = list(queries.people_of(request.user, on=timezone.localdate(at)))
    forces = list(_forces(request).order_by("name", "pk"))
    if request.POST.get("force", "").isdecimal():
        force = get_object_or_404(_forces(request), pk=int(request.POST["force"]))
        count = sum(row.force_id == force.pk for row in rows)
        operations.confirm_access(by=request.user, force=force, roles=count)
        messages.success(request, "Access review recorded.")
        return redirect("accounts:access-review")
    reviewed = queries.last_reviews(request.user)
    context = {
        "rows": [(row, queries.is_unused(row, at)) for row in rows],
        "forces": [(force, reviewed.get(force.pk)) for force in forces],
    }
    return render(request, "accounts/access_review.html", context)


def _forces(request):
    ids = forces_granting(request.user, Permission.PEOPLE_MANAGE)
    return Membership._meta.get_field("force").related_model.objects.filter(pk__in=ids)


def _person(request, pk):
    """Return somebody who has or had a role in a force whose people the user manages; anybody else does not exist."""
    managed = queries.managed_memberships(request.user)
    return get_object_or_404(User, pk=pk, pk__in=managed.values("user_id"))


def _filtered(request):
    form = PeopleFilterForm(request.GET)
    form.is_valid()
    wanted = {name: value for name, value in form.cleaned_data.items() if value}
    return queries.people_of(request.user, on=timezone.localdate(), **wanted)


def _exported(row):
    seen = timezone.localdate(row.user.last_seen_at) if row.user.last_seen_at else None
    return row.user.name, row.user.email, row.force.name, row.title, row.starts_date, row.ends_date, seen


def _link(request):
    def link_to(user):
        uid, token = password_links.parts_for(user)
        return request.build_absolute_uri(reverse("accounts:set-password", args=[uid, token]))

    return link_to
