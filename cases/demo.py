"""The demonstration's cases: a seeded extract of 1,200 lines that describe nobody, frozen, planned and drawn."""

import random
from datetime import date, timedelta
from typing import Any

from cases import operations
from cases.extract import OPTIONAL_COLUMNS, REQUIRED_COLUMNS
from cases.models import Case, Frame, Sample
from ncpi.inspections.demo import moment, reached
from ncpi.inspections.models import CaseType
from ncpi.lib.tables import write_csv

ROWS = 1_200
SEED = "dice 4 1 6 2 5 3 3 6"
DISTRICTS = ["North Fen", "South Fen", "East Fen", "West Fen", "Fenport", "The Wolds"]
TEAMS = ["Response", "Child protection team", "Domestic abuse team", "Neighbourhood team"]
# How often each type comes up, for a force of some 1,200 officers; what is not named counts as 1.
WEIGHTS = {"domestic_abuse": 9, "general_concern": 5, "missing": 4, "s47": 3, "exploitation": 2, "custody": 2}
OUTCOMES = [
    "No further action",
    "Referred to children's social care",
    "Charged",
    "Still being investigated",
    "Evidential difficulties",
]
REASONS = ["Sealed by a court: the auditors cannot open it.", "In the extract twice under two references."]


def build(demo: Any, *, stage: str) -> None:
    if reached(stage, "self-assessment"):
        sample = _prepared(demo)
        if reached(stage, "audit"):
            _drawn(demo, sample)


def extract(rng: random.Random, case_types: list[str], *, rows: int = ROWS) -> bytes:
    """Give a case extract as a force would export it."""
    weights = [WEIGHTS.get(key, 1) for key in case_types]
    numbers = rng.sample(range(10_000, max(99_999, 10_000 + 2 * rows)), rows)
    lines = (_line(rng, f"FN0{number}/21", rng.choices(case_types, weights)[0]) for number in numbers)
    return write_csv((*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS), lines)


def _line(rng: random.Random, reference: str, case_type: str) -> tuple[Any, ...]:
    reported = date(2020, 11, 1) + timedelta(days=rng.randrange(180))
    outcome = rng.choice(OUTCOMES)
    is_open = outcome == "Still being investigated"
    finalised = None if is_open else reported + timedelta(days=rng.randrange(1, 90))
    return (
        reference,
        case_type,
        rng.choice(DISTRICTS),
        rng.choice(TEAMS),
        reported,
        finalised,
        outcome,
        rng.random() < 0.71,
        rng.random() < 0.48,
    )


def _prepared(demo: Any) -> Sample:
    by, inspection = demo.people["coordinator"], demo.inspection
    types = CaseType.objects.filter(programme=inspection.programme).order_by("order", "pk")
    data = extract(demo.rng, list(types.values_list("key", flat=True)))
    frame: Frame = operations.import_extract(
        by=by, inspection=inspection, file_name="case-extract.csv", data=data, at=moment(date(2021, 6, 8), 10)
    )
    frame = operations.freeze_frame(by=by, frame=frame, version=frame.version, at=moment(date(2021, 6, 9), 9))
    sizes = dict(types.values_list("key", "default_sample"))
    return operations.fix_plan(
        by=by, frame=frame, sizes=sizes, second_grading_percent=30, at=moment(date(2021, 6, 10), 14)
    )


def _drawn(demo: Any, sample: Sample) -> None:
    by = demo.people["coordinator"]
    operations.draw_sample(by=by, sample=sample, seed=SEED, at=moment(date(2021, 6, 15), 11), rng=demo.rng)
    unusable = Case.objects.filter(sample=sample, rank=2).order_by("case_type__order", "pk")[: len(REASONS)]
    for case, reason in zip(unusable, REASONS, strict=True):
        at = moment(date(2021, 6, 16), 15)
        operations.replace_case(by=by, case=case, version=case.version, reason=reason, at=at, rng=demo.rng)
