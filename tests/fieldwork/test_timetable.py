"""The timetable breaks no rule, is as good as brute force can make it, and says why when it cannot."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from audits.management.bench.fortnights import fortnight
from ncpi.fieldwork import checker, costs, timetable
from ncpi.fieldwork.free_time import FreeTime
from ncpi.fieldwork.greedy import best_of, first_fit
from ncpi.fieldwork.problem import BadProblem, Inspector, Prefer, Published, Rules, Session, Span
from ncpi.lib import dates
from tests.fieldwork.problems import MONDAY, at, best_cost, person, placement, problem, span, tiny_problems

SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


@SLOW
@given(tiny_problems())
def test_a_timetable_breaks_no_rule_and_costs_what_brute_force_finds(wanted):
    solution = timetable.solve(wanted, seconds=20)

    assert checker.broken_rules(wanted, best_of(wanted, FreeTime(wanted))) == []
    assert checker.broken_rules(wanted, solution.sessions) == []
    assert solution.status == "optimal"
    assert solution.cost == best_cost(wanted)
    assert solution.bound == solution.cost
    assert costs.cost_of(wanted, solution.sessions) == solution.cost
    assert {one.id for one in solution.unplaced} == {one.id for one in wanted.sessions} - set(solution.sessions)
    assert all(one.reasons for one in solution.unplaced)


@settings(SLOW, max_examples=25)
@given(tiny_problems(), tiny_problems())
def test_a_replan_disturbs_as_few_as_brute_force_finds(before, after):
    published = timetable.solve(before, seconds=20).sessions
    told = frozenset(key for one in published.values() for key in one.people)
    moments = [None, at("11:00") - timedelta(hours=30), at("11:00")]
    wanted = replace(after, published=Published(published, told, moments[len(told) % 3]))

    solution = timetable.solve(wanted, seconds=20)

    assert checker.broken_rules(wanted, solution.sessions) == []
    assert solution.cost == best_cost(wanted)
    assert solution.bound == solution.cost
    assert set(solution.told_again) == costs.told_again(wanted, solution.sessions)


def test_the_same_problem_and_seed_give_the_same_timetable():
    people = [person(f"p{number}") for number in range(6)]
    sessions = [Session(f"s{number}", 60, fixed=(f"p{number}",)) for number in range(6)]
    wanted = problem(sessions, people, [Inspector("i1"), Inspector("i2")])

    first, second = (timetable.solve(wanted, seed=3) for _ in range(2))

    assert first.sessions == second.sessions


def test_progress_ends_with_the_cost_proved():
    wanted = problem([Session("s1", 60, fixed=("p1",))], [person("p1")])
    told = []

    solution = timetable.solve(wanted, progress=told.append)

    assert solution.is_proved
    assert (told[-1].placed, told[-1].wanted, told[-1].gap) == (1, 1, 0)
    assert {one.stage for one in told} == {"unplaced", "preference"}


def test_a_stopped_run_keeps_the_best_so_far():
    people = [person(f"p{number}") for number in range(8)]
    sessions = [Session(f"s{number}", 60, inspectors=2, fixed=(f"p{number}",)) for number in range(8)]
    wanted = problem(sessions, people, [Inspector(f"i{number}") for number in range(4)])

    solution = timetable.solve(wanted, seconds=30, stop=lambda: True)

    assert checker.broken_rules(wanted, solution.sessions) == []
    assert solution.placed >= len(first_fit(wanted, FreeTime(wanted)))


def test_a_more_important_session_takes_the_only_hour():
    sessions = [Session("minor", 60, fixed=("p1",)), Session("major", 60, fixed=("p1",), priority=2)]
    wanted = problem(sessions, [person("p1", span("09:00", "10:00"))])

    solution = timetable.solve(wanted)

    assert set(solution.sessions) == {"major"}
    assert solution.cost.unplaced == 1


def test_a_preference_never_leaves_a_session_out():
    sessions = [Session("s1", 60, fixed=("p1",), prefer=Prefer(earliest=time(12)))]
    wanted = problem(sessions, [person("p1", span("09:00", "10:00"))])

    solution = timetable.solve(wanted)

    assert solution.sessions["s1"].starts_at == at("09:00")
    assert solution.cost.preference == costs.POINTS_AGAINST_PREFERENCE


def test_nobody_is_asked_within_eleven_hours_of_a_shift():
    night = Span(*dates.day_span(MONDAY - timedelta(days=1), time(22), time(2)))
    wanted = problem([Session("s1", 60, fixed=("p1",))], [person("p1", night, span("09:00", "18:00"))])

    solution = timetable.solve(wanted)

    assert solution.sessions["s1"].starts_at >= at("13:00")


def test_the_clock_change_does_not_shorten_the_rest():
    autumn = MONDAY.replace(year=2027, month=10, day=31)
    night = Span(*dates.day_span(autumn - timedelta(days=1), time(18), time(0, 30)))
    day = span("10:00", "16:00", autumn)
    wanted = problem([Session("s1", 60, fixed=("p1",))], [person("p1", night, day)], days=[day])

    solution = timetable.solve(wanted)

    assert solution.sessions["s1"].starts_at == at("10:30", autumn)


def test_a_withdrawal_moves_nothing_that_can_stay():
    people = [person(f"p{number}", band="constable") for number in range(1, 6)]
    group = Session("group", 60, pool=("p1", "p2", "p3", "p4"), size=3)
    wanted = problem([group, Session("talk", 60, fixed=("p5",))], people)
    published = timetable.solve(wanted).sessions
    leaver = published["group"].people[0]
    told = frozenset(key for one in published.values() for key in one.people)
    without = replace(
        wanted,
        people=tuple(one if one.id != leaver else replace(one, busy=(span("08:00", "18:00"),)) for one in people),
        published=Published(published, told),
    )

    solution = timetable.solve(without)

    assert solution.moved == ()
    assert solution.told_again == (leaver,)
    assert solution.is_proved


@pytest.mark.parametrize(
    ("session", "people", "reason"),
    [
        (
            Session("s1", 60, fixed=("p1",), windows=(span("09:00", "09:30"),), name="Interview"),
            [person("p1")],
            "Interview: 60 minutes fit in none of its windows.",
        ),
        (
            Session("s1", 60, fixed=("p1",), name="Interview"),
            [person("p1", span("17:30", "23:00"), name="Sergeant 3")],
            "Interview: Sergeant 3 is never free for 60 minutes in its windows "
            "(duty, leave and rest after shifts counted).",
        ),
        (
            Session("s1", 60, fixed=("p1", "p2"), name="Interview"),
            [person("p1", span("08:00", "12:00")), person("p2", span("12:00", "18:00"))],
            "Interview: 2 people must come, at most 1 of them are free together; p1 and p2 never are.",
        ),
        (
            Session("s1", 60, fixed=("p1",), inspectors=3, name="Interview"),
            [person("p1")],
            "Interview: 3 inspectors wanted, there are 2.",
        ),
        (
            Session("s1", 60, fixed=("p1",), specialism="custody", name="Interview"),
            [person("p1")],
            "Interview: no inspector has the specialism custody.",
        ),
        (
            Session("s1", 60, pool=("p1", "p2", "p3"), size=3, inspectors=2, name="Focus group Response"),
            [person("p1"), person("p2"), person("p3", span("19:00", "20:00"))],
            "Focus group Response: 3 wanted, at most 2 of the 3 are on duty in any hour when two inspectors are free.",
        ),
        (
            Session("s1", 60, pool=("p1", "p2"), size=2, name="Focus group"),
            [person("p1", band="constable"), person("p2", band="sergeant")],
            "Focus group: 2 of one rank band wanted, at most 1 of a band (of the 2 in the pool) "
            "are on duty in any hour when an inspector is free.",
        ),
        (
            Session("s1", 60, pool=("p1", "p2"), size=2, name="Focus group"),
            [person("p1"), person("p2", manager="p1")],
            "Focus group: 2 wanted, but without anyone sitting with their own line manager "
            "too few of the 2 are on duty together.",
        ),
        (
            Session("s1", 60, pool=("p1", "p2"), size=2, units=2, name="Focus group"),
            [person("p1", unit="Hub"), person("p2", unit="Hub")],
            "Focus group: 2 from 2 units wanted, fewer units are on duty when an inspector is free.",
        ),
    ],
)
def test_a_session_that_can_never_be_is_explained(session, people, reason):
    wanted = problem([session], people, [Inspector("i1"), Inspector("i2")])

    solution = timetable.solve(wanted)

    assert [one.reasons[0] for one in solution.unplaced] == [reason]


def test_a_session_crowded_out_is_explained_by_what_takes_its_place():
    sessions = [
        Session("s1", 60, fixed=("p1",), priority=2),
        Session("s2", 60, fixed=("p2",), name="Interview 2"),
    ]
    people = [person("p1", span("09:00", "10:00")), person("p2", span("09:00", "10:00"))]
    wanted = problem(sessions, people)

    solution = timetable.solve(wanted)

    assert [(one.id, one.reasons[0]) for one in solution.unplaced] == [
        ("s2", "Interview 2: at 1 of 1 possible starts fewer than 1 inspectors are left.")
    ]


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        (problem([Session("s1", 60, fixed=("p9",))]), "s1 names person p9, who is not in the list."),
        (problem([Session("s1", 601)]), "s1 lasts 601 minutes, longer than any day."),
        (problem([Session("s1", 60, after=("s9",))]), "s1 comes after s9, which is not in the list."),
        (
            problem([Session("s1", 60, after=("s2",)), Session("s2", 60, after=("s1",))]),
            "These sessions wait for each other: s1, s2.",
        ),
        (problem([Session("s1", 60), Session("s1", 60)]), "There are 2 of session s1."),
        (problem([], days=[]), "There are no days."),
        (
            problem([], [person("p1", span("08:00", "10:00"), span("09:00", "11:00"))]),
            "The duties of p1 overlap (2021-07-05 09:00).",
        ),
        (problem([], rules=Rules(grid_minutes=0)), "grid_minutes must be from 1 to 60."),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused_with_its_reason(wanted, error):
    with pytest.raises(BadProblem) as refusal:
        timetable.solve(wanted)

    assert refusal.value.errors == (error,)


def test_placements_are_listed_in_the_order_of_the_fortnight():
    plan = {"b": placement("09:00", 60), "a": placement("11:00", 60), "c": placement("08:00", 60)}

    assert [key for key, _ in timetable.placement_list(plan)] == ["c", "b", "a"]


@pytest.mark.parametrize("seed", range(4))
def test_a_generated_fortnight_breaks_no_rule_and_is_the_same_each_time(seed):
    wanted = fortnight(4 + seed, seed=seed, people=24, inspectors=2 + seed % 2)

    first, second = (timetable.solve(wanted, seconds=30) for _ in range(2))

    assert checker.broken_rules(wanted, first.sessions) == []
    assert first.status == "optimal"
    assert (first.sessions, first.cost, first.unplaced) == (second.sessions, second.cost, second.unplaced)


def weighed(**notice):
    """Return two people told of the same hour of different days, with one hour that either could give up."""
    days = [span("09:00", "11:00", MONDAY + timedelta(days=offset)) for offset in (0, 7)]
    people = [person("p1", *days), person("p2", *days)]
    sessions = [Session("s1", 60, fixed=("p1",)), Session("s2", 60, fixed=("p2",))]
    published = {
        "s1": placement("09:00", 60),
        "s2": placement("09:00", 60, ("i1",), ("p2",), MONDAY + timedelta(days=7)),
    }
    return problem(sessions, people, days=days, published=Published(published, frozenset({"p1", "p2"}), **notice))


@pytest.mark.parametrize(
    ("days_before", "hours", "weight"), [(8, 0, 1), (7, 0, 1), (6, 0, 2), (2, 0, 3), (1, 0, 3), (0, 23, 4), (0, 1, 4)]
)
def test_the_less_notice_is_left_the_more_a_person_is_spared(days_before, hours, weight):
    wanted = weighed(at=at("09:00") - timedelta(days=days_before, hours=hours))

    assert costs.weight(wanted, "p1") == weight


def test_without_a_moment_everybody_counts_once():
    assert costs.weight(weighed(), "p1") == 1


def test_the_one_with_more_notice_is_told_again():
    wanted = weighed(at=at("09:00") - timedelta(hours=20))
    both = replace(
        wanted, sessions=(*wanted.sessions, Session("new", 60, priority=5, windows=(span("09:00", "10:00"),)))
    )

    moved = timetable.solve(both)
    swap = timetable.solve(replace(wanted, rules=Rules(rooms=1)))

    assert moved.told_again == ("p1",)
    assert moved.cost.told_again == 4
    assert (swap.told_again, swap.moved) == ((), ())


def test_what_has_started_stays_and_nothing_is_put_in_the_past():
    wanted = weighed(at=at("09:30"))
    late = replace(wanted, sessions=(*wanted.sessions, Session("new", 30)))

    solution = timetable.solve(late)

    assert checker.broken_rules(late, solution.sessions) == []
    assert solution.sessions["s1"].starts_at == at("09:00")
    assert solution.sessions["new"].starts_at >= at("09:30")


@pytest.mark.parametrize(("key", "start"), [("s1", "10:00"), ("new", "09:00")])
def test_the_checker_sees_what_moved_in_the_past(key, start):
    wanted = weighed(at=at("09:30"))
    late = replace(wanted, sessions=(*wanted.sessions, Session("new", 60)))

    broken = checker.broken_rules(late, {key: placement(start, 60, people=() if key == "new" else ("p1",))})

    assert [one.rule for one in broken] == ["past"]


def test_of_equal_plans_the_one_closest_in_time_is_taken():
    published = {"s1": placement("09:00", 60)}
    people = [person("p1", span("08:00", "18:00"), busy=(span("08:30", "10:30"),))]
    wanted = problem(
        [Session("s1", 60, fixed=("p1",), prefer=Prefer(earliest=time(16)))],
        people,
        published=Published(published, frozenset({"p1"})),
    )

    solution = timetable.solve(wanted)

    assert solution.sessions["s1"].starts_at == at("10:30")
    assert solution.cost.distance == 90


@pytest.mark.parametrize(
    ("cost", "bound", "words"),
    [
        ({"unplaced": 1, "preference": 5}, {"unplaced": 1, "preference": 5}, costs.PROVED_BEST),
        (
            {"unplaced": 0, "moved": 2, "preference": 9},
            {"unplaced": 0, "moved": 2, "preference": 4},
            "Proved best at placing what matters most, moving as little as possible. The best found in the time given "
            "at following preferences (costs 9, at least 4); a better one may exist.",
        ),
        (
            {"unplaced": 3, "preference": 9},
            {"unplaced": 1, "preference": 4},
            "The best found in the time given at placing what matters most (costs 3, at least 1), "
            "following preferences (costs 9, at least 4); a better one may exist.",
        ),
    ],
)
def test_what_is_proved_is_said_stage_by_stage(cost, bound, words):
    assert costs.proof_in_words(cost, bound) == words
