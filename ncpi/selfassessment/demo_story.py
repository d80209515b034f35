"""How the demonstration's self-assessments are told: everything in the order of its dates, and dated by them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from ncpi.actions.models import Action
from ncpi.inspections.demo import Demo
from ncpi.selfassessment.models import Evidence, EvidenceLink, Judgement

_MODELS: tuple[Any, ...] = (Judgement, Evidence, EvidenceLink, Action)
KEPT: list[Any] = [model.pgh_event_model for model in _MODELS]


@dataclass(frozen=True)
class Event:
    """Something that somebody did at a moment."""

    at: datetime
    act: Callable[[datetime], Any]


def play(demo: Demo, events: Iterable[Event]) -> None:
    """Let everything happen that lies before the demonstration's moment.

    The versions that the database kept of it are dated by the story, so that "as it was" has a past.
    """
    for event in sorted(events, key=lambda event: event.at):
        if event.at <= demo.at:
            before = [kept.objects.aggregate(last=Max("pgh_id"))["last"] or 0 for kept in KEPT]
            event.act(event.at)
            for kept, last in zip(KEPT, before, strict=True):
                kept.objects.filter(pgh_id__gt=last).update(pgh_created_at=event.at + demo.force.clock_offset)
