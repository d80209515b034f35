"""Which criteria the sessions speak to."""

import pytest

from ncpi.fieldwork.coverage import Speaks, spoken_to

# Criteria 1 and 2 are of area 10, criterion 3 is of area 20.
AREA_OF = {1: 10, 2: 10, 3: 20}


@pytest.mark.parametrize(
    ("areas", "criteria", "found"),
    [
        ((), (), {1: [], 2: [], 3: []}),
        ((10,), (), {1: [7], 2: [7], 3: []}),
        ((10,), (2,), {1: [], 2: [7], 3: []}),
        ((10, 20), (2,), {1: [], 2: [7], 3: [7]}),
        ((), (3,), {1: [], 2: [], 3: [7]}),
    ],
)
def test_a_session_speaks_to_the_criteria_it_names_and_to_whole_areas_where_it_names_none(areas, criteria, found):
    assert spoken_to(AREA_OF, [Speaks(7, frozenset(areas), frozenset(criteria))]) == found


def test_sessions_that_speak_to_one_criterion_stand_in_their_order():
    sessions = [Speaks(5, frozenset({20}), frozenset()), Speaks(4, frozenset(), frozenset({3}))]

    assert spoken_to(AREA_OF, sessions)[3] == [5, 4]
