"""Two people's changes to one text, brought together without losing a word."""

from hypothesis import given
from hypothesis import strategies as st

from ncpi.selfassessment.merging import bring_together, merged

WORDS = st.lists(st.sampled_from(["call", "child", "sergeant", "risk", "home", "night"]), max_size=12)
TEXTS = WORDS.map(" ".join)
BASE = "Officers go at once. They see the child. They write it down."


def test_changes_in_different_places_are_both_kept():
    stored = BASE.replace("at once", "within the hour")
    typed = BASE.replace("write it down", "write it down that night")

    assert merged(BASE, stored, typed) == (
        "Officers go within the hour. They see the child. They write it down that night."
    )


def test_changes_that_touch_are_left_to_the_person():
    assert merged(BASE, BASE.replace("the child", "every child"), BASE.replace("the child", "each child")) is None


def test_the_same_change_made_twice_is_one_change():
    assert merged(BASE, BASE.replace("They see", "Then they see"), BASE.replace("They see", "Then they see")) == (
        BASE.replace("They see", "Then they see")
    )


@given(TEXTS, TEXTS)
def test_a_text_that_one_person_left_alone_becomes_the_others(base, other):
    assert merged(base, other, base) == other
    assert merged(base, base, other) == other


@given(TEXTS, TEXTS, TEXTS)
def test_it_does_not_matter_who_was_first(base, one, other):
    assert merged(base, one, other) == merged(base, other, one)


@given(WORDS, st.lists(st.sampled_from(["mine1", "mine2"]), max_size=3), st.integers(0, 12), st.integers(0, 12))
def test_every_word_that_either_person_added_is_in_what_is_offered(base, mine, here, there):
    typed = " ".join([*base[:here], *mine, *base[here:]])
    stored = " ".join([*base[:there], "theirs", *base[there:]])

    offer, sides = bring_together(
        labels={"narrative": "What we do"}, seen={"narrative": " ".join(base)}, stored={"narrative": stored},
        typed={"narrative": typed},
    )  # fmt: skip

    words = offer["narrative"].split()
    assert [word for word in words if word.startswith("mine")] == mine or not mine
    assert "theirs" in words or [side.is_open for side in sides] == [True]


def test_each_side_marks_what_only_it_has():
    _, sides = bring_together(
        labels={"narrative": "What we do"}, seen=None, stored={"narrative": "We go at once."},
        typed={"narrative": "We go with a colleague."},
    )  # fmt: skip

    only_stored, only_typed = (
        "".join(part.text for part in found if part.kind != "same")
        for found in (sides[0].stored_parts, sides[0].typed_parts)
    )
    assert (only_stored, only_typed) == ("atonce.", "witha colleague.")
    assert sides[0].is_open
