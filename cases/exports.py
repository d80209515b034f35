"""The list of cases as a file."""

from typing import Any

CASE_HEADER = (
    "case",
    "reference",
    "case_type",
    "place_in_order",
    "district",
    "team",
    "reported_on",
    "finalised_on",
    "outcome",
    "state",
    "replaced_by",
    "reason",
)


def case_row(case: Any) -> tuple[Any, ...]:
    candidate = case.candidate
    replaced_by = case.replaced_by.code if hasattr(case, "replaced_by") else ""
    return (
        case.code,
        candidate.reference,
        case.case_type.title,
        case.rank,
        candidate.district,
        candidate.team,
        candidate.reported_on,
        candidate.finalised_on,
        candidate.outcome,
        "replaced" if case.is_replaced else "in sample",
        replaced_by,
        case.replaced_reason,
    )
