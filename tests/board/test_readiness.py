import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ncpi.board import inputs
from ncpi.board.figures import FigureConflict
from ncpi.board.readiness import StateOfAnotherTime, content_of, summary_bytes
from ncpi.board.wording import figures_of, shown
from tests.board import sample

ORDERED = ("judgements", "signatures", "published", "recommendations", "actions", "milestones", "earlier", "asks")


def told(content, sentence):
    return shown(sentence, figures_of(content))


def row_of(content, area):
    return next(row for row in content["areas"] if row["area"] == area)


def kinds_of(content, area):
    return [flag["kind"] for flag in row_of(content, area)["flags"]]


def test_the_same_state_gives_the_same_bytes():
    assert summary_bytes(sample.state()) == summary_bytes(sample.state())


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_inputs_does_not_reach_the_bytes(random):
    state = sample.state()
    shuffled = {name: tuple(random.sample(getattr(state, name), len(getattr(state, name)))) for name in ORDERED}

    assert summary_bytes(replace(state, **shuffled)) == summary_bytes(state)


@pytest.mark.parametrize(
    ("held", "rows", "words"),
    [
        (15, [(23, 24), (15, 23), (71, 90), (3, 90), (34, 37)], " So far 15 of those with a time took place."),
        (0, [(23, 24), (71, 90), (3, 90), (34, 37)], ""),
    ],
)
def test_what_took_place_is_a_figure_of_its_own_once_anything_did(held, rows, words):
    state = sample.state()

    content = content_of(replace(state, fieldwork=replace(state.fieldwork, sessions_held=held)))

    figures = figures_of(content)
    found = [figures[row["figure"]] for row in content["fieldwork"]["rows"]]
    assert [(one["numerator"], one["denominator"]) for one in found] == rows
    assert told(content, content["fieldwork"]["sentence"]).endswith(f"are spoken to by at least one.{words}")


def test_a_summary_of_the_same_moment_is_not_compared_with_itself():
    state = sample.state()
    itself = inputs.Earlier(state.as_at, content_of(state))

    assert summary_bytes(replace(state, earlier=(*state.earlier, itself))) == summary_bytes(state)


def test_the_three_sentences_say_where_the_force_stands():
    content = content_of(sample.state())

    assert [told(content, sentence) for sentence in content["sentences"]] == [
        "The force has judged 34 of 37 criteria and calls 17 of them good; a chief officer's signature stands over "
        "4 of 9 areas.",
        "Of 31 audited cases, 9 were good (29%, 95% interval 16–47%); in 2 areas the cases contradict what the force "
        "says.",
        "7 recommendations are open, 3 of them repeats, and 7 of 22 open actions are overdue; 1 concern that a child "
        "may not be safe is still open.",
    ]


def test_a_force_with_nothing_yet_is_told_so_in_words():
    state = inputs.State(programme=sample.PROGRAMME, inspection=sample.INSPECTION, as_at=sample.AS_AT)

    content = content_of(state)

    assert [told(content, sentence) for sentence in content["sentences"]] == [
        "The force has not yet judged itself against any of the 37 criteria.",
        "No audited case has a published grade yet, so nothing tests what the force says of itself.",
        "0 recommendations are open, 0 of them repeats, and 0 of 0 open actions are overdue.",
    ]


def test_a_claim_that_the_cases_deny_is_contradicted_and_says_why():
    content = content_of(sample.state())

    flag = row_of(content, "C20-INI")["flags"][0]

    assert (flag["kind"], told(content, flag["sentence"])) == (
        "contradicted",
        "Most criteria here are called good (3 of 4), yet of 22 audited cases 6 were good (27%; 95% interval 13–48%). "
        "Even the top of that interval is less than half.",
    )


@pytest.mark.parametrize(
    ("counts", "kind"),
    [
        ((6, 9, 7), "contradicted"),
        ((7, 8, 7), None),
        ((0, 2, 2), "untested"),
        ((0, 3, 2), "contradicted"),
        ((22, 0, 0), None),
    ],
)
def test_whether_cases_contradict_depends_on_the_top_of_the_interval(counts, kind):
    state = sample.state()
    agreed = tuple(replace(j, evidence=_current()) for j in state.judgements)
    published = sample.published({**sample.CASES, "C20-INI": counts}, state.as_at)

    content = content_of(replace(state, judgements=agreed, published=published))

    assert kinds_of(content, "C20-INI") == ([kind] if kind else [])


def _current():
    return (inputs.Evidence("audit", date(2021, 3, 1), date(2021, 6, 1)),)


