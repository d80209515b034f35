from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from ncpi.accounts.models import Submission

KEPT = timedelta(days=2)


@shared_task(name="ncpi.accounts.tasks.forget_old_submissions")
def forget_old_submissions(**kwargs):
    """Forget form keys after two days; a form left open longer is simply acted on again."""
    Submission.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
