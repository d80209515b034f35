"""Gathers the rooms' tasks for Celery; nothing is defined here."""

from ncpi.accounts import tasks as accounts_tasks
from ncpi.board import tasks as board_tasks
from ncpi.fieldwork import tasks as fieldwork_tasks
from ncpi.jobs import tasks as jobs_tasks
from ncpi.selfassessment import tasks as selfassessment_tasks

__all__ = ["accounts_tasks", "board_tasks", "fieldwork_tasks", "jobs_tasks", "selfassessment_tasks"]
