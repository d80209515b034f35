"""Making a timetable in the background, and reminding people of their sessions."""

import logging
import time

from celery import shared_task
from django.urls import reverse
from django.utils import timezone

from ncpi.fieldwork.costs import STAGE_WORDS
from ncpi.fieldwork.models import TimetableState
from ncpi.fieldwork.operations import reminders, timetables
from ncpi.fieldwork.problem import BadProblem
from ncpi.inspections.models import Inspection
from ncpi.jobs import operations as jobs
from ncpi.jobs.steps import Refused, job_step
from ncpi.lib.clocks import clock_of

logger = logging.getLogger(__name__)

REPORT_SECONDS = 0.5
BEGINNING = "Reading who is free when, and looking for a first timetable"


@shared_task(name="ncpi.fieldwork.tasks.remind_of_sessions")
def remind_of_sessions(**kwargs):
    """Queue everybody's reminders of the next working day; one inspection that fails keeps none from another's."""
    rows = Inspection.objects.filter(closed_at=None, timetables__state=TimetableState.PUBLISHED)
    for inspection in rows.select_related("force").distinct().order_by("pk"):
        clock = clock_of(inspection.force)
        try:
            reminders.remind_of_sessions(inspection=inspection, on=clock.on, at=clock.at, now=timezone.now())
        except Exception:
            logger.exception("The sessions of inspection %s could not be reminded of", inspection.pk)


@job_step("ncpi.fieldwork.tasks.solve_timetable")
def solve_timetable(job):
    inspection = Inspection.objects.select_related("force").get(pk=job.args["inspection"])
    reporter = Reporter(job)
    reporter.begin()
    try:
        timetable = timetables.make_timetable(
            by=job.by,
            inspection=inspection,
            at=clock_of(inspection.force).at,
            job=job,
            progress=reporter.progress,
            stop=reporter.stop,
        )
    except (BadProblem, timetables.BrokenTimetable) as error:
        raise Refused(str(error))
    reporter.end(timetable)
    page = "fieldwork:changes" if timetable.based_on_id else "fieldwork:timetable"
    return reverse(page, args=[inspection.ref, timetable.number])


class Reporter:
    """Publishes the solver's progress twice a second at most, and hears whether somebody asked to stop."""

    def __init__(self, job):
        self.job = job
        self.latest = None
        self.reported = 0.0
        self.is_stopped = False

    def begin(self):
        """Say what is done until there is a first timetable to speak of."""
        jobs.report(job=self.job, done=0, total=0, message=BEGINNING, at=timezone.now())

    def end(self, timetable):
        placed, left = timetable.placements.count(), len(timetable.unplaced)
        words = f"Version {timetable.number}: {placed} sessions placed{f', {left} not' if left else ''}"
        jobs.report(job=self.job, done=placed, total=placed + left, message=words, at=timezone.now())

    def progress(self, progress):
        self.latest = progress

    def stop(self):
        if self.latest is not None and time.monotonic() - self.reported >= REPORT_SECONDS:
            self.reported = time.monotonic()
            self.is_stopped = not jobs.report(
                job=self.job,
                done=self.latest.placed,
                total=self.latest.wanted,
                message=said(self.latest),
                at=timezone.now(),
            )
        return self.is_stopped


def said(progress):
    """Return progress in words: placed, stage, cost, and how far from the best it may be."""
    gap = "proved best" if progress.gap == 0 else f"cost {progress.cost}, bound {progress.bound}, gap {progress.gap}"
    return f"{progress.placed} of {progress.wanted} sessions placed; {STAGE_WORDS[progress.stage]}: {gap}"
