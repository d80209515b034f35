"""Earlier reasons as guidance, and how alike people grade: who sees what of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audits import agreement_queries, operations, queries
from audits.models import Audit, Capacity
from cases.models import Case
from tests import worlds
from tests.audits.factories import AT, drawn_sample, give, grade_of, graded, two_gradings
from tests.factories import client_of, make_force, make_inspection, make_user

pytestmark = pytest.mark.django_db


drawn = worlds.copies(lambda: drawn_sample(cases=6))


@pytest.fixture
def sampled(drawn, db):
    return drawn()


@pytest.fixture
def people(sampled):
    return [make_user("auditor", force=sampled.force) for _ in range(2)]


@pytest.fixture
def moderator(sampled):
    return make_user("moderator", force=sampled.force)


def page(user, sampled, name, **asked):
    response = client_of(user).get(reverse(f"audits:{name}", args=[sampled.inspection.ref]), asked)
    assert response.status_code == 200
    return response


def queries_of(client, url):
    client.get(url)  # the first request of a session notes when it was seen
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def differ(sampled, case, people):
    graded(sampled, case, Capacity.FIRST, "good", by=people[0])
    graded(sampled, case, Capacity.SECOND, "inadequate", by=people[1])


def settle(sampled, case, moderator, reason, *, question=None, criterion="C20-INI-1", at=AT):
    case = Case.objects.select_related("inspection__force").get(pk=case.pk)
    return operations.moderate(
        by=moderator, case=case, grade=grade_of(sampled.inspection, "inadequate"), reason=reason,
        criterion_key=criterion, question=question, at=at,
    )  # fmt: skip


@pytest.fixture
def reasons(sampled, people, moderator):
    """Two decided cases, the first about a question, and an auditor who has a third case."""
    audit = give(sampled, sampled.cases[5], people[0])
    question = operations.questions_of(audit).filter(kind="scale").order_by("order", "pk").first()
    for case in sampled.cases[:2]:
        differ(sampled, case, people)
    settle(sampled, sampled.cases[0], moderator, "Nobody visited the child.", question=question)
    settle(
        sampled, sampled.cases[1], moderator, "The plan was late.", criterion="C20-INI-2", at=AT + timedelta(hours=1)
    )
    return question


# Guidance


def test_the_reasons_are_shown_newest_first_without_case_or_auditor(sampled, people, moderator, reasons):
    response = page(people[0], sampled, "guidance")
    body = response.content.decode()

    assert [row.reason for row in response.context["rows"]] == ["The plan was late.", "Nobody visited the child."]
    assert [row.question for row in response.context["rows"]] == ["", reasons.ask]
    hidden = [sampled.cases[0].code, sampled.cases[0].candidate.reference, people[1].name, moderator.name]
    assert [secret for secret in hidden if secret in body] == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"words": "visits child"}, ["Nobody visited the child."]),  # words are found in their other forms
        ({"words": "late -plan"}, []),
        ({"words": "the"}, ["The plan was late.", "Nobody visited the child."]),
        ({"words": "' OR 1=1 --"}, []),
        ({"question": "Q-ALL-1"}, ["Nobody visited the child."]),
        ({"criterion": "C20-INI-2"}, ["The plan was late."]),
        ({"case_type": "missing"}, ["The plan was late.", "Nobody visited the child."]),
        ({"case_type": "custody"}, []),
        ({"question": "Q-ALL-1", "words": "plan"}, []),
    ],
)
def test_guidance_is_searched_by_words_question_criterion_and_case_type(sampled, moderator, reasons, asked, found):
    assert [row.reason for row in page(moderator, sampled, "guidance", **asked).context["rows"]] == found


def test_whoever_is_auditing_a_case_reads_no_decision_about_it(sampled, people, moderator, reasons):
    third = make_user("auditor", force=sampled.force)
    audit = give(sampled, sampled.cases[0], third)

    seen = {who: [row.reason for row in page(who, sampled, "guidance").context["rows"]] for who in (third, people[0])}

    assert seen == {
        third: ["The plan was late."],
        people[0]: ["The plan was late.", "Nobody visited the child."],
    }
    assert [given.guidance for given in queries.given_answers(audit).values()] == []


def test_a_reason_whose_grading_was_corrected_is_guidance_no_more(sampled, people, moderator, reasons):
    first = sampled.cases[0].gradings.get(capacity=Capacity.FIRST)
    graded(sampled, sampled.cases[0], Capacity.FIRST, "inadequate", by=people[0], corrects=first)
    audit = Audit.objects.get(case=sampled.cases[5])

    assert [row.reason for row in page(moderator, sampled, "guidance").context["rows"]] == ["The plan was late."]
    assert [given.guidance for given in queries.given_answers(audit).values()] == []


def test_another_force_has_its_own_guidance(sampled, reasons):
    other = drawn_sample(make_inspection(make_force("Wolden Police")), cases=1)
    stranger = make_user("moderator", force=other.force)

    assert page(stranger, other, "guidance").context["rows"] == []
    address = reverse("audits:guidance", args=[sampled.inspection.ref])
    assert client_of(stranger).get(address).status_code == 404


def test_the_audit_page_shows_the_reason_at_its_question_and_leads_to_the_rest(sampled, people, reasons):
    audit = Audit.objects.get(case=sampled.cases[5])

    body = client_of(people[0]).get(reverse("audits:audit", args=[sampled.inspection.ref, audit.pk])).content.decode()

    assert body.count("Nobody visited the child.") == 1
    assert body.count(f"/inspections/{sampled.inspection.ref}/guidance?question=Q-ALL-1") == 1


@pytest.mark.parametrize("count", [1, 3])
def test_guidance_asks_as_much_for_three_as_for_one(sampled, people, moderator, count):
    for case in sampled.cases[:count]:
        differ(sampled, case, people)
        settle(sampled, case, moderator, "Late.")

    assert queries_of(client_of(moderator), reverse("audits:guidance", args=[sampled.inspection.ref])) == 12


# Agreement


@pytest.fixture
def pairs(sampled, people):
    """Six cases that both graded: the first auditor is higher on five of them; an inspector graded five."""
    inspector = make_user("inspector", force=sampled.force)
    for number, case in enumerate(sampled.cases):
        at = AT + timedelta(days=number)
        graded(sampled, case, Capacity.FIRST, "good" if number < 5 else "inadequate", by=people[0], at=at)
        graded(sampled, case, Capacity.SECOND, "inadequate", by=people[1], at=at)
        if number < 5:
            graded(sampled, case, Capacity.INSPECTOR, "inadequate", by=inspector, at=at + timedelta(days=9))


def test_the_moderator_sees_each_auditors_figures_and_the_coordinator_does_not(sampled, people, moderator, pairs):
    seen = page(moderator, sampled, "agreement")
    hidden = page(sampled.coordinator, sampled, "agreement")

    assert {row.name: (row.peers.row_higher, row.peers.row_lower) for row in seen.context["auditors"]} == {
        people[0].name: (5, 0),
        people[1].name: (0, 5),
    }
    assert hidden.context["auditors"] == []
    assert [person.name for person in people if person.name in hidden.content.decode()] == []


def test_an_auditor_sees_their_own_figures_and_nobody_elses(sampled, people, pairs):
    response = page(people[0], sampled, "my-agreement")

    assert [sentence for _, _, sentence in response.context["comparisons"]] == [
        "Your grades run higher than the other auditors' on 5 of 6, and lower on 0.",
        "Your grades run higher than the inspectors' on 5 of 5, and lower on 0.",
    ]
    assert people[1].name not in response.content.decode()


def test_own_figures_are_silent_under_five(sampled, people):
    graded(sampled, sampled.cases[0], Capacity.FIRST, "good", by=people[0])
    graded(sampled, sampled.cases[0], Capacity.SECOND, "good", by=people[1])

    response = page(people[0], sampled, "my-agreement")

    assert [(result.pairs, result.exact, said) for _, result, said in response.context["comparisons"]] == [
        (1, None, ""),
        (0, None, ""),
    ]


def test_the_page_says_which_way_grades_run_by_type_and_over_time(moderator):
    sampled = drawn_sample(cases=10)
    ours, theirs = make_user("auditor", force=sampled.force), make_user("inspector", force=sampled.force)
    for number, case in enumerate(sampled.cases):
        at = AT + timedelta(days=number)
        graded(sampled, case, Capacity.FIRST, "good" if number >= 5 else "inadequate", by=ours, at=at)
        graded(sampled, case, Capacity.INSPECTOR, "inadequate", by=theirs, at=at)

    shown = page(make_user("moderator", force=sampled.force), sampled, "agreement").context["comparisons"][1]

    assert shown["sentence"] == "First auditors' grades run higher than inspectors' on 5 of 10, and lower on 0."
    assert [(title, result.pairs) for title, result in shown["by_type"]] == [("Missing children", 10)]
    assert [(part.first, part.last, part.result.row_higher) for part in shown["drift"]] == [(1, 5, 0), (6, 10, 5)]


def test_pairs_come_in_the_order_of_their_later_grading(sampled, pairs):
    found = agreement_queries.pairs_of(sampled.inspection)

    assert {str(one): len(rows) for (one, other), rows in found.items() if other == Capacity.INSPECTOR} == {
        "first": 5,
        "second": 5,
        "agreed": 0,
    }
    moments = [pair.at for pair in found[agreement_queries.FIRST_INSPECTOR]]
    assert moments == sorted(moments)


def test_two_gradings_handed_in_are_a_pair(sampled, people):
    two_gradings(sampled, sampled.cases[0], "good", "inadequate", auditors=people)

    (pair,) = agreement_queries.pairs_of(sampled.inspection)[agreement_queries.FIRST_SECOND]

    assert (pair.row, pair.column, pair.row_by, pair.column_by) == ("good", "inadequate", people[0].pk, people[1].pk)


@pytest.mark.parametrize("count", [1, 3])
def test_agreement_asks_as_much_for_three_as_for_one(sampled, people, moderator, count):
    for case in sampled.cases[:count]:
        differ(sampled, case, people)

    assert queries_of(client_of(moderator), reverse("audits:agreement", args=[sampled.inspection.ref])) == 11
