"""Whether the background work is getting done."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ncpi.accounts import operations as accounts
from ncpi.accounts.access import forces_granting, requires
from ncpi.accounts.permissions import Permission
from ncpi.jobs import queries
from ncpi.jobs.operations import NotFailed
from ncpi.lib.listing import listing


@requires(Permission.OPERATIONS_VIEW)
def operations(request):
    forces = forces_granting(request.user, Permission.OPERATIONS_VIEW)
    context = {
        "queue": queries.queue(at=timezone.now()),
        "listing": listing(request, queries.jobs_of(forces)),
        "last_compile": queries.last_done(forces, kind="compile_summary"),
    }
    return render(request, "accounts/operations.html", context)


@requires(Permission.OPERATIONS_VIEW)
@require_POST
def retry(request, pk):
    forces = forces_granting(request.user, Permission.OPERATIONS_VIEW)
    job = get_object_or_404(queries.jobs_of(forces), pk=pk)
    try:
        accounts.retry_job(by=request.user, job=job, at=timezone.now())
    except NotFailed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Waiting to be tried again.")
    return redirect("accounts:operations")