def test_cases_better_than_the_claim_are_said_to_be_understated():
    state = sample.state()
    judged = tuple(replace(j, grade="requires_improvement", evidence=_current()) for j in state.judgements)
    published = sample.published({**sample.CASES, "C20-INI": (20, 2, 0)}, state.as_at)

    content = content_of(replace(state, judgements=judged, published=published))

    assert kinds_of(content, "C20-INI") == ["understated"]


def test_evidence_from_before_the_period_does_not_support_a_claim():
    state = sample.state()
    old = (inputs.Evidence("policy", date(2020, 1, 1), date(2020, 12, 31)),)
    judged = tuple(replace(j, evidence=old) for j in state.judgements)

    content = content_of(replace(state, judgements=judged))

    missing = {gap["reason"]: told(content, gap["sentence"]) for gap in row_of(content, "C20-TRU")["missing"]}
    assert kinds_of(content, "C20-TRU") == ["unsupported", "untested"]
    assert missing["recent_evidence"] == "2 criteria with evidence from before the period only"


def test_no_grade_is_written_for_an_area_and_no_overall_share_is_given():
    content = content_of(sample.state())

    assert {key for row in content["areas"] for key in row} == {
        "area",
        "title",
        "claims",
        "claimed_good",
        "judged",
        "signature",
        "cases",
        "others",
        "missing",
        "newest_evidence",
        "flags",
    }
    assert [name for name in figures_of(content) if "readiness" in name] == []


def test_figures_have_exactly_the_promised_fields_and_readable_names():
    content = content_of(sample.state())
    names = [figure["id"] for figure in content["figures"]]

    assert {tuple(figure) for figure in content["figures"]} == {
        ("id", "measure", "area", "breakdown", "numerator", "denominator", "value", "interval", "as_at", "source")
    }
    assert names == sorted(set(names))
    assert figures_of(content)["audit_grade.C20-INI.good"] == {
        "id": "audit_grade.C20-INI.good", "measure": "audit_grade", "area": "C20-INI",
        "breakdown": "good",
        "numerator": 6, "denominator": 22, "value": 0.2727,
        "interval": {"low": 0.1315, "high": 0.4815, "level": 0.95, "method": "wilson"},
        "as_at": "2021-07-12T17:00:00Z", "source": "case audits",
    }  # fmt: skip


def test_sections_hold_no_number_of_their_own():
    def numbers(value, path=()):
        if isinstance(value, dict):
            return [n for key, item in value.items() for n in numbers(item, (*path, key))]
        if isinstance(value, list):
            return [n for item in value for n in numbers(item, path)]
        return [path] if isinstance(value, int | float) and not isinstance(value, bool) else []

    content = content_of(sample.state())

    assert numbers({key: value for key, value in content.items() if key != "figures"}) == []


def test_every_figure_that_a_section_names_exists():
    def named(value):
        if isinstance(value, dict):
            own = [value["figure"]] if "figure" in value else []
            return own + [n for item in value.values() for n in named(item)]
        return [n for item in value for n in named(item)] if isinstance(value, list) else []

    content = content_of(sample.state())

    assert set(named(content)) - set(figures_of(content)) == set()


def test_the_bytes_are_sorted_json_with_unix_lines():
    data = summary_bytes(sample.state())

    assert data.endswith(b"}\n")
    assert b"\r" not in data
    assert json.loads(data) == content_of(sample.state())


def test_two_values_for_one_figure_are_refused():
    state = sample.state()
    other = replace(state.published[0], numerator=1 + (state.published[0].numerator or 0))

    with pytest.raises(FigureConflict):
        content_of(replace(state, published=(*state.published, other)))


def test_a_figure_from_after_the_moment_is_refused():
    state = sample.state()
    late = replace(state.published[0], as_at=state.as_at + timedelta(seconds=1))

    with pytest.raises(StateOfAnotherTime):
        content_of(replace(state, published=(late,)))


def test_an_overdue_action_stays_in_the_plan_until_it_is_closed():
    state = sample.state()
    late = inputs.Action("A1", "Late", "Head", (), date(2021, 7, 1), date(2021, 7, 10))
    kept = inputs.Action("A2", "Kept", "Head", (), date(2021, 7, 1), date(2021, 7, 18))

    content = content_of(replace(state, actions=(late, kept)))

    figures = figures_of(content)
    points = content["tracking"]["burn_down"]
    assert [figures[p["planned"]]["numerator"] for p in points if "planned" in p] == [2, 1]
