"""Candidates as PostgreSQL's COPY reads them, line by line, so that a long extract is never held twice."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from cases.extract import Candidate

COLUMNS = (
    "frame_id",
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


def copy_lines(candidates: Iterable[Candidate], *, frame_id: int, case_type_ids: Mapping[str, int]) -> Iterator[bytes]:
    for row in candidates:
        cells = (
            str(frame_id),
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
        yield ("\t".join(cells) + "\n").encode()


class Stream:
    """The lines as a file that COPY reads in pieces."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._left = b""

    def read(self, size: int) -> bytes:
        parts, length = [self._left], len(self._left)
        while length < size:
            line = next(self._lines, b"")
            if not line:
                break
            parts.append(line)
            length += len(line)
        whole = b"".join(parts)
        self._left = whole[size:]
        return whole[:size]


def _day(value: date | None) -> str:
    return value.isoformat() if value else _NOTHING
