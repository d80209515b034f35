from celery import shared_task
from django.utils import timezone

from ncpi.selfassessment import exchange_operations


@shared_task(name="ncpi.selfassessment.tasks.forget_expired_proposals")
def forget_expired_proposals(**kwargs):
    """Forget the workbooks that were brought back and not applied in time."""
    exchange_operations.forget_expired_proposals(at=timezone.now())
