"""What several pages of the sample share."""

from django.shortcuts import render

from cases import queries
from ncpi.accounts.access import permissions_in
from ncpi.accounts.permissions import Permission


def sample_page(request, inspection, template, **more):
    context = {"inspection": inspection, "state": queries.sample_state(inspection), **more}
    context["may_manage"] = may_manage(request, inspection)
    return render(request, template, context)


def may_manage(request, inspection):
    return Permission.SAMPLE_MANAGE in permissions_in(request.user, inspection.force_id)
