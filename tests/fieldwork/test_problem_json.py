"""The interface for machines: what goes in, what comes out, what is refused and how."""

import copy
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest

from audits.management.bench.fortnights import fortnight
from ncpi.fieldwork import checker, timetable
from ncpi.fieldwork.problem import BadProblem
from ncpi.fieldwork.problem_json import problem_as_json, read_problem, solution_as_json
from ncpi.lib.strict_json import NotJson

ROOT = Path(__file__).resolve().parents[2]
PROBLEM = jsonschema.Draft202012Validator(json.loads((ROOT / "docs/timetable-problem.schema.json").read_text()))
SOLUTION = jsonschema.Draft202012Validator(json.loads((ROOT / "docs/timetable-solution.schema.json").read_text()))


def small():
    """Return a problem with every key of the interface."""
    return {
        "days": [{"date": "2021-07-05", "open": "08:00", "close": "18:00"}],
        "grid_minutes": 15,
        "rules": {
            "rest_minutes": 660,
            "inspector_gap_minutes": 30,
            "person_gap_minutes": 15,
            "lunch": {"minutes": 60, "from": "11:30", "to": "14:30"},
            "inspector_sessions_a_day": 4,
            "person_sessions": 2,
            "person_sessions_a_day": 2,
            "rooms": None,
        },
        "people": [
            {
                "id": f"p{number}",
                "unit": "Response",
                "band": "constable",
                "manager": None,
                "duty": [["2021-07-05T07:00", "2021-07-05T17:00"]],
                "busy": [["2021-07-05T08:00", "2021-07-05T09:00", "court"]],
                "offered": None,
                "max_sessions": 2,
            }
            for number in (1, 2, 3)
        ],
        "inspectors": [{"id": "i1", "specialisms": ["digital"], "busy": [], "max_a_day": 4}],
        "sessions": [
            {
                "id": "s1",
                "kind": "interview",
                "minutes": 60,
                "inspectors": 1,
                "specialism": "digital",
                "fixed": ["p1"],
                "pool": [],
                "size": 0,
                "after": [],
                "windows": [["2021-07-05T08:00", "2021-07-05T12:00"]],
                "prefer": {"from": "10:00", "to": None},
                "priority": 2,
            },
            {"id": "s2", "minutes": 60, "pool": ["p1", "p2", "p3"], "size": 2, "after": ["s1"]},
        ],
        "published": None,
    }


def solved(problem, **fields):
    wanted, unread = read_problem(json.dumps(problem))
    solution = timetable.solve(wanted, seconds=20, **fields)
    assert unread == []
    assert checker.broken_rules(wanted, solution.sessions) == []
    return solution_as_json(wanted, solution)


def test_a_problem_with_every_key_is_solved_and_both_keep_to_their_schema():
    problem = small()

    solution = solved(problem)

    PROBLEM.validate(problem)
    SOLUTION.validate(solution)
    assert solution | {"seconds": 0, "sessions": {}} == {
        "status": "optimal",
        "seconds": 0,
        "seed": 1,
        "placed": 2,
        "sessions": {},
        "unplaced": [],
        "cost": {"unplaced": 0, "told_again": 0, "moved": 0, "preference": 0},
        "bound": {"unplaced": 0, "told_again": 0, "moved": 0, "preference": 0},
        "moved": [],
        "told_again": [],
    }
    assert solution["sessions"]["s1"]["start"] == "2021-07-05T10:00"


@pytest.mark.parametrize("is_nested", [True, False])
def test_a_replan_of_what_still_stands_changes_nothing(is_nested):
    problem = small()
    first = solved(problem)["sessions"]
    told = sorted({person for one in first.values() for person in one["people"]})
    problem["published"] = {"sessions": first, "told": told} if is_nested else first | {"told": told}

    again = solved(problem)

    PROBLEM.validate(problem)
    assert (again["sessions"], again["moved"], again["told_again"]) == (first, [], [])


def test_a_generated_problem_survives_writing_and_reading():
    wanted = fortnight(20, seed=3)
    written = problem_as_json(wanted)

    read, unread = read_problem(json.dumps(written))

    PROBLEM.validate(written)
    assert (read, unread) == (wanted, [])


def test_nothing_that_can_be_placed_is_infeasible_and_says_why():
    problem = small()
    problem["inspectors"] = []

    solution = solved(problem)

    SOLUTION.validate(solution)
    assert (solution["status"], solution["placed"]) == ("infeasible", 0)
    assert [one["id"] for one in solution["unplaced"]] == ["s1", "s2"]


def changed(*path, to):
    """Return the small problem with one value put elsewhere along a path."""
    problem = copy.deepcopy(small())
    place = problem
    for step in path[:-1]:
        place = place[step]
    if to is KeyError:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return problem


