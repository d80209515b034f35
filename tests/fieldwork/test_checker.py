"""The control: a timetable with one rule broken is found, each rule in turn."""

from datetime import time, timedelta

import pytest

from ncpi.fieldwork import checker
from ncpi.fieldwork.problem import Inspector, Rules, Session, Span
from ncpi.lib import dates
from tests.fieldwork.problems import MONDAY, person, placement, problem, span

DAY = span("08:00", "18:00")
TALK = Session("talk", 60, fixed=("p1",))
OTHER = Session("other", 60, fixed=("p2",))
GROUP = Session("group", 60, pool=("p1", "p2", "p3"), size=2)
TEAM = (Inspector("i1"), Inspector("i2"))
PEOPLE = [person("p1"), person("p2"), person("p3")]


def rules_broken(sessions, plan, people=PEOPLE, inspectors=TEAM, **fields):
    found = checker.broken_rules(problem(sessions, people, inspectors, **fields), plan)
    return sorted({one.rule for one in found})


def test_a_sound_timetable_breaks_nothing():
    plan = {"talk": placement("09:00", 60), "other": placement("10:30", 60, people=("p2",))}

    assert rules_broken([TALK, OTHER], plan) == []


@pytest.mark.parametrize(
    ("session", "where", "rule"),
    [
        (TALK, placement("09:00", 45), "length"),
        (TALK, placement("17:30", 60), "day"),
        (TALK, placement("09:05", 60), "grid"),
        (Session("talk", 60, fixed=("p1",), windows=(span("12:00", "14:00"),)), placement("09:00", 60), "window"),
        (TALK, placement("09:00", 60, inspectors=("i1", "i2")), "team"),
        (TALK, placement("09:00", 60, inspectors=("i9",)), "inspector"),
        (Session("talk", 60, fixed=("p1",), specialism="custody"), placement("09:00", 60), "specialism"),
        (TALK, placement("09:00", 60, people=()), "fixed"),
        (Session("talk", 60, fixed=("p1",)), placement("09:00", 60, people=("p1", "p2")), "size"),
        (GROUP, placement("09:00", 60, people=("p1", "p1")), "group"),
        (Session("talk", 60, fixed=("p9",)), placement("09:00", 60, people=("p9",)), "person"),
        (Session("talk", 60, pool=("p1", "p2"), size=2, units=2), placement("09:00", 60, people=("p1", "p2")), "units"),
    ],
)
def test_one_broken_rule_of_a_session_is_found(session, where, rule):
    broken = rules_broken([session], {session.id: where})

    assert rule in broken


@pytest.mark.parametrize(
    ("people", "rule"),
    [
        ([person("p1", band="constable"), person("p2", band="sergeant")], "band"),
        ([person("p1"), person("p2", manager="p1")], "manager"),
        ([person("p1"), person("p2", span("12:00", "18:00"))], "duty"),
        ([person("p1"), person("p2", busy=(span("09:30", "09:45"),))], "busy"),
        ([person("p1"), person("p2", max_sessions=0)], "sessions"),
        ([person("p1"), person("p2", offered=(span("09:15", "18:00"),))], "duty"),
        (
            [person("p1"), person("p2", Span(*dates.day_span(MONDAY - timedelta(days=1), time(22), time(1))), DAY)],
            "rest",
        ),
    ],
)
def test_one_broken_rule_of_a_member_is_found(people, rule):
    group = Session("group", 60, pool=("p1", "p2"), size=2)

    broken = rules_broken([group], {"group": placement("09:00", 60, people=("p1", "p2"))}, people)

    assert broken == [rule]


@pytest.mark.parametrize(
    ("second", "fields", "rules"),
    [
        (placement("09:30", 60, people=("p2",)), {}, ["inspector overlap"]),
        (placement("10:15", 60, people=("p2",)), {}, ["inspector gap"]),
        (placement("09:30", 60, ("i2",), ("p1",)), {}, ["person overlap"]),
        (placement("10:00", 60, ("i2",), ("p1",)), {}, ["person gap"]),
        (placement("10:30", 60, ("i2",), ("p1",)), {"rules": Rules(person_sessions=1)}, ["sessions"]),
        (placement("10:30", 60, ("i2",), ("p1",)), {"rules": Rules(person_sessions_a_day=1)}, ["sessions a day"]),
        (placement("10:30", 60, people=("p2",)), {"rules": Rules(inspector_sessions_a_day=1)}, ["inspector day"]),
        (placement("09:30", 60, ("i2",), ("p2",)), {"rules": Rules(rooms=1)}, ["rooms"]),
    ],
)
def test_two_sessions_that_clash_are_found(second, fields, rules):
    other = Session("other", 60, fixed=second.people)

    assert rules_broken([TALK, other], {"talk": placement("09:00", 60), "other": second}, **fields) == rules


def test_an_inspector_with_no_lunch_is_found():
    sessions = [Session("talk", 90, fixed=("p1",)), Session("other", 90, fixed=("p2",))]
    plan = {"talk": placement("11:00", 90), "other": placement("13:15", 90, people=("p2",))}

    assert rules_broken(sessions, plan) == ["lunch"]


def test_an_absent_inspector_is_found():
    away = Inspector("i1", busy=(span("09:30", "12:00"),))

    assert rules_broken([TALK], {"talk": placement("09:00", 60)}, inspectors=[away]) == ["absence"]


def test_a_session_before_the_one_it_must_follow_is_found():
    later = Session("other", 60, fixed=("p2",), after=("talk",))
    plan = {"talk": placement("10:30", 60), "other": placement("09:00", 60, people=("p2",))}

    assert rules_broken([TALK, later], plan) == ["order"]


def test_a_session_that_nobody_wants_is_found():
    assert rules_broken([], {"talk": placement("09:00", 60)}) == ["session"]


def test_shifts_that_touch_are_one_and_need_no_rest_between():
    halves = person("p1", span("08:00", "12:00"), span("12:00", "18:00"))

    assert rules_broken([TALK], {"talk": placement("11:30", 60)}, [halves]) == []
