"""The Celery application, what runs when, and which tasks make up each kind of job.

Rooms above name their tasks here by string, so that nothing in `ncpi` imports `cases` or `audits`.
A job is a row (`ncpi.jobs`); the relay turns it into the chain of its kind. Only ids travel.
"""

import os

from celery import Celery, chain, signature
from celery.schedules import crontab

from ncpi.accounts import reminders

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ncpi.settings")

app = Celery("ncpi")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["ncpi", "cases", "audits"])

CHAINS = {
    "compile_summary": ("audits.tasks.publish_figures", "ncpi.board.tasks.compile_summary"),
    "import_extract": ("cases.tasks.import_extract",),
    "solve_timetable": ("ncpi.fieldwork.tasks.solve_timetable",),
    "send_mail": ("ncpi.jobs.tasks.send_mail",),
}

app.conf.beat_schedule = {
    "compile-every-night": {
        "task": "ncpi.board.tasks.compile_every_night",
        "schedule": crontab(hour=2, minute=0),
    },
    "remind-every-morning": {
        "task": "ncpi.accounts.tasks.remind_everybody",
        "schedule": crontab(hour=reminders.HOUR, minute=0),
    },
    "remind-of-sessions-every-morning": {
        "task": "ncpi.fieldwork.tasks.remind_of_sessions",
        "schedule": crontab(hour=reminders.HOUR, minute=10),
    },
    "forget-old-submissions": {
        "task": "ncpi.accounts.tasks.forget_old_submissions",
        "schedule": crontab(hour=3, minute=30),
    },
    "forget-old-extracts": {
        "task": "cases.tasks.forget_old_extracts",
        "schedule": crontab(hour=3, minute=50),
    },
    "forget-expired-proposals": {
        "task": "ncpi.selfassessment.tasks.forget_expired_proposals",
        "schedule": crontab(hour=3, minute=40),
    },
}


def publish(*, kind: str, job_id: int) -> None:
    """Hand one job's chain to the broker; raises when the broker cannot take it."""
    steps = [signature(name, kwargs={"job_id": job_id}, immutable=True, app=app) for name in CHAINS[kind]]
    chain(*steps).apply_async(retry=False)