P1, S1, S2 = ("people", 0), ("sessions", 0), ("sessions", 1)
SHAPES = [
    (("days",), KeyError, "days is missing."),
    (("days",), {}, "days must be a list."),
    (("days", 0, "open"), "8:00", "days[0].open must be a time such as 09:30."),
    (("days", 0, "date"), "05/07/2021", "days[0].date must be a date such as 2021-07-05."),
    (("grid_minutes",), "15", "grid_minutes must be a whole number."),
    (("grid_minutes",), 0, "grid_minutes must be from 1 to 60, not 0."),
    (("rules", "rest_minutes"), -1, "rules.rest_minutes must be from 0 to 100000, not -1."),
    (("rules", "rooms"), True, "rules.rooms must be a whole number."),
    (("rules", "lunch"), 60, "rules.lunch must be an object."),
    ((*P1, "id"), KeyError, "people[0].id is missing."),
    ((*P1, "id"), 7, "people[0].id must be text."),
    ((*P1, "id"), "", "people[0].id () must not be empty."),
    ((*P1, "duty", 0), ["2021-07-05T07:00"], "people[0].duty[0] (p1) must hold a beginning, an end and"),
    ((*P1, "duty", 0, 1), "2021-07-05 17:00", "people[0].duty[0][1] (p1) must be a local time such as"),
    ((*P1, "duty", 0, 1), "2021-07-05T17:00Z", "people[0].duty[0][1] (p1) must be a local time such as"),
    (("inspectors", 0, "max_a_day"), 1.5, "inspectors[0].max_a_day (i1) must be a whole number."),
    ((*S1, "minutes"), 0, "sessions[0].minutes (s1) must be from 1 to 100000, not 0."),
    ((*S1, "minutes"), None, "sessions[0].minutes (s1) must be a whole number."),
    ((*S1, "fixed"), "p1", "sessions[0].fixed (s1) must be a list."),
    ((*S1, "prefer"), [], "sessions[0].prefer (s1) must be an object."),
    (("published",), {"s1": {"start": "2021-07-05T10:00"}, "told": []}, "published.s1.end is missing."),
    (("published",), {"told": "p1"}, "published.told must be a list."),
]


@pytest.mark.parametrize(("path", "to", "said"), SHAPES)
def test_a_wrong_shape_is_refused_by_schema_and_parser_alike(path, to, said):
    problem = changed(*path, to=to)

    with pytest.raises(BadProblem) as refusal:
        read_problem(json.dumps(problem))

    assert any(error.startswith(said.replace(" ()", "")) for error in refusal.value.errors), refusal.value.errors
    assert not PROBLEM.is_valid(problem)


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("grid_minutes",), KeyError),
        (("rules",), KeyError),
        (("rules", "lunch"), None),
        ((*P1, "band"), None),
        ((*P1, "offered"), []),
        ((*P1, "duty"), KeyError),
        ((*S1, "specialism"), ""),
        ((*S1, "windows"), None),
        ((*S1, "prefer"), {}),
        ((*S1, "inspectors"), 0),
        (("published",), KeyError),
        (("published",), {}),
    ],
)
def test_what_may_be_left_out_may_by_schema_and_parser_alike(path, to):
    problem = changed(*path, to=to)
    if to == 0:
        problem["sessions"][0]["specialism"] = None

    read_problem(json.dumps(problem))

    assert PROBLEM.is_valid(problem)


@pytest.mark.parametrize(
    ("path", "to", "said"),
    [
        ((*S1, "fixed"), ["p9"], "s1 names person p9, who is not in the list."),
        ((*S1, "after"), ["s9"], "s1 comes after s9, which is not in the list."),
        ((*S1, "after"), ["s2"], "These sessions wait for each other: s1, s2."),
        ((*S1, "minutes"), 601, "s1 lasts 601 minutes, longer than any day."),
        (("inspectors",), small()["inspectors"] * 2, "There are 2 of inspector i1."),
        ((*S2, "size"), 4, "s2 wants 4 people of a pool of 3."),
        ((*P1, "duty"), [["2021-07-05T07:00", "2021-07-05T12:00"]] * 2, "The duties of p1 overlap (2021-07-05 07:00)."),
        (
            (*P1, "duty"),
            [["2021-07-05T12:00", "2021-07-05T07:00"]],
            "The duties of p1 include one that ends before it ",
        ),
        (("days",), [small()["days"][0]] * 2, "The days overlap (2021-07-05 08:00)."),
        (("days", 0, "close"), "08:00", "days[0] is refused: The end must be after the start."),
        (("days",), [], "There are no days."),
        ((*P1, "busy"), [["2021-02-30T08:00", "2021-03-01T08:00"]], "people[0].busy[0][0] (p1) must be a local time"),
        (
            (*P1, "duty"),
            [["2027-03-28T01:30", "2027-03-28T09:00"]],
            "people[0].duty[0][0] (p1) is refused: 01:30 on 28 March 2027 does not exist: the clocks go forward.",
        ),
        (
            (*P1, "duty"),
            [["2027-10-30T22:00", "2027-10-31T01:30"]],
            "people[0].duty[0][1] (p1) is refused: 01:30 on 31 October 2027 happens twice: the clocks go back.",
        ),
    ],
)
def test_a_problem_that_makes_no_sense_is_refused_by_name(path, to, said):
    with pytest.raises(BadProblem) as refusal:
        read_problem(json.dumps(changed(*path, to=to)))

    assert [error.startswith(said) for error in refusal.value.errors] == [True], refusal.value.errors


