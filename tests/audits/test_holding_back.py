"""The attack on what is held back: by brute force over small tables, with all that a reader could know.

A reader has the totals, what is shown, which categories are held back, and this very program. Every state that looks
the same to that reader is put into one class; whatever is the same in a whole class is known to them. A count is had
back when it was held back and is the same in its whole class, while the force has any case in that column.
"""

import itertools
from collections import defaultdict

import pytest

from audits.holding_back import Published, hold_back, may_replace, published

NAMES = "abcd"


def tables(places, columns, most):
    """Give every table of so many places and columns in which no column adds up to more than `most`."""
    column = [c for c in itertools.product(range(most + 1), repeat=places) if sum(c) <= most]
    for chosen in itertools.product(column, repeat=columns):
        yield {NAMES[place]: tuple(c[place] for c in chosen) for place in range(places)}


def seen(table):
    return (table.totals, tuple(sorted(table.shown.items())), tuple(sorted(table.held)))


def had_back(classes):
    """Give what a reader knows. `classes` has, for each thing they may see, all that it may have been: for each state
    the tables that were published, and what was held back of each.
    """
    found = []
    for view, states in classes.items():
        tables_of_one, held = states[0]
        for when, names in enumerate(held):
            for column in range(len(tables_of_one[when]["a"])):
                if not any(row[column] for row in tables_of_one[when].values()):
                    continue  # the force has no case in this column, as its totals say
                same = [n for n in names if len({state[when][n][column] for state, _ in states}) == 1]
                found += [(view, when, name) for name in same]
    return found


def attack(places, columns, most, guard):
    classes = defaultdict(list)
    for table in tables(places, columns, most):
        held = guard(table)
        shown = {name: row for name, row in table.items() if name not in held}
        totals = tuple(map(sum, zip(*table.values(), strict=True)))
        classes[seen(Published(shown, held, totals))].append(([table], [held]))
    return had_back(classes)


@pytest.mark.parametrize(("places", "columns", "most", "threshold"), [(3, 1, 14, 3), (4, 1, 12, 3), (3, 2, 6, 3)])
def test_nothing_is_had_back_from_one_table(places, columns, most, threshold):
    assert attack(places, columns, most, lambda table: hold_back(table, threshold=threshold)) == []


def only_what_is_small(table):
    return frozenset(name for name, row in table.items() if any(0 < count < 3 for count in row))


def test_control_holding_back_only_what_is_small_gives_it_away():
    assert len(attack(3, 1, 10, only_what_is_small)) > 50


def attack_over_time(most, moments, guard):
    """Let cases come in between publications, and publish each time as `guard` lets it."""
    all_tables = list(tables(3, 1, most))
    public = {tuple(table.values()): published(table, threshold=3) for table in all_tables}
    classes = defaultdict(list)
    for story in stories(all_tables, moments):
        view, known, held, last = [], [], [], None
        for table in story:
            new = public[tuple(table.values())]
            if last is None or guard(last, new):
                view.append(seen(new))
                known.append(table)
                held.append(new.held)
                last = new
            else:
                view.append(new.totals)
        classes[tuple(view)].append((known, held))
    return had_back(classes)


def stories(all_tables, moments):
    """Give every run of tables in which no count falls."""
    runs = [[table] for table in all_tables]
    for _ in range(moments - 1):
        runs = [
            [*run, table]
            for run in runs
            for table in all_tables
            if all(late >= early for name in table for late, early in zip(table[name], run[-1][name], strict=True))
        ]
    return runs


@pytest.mark.parametrize(("most", "moments"), [(12, 2), (7, 3)])
def test_nothing_is_had_back_by_comparing_publications(most, moments):
    assert attack_over_time(most, moments, lambda old, new: may_replace(old, new, threshold=3)) == []


def test_control_publishing_every_time_gives_much_away():
    assert len(attack_over_time(10, 2, lambda old, new: True)) > 500


def sums_of(table):
    """Give what readers know of a table by a fact of the record: the size of each category, and the totals."""
    return tuple(map(sum, table.values())), tuple(map(sum, zip(*table.values(), strict=True)))


def attack_with_sums(places, columns, most, moments, make, may_follow):
    """Give what the breakdown gives away beyond the sums, which readers have without it."""
    all_tables = list(tables(places, columns, most))
    classes, by_sums = defaultdict(list), defaultdict(list)
    for story in stories(all_tables, moments):
        view, known, last = [], [], None
        for table in story:
            new = make(table)
            if last is None or may_follow(last, new):
                last = new
                known.append((len(view), new.held))
            # The totals stand in the sums; a table that is held back as before is not published anew.
            view.append(seen(last)[1:])
        sums = tuple(map(sums_of, story))
        classes[tuple(view), sums].append((story, known))
        by_sums[sums].append(story)
    found = []
    for (view, sums), states in classes.items():
        for when, names in states[0][1]:
            for name, column in itertools.product(names, range(columns)):
                could = {story[when][name][column] for story, _ in states}
                if len(could) == 1 < len({story[when][name][column] for story in by_sums[sums]}):
                    found.append((view, when, name, column))
    return found


