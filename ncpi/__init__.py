"""NCPI readiness: settings, and everything that can be read without seeing a child."""

from ncpi.celery import app as celery_app

__all__ = ["celery_app"]
