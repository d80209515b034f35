"""Why a session is not placed: twenty contradictions planted one at a time, each explained by a set without slack."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from ncpi.fieldwork import checker, conflicts, reasons, remedies, timetable
from ncpi.fieldwork.conflicts import Element
from ncpi.fieldwork.problem import Inspector, Rules, Session, Span
from ncpi.lib import dates
from tests.fieldwork.problems import MONDAY, person, problem, span

AWAY = span("08:00", "18:00")
TWO = (Inspector("i1"), Inspector("i2"))
NIGHT = Span(*dates.day_span(MONDAY - timedelta(days=1), time(22), time(7)))
MORNING = (span("09:00", "11:00"),)
HOUR = (span("09:00", "10:00"),)


def talk(key="talk", *fixed, **fields):
    return Session(key, 60, fixed=fixed or ("p1",), **fields)


def group(**fields):
    return Session("talk", 60, pool=("p1", "p2", "p3"), **({"size": 2} | fields))


P1, P2, P3 = person("p1"), person("p2"), person("p3")
FIRST = Session("first", 60, fixed=("p1",), priority=9)
OTHER = Session("first", 60, fixed=("p2",), priority=9)

# What is planted, and the smallest set that explains it: kinds, with keys where there are several.
PLANTED = {
    "a window too short": ([talk(windows=(span("09:00", "09:30"),))], [P1], {}, ["windows"]),
    "nobody on duty": ([talk()], [person("p1", span("17:30", "23:00"))], {}, ["person p1"]),
    "leave in the window": ([talk(windows=HOUR)], [person("p1", busy=HOUR)], {}, ["windows", "person p1"]),
    "never together": (
        [talk("talk", "p1", "p2")],
        [person("p1", span("08:00", "12:00")), person("p2", span("12:00", "18:00"))],
        {},
        ["person p1", "person p2"],
    ),
    "too few inspectors": ([talk(inspectors=3)], [P1], {"inspectors": TWO}, ["inspectors"]),
    "no specialist": ([talk(specialism="custody")], [P1], {}, ["specialism"]),
    "specialist away": (
        [talk(specialism="custody", windows=HOUR)],
        [P1],
        {"inspectors": [Inspector("i1", frozenset({"custody"}), HOUR), Inspector("i2")]},
        ["windows", "specialism"],
    ),
    "inspectors away": (
        [talk()],
        [person("p1", *MORNING)],
        {"inspectors": [Inspector("i1", busy=(span("08:00", "12:00"),))]},
        ["inspectors", "person p1"],
    ),
    "too few on duty": ([group(size=3)], [P1, P2, person("p3", span("19:00", "23:00"))], {}, ["group"]),
    "rank bands": (
        [group()],
        [person("p1", band="a"), person("p2", band="b"), person("p3", band="c")],
        {},
        ["bands", "group"],
    ),
    "line managers": (
        [group()],
        [P1, person("p2", manager="p1"), person("p3", span("19:00", "23:00"))],
        {},
        ["managers", "group"],
    ),
    "units": ([group(units=2)], [P1, P2, P3], {}, ["units", "group"]),
    "rest after nights": ([talk()], [person("p1", NIGHT, span("08:00", "18:00"))], {}, ["rest_minutes", "person p1"]),
    "one room": (
        [talk("talk", windows=HOUR), replace(OTHER, windows=HOUR)],
        [P1, P2],
        {"inspectors": TWO, "rules": Rules(rooms=1)},
        ["rooms", "windows", "session first"],
    ),
    "lunch": (
        [Session("talk", 180, fixed=("p1",), windows=(span("11:30", "14:30"),))],
        [P1],
        {},
        ["lunch", "windows", "inspectors"],
    ),
    "gap of an inspector": (
        [talk(windows=MORNING), replace(OTHER, windows=MORNING)],
        [P1, P2],
        {},
        ["inspector_gap_minutes", "windows", "inspectors", "session first"],
    ),
    "gap of a person": (
        [talk(windows=MORNING), replace(FIRST, windows=MORNING)],
        [P1],
        {"inspectors": TWO},
        ["person_gap_minutes", "windows", "person p1", "session first"],
    ),
    "one hour for two": (
        [talk(), FIRST],
        [person("p1", *HOUR)],
        {"inspectors": TWO},
        ["person p1", "session first"],
    ),
    "asked enough": (
        [talk(), FIRST],
        [person("p1", max_sessions=1)],
        {},
        ["person_sessions", "person p1", "session first"],
    ),
    "asked enough in a day": (
        [talk(), FIRST],
        [P1],
        {"rules": Rules(person_sessions_a_day=1)},
        ["person_sessions_a_day", "person p1", "session first"],
    ),
    "an inspector's day is full": (
        [talk(), OTHER],
        [P1, P2],
        {"rules": Rules(inspector_sessions_a_day=1)},
        ["inspector_sessions_a_day", "inspectors", "session first"],
    ),
    "before what it follows": (
        [talk(windows=HOUR, after=("first",)), replace(OTHER, windows=(span("10:00", "12:00"),))],
        [P1, P2],
        {"inspectors": TWO},
        ["windows", "order first", "session first"],
    ),
}


def elements(names):
    return {Element(*name.split(" ", 1)) for name in names}


@pytest.mark.parametrize(("sessions", "people", "fields", "explained"), PLANTED.values(), ids=PLANTED)
def test_a_contradiction_is_explained_by_a_set_from_which_nothing_can_be_dropped(sessions, people, fields, explained):
    wanted = problem(sessions, people, **fields)
    plan = timetable.solve(wanted, seconds=20).sessions

    found = conflicts.smallest_conflict(wanted, plan, sessions[0])

    assert set(found) == elements(explained)
    assert left_out(wanted, sessions[0], set(found)) > 0
    assert [one for one in found if left_out(wanted, sessions[0], set(found) - {one}) > 0] == []


def left_out(wanted, session, kept):
    """Return what the best timetable of some elements leaves out, as the whole solver finds it."""
    return timetable.solve(conflicts.with_only(wanted, session, kept), seconds=20).cost.unplaced


@pytest.mark.parametrize(("sessions", "people", "fields", "explained"), PLANTED.values(), ids=PLANTED)
def test_each_remedy_told_is_enough(sessions, people, fields, explained):
    wanted = problem(sessions, people, **fields)
    plan = timetable.solve(wanted, seconds=20).sessions

    found = remedies.remedies(wanted, plan, sessions[0])

    assert found != []
    for remedy in found:
        changed = timetable.solve(remedy.problem, seconds=20)
        assert (remedy.words, changed.unplaced) == (remedy.words, ())
        assert checker.broken_rules(remedy.problem, changed.sessions) == []


def test_the_words_name_sessions_people_and_days():
    sessions = [
        Session("s1", 60, fixed=("p1",), windows=HOUR, name="Interview 4"),
        Session("s2", 60, fixed=("p1",), windows=HOUR, name="Focus group Response", priority=2),
    ]
    wanted = problem(sessions, [person("p1", name="Sergeant 3")], TWO)

    solution = timetable.solve(wanted)

    assert solution.unplaced[0].reasons == (
        "Interview 4: at 1 of 1 possible starts Sergeant 3 is in another session or has enough.",
        "Interview 4: these cannot stand together: its windows (Monday 5 July 09:00–10:00), the times of Sergeant 3 "
        "and the session Focus group Response.",
        "Interview 4: enough would be one more window, on Monday 5 July at 10:15; or to leave out Focus group Response "
        "(Monday 5 July at 09:00).",
    )


def test_a_session_longer_than_every_day_of_its_own_has_words_too():
    assert reasons.told(problem([], []), Session("s1", 60), ()) == []
