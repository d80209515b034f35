"""Every version of a judgement, any two beside each other, and the whole return as it was at a moment."""

import pytest
from django.urls import reverse
from django.utils import timezone

from ncpi.selfassessment import operations, queries
from tests.factories import (
    NOW,
    client_of,
    judge,
    make_evidence,
)
from tests.selfassessment.acts import address, fresh

ROLES = ("coordinator", "lead", "reviewer", "chief_officer")


def in_short(fields):
    return [(label, [(part.kind, part.text) for part in parts]) for label, parts in fields]


# Versions


def written(judgement, people):
    """Write three versions, send and return the last: version 2 to 5."""
    for text in ("We answer.", "We answer quickly.", "We answer in time."):
        judge(fresh(judgement), by=people["lead"], narrative=text)
    sent = operations.send_for_review(by=people["lead"], judgement=fresh(judgement), version=4, at=NOW)
    operations.return_judgement(
        by=people["reviewer"], judgement=fresh(judgement), version=sent.version, reason="How do you know?", at=NOW
    )
    return fresh(judgement)


@pytest.mark.django_db
def test_every_version_says_who_made_it(judgements, people):
    found = queries.versions(written(judgements[0], people))

    lead, reviewer = people["lead"].name, people["reviewer"].name
    assert [(row.number, row.by, row.said["State"]) for row in found] == [
        (1, "", "Not started"),
        (2, lead, "Being written"),
        (3, lead, "Being written"),
        (4, lead, "Being written"),
        (5, lead, "In review"),
        (6, reviewer, "Returned"),
    ]


@pytest.mark.django_db
def test_a_version_made_on_a_page_names_who_was_signed_in(judgements, people):
    data = {"criteria": [f"{judgements[0].pk}:1"], "lead": people["lead"].pk}
    client_of(people["coordinator"]).post(reverse("selfassessment:assign", args=[judgements[0].inspection.ref]), data)

    found = queries.versions(fresh(judgements[0]))

    assert [(row.number, row.by) for row in found] == [(1, ""), (2, people["coordinator"].name)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("older", "newer", "differs"),
    [
        (2, 4, [("What we do", [("same", "We "), ("removed", "answer."), ("added", "answer in time.")])]),
        (4, 2, [("What we do", [("same", "We "), ("removed", "answer in time."), ("added", "answer.")])]),
        (3, 3, []),
        (5, 6, [("State", [("removed", "In review"), ("same", " → "), ("added", "Returned")])]),
    ],
)
def test_any_two_versions_can_be_compared(judgements, people, older, newer, differs):
    row = written(judgements[0], people)

    page = client_of(people["reviewer"]).get(address("history", row), {"from": older, "to": newer})

    first, second, fields = page.context["comparison"]
    assert (first.number, second.number) == (older, newer)
    assert in_short(fields) == differs


@pytest.mark.django_db
@pytest.mark.parametrize("chosen", [{"from": "2", "to": "99"}, {"from": "x", "to": "2"}, {"from": "9" * 40, "to": "1"}])
def test_a_version_that_never_was_is_said_so(judgements, people, chosen):
    row = written(judgements[0], people)

    page = client_of(people["reviewer"]).get(address("history", row), chosen)

    assert page.context["comparison"] is None
    assert "There is no such version of this criterion." in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_the_history_takes_the_same_few_queries(judgements, people, rows, django_assert_num_queries):
    for number in range(rows):
        judge(fresh(judgements[0]), by=people["lead"], narrative=f"Writing {number}")
    client = client_of(people["lead"])
    where = address("history", judgements[0])
    client.get(where)

    with django_assert_num_queries(6):
        client.get(where, {"from": 1, "to": 2})


# The whole at a moment


@pytest.mark.django_db
def test_the_page_shows_the_return_at_the_end_of_a_day_and_what_changed_since(judgements, people):
    judge(judgements[0], by=people["lead"], narrative="Written today.")
    today = timezone.localdate().isoformat()

    page = client_of(people["lead"]).get(address("as-it-was", judgements[0]), {"date": today, "time": ""})

    row, grade = page.context["areas"][0].criteria[0]
    assert (row.texts, grade.label) == ((("What we do", "Written today."),), "Good")
    assert page.context["found"].states[judgements[0].criterion.key] == "Being written"
    assert page.context["differences"] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"date": "2999-01-01"}, {"__all__": ["That moment has not come yet."]}),
        ({"date": "9999-12-31"}, {"__all__": ["That moment has not come yet."]}),
        ({"date": "not a date"}, {"date": ["Enter a valid date."]}),
        (
            {"date": "2021-03-28", "time": "01:30"},
            {
                "__all__": [
                    "01:30 on 28 March 2021 does not exist: the clocks go forward. "
                    "Choose a time before 01:00 or from 02:00."
                ]
            },
        ),
    ],
)
def test_a_moment_that_cannot_be_shown_is_refused_in_plain_words(judgements, people, typed, errors):
    page = client_of(people["lead"]).get(address("as-it-was", judgements[0]), typed)

    assert page.context["form"].errors == errors
    assert "found" not in page.context


@pytest.mark.django_db
def test_before_it_began_there_is_nothing(judgements, people):
    page = client_of(people["lead"]).get(address("as-it-was", judgements[0]), {"date": "2020-01-01"})

    assert "The self-assessment had not begun." in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_a_moment_takes_the_same_few_queries(judgements, people, rows, django_assert_num_queries):
    for row in judgements[:rows]:
        judge(row, by=people["lead"])
        make_evidence(row.inspection, by=people["lead"], title=f"For {row.criterion.key}", judgement=row)
    client = client_of(people["lead"])
    where, today = address("as-it-was", judgements[0]), {"date": timezone.localdate().isoformat()}
    client.get(where)

    with django_assert_num_queries(15):
        client.get(where, today)
