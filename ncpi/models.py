"""Gathers the rooms' models for Django; nothing is defined here."""

from ncpi.accounts.models import *  # noqa: F403
from ncpi.actions.models import *  # noqa: F403
from ncpi.board.models import *  # noqa: F403
from ncpi.fieldwork.models import *  # noqa: F403
from ncpi.fieldwork.record_models import *  # noqa: F403
from ncpi.inspections.models import *  # noqa: F403
from ncpi.jobs.models import *  # noqa: F403
from ncpi.selfassessment.models import *  # noqa: F403
from ncpi.selfassessment.return_models import *  # noqa: F403
from ncpi.selfassessment.thread_models import *  # noqa: F403
