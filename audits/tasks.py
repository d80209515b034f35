"""The first half of compiling: publish what the audits show."""

from datetime import time

from django.utils import timezone

from audits import figure_operations
from ncpi.inspections.models import ChangeMark, Inspection
from ncpi.jobs import operations as jobs
from ncpi.jobs.steps import job_step
from ncpi.lib.clocks import clock_of
from ncpi.lib.dates import combine


@job_step("audits.tasks.publish_figures", step=0, is_last=False)
def publish_figures(job):
    """Publish as at the last change, so that publishing twice in one state publishes once."""
    inspection = Inspection.objects.select_related("force", "programme").get(pk=job.args["inspection"])
    midnight = combine(clock_of(inspection.force).on, time(0))
    changed = ChangeMark.objects.filter(inspection=inspection).values_list("changed_at", flat=True).first()
    jobs.report(job=job, done=0, total=2, message="Publishing figures from the case audits", at=timezone.now())
    figure_operations.publish_figures(
        by=job.by, inspection=inspection, as_at=max(midnight, changed) if changed else midnight
    )