def by_fact(table):
    return published(table, threshold=3, sums_known=True)


@pytest.mark.parametrize(
    ("places", "columns", "most", "moments"), [(2, 2, 7, 1), (2, 3, 3, 1), (2, 2, 4, 2), (3, 2, 6, 1)]
)
def test_nothing_is_had_back_by_what_the_record_holds_though_the_sizes_are_known(places, columns, most, moments):
    def may_follow(old, new):
        return may_replace(old, new, threshold=3)

    assert attack_with_sums(places, columns, most, moments, by_fact, may_follow) == []


def test_with_the_sizes_known_a_table_with_one_small_count_is_held_back_whole():
    table = {"a": (4, 9), "b": (8, 8), "c": (20, 20)}

    assert hold_back(table, threshold=5) == {"a", "b"}
    assert hold_back(table, threshold=5, sums_known=True) == {"a", "b", "c"}
    assert hold_back({**table, "a": (9, 9)}, threshold=5, sums_known=True) == set()


def test_control_holding_back_by_place_would_give_away_what_the_sizes_tell():
    def only_small(table):
        held = only_what_is_small(table)
        shown = {name: row for name, row in table.items() if name not in held}
        return Published(shown, held, sums_of(table)[1])

    assert len(attack_with_sums(2, 2, 7, 1, only_small, None)) > 20


@pytest.mark.parametrize(
    ("table", "held"),
    [
        ({"a": (9, 9), "b": (8, 8)}, set()),
        ({"a": (9, 0), "b": (8, 8)}, set()),
        ({"a": (4, 9), "b": (8, 8), "c": (20, 20)}, {"a", "b"}),  # 12 and 17 of two
        ({"a": (4, 9), "b": (5, 8), "c": (20, 20)}, {"a", "b", "c"}),  # 9 of two would be too near
        ({"c": (4, 9), "b": (20, 20), "a": (30, 30)}, {"a", "c"}),  # by name, not by size
        ({"a": (3, 0), "b": (30, 0), "c": (9, 9)}, {"a", "b", "c"}),  # or both would be known to have none
        ({"a": (3, 0), "b": (30, 0), "c": (9, 0)}, {"a", "b"}),  # nobody has any
        ({"a": (1, 9), "z": (0, 0), "c": (9, 9), "d": (20, 20)}, {"a", "c", "d", "z"}),
        ({"a": (2, 2)}, {"a"}),
        ({}, set()),
    ],
)
def test_small_counts_are_held_back_with_enough_others(table, held):
    assert hold_back(table, threshold=5) == held


def test_no_threshold_below_three_is_taken():
    table = {"a": (2,), "b": (30,)}

    assert [hold_back(table, threshold=threshold) for threshold in (0, 1, 2, 3)] == [{"a", "b"}] * 4


def of(held, total, **shown):
    return Published({name: (count,) for name, count in shown.items()}, frozenset(held), (total,))


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        (of("ab", 40, c=20), of("ab", 40, c=20), True),
        (of("ab", 40, c=20), of("ab", 45, c=25), True),
        (of("ab", 40, c=20), of("ab", 41, c=21), False),  # one case in c
        (of("ab", 40, c=20), of("ab", 41, c=20), False),  # one case in a or b
        (of("ab", 40, c=20), of("ab", 45, c=20), True),
        (of("ab", 40, c=20), of("", 60, a=15, b=25, c=20), False),
        (of("", 60, a=15, b=25, c=20), of("ab", 60, c=20), False),
        (of("abc", 9), of("abc", 10), True),
        (of("abc", 9), of("ab", 40, c=20), False),
        (of("abc", 9), of("", 60, a=15, b=25, c=20), True),
        (of("abc", 50), of("", 60, a=15, b=25, c=20), False),  # too little has come since
        (of("abc", 9), of("", 60, a=15, b=45, c=0), False),  # c had none then either
        (of("", 40, a=20, b=20), of("", 45, a=20, b=20, c=5), True),  # a place that is new
        (of("", 40, a=20, b=20), of("", 41, a=20, b=20, c=1), False),
        (of("", 40, a=20, b=20), of("", 35, a=15, b=20), True),
        (of("", 40, a=20, b=20), of("", 39, a=19, b=20), False),
    ],
)
def test_a_table_is_replaced_only_when_the_change_tells_nothing(old, new, allowed):
    assert may_replace(old, new, threshold=5) is allowed
