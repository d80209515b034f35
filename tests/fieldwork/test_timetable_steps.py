"""Bounds hold, and what is sought beside the proof is found: the parts of the timetable's search, one by one."""

from datetime import timedelta

import pytest
from ortools.sat.python import cp_model

from ncpi.fieldwork import checker, costs
from ncpi.fieldwork.free_time import FreeTime
from ncpi.fieldwork.problem import Inspector, Session
from ncpi.fieldwork.timetable_bound_people import SharedPeople
from ncpi.fieldwork.timetable_circles import by_circles
from ncpi.fieldwork.timetable_crowd import CrowdModel
from ncpi.fieldwork.timetable_steps import Steps
from tests.fieldwork.problems import MONDAY, person, placement, problem, span


def in_steps(wanted, plan, ask):
    """Return the steps of the preference stage; whatever is asked is answered by `ask`."""
    return Steps(wanted, FreeTime(wanted), "preference", plan, ask, lambda: True)


def answered(questions):
    solvers = [cp_model.CpSolver() for _ in questions]
    return [(solver.solve(one.model), solver) for solver, one in zip(solvers, questions, strict=True)]


def test_specialists_in_a_crowd_hold_no_more_than_they_could():
    people = [person(f"p{number}") for number in range(4)]
    sessions = [Session(f"s{number}", 45, fixed=(f"p{number}",), specialism="custody") for number in range(4)]
    team = [Inspector("i1", frozenset({"custody"}), max_a_day=3), Inspector("i2")]
    crowd = CrowdModel(problem(sessions, people, team), FreeTime(problem(sessions, people, team)))
    crowd.minimise("unplaced")
    solver = cp_model.CpSolver()

    solver.solve(crowd.cp)

    assert solver.objective_value == 1


@pytest.mark.parametrize(("limit", "points"), [(2, 0), (1, 5)])
def test_groups_that_share_few_people_say_what_they_cost_at_least(limit, points):
    people = [person(f"p{number}", span("08:30", "12:00"), max_sessions=limit) for number in range(2)]
    people += [person(f"p{number}", span("17:00", "18:00")) for number in range(2, 4)]
    pool = tuple(one.id for one in people)
    wanted = problem([Session(f"g{number}", 60, pool=pool, size=2) for number in range(2)], people)

    found = SharedPeople(wanted, FreeTime(wanted)).cost()

    assert sum(one.points for one in found) == points


@pytest.mark.parametrize(
    ("size", "managers", "fixed", "can"),
    [
        (2, {"p2": "p1"}, (), True),
        (3, {"p2": "p1"}, (), False),
        (2, {"p2": "p1", "p3": "p1"}, (), True),
        (2, {"p2": "p1", "p3": "p2"}, (), True),
        (3, {"p1": "boss"}, ("boss",), False),
        (3, {"boss": "p1"}, ("boss",), False),
        (2, {"p1": "boss"}, ("boss",), True),
    ],
)
def test_a_group_can_start_only_where_enough_are_free_without_their_managers(size, managers, fixed, can):
    people = [person(key, manager=managers.get(key)) for key in ("p1", "p2", "p3", *fixed)]
    session = Session("group", 60, fixed=fixed, pool=("p1", "p2", "p3"), size=size)

    assert bool(FreeTime(problem([session], people)).pool(session)) is can


def test_few_days_taken_apart_lead_to_what_is_proved_best():
    days = [span("08:00", "18:00", MONDAY + timedelta(days=offset)) for offset in range(4)]
    people = [person(f"p{number}", *days) for number in range(6)]
    sessions = [Session(f"s{number}", 60, fixed=(f"p{number}",)) for number in range(6)]
    wanted = problem(sessions, people, days=days)
    worst = {
        one.id: placement(("08:00", "10:00")[at % 2], 60, people=one.fixed, day=MONDAY + timedelta(days=3 - at // 2))
        for at, one in enumerate(sessions)
    }
    steps = in_steps(wanted, worst, lambda questions: answered(list(questions)))

    plan = steps.better()

    assert checker.broken_rules(wanted, plan) == []
    assert (steps.floor, costs.cost_of(wanted, plan).preference) == (0, 0)


def test_an_answer_that_lacks_people_for_its_groups_is_refused_as_a_whole():
    people = [person(f"p{number}", span("08:00", "12:00"), max_sessions=1) for number in range(3)]
    pool = tuple(one.id for one in people)
    wanted = problem([Session(f"g{number}", 60, pool=pool, size=2) for number in range(2)], people)
    free = FreeTime(wanted)
    starts = {one.id: free.options(one) for one in wanted.sessions}

    found = list(SharedPeople(wanted, free).too_few(starts))

    assert [(one.starts, one.count) for one in found] == [(starts, 1)]


def test_a_circle_of_people_says_alone_what_it_leaves_out_and_is_placed_so():
    people = [person(f"p{number}", span("08:00", "12:00"), max_sessions=1) for number in range(4)]
    small = [Session(f"small{number}", 60, pool=("p0", "p1"), size=1) for number in range(2)]
    large = Session("large", 60, pool=("p0", "p1", "p2", "p3"), size=4, priority=2)
    alike = Session("alike", 60, pool=("p2", "p3"), size=2, priority=2)
    wanted = problem([large, *small, alike], people)
    at_hand = {"large": placement("08:00", 60, people=("p0", "p1", "p2", "p3"))}

    plan, floor = by_circles(wanted, FreeTime(wanted), at_hand)

    assert (set(plan), floor) == ({"small0", "small1", "alike"}, 2)
    assert checker.broken_rules(wanted, plan) == []


@pytest.mark.parametrize(("is_shared", "points"), [(False, 3), (True, 5)])
def test_a_crowd_that_is_shared_out_knows_who_is_away_too_long_for_an_equal_share(is_shared, points):
    days = [span("08:00", "18:00", MONDAY + timedelta(days=offset)) for offset in range(2)]
    people = [person(f"p{number}", *days) for number in range(4)]
    sessions = [Session(f"s{at}", 45, fixed=(f"p{at}",), windows=(days[min(at, 1)],)) for at in range(4)]
    team = [Inspector("i1", frozenset({"custody"}), busy=(days[1],)), Inspector("i2")]
    wanted = problem(sessions, people, team, days)
    crowd = CrowdModel(wanted, FreeTime(wanted), is_shared=is_shared)
    crowd.keep("unplaced", 0)
    crowd.minimise("preference")
    solver = cp_model.CpSolver()

    solver.solve(crowd.cp)

    assert solver.objective_value == points
