"""What of a breakdown by place is held back, so that nothing held back can be had back.

The totals of the whole force are always published, and so is the way in which this module works: a reader may subtract,
may compare two publications, and may know every line below.

**Whether and when.** A breakdown is published when every case of the sample has its grade, and again after a change or
a further round when that is so again. What the moments are depends on no category, so that they tell nothing; and each
time the whole sample is looked at, where a table growing case by case would have to be held back for good.

**In one table by place.** A category is held back when one of its counts is from 1 to below the threshold, and with it
every category that has no case. What is held back is then known as one sum a column. While that is one category alone,
or a sum is below the threshold times the number of categories held back, further categories are held back, in the order
of their names: an order by size would tell who is small. When nothing is left to show, the sums are the totals.

**In one table by a fact of the record** (is ethnicity recorded) a reader knows how many cases are in each category:
that is the figure of completeness. With the sums of rows and columns both known, nothing less than the whole table is
held back when one of its counts is small.

**Across time.** The difference of two tables is a table too. A new table takes the place of the published one only when
the same categories are held back and every change, of a shown count or of the sum of what is held back, is none or at
least the threshold; or when everything was held back so far, and now everything still is, or nothing and every count
has grown far enough. Otherwise the published table stands as it was, with its date.

The threshold is the force's own, five unless it says otherwise. With two or less a small count would be known to be
one whatever is held back beside it, so that less than three is taken for three.

`tests/audits/test_holding_back.py` has the attack: over every small table and every pair and row of three of them, all
states that look alike to a reader are put together, and no count that was held back is the same in all of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LOWEST_THRESHOLD = 3

Table = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Published:
    """A table as its readers have it: the rows that are shown, the names of those held back, and the totals."""

    shown: Mapping[str, tuple[int, ...]]
    held: frozenset[str]
    totals: tuple[int, ...]


def hold_back(table: Table, *, threshold: int, sums_known: bool = False) -> frozenset[str]:
    """Choose the categories to hold back; with `sums_known` readers have the size of each category."""
    fewest = max(threshold, LOWEST_THRESHOLD)
    held = {category for category, row in table.items() if any(0 < count < fewest for count in row)}
    if not held:
        return frozenset()
    if sums_known:
        return frozenset(table)
    held |= {category for category, row in table.items() if not any(row)}
    totals = _sums(table, table)
    for category in sorted(set(table) - held):
        if len(held) > 1 and _are_hidden(_sums(table, held), totals, fewest * len(held)):
            break
        held.add(category)
    return frozenset(held)


def published(table: Table, *, threshold: int, sums_known: bool = False) -> Published:
    """Give the table as its readers would have it."""
    held = hold_back(table, threshold=threshold, sums_known=sums_known)
    shown = {category: tuple(row) for category, row in table.items() if category not in held}
    return Published(shown, held, _sums(table, table))


def may_replace(old: Published, new: Published, *, threshold: int) -> bool:
    """Say whether publishing the new table after the old one gives nothing away."""
    fewest = max(threshold, LOWEST_THRESHOLD)
    if old.held and not old.shown:
        return (bool(new.held) and not new.shown) or _has_outgrown(old, new, fewest)
    if old.held != new.held:
        return False
    zeros = (0,) * len(new.totals)
    changes = [
        _changes(old.shown.get(category, zeros), new.shown.get(category, zeros))
        for category in {*old.shown, *new.shown}
    ]
    changes.append(_changes(_hidden_sums(old), _hidden_sums(new)))
    return all(change == 0 or abs(change) >= fewest for row in changes for change in row)


def _has_outgrown(old: Published, new: Published, fewest: int) -> bool:
    """Everything is shown at last; each count that there is could have been anything when all was held back."""
    if new.held or old.held - set(new.shown):
        return False
    grown = _changes(old.totals, new.totals)
    return all(
        total == 0
        or (grown[column] >= fewest * len(new.shown) and all(row[column] >= fewest for row in new.shown.values()))
        for column, total in enumerate(new.totals)
    )


def _are_hidden(sums: Sequence[int], totals: Sequence[int], fewest: int) -> bool:
    return all(known >= fewest or total == 0 for known, total in zip(sums, totals, strict=True))


def _hidden_sums(table: Published) -> tuple[int, ...]:
    return _changes(_sums(table.shown, table.shown) or (0,) * len(table.totals), table.totals)


def _changes(before: Sequence[int], after: Sequence[int]) -> tuple[int, ...]:
    return tuple(late - early for early, late in zip(before, after, strict=True))


def _sums(table: Table, categories: Iterable[str]) -> tuple[int, ...]:
    return tuple(sum(column) for column in zip(*(table[category] for category in categories), strict=True))
