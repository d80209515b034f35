"""What several pages of the sample share."""

from django.http import HttpResponse
from django.shortcuts import render

from cases import queries
from ncpi.accounts.access import permissions_in
from ncpi.accounts.permissions import Permission

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sample_page(request, inspection, template, **more):
    context = {"inspection": inspection, "state": queries.sample_state(inspection), **more}
    context["may_manage"] = may_manage(request, inspection)
    return render(request, template, context)


def may_manage(request, inspection):
    return Permission.SAMPLE_MANAGE in permissions_in(request.user, inspection.force_id)


def as_file(content, name, media_type):
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
