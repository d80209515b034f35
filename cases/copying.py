"""Candidates as PostgreSQL's COPY reads them, line by line, so that a long extract is never held whole."""

from collections.abc import Mapping
from datetime import date

from cases.extract import Candidate

COLUMNS = (
    "reference",
    "case_type_id",
    "district",
    "team",
    "reported_on",
    "finalised_on",
    "outcome",
    "ethnicity_recorded",
    "disability_recorded",
)
_NOTHING = "\\N"
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_FLAGS = {True: "t", False: "f", None: _NOTHING}


def copy_line(row: Candidate, case_type_ids: Mapping[str, int]) -> bytes:
    cells = (
        row.reference.translate(_ESCAPED),
        str(case_type_ids[row.case_type]),
        row.district.translate(_ESCAPED),
        row.team.translate(_ESCAPED),
        _day(row.reported_on),
        _day(row.finalised_on),
        row.outcome.translate(_ESCAPED),
        _FLAGS[row.ethnicity_recorded],
        _FLAGS[row.disability_recorded],
    )
    return ("\t".join(cells) + "\n").encode()


def _day(value: date | None) -> str:
    return value.isoformat() if value else _NOTHING
