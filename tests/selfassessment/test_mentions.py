"""Whom an @name means, as a table."""

import pytest

from ncpi.selfassessment.mentions import Mentions, mentions_in

NAMES = {1: "Safeguarding lead 1", 2: "Safeguarding lead 12", 3: "Reviewer", 4: "Anne-Marie O'Dell"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nobody is named here.", Mentions()),
        ("@Reviewer, is that so?", Mentions((3,))),
        ("Ask @safeguarding.lead.1.", Mentions((1,))),
        ("Ask @Safeguarding Lead 12, not the other", Mentions((2,))),
        ("@reviewer and @REVIEWER and @Safeguarding  lead 1", Mentions((3, 1))),
        ("@Anne Marie O'Dell knows", Mentions((4,))),
        ("Write to reviewer@force.example", Mentions()),
        ("@Reviewers are many", Mentions(unknown=("Reviewers",))),
        ("@nobody. @nobody", Mentions(unknown=("nobody",))),
        ("at 10 @ noon, @ Reviewer", Mentions()),
    ],
)
def test_an_at_sign_means_the_longest_name_that_fits(text, found):
    assert mentions_in(text, NAMES) == found


def test_a_name_that_two_people_have_means_neither():
    assert mentions_in("@Reviewer?", {1: "Reviewer", 2: "reviewer"}) == Mentions(shared=("Reviewer",))


def test_where_nobody_can_be_told_every_name_is_unknown():
    assert mentions_in("@Reviewer", {}) == Mentions(unknown=("Reviewer",))
