"""Published findings about real forces, as the data file holds them."""

from collections import Counter
from datetime import date

import pytest

from ncpi.actions.published_findings import DEMONSTRATION, TrailEntry, load_published_findings
from ncpi.inspections.located_yaml import ProgrammeFileError


def test_twenty_entries_stand_for_42_recommendations_of_real_forces():
    found = load_published_findings()

    assert len(found) == 20
    assert sum(finding.stands_for for finding in found) == 42
    assert Counter(finding.deadline or "not seen" for finding in found) == {
        "immediately": 7,
        "within_3_months": 3,
        "within_6_months": 2,
        "not seen": 8,
    }


def test_no_entry_is_of_the_fictional_force():
    assert [finding.id for finding in load_published_findings() if "Fenshire" in finding.force] == []


def test_the_trail_of_the_register_is_kept_in_order():
    trails = {finding.id: finding.trail for finding in load_published_findings() if finding.trail}

    assert trails == {
        "MER18-9212": (
            TrailEntry(date(2018, 8, 30), "awaiting_review"),
            TrailEntry(date(2018, 9, 5), "will_be_progressed"),
        ),
        "WMP17-8796": (
            TrailEntry(date(2017, 3, 2), "awaiting_review"),
            TrailEntry(date(2018, 5, 8), "being_progressed"),
        ),
    }


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "kind: recommendation",
            "kind: praise",
            "finding WAR22-1: unknown kind 'praise' (known: recommendation, "
            "cause_of_concern, accelerated_cause_of_concern, improvement_area, area_for_improvement)",
        ),
        ("    deadline: immediately\n", "", "finding WAR22-1: a deadline stands exactly where its basis is 'seen'"),
        ("- date: 2018-08-30", "- date: 2019-08-30", "finding MER18-9212: the trail is not in the order of its dates"),
        (
            "status: awaiting_review",
            "status: lost",
            "finding MER18-9212 trail: unknown status 'lost' (known: "
            "awaiting_review, will_be_progressed, being_progressed, complete, superseded)",
        ),
        ('id: "WAR22-2"', 'id: "WAR22-1"', "finding WAR22-1: the id is already used"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path, old, new, expected):
    path = tmp_path / "findings.yaml"
    path.write_text(DEMONSTRATION.read_text().replace(old, new, 1))

    with pytest.raises(ProgrammeFileError) as refused:
        load_published_findings(path)

    assert [problem.what for problem in refused.value.problems] == [expected]
