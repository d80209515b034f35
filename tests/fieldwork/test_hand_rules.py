"""The rules behind changes by hand: what stays put, which rooms, what clashes, and what is different in words."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from ncpi.fieldwork import checker, clashes, costs, timetable
from ncpi.fieldwork.declines import Declined, respecting
from ncpi.fieldwork.held import begun, holding
from ncpi.fieldwork.plan_differences import differences
from ncpi.fieldwork.problem import Inspector, Published, Rules, Session
from ncpi.fieldwork.rooms import rooms_of
from tests.fieldwork.problems import at, every_plan, person, placement, problem, span, tiny_problems

TUESDAY, WEDNESDAY = (at("12:00").date() + timedelta(days=days) for days in (1, 2))


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(wanted=tiny_problems())
def test_around_a_held_session_the_plan_is_as_good_as_brute_force_and_breaks_no_rule(wanted):
    plans = list(every_plan(wanted))
    first = next((plan for plan in plans if plan), None)
    if first is None:
        return
    key = min(first)
    held = {key: first[key]}

    solved = timetable.solve(holding(wanted, held), seconds=10, workers=1)

    whole = {**solved.sessions, **held}
    with_it = [plan for plan in plans if plan.get(key) == first[key]]
    assert checker.broken_rules(wanted, whole) == []
    assert costs.cost_of(wanted, whole).unplaced == min(costs.cost_of(wanted, plan).unplaced for plan in with_it)


def test_what_breaks_a_rule_on_purpose_is_held_and_nothing_beside_it_breaks_any():
    sessions = [Session("s1", 60, fixed=("p1",)), Session("s2", 60, fixed=("p1",)), Session("s3", 60, fixed=("p2",))]
    people = [person("p1", span("09:00", "12:00")), person("p2")]
    rules = Rules(person_sessions_a_day=1, inspector_sessions_a_day=2)
    wanted = problem(sessions, people, rules=rules)
    held = {"s1": placement("16:00", 60)}

    solved = timetable.solve(holding(wanted, held), seconds=5, workers=1)

    assert [clash.rule for clash in clashes.clashes_in(wanted, held)] == ["duty", "rest"]
    assert set(solved.sessions) == {"s3"}
    assert [clash.rule for clash in clashes.clashes_in(wanted, {**solved.sessions, **held})] == ["duty", "rest"]


def test_an_inspector_with_no_lunch_left_by_hand_is_not_a_contradiction():
    wanted = problem(
        [Session("s1", 180, fixed=("p1",)), Session("s2", 60, fixed=("p2",))], [person("p1"), person("p2")]
    )
    held = {"s1": placement("11:30", 180)}

    solved = timetable.solve(holding(wanted, held), seconds=5, workers=1)

    assert set(solved.sessions) == {"s2"}


def test_what_has_started_stays_though_its_people_changed():
    wanted = problem(
        [Session("s1", 60, fixed=("p1",))],
        [person("p1", busy=(span("09:00", "12:00"),))],
        published=Published({"s1": placement("09:00", 60)}, frozenset({"p1"}), at("09:30")),
    )

    assert begun(wanted) == {"s1": placement("09:00", 60)}
    assert clashes.clashes_in(wanted, {"s1": placement("09:00", 60)}) == []
    assert [one.rule for one in clashes.clashes_in(wanted, {"s1": placement("11:00", 60)})] == ["busy", "past"]
    assert holding(wanted, begun(wanted)).sessions == ()


@pytest.mark.parametrize(
    ("spans", "rooms", "expected"),
    [
        ([("09:00", "10:00"), ("09:30", "10:30"), ("10:00", "11:00")], 2, [1, 2, 1]),
        ([("09:00", "10:00"), ("09:30", "10:30")], 1, [1, None]),
        ([("09:00", "10:00"), ("09:30", "10:30")], None, [None, None]),
    ],
)
def test_sessions_take_the_lowest_room_that_is_free(spans, rooms, expected):
    given_spans = {f"s{number}": (at(start), at(end)) for number, (start, end) in enumerate(spans)}

    assert list(rooms_of(given_spans, rooms).values()) == expected


def one_day(**fields):
    sessions = [
        Session("s1", 60, fixed=("p1",), name="Interview 1"),
        Session("s2", 60, fixed=("p1",), name="Interview 2"),
        Session("s3", 60, pool=("p2", "p3"), size=1, windows=(span("09:00", "12:00"),), name="Group"),
    ]
    night = span("00:00", "02:00")
    people = [person("p1", name="Sergeant 1"), person("p2", night, span("09:00", "18:00")), person("p3", manager="p2")]
    return problem(sessions, people, [Inspector("i1", name="Inspector 1"), Inspector("i2")], **fields)


@pytest.mark.parametrize(
    ("key", "to", "expected"),
    [
        ("s2", placement("14:00", 60, ("i2",)), []),
        ("s2", placement("10:30", 60, ("i2",)), [("person overlap", True)]),
        ("s2", placement("11:05", 60, ("i2",)), [("grid", True), ("person gap", False)]),
        ("s2", placement("11:15", 60), [("inspector gap", False)]),
        ("s3", placement("12:00", 60, ("i2",), ("p3",)), [("window", False)]),
        ("s3", placement("10:00", 60, ("i2",), ("p2",)), [("rest", False)]),
        ("s3", placement("10:00", 60, ("i2",), ("p1",)), [("pool", False), ("person overlap", True)]),
    ],
)
def test_a_change_shows_each_rule_that_it_breaks_and_whether_anybody_may_accept_it(key, to, expected):
    wanted = one_day()
    plan = clashes.moved_to(wanted, {"s1": placement("10:00", 60)}, key, to)

    found = clashes.clashes_with(wanted, plan, key)

    assert [(clash.rule, clash.is_firm) for clash in found] == expected


def test_a_clash_names_the_sessions_that_stand_too_close():
    wanted = one_day()
    plan = {"s1": placement("10:00", 60), "s2": placement("11:00", 60, ("i2",))}

    (clash,) = clashes.clashes_with(wanted, plan, "s2")

    assert clash.words == (
        "Sergeant 1 has too short a gap: Interview 1 (Monday 5 July 10:00), Interview 2 (Monday 5 July 11:00)."
    )


def test_the_starts_that_work_break_no_rule_and_keep_whom_they_can():
    wanted = one_day()
    plan = {"s1": placement("10:00", 60), "s2": placement("14:00", 60, ("i2",))}

    found = clashes.starts_that_work(wanted, plan, "s2")

    assert [clashes.clashes_with(wanted, {**plan, "s2": one.placement}, "s2") for one in found] == [[]] * len(found)
    assert (found[0].starts_at, found[0].placement.inspectors) == (at("08:00"), ("i2",))
    assert at("09:00") not in [one.starts_at for one in found]


def test_what_was_accepted_is_no_clash_once_and_is_dropped_when_it_is_mended():
    wanted = one_day()
    plan = {"s3": placement("10:00", 60, ("i2",), ("p2",))}
    key = ("rest", "person", "p2")

    assert clashes.clashes_in(wanted, plan, [key]) == []
    assert clashes.still_broken(wanted, plan, {"s3": [key, key]}) == {"s3": [key]}
    assert clashes.still_broken(wanted, {}, {"s3": [key]}) == {"s3": []}


def test_nobody_is_asked_again_to_what_they_declined():
    wanted = one_day()

    asked = respecting(
        wanted, [Declined("p2", "s3", span("10:00", "11:00")), Declined("p1", "s1", span("09:00", "10:00"))]
    )

    assert asked.sessions[2].pool == ("p3",)
    assert [one.busy for one in asked.people] == [(span("09:00", "10:00"),), (), ()]


WAS = placement("10:00", 60, ("i1",), ("p1", "p2", "p3"), day=TUESDAY)


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        (
            WAS,
            placement("14:00", 60, ("i2",), ("p1", "p4"), day=WEDNESDAY),
            "Focus group Response moves from Tuesday 6 July 10:00 to Wednesday 7 July 14:00; "
            "Inspector 2 takes it instead of Inspector 1; one person joins, two leave.",
        ),
        (
            WAS,
            placement("10:00", 60, ("i1", "i2"), ("p1", "p2", "p3", "p4", "p5"), day=TUESDAY),
            "Focus group Response stays on Tuesday 6 July 10:00; Inspector 2 joins as inspector; two people join.",
        ),
        (
            WAS,
            placement("10:00", 90, ("i1",), ("p1", "p2"), day=TUESDAY),
            "Focus group Response on Tuesday 6 July 10:00 now ends at 11:30; one person leaves.",
        ),
        (WAS, None, "Focus group Response is taken out; it was on Tuesday 6 July 10:00."),
        (None, WAS, "Focus group Response is new, on Tuesday 6 July 10:00."),
    ],
)
def test_a_difference_is_said_in_words(was, now, words):
    before, after = ({"s1": one} if one else {} for one in (was, now))

    found = differences(before, after, {"s1": "Focus group Response"}, {"i1": "Inspector 1", "i2": "Inspector 2"})

    assert [one.words for one in found] == [words]


def test_what_is_the_same_is_no_difference():
    assert differences({"s1": WAS}, {"s1": WAS}, {}, {}) == []
