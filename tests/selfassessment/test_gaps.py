"""Gaps: what the cases say against a claim, moving dates, and the one step from a gap to an action."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from ncpi.actions import operations as actions
from ncpi.actions.models import Action
from ncpi.board.figures import FigureValue
from ncpi.board.operations import publish_figures
from ncpi.inspections import operations as inspections
from ncpi.selfassessment import assignment_operations, evidence_gaps, gap_operations, queries
from ncpi.selfassessment.case_figures import CaseFigures
from ncpi.selfassessment.evidence_gaps import Claim, Dates, act_by, gaps_of
from tests import worlds
from tests.factories import (
    NOW,
    TODAY,
    client_of,
    judge,
    make_action,
    make_evidence,
    make_force,
    make_user,
)
from tests.selfassessment.acts import address, fresh
from tests.selfassessment.world import World

AT = datetime(2021, 6, 13, 8, tzinfo=UTC)
DATES = Dates(date(2020, 7, 1), date(2021, 6, 30), date(2021, 7, 5))


# The rules, as tables


def cases(good, total):
    return CaseFigures("C20-INI", good, total, 0.1, 0.4, AT)


def claim(**changes):
    values = {"key": "C20-INI-1", "title": "Initial call", "area": "Initial contact", "grade": "Good"}
    return Claim(**{**values, "is_good_side": True, **changes})


@pytest.mark.parametrize(
    ("is_good_side", "found", "speaks"),
    [
        (True, cases(4, 10), True),
        (True, cases(5, 10), False),
        (True, cases(2, 5), True),
        (True, cases(1, 4), False),
        (True, cases(0, 0), False),
        (True, None, False),
        (False, cases(0, 10), False),
    ],
)
def test_a_good_claim_is_doubted_when_fewer_than_half_of_five_or_more_cases_are_good(is_good_side, found, speaks):
    gaps = gaps_of(claim(is_good_side=is_good_side, cases=found), DATES)

    assert ("cases_otherwise" in [gap.rule for gap in gaps]) is speaks


def test_the_reason_gives_the_cases_and_their_interval():
    gap = next(gap for gap in gaps_of(claim(cases=cases(6, 22)), DATES) if gap.rule == "cases_otherwise")

    assert (gap.weight, gap.reason) == (
        3,
        "Claimed good while 6 of 22 (27%, 10 to 40%) of the audited cases for this area are on the good side of the "
        "scale.",
    )


def test_every_rule_says_what_it_is_and_what_to_do():
    assert evidence_gaps.ACTS.keys() == evidence_gaps.RULES_IN_WORDS.keys()


@pytest.mark.parametrize(
    ("on", "fieldwork", "due"),
    [
        (date(2021, 6, 14), date(2021, 7, 5), date(2021, 7, 2)),
        (date(2021, 6, 14), date(2021, 7, 7), date(2021, 7, 6)),
        (date(2021, 7, 2), date(2021, 7, 5), date(2021, 7, 9)),
        (date(2021, 7, 12), date(2021, 7, 5), date(2021, 7, 19)),
    ],
)
def test_an_action_is_due_on_the_last_working_day_before_fieldwork_or_in_a_week(on, fieldwork, due):
    assert act_by(on=on, fieldwork_start_date=fieldwork) == due


# With what is published


def build():
    world = World()
    judge(world.judgements[0], by=world.people["lead"])
    world.judgements[0] = fresh(world.judgements[0])
    return world


begun = worlds.copies(build)


@pytest.fixture
def judgement(world, in_its_time):
    return fresh(world.judgements[0])


def held(judgement, people):
    assignment_operations.assign(
        by=people["coordinator"], inspection=judgement.inspection, versions={judgement.pk: judgement.version},
        changes={"lead": people["lead"]},
    )  # fmt: skip
    return fresh(judgement)


def publish(judgement, *, good, other, at=AT, area=None, **changes):
    area = area or judgement.criterion.area.key
    total = good + other
    rows = [
        FigureValue("audit_grade", area, grade, count, total, **changes)
        for grade, count in (("good", good), ("requires_improvement", other), ("inadequate", 0))
    ]
    publish_figures(by=None, inspection=judgement.inspection, source="case audits", figures=rows, as_at=at)


def rules(inspection):
    return {row.weakness.claim.key: [line.gap.rule for line in row.gaps] for row in queries.gaps(inspection)}


def test_the_newest_published_figures_of_the_area_stand_beside_the_claim(judgement, people):
    publish(judgement, good=9, other=1)
    publish(judgement, good=6, other=16, at=NOW)

    found = queries.case_figures(judgement.inspection)[judgement.criterion.area.key]
    page = client_of(people["lead"]).get(address("criterion", judgement)).content.decode()

    assert (found.good, found.cases, found.low, found.high, found.as_at) == (6, 22, 0.1315, 0.4815, NOW)
    assert [(row.label, row.count) for row in found.grades] == [
        ("Good", 6), ("Requires improvement", 16), ("Inadequate", 0),
    ]  # fmt: skip
    assert page.count("6 of 22 (27%, 13 to 48%)</strong> of the audited cases are on the good side") == 1


def test_figures_that_were_held_back_or_withdrawn_say_nothing(judgement):
    area = judgement.criterion.area.key
    held_back = [FigureValue("audit_grade", area, "good", is_suppressed=True)]
    publish_figures(by=None, inspection=judgement.inspection, source="s", figures=held_back, as_at=AT)
    before = dict(queries.case_figures(judgement.inspection))
    publish_figures(by=None, inspection=judgement.inspection, source="s", figures=[], as_at=NOW)

    assert (before, dict(queries.case_figures(judgement.inspection))) == ({}, {})


def test_a_claim_that_the_cases_contradict_is_ranked_with_the_others(judgement, people):
    publish(judgement, good=6, other=16)

    assert rules(judgement.inspection) == {judgement.criterion.key: ["no_evidence", "cases_otherwise"]}


def test_an_area_page_shows_its_cases(judgement, people):
    publish(judgement, good=1, other=2)

    page = client_of(people["lead"]).get(
        reverse("selfassessment:area", args=[judgement.inspection.ref, judgement.criterion.area.key])
    )

    assert page.content.decode().count("1 of 3 (33%, 6 to 79%)</strong> of the audited") == 1
    assert page.content.decode().count("Too few to tell.") == 1


def test_moving_the_dates_changes_the_list_exactly_as_the_dates_say(judgement, people):
    inspection = judgement.inspection
    whole = {"judgement": judgement, "by": people["lead"]}
    make_evidence(inspection, title="Voices", kind="voice", review_date=date(2021, 7, 20), **whole)
    make_evidence(inspection, title="Counts", kind="data", **whole)

    def after(**dates):
        now = {
            name: getattr(inspection, name)
            for name in ("name", "notice_date", "fieldwork_start_date", "fieldwork_end_date", "publication_date")
        }
        now |= {"evidence_from_date": inspection.evidence_from_date, "evidence_to_date": inspection.evidence_to_date}
        inspections.change_dates(
            by=people["coordinator"], inspection=inspection, version=inspection.version, at=NOW, **{**now, **dates}
        )
        inspection.refresh_from_db()
        return rules(inspection).get(judgement.criterion.key, [])

    key = judgement.criterion.key
    before = rules(inspection).get(key, [])
    later = after(fieldwork_start_date=date(2021, 7, 21), fieldwork_end_date=date(2021, 7, 30))
    back = after(fieldwork_start_date=date(2021, 7, 20))
    other_years = after(evidence_from_date=date(2018, 7, 1), evidence_to_date=date(2019, 6, 30))
    half = after(evidence_from_date=date(2018, 7, 1), evidence_to_date=date(2021, 6, 30))

    assert (before, later, back) == ([], ["stale_by_fieldwork"], [])
    assert (other_years, half) == (["outside_period"], ["half_covered"])


# From a gap to an action


def act(judgement, by, rule="no_evidence", on=TODAY):
    return gap_operations.act_on_gap(by=by, judgement=judgement, rule=rule, on=on, at=NOW)


def test_a_gap_becomes_an_action_of_the_lead_due_before_fieldwork(judgement, people):
    row = held(judgement, people)

    action = act(row, people["coordinator"])

    assert (action.owner, action.raised_by, action.criterion, action.due_date) == (
        people["lead"], people["coordinator"], row.criterion, date(2021, 7, 2),
    )  # fmt: skip
    assert action.title == f"Find evidence for: {row.criterion.title}"
    assert action.detail.startswith("Graded good, and no evidence is linked.")


def test_asked_for_twice_it_is_the_same_action(judgement, people):
    row = held(judgement, people)

    assert act(row, people["coordinator"]).pk == act(row, people["lead"]).pk
    assert Action.objects.count() == 1


def test_once_the_action_has_ended_the_gap_may_become_another(judgement, people):
    row = held(judgement, people)
    first = act(row, people["coordinator"])
    actions.not_adopt(by=people["reviewer"], action=first, version=first.version, reason="Too early.", at=NOW)

    assert act(row, people["coordinator"]).pk != first.pk


def test_a_gap_that_is_not_there_becomes_nothing(judgement, people):
    with pytest.raises(gap_operations.GapNotThere):
        act(held(judgement, people), people["coordinator"], rule="one_kind")


def test_a_criterion_that_nobody_holds_has_nobody_to_own_the_action(judgement, people):
    with pytest.raises(gap_operations.NobodyHoldsIt):
        act(judgement, people["coordinator"])

    assert Action.objects.count() == 0


def test_a_closed_inspection_gets_no_more_actions(judgement, people):
    row = held(judgement, people)
    inspection = row.inspection
    inspections.close_inspection(by=people["coordinator"], inspection=inspection, version=inspection.version, at=NOW)

    with pytest.raises(inspections.InspectionClosed):
        act(row, people["coordinator"])


def test_an_action_from_a_gap_does_not_speak_against_the_claim_and_any_other_does(judgement, people):
    row = held(judgement, people)
    act(row, people["coordinator"])
    from_gap = rules(row.inspection)[row.criterion.key]

    make_action(row.inspection, by=people["coordinator"], criterion=row.criterion)

    assert (from_gap, rules(row.inspection)[row.criterion.key]) == (["no_evidence"], ["no_evidence", "open_against"])


@pytest.mark.parametrize(("back", "name"), [("gaps", "gaps"), ("criterion", "criterion")])
def test_the_button_makes_it_an_action_and_is_a_link_afterwards(judgement, people, back, name):
    row, client = held(judgement, people), client_of(people["lead"])
    page = reverse("selfassessment:gaps", args=[row.inspection.ref]) if name == "gaps" else address("criterion", row)
    before = client.get(page).content.decode()

    response = client.post(address("act-on-gap", row, rule="no_evidence"), {"back": back})

    after = client.get(page).content.decode()
    where = reverse("actions:action", args=[row.inspection.ref, Action.objects.get().pk])
    assert (response.status_code, response["Location"]) == (302, page)
    assert (before.count("Make it an action"), after.count("Make it an action")) == (1, 0)
    assert after.count(f'href="{where}">Action raised, due 2 July 2021') == 1


def test_the_button_says_why_it_did_nothing(judgement, people):
    client = client_of(people["lead"])

    client.post(address("act-on-gap", judgement, rule="no_evidence"), {"back": "criterion"})

    page = client.get(address("criterion", judgement))
    assert [str(message) for message in page.context["messages"]] == [
        "Nobody holds this criterion. Assign it first: the action needs an owner."
    ]


def test_another_force_finds_no_gap_to_act_on(judgement):
    stranger = client_of(make_user("lead", force=make_force("Wolden Police")))

    assert stranger.post(address("act-on-gap", judgement, rule="no_evidence")).status_code == 404


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, 3),
        ({"area": "Initial contact"}, 1),
        ({"rule": "no_evidence"}, 2),
        ({"rule": "one_kind"}, 1),
        ({"acted": "yes"}, 1),
        ({"acted": "yes", "rule": "one_kind"}, 0),
        ({"acted": "no"}, 2),
        ({"rule": "nonsense"}, 3),
    ],
)
def test_the_gaps_can_be_narrowed_and_taken_away_as_shown(judgement, judgements, people, asked, shown):
    second = judgements[1]
    other = next(row for row in judgements if row.criterion.area.title == "Initial contact")
    act(held(judgement, people), people["coordinator"])
    for row in (second, other):
        judge(row, by=people["lead"], grade="good")
    make_evidence(second.inspection, by=people["lead"], judgement=second, kind="voice")
    client = client_of(people["lead"])

    page = client.get(address("gaps", second.inspection), asked)
    file = client.get(address("gaps", second.inspection), {**asked, "format": "csv"}).content.decode()

    assert len(page.context["found"]) == shown
    assert len({line.split(",")[0] for line in file.splitlines()[1:]}) == shown
