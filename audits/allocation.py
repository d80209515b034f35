"""Who audits which case: balanced, never one person twice on a case, and the same for everyone who redoes it.

The cases of a second, blind grading are a random share of the sample, chosen like the sample itself: the cases whose
hex SHA-256 of `seed|second|reference` is lowest.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence


class NobodyLeft(ValueError):
    """Every auditor has the case already, or nobody audits."""


def chosen_for_second(references: Iterable[str], *, seed: str, percent: int) -> frozenset[str]:
    """Choose the share of cases that are graded twice, rounded up."""
    ranked = sorted(references, key=lambda reference: (_rank(seed, reference), reference))
    return frozenset(ranked[: -(-len(ranked) * percent // 100)])


def allocate(
    cases: Sequence[int], *, auditors: Sequence[int], had: Mapping[int, Iterable[int]], load: Mapping[int, int]
) -> dict[int, int]:
    """Give each case to the auditor with the least to do who has not had it; ties go by the auditors' order.

    `had` names who has read a case in any capacity, `load` how many audits each auditor has now.
    """
    work = {auditor: load.get(auditor, 0) for auditor in auditors}
    given: dict[int, int] = {}
    for case in cases:
        barred = set(had.get(case, ()))
        free = [auditor for auditor in auditors if auditor not in barred]
        if not free:
            raise NobodyLeft("There is no auditor who has not read this case already.")
        given[case] = min(free, key=lambda auditor: work[auditor])
        work[given[case]] += 1
    return given


def _rank(seed: str, reference: str) -> str:
    return hashlib.sha256(f"{seed}|second|{reference}".encode()).hexdigest()
