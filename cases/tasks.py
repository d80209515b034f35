"""Checking and importing an extract in the background."""

from celery import shared_task
from django.urls import reverse
from django.utils import timezone

from cases import extract_operations
from cases.checking import check_extract
from cases.models import Extract, ExtractState
from cases.operations import types_of
from ncpi.jobs import operations as jobs
from ncpi.jobs.steps import job_step
from ncpi.lib.clocks import clock_of
from ncpi.lib.uploads import open_kept


@job_step("cases.tasks.import_extract")
def import_extract(job):
    parts = ("inspection__force", "inspection__programme", "brought_by")
    extract = Extract.objects.select_related(*parts).get(pk=job.args["extract"])
    if extract.state == ExtractState.CHECKING:
        _import(job, extract)
    return reverse("cases:extract", args=[extract.inspection.ref, extract.number])


def _import(job, extract):
    def report(done, total):
        jobs.report(job=job, done=done, total=total, message=f"{done:,} rows checked", at=timezone.now())

    def reading(rows):
        jobs.report(job=job, done=0, total=0, message=f"Reading the workbook: {rows:,} rows", at=timezone.now())

    by, at = extract.brought_by, clock_of(extract.inspection.force).at
    jobs.report(job=job, done=0, total=0, message="Reading the file", at=timezone.now())
    try:
        file = open_kept(extract.stored_name)
    except FileNotFoundError:
        extract_operations.give_up_import(by=by, extract=extract, refusal=extract_operations.LOST, at=at)
        return
    # No transaction is held open while rows are checked.
    with (
        file,
        check_extract(
            file,
            extract.kind,
            mapping=extract.mapping,
            report=report,
            reading=reading,
            **types_of(extract.inspection),
        ) as checked,
    ):
        done = checked.rows or checked.problem_count
        jobs.report(job=job, done=done, total=done, message=f"Keeping {checked.rows:,} cases", at=timezone.now())
        extract_operations.finish_import(by=by, extract=extract, checked=checked, at=at)


@shared_task(name="cases.tasks.forget_old_extracts")
def forget_old_extracts(**kwargs):
    """Put aside files that nobody went on with."""
    extract_operations.forget_old_extracts(at=timezone.now())