@pytest.mark.parametrize("text", ["", "{", '{"days": NaN}', '{"days": [], "days": []}', "[" * 100_000])
def test_what_is_not_json_is_refused(text):
    with pytest.raises(NotJson):
        read_problem(text)


def test_every_mistake_is_said_at_once_and_unknown_keys_are_named():
    problem = changed(*S1, "minutes", to=-5)
    problem["sessions"][1]["size"] = "two"

    with pytest.raises(BadProblem) as refusal:
        read_problem(json.dumps(problem))
    _, unread = read_problem(json.dumps(changed(*S1, "priorty", to=3)))

    assert len(refusal.value.errors) == 2
    assert unread == ["sessions[0].priorty"]


def command(*arguments, text):
    """Run the command as a stranger would: no setting, no database, no broker."""
    return subprocess.run(
        [sys.executable, "manage.py", "solve_timetable", "-", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_command_prints_a_solution_or_ends_with_two():
    good = command("--seconds", "20", "--seed", "4", text=json.dumps(small()))
    bad = command(text=json.dumps(changed(*S1, "fixed", to=["p9"])))

    solution = json.loads(good.stdout)
    SOLUTION.validate(solution)
    assert (good.returncode, good.stderr, solution["seed"], solution["placed"]) == (0, "", 4, 2)
    assert (bad.returncode, bad.stdout) == (2, "")
    assert bad.stderr.splitlines()[-1] == "s1 names person p9, who is not in the list."


@pytest.mark.parametrize(
    ("sunday", "rested_at", "in_utc", "friday_to_monday"),
    [("2027-03-28", "12:30", "11:30", 71), ("2027-10-31", "10:30", "10:30", 73)],
)
def test_a_fortnight_across_a_clock_change_is_right_to_the_minute(sunday, rested_at, in_utc, friday_to_monday):
    """A shift ends at 00:30, before the clocks change: eleven real hours later they show another time."""
    first = datetime.fromisoformat(sunday).date() - timedelta(days=6)
    days = [first + timedelta(days=offset) for offset in range(14)]
    friday, saturday, monday = days[4], days[5], days[7]
    shifts = [[f"{saturday}T18:00", f"{sunday}T00:30"], [f"{sunday}T08:00", f"{sunday}T20:00"]]
    problem = small() | {
        "days": [{"date": str(day), "open": "08:00", "close": "20:00"} for day in days],
        "people": [
            {"id": "p1", "duty": shifts},
            {"id": "p2", "duty": [[f"{day}T09:00", f"{day}T10:00"] for day in (friday, monday)]},
        ],
        "sessions": [
            {"id": "rested", "minutes": 60, "fixed": ["p1"], "windows": [[f"{sunday}T08:00", f"{sunday}T20:00"]]},
            {"id": "before", "minutes": 60, "fixed": ["p2"], "windows": [[f"{friday}T08:00", f"{friday}T18:00"]]},
            {"id": "later", "minutes": 60, "fixed": ["p2"], "windows": [[f"{monday}T08:00", f"{monday}T18:00"]]},
        ],
    }
    wanted, _ = read_problem(json.dumps(problem))

    found = timetable.solve(wanted, seconds=20)

    written = solution_as_json(wanted, found)["sessions"]
    assert checker.broken_rules(wanted, found.sessions) == []
    assert {key: one["start"] for key, one in written.items()} == {
        "rested": f"{sunday}T{rested_at}",
        "before": f"{friday}T09:00",
        "later": f"{monday}T09:00",
    }
    assert found.sessions["rested"].starts_at == datetime.fromisoformat(f"{sunday}T{in_utc}").replace(tzinfo=UTC)
    apart = found.sessions["later"].starts_at - found.sessions["before"].starts_at
    assert apart == timedelta(hours=friday_to_monday)
