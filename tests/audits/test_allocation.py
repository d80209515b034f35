"""The rule that shares cases out: a table of small worlds, and what must hold of any."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audits.allocation import Person, Piece, Way, allocate, chosen_for_second, is_own_team

ANN, BEN, CAT = Person(1), Person(2), Person(3)


def pieces(count, *, capacity="first", **facts):
    return [Piece(case, capacity, **facts) for case in range(count)]


def loads(shared):
    return {key: list(shared.given.values()).count(key) for key in sorted(set(shared.given.values()))}


@pytest.mark.parametrize(
    ("people", "work", "more", "expected"),
    [
        ([ANN, BEN, CAT], pieces(7), {}, {1: 3, 2: 2, 3: 2}),
        ([ANN, BEN, CAT], pieces(3), {"load": {1: 5, 2: 1}}, {2: 1, 3: 2}),
        ([ANN, BEN], pieces(2) + pieces(2, capacity="second"), {}, {1: 2, 2: 2}),
        ([Person(1, team="North"), BEN], pieces(2, team=" north "), {}, {2: 2}),
        ([ANN, BEN], pieces(2), {"had": {0: [1], 1: [1]}}, {2: 2}),
        ([Person(1, share=75), Person(2, share=25)], pieces(8), {"way": Way.PERCENT}, {1: 6, 2: 2}),
        ([Person(1, share=75), Person(2)], pieces(4), {"way": Way.PERCENT}, {1: 4}),
        (
            [Person(1, specialisms=frozenset({"s47"})), BEN, CAT],
            pieces(3, case_type="s47"),
            {"way": Way.SPECIALISM},
            {1: 3},
        ),
        (
            [Person(1, specialisms=frozenset({"s47"})), BEN, CAT],
            pieces(4, case_type="missing"),
            {"way": Way.SPECIALISM},
            {1: 2, 2: 1, 3: 1},
        ),
        # The specialist has the case already, so that anybody may.
        (
            [Person(1, specialisms=frozenset({"s47"})), BEN],
            pieces(1, case_type="s47"),
            {"way": Way.SPECIALISM, "had": {0: [1]}},
            {2: 1},
        ),
        # Whoever may take least is thought of first.
        ([ANN, Person(2, team="A")], [Piece(0, "first"), Piece(1, "first", team="A")], {}, {1: 1, 2: 1}),
    ],
)
def test_work_is_shared_as_the_way_says(people, work, more, expected):
    shared = allocate(work, people=people, **{"had": {}, "load": {}, **more})

    assert (loads(shared), shared.left) == (expected, ())


def test_what_nobody_may_take_is_left_and_the_rest_is_given():
    work = [Piece(1, "first", team="North"), Piece(2, "first", team="South")]

    shared = allocate(work, people=[Person(1, team="North")], had={}, load={})

    assert (dict(shared.given), shared.left) == ({work[1]: 1}, (work[0],))


def test_two_readings_of_a_case_go_to_two_people_or_one_is_left():
    work = [Piece(1, "first"), Piece(1, "second")]

    alone = allocate(work, people=[ANN], had={}, load={})
    both = allocate(work, people=[ANN, BEN], had={}, load={})

    assert (len(alone.given), alone.left) == (1, (work[1],))
    assert sorted(both.given.values()) == [1, 2]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("North", " north", True), ("Team  1", "team 1", True), ("", "", False), ("A", "B", False)],
)
def test_a_team_is_known_however_it_was_typed(one, other, same):
    assert is_own_team(one, other) is same


teams = st.sampled_from(["", "A", "B"])
types = st.sampled_from(["s47", "missing"])
people = st.lists(
    st.builds(Person, st.just(0), teams, st.frozensets(types, max_size=2), st.sampled_from([None, 0, 10, 30, 60])),
    max_size=5,
).map(lambda rows: [Person(key, row.team, row.specialisms, row.share) for key, row in enumerate(rows, 1)])
works = st.lists(st.tuples(st.integers(1, 8), st.sampled_from(["first", "second"])), unique=True, max_size=12).flatmap(
    lambda keys: st.lists(st.tuples(types, teams), min_size=9, max_size=9).map(
        lambda facts: [Piece(case, capacity, *facts[case]) for case, capacity in keys]
    )
)
hads = st.dictionaries(st.integers(1, 8), st.sets(st.integers(1, 5), max_size=2), max_size=4)
load_of = st.dictionaries(st.integers(1, 5), st.integers(0, 6), max_size=5)


@settings(deadline=None, max_examples=150)
@given(people, works, hads, load_of, st.sampled_from(Way))
def test_nobody_gets_what_they_may_not_have_and_the_work_is_level(people, work, had, load, way):
    shared = allocate(work, people=people, had=had, load=load, way=way)

    person = {one.key: one for one in people}
    assert {*shared.given, *shared.left} == set(work)
    readers = {}
    for piece, key in shared.given.items():
        assert not is_own_team(person[key].team, piece.team)
        assert key not in had.get(piece.case, ())
        assert key not in readers.setdefault(piece.case, set())
        readers[piece.case].add(key)
        assert way != Way.PERCENT or person[key].share
    if way == Way.EQUAL:
        work_of = {key: load.get(key, 0) + list(shared.given.values()).count(key) for key in person}
        for piece, key in shared.given.items():
            barred = set(had.get(piece.case, ())) | readers[piece.case]
            takers = [one.key for one in people if one.key not in barred and not is_own_team(one.team, piece.team)]
            assert all(work_of[key] - work_of[other] < 2 for other in takers)
    assert allocate(work, people=people, had=had, load=load, way=way) == shared


@given(st.sets(st.text(min_size=1, max_size=4), max_size=20), st.integers(0, 100))
def test_the_share_that_is_graded_twice_is_rounded_up_and_grows_by_adding(references, percent):
    chosen = chosen_for_second(references, seed="7", percent=percent)

    assert len(chosen) == -(-len(references) * percent // 100)
    assert chosen <= chosen_for_second(references, seed="7", percent=100)
