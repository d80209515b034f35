"""Compiling happens here, behind the request, and every night."""

from celery import shared_task
from django.urls import reverse
from django.utils import timezone

from ncpi.board import operations
from ncpi.inspections.models import Inspection
from ncpi.jobs.operations import report
from ncpi.jobs.steps import job_step
from ncpi.lib.clocks import clock_of


@job_step("ncpi.board.tasks.compile_summary", step=1, is_last=True)
def compile_summary(job):
    inspection = Inspection.objects.select_related("force", "programme").get(pk=job.args["inspection"])
    report(job=job, done=1, total=2, message="Reading every room and drawing the pictures", at=timezone.now())
    clock = clock_of(inspection.force)
    summary = operations.compile_summary(by=job.by, inspection=inspection, on=clock.on, job=job, at=clock.at)
    report(job=job, done=2, total=2, message=f"Summary {summary.number} is ready", at=timezone.now())
    return reverse("board:summary", args=[inspection.ref, summary.number])


@shared_task(name="ncpi.board.tasks.compile_every_night", ignore_result=True)
def compile_every_night(**kwargs):
    for inspection in Inspection.objects.open().select_related("force").order_by("pk"):
        operations.request_compile(by=None, inspection=inspection, at=timezone.now())
