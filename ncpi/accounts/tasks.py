import logging
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from ncpi.accounts import reminder_operations
from ncpi.accounts.access import memberships
from ncpi.accounts.models import Submission, User
from ncpi.accounts.work import reminders_of
from ncpi.lib.clocks import clock_of

logger = logging.getLogger(__name__)

KEPT = timedelta(days=2)


@shared_task(name="ncpi.accounts.tasks.forget_old_submissions")
def forget_old_submissions(**kwargs):
    """Forget form keys after two days; a form left open longer is simply acted on again."""
    Submission.objects.filter(created_at__lt=timezone.now() - KEPT).delete()


@shared_task(name="ncpi.accounts.tasks.remind_everybody")
def remind_everybody(**kwargs):
    """Queue everybody's reminder of the day; run twice, nobody gets two, and one that fails keeps none from theirs."""
    for user in User.objects.filter(is_active=True, wants_reminders=True).order_by("pk").iterator():
        try:
            _remind(user)
        except Exception:
            logger.exception("User %s could not be reminded", user.pk)


def _remind(user):
    for force in {row.force_id: row.force for row in memberships(user)}.values():
        clock = clock_of(force)
        reminder_operations.remind(
            by=None, user=user, force=force, items=reminders_of(user, clock), on=clock.on, at=timezone.now()
        )
