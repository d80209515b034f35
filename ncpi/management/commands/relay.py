"""Hands queued jobs to the broker and takes back what was abandoned. Run one or more; they share the work."""

import logging
import signal
import threading

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.utils import timezone

from ncpi import celery
from ncpi.jobs import operations

logger = logging.getLogger("ncpi.relay")


class Command(BaseCommand):
    help = "Hand queued jobs to the broker until stopped."
    requires_system_checks = ()  # they load every page, which this serves none of; the web process makes them

    def add_arguments(self, parser):
        parser.add_argument("--every", type=float, default=1.0, help="seconds between looks at the queue")
        parser.add_argument("--once", action="store_true", help="look once and end")

    def handle(self, *args, every, once, **options):
        ended = threading.Event()
        if not once:
            signal.signal(signal.SIGTERM, lambda *_: ended.set())
            signal.signal(signal.SIGINT, lambda *_: ended.set())
        while True:
            busy = self.look()
            if once or ended.wait(0 if busy else every):
                return

    def look(self):
        """Do one round; a broker or database that is away is met again at the next one."""
        try:
            operations.take_back_abandoned(at=timezone.now())
            return operations.hand_over(publish=celery.publish, at=timezone.now())
        except DatabaseError:
            logger.warning("Database away; trying again.")
            connection.close()
        except Exception as error:
            logger.warning("Broker away (%s); trying again.", type(error).__name__)
        return 0
