"""The case sample: which cases could be drawn, how they were drawn, and which were. Child-level.

A case is known by the force's reference only; no name, date of birth or address is held.
Nothing in `ncpi` points here, and no row of `ncpi` can be followed to a row of this app.
"""

from cases.models.extracts import Extract, ExtractState
from cases.models.frames import Candidate, Frame, FrameQuerySet
from cases.models.retention import Retention, RetentionState
from cases.models.samples import Case, CaseQuerySet, PlanLine, Sample, SampleQuerySet, SetAside, Spread

__all__ = [
    "Candidate",
    "Case",
    "CaseQuerySet",
    "Extract",
    "ExtractState",
    "Frame",
    "FrameQuerySet",
    "PlanLine",
    "Retention",
    "RetentionState",
    "Sample",
    "SampleQuerySet",
    "SetAside",
    "Spread",
]
