"""The rules as tables, without a database."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ncpi.lib import wording
from ncpi.selfassessment import canonical, signing
from ncpi.selfassessment.evidence_gaps import Claim, Dates, Support, covered_days, gaps_of, weaknesses
from ncpi.selfassessment.limits import too_long
from ncpi.selfassessment.merging import bring_together

PERIOD = Dates(date(2020, 7, 1), date(2021, 6, 30), date(2021, 7, 5))
EVIDENCE = canonical.EvidenceState(
    number=3,
    shows="It works.",
    title="Dip sample",
    kind="Audit or dip sample",
    period_from_date=date(2020, 7, 1),
    period_to_date=date(2021, 6, 30),
    marking="OFFICIAL",
    file="a" * 64,
)
ACTION = canonical.ActionState(7, "Train", date(2021, 9, 1))
STATE = canonical.CriterionState(
    key="C1", title="Timely", grade="Good", narrative="We do.", evidence=(EVIDENCE,), actions=(ACTION,)
)


def text_of(*criteria):
    form = canonical.return_form(inspection="fen", programme="p/1", scope="", criteria=criteria)
    return canonical.canonical_text(form)


# Canonical form and signatures


def test_the_same_state_in_any_order_has_the_same_bytes():
    other = replace(STATE, key="C2")

    assert text_of(STATE, other) == text_of(other, STATE)


def test_the_digest_is_sha256_of_the_utf8_bytes():
    assert canonical.digest_of("Tŷ\n") == "61751163c95fb35b7737d1953ef050fce2dafc16c272b5d2118f625ffbed85eb"


@pytest.mark.parametrize(
    ("changes", "what", "signed", "now"),
    [
        ({"grade": "Inadequate"}, "Grade", "Good", "Inadequate"),
        ({"narrative": "We did."}, "What we do", "We do.", "We did."),
        ({"impact": "Much."}, "Impact for children", "", "Much."),
        ({"gaps": "Some."}, "Gaps", "", "Some."),
        ({"plan": "More."}, "Plan", "", "More."),
        ({"title": "Quick"}, "Title", "Timely", "Quick"),
        ({"actions": ()}, "Open action", "Train\ndue date: 1 September 2021", ""),
        (
            {"actions": (replace(ACTION, due_date=date(2021, 10, 1)),)},
            "Open action “Train”: due date",
            "1 September 2021",
            "1 October 2021",
        ),
        (
            {"evidence": (replace(EVIDENCE, period_to_date=date(2021, 5, 31)),)},
            "Evidence “Dip sample”: period it speaks for",
            "1 July 2020 to 30 June 2021",
            "1 July 2020 to 31 May 2021",
        ),
        (
            {"evidence": (replace(EVIDENCE, file="b" * 64),)},
            "Evidence “Dip sample”: file",
            f"SHA-256 {'a' * 64}",
            f"SHA-256 {'b' * 64}",
        ),
    ],
)
def test_every_material_change_is_named_exactly(changes, what, signed, now):
    changed = replace(STATE, **changes)

    found = signing.differences(text_of(STATE), text_of(changed))

    title = changes.get("title", "Timely")
    assert [(row.criterion, row.title, row.what, row.signed, row.now) for row in found] == [
        ("C1", title, what, signed, now)
    ]
    assert canonical.digest_of(text_of(changed)) != canonical.digest_of(text_of(STATE))
    assert signing.differences(text_of(changed), text_of(changed)) == []


words = st.text(alphabet="ab \n'\"<é", max_size=12)
states = st.builds(
    canonical.CriterionState, key=st.just("C1"), title=words, grade=words, narrative=words, impact=words, gaps=words,
    plan=words,
    evidence=st.lists(
        st.builds(replace, st.just(EVIDENCE), number=st.integers(1, 4), shows=words, title=words, file=words),
        max_size=3, unique_by=lambda row: row.number,
    ).map(tuple),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(states, states)
def test_a_signature_is_stale_exactly_when_a_difference_can_be_shown(signed, now):
    was, then = text_of(signed), text_of(now)

    differ = bool(signing.differences(was, then))

    assert differ == (canonical.digest_of(was) != canonical.digest_of(then))


@pytest.mark.parametrize(
    ("withdrawn", "superseded", "digest", "status"),
    [
        (False, False, "a", "valid"),
        (False, False, "b", "stale"),
        (False, True, "a", "superseded"),
        (True, False, "a", "withdrawn"),
        (True, True, "b", "withdrawn"),
    ],
)
def test_what_a_signature_is_worth(withdrawn, superseded, digest, status):
    found = signing.status_of(
        is_withdrawn=withdrawn, is_superseded=superseded, signed_digest="a", current_digest=digest
    )

    assert found == status


def test_a_state_that_travels_with_a_page_comes_back_or_not_at_all():
    text = text_of(STATE)
    packed = signing.packed(text)

    assert signing.unpacked(packed, digest=canonical.digest_of(text)) == text
    assert signing.unpacked(packed, digest="0" * 64) == ""
    assert signing.unpacked("not base64!", digest=canonical.digest_of(text)) == ""


def test_a_signed_state_can_be_read_back():
    (row,) = signing.read(text_of(STATE))

    assert (row.key, row.grade, row.texts, row.actions) == (
        "C1",
        "Good",
        (("What we do", "We do."),),
        ("Train (due 1 September 2021)",),
    )
    assert (row.evidence[0].period, row.evidence[0].file_key) == ("1 July 2020 to 30 June 2021", f"3 {'a' * 64}")


# Evidence gaps


def support(kind="data", start=date(2020, 7, 1), end=date(2021, 6, 30), review=None):
    return Support(kind, kind.capitalize(), start, end, review)


def claim(*pieces, grade="Good", is_good_side=True, **counts):
    return Claim("C1", "Timely", "Contact", grade, is_good_side, pieces, **counts)


@pytest.mark.parametrize(
    ("given", "gaps"),
    [
        (claim(), [("no_evidence", "Graded good, and no evidence is linked.")]),
        (claim(support(), support("voice")), []),
        (
            claim(support(), support("audit")),
            [("no_voice", "No evidence carries the voice of a child.")],
        ),
        (
            claim(support("voice")),
            [("one_kind", "All evidence is of one kind: voice.")],
        ),
        (
            claim(support("policy")),
            [
                ("one_kind", "Only policy is linked. It says what should happen, not what did."),
                ("no_voice", "No evidence carries the voice of a child."),
            ],
        ),
        (
            claim(support(end=date(2020, 8, 31)), support("voice", end=date(2020, 7, 31))),
            [("half_covered", "The evidence speaks for 62 of the 365 days of the evidence period.")],
        ),
        (
            claim(support(start=date(2019, 1, 1), end=date(2020, 6, 30)), support("voice", end=date(2020, 7, 1))),
            [("half_covered", "The evidence speaks for 1 of the 365 days of the evidence period.")],
        ),
        (
            claim(
                support(start=date(2019, 1, 1), end=date(2020, 6, 30)),
                support("voice", start=date(2021, 7, 1), end=date(2021, 7, 2)),
            ),
            [("outside_period", "Nothing linked speaks for the evidence period (365 days).")],
        ),
        (
            claim(support(review=date(2021, 7, 4)), support("voice", review=date(2021, 7, 5))),
            [("stale_by_fieldwork", "1 piece of evidence is due for review before fieldwork starts.")],
        ),
        (
            claim(support(), support("voice"), open_actions=1, open_recommendations=2),
            [
                (
                    "open_against",
                    "Claimed good while 1 action and 2 recommendations on it or its area are still open.",
                )
            ],
        ),
        (claim(support(), support("voice"), is_good_side=False, open_actions=1), []),
    ],
)
def test_gaps(given, gaps):
    assert [(gap.rule, gap.reason) for gap in gaps_of(given, PERIOD)] == gaps


def test_days_covered_twice_count_once():
    pieces = [
        support(start=date(2021, 1, 1), end=date(2021, 1, 10)),
        support(start=date(2021, 1, 5), end=date(2021, 1, 20)),
        support(start=date(2021, 1, 6), end=date(2021, 1, 7)),
    ]

    assert covered_days(pieces, PERIOD) == 20


def test_moving_the_dates_changes_the_gaps_as_the_dates_say():
    given = claim(support(review=date(2021, 8, 1)), support("voice"))
    later = Dates(PERIOD.evidence_from_date, PERIOD.evidence_to_date, date(2021, 9, 6))

    assert gaps_of(given, PERIOD) == ()
    assert [gap.rule for gap in gaps_of(given, later)] == ["stale_by_fieldwork"]


def test_the_strongest_claim_with_the_weakest_support_comes_first():
    good, poor = claim(), replace(claim(is_good_side=False), key="C2")
    minor, ungraded = replace(claim(support("voice")), key="C3"), replace(claim(grade=""), key="C4")

    found = weaknesses([minor, poor, good, ungraded], PERIOD)

    assert [row.claim.key for row in found] == ["C1", "C2", "C3"]


# Bringing two texts together


LABELS = {"a": "A", "b": "B"}


@pytest.mark.parametrize(
    ("seen", "stored", "typed", "offered", "shown"),
    [
        (("0", "0"), ("1", "0"), ("2", "0"), ("2", "0"), [("a", False)]),
        (("0", "0"), ("1", "0"), ("0", "2"), ("1", "2"), [("a", True), ("b", False)]),
        (("0", "0"), ("1", "0"), ("1", "0"), ("1", "0"), []),
        (None, ("1", "0"), ("0", "0"), ("0", "0"), [("a", False)]),
    ],
)
def test_bringing_together(seen, stored, typed, offered, shown):
    def fields(values):
        return values and dict(zip(LABELS, values, strict=True))

    offer, sides = bring_together(labels=LABELS, seen=fields(seen), stored=fields(stored), typed=fields(typed))

    assert (offer, [(side.name, side.is_taken_over) for side in sides]) == (fields(offered), shown)


@settings(max_examples=200, deadline=None)
@given(words, words)
def test_the_parts_make_up_both_wordings(old, new):
    found = wording.parts(old, new)

    assert "".join(part.text for part in found if part.kind != "added") == old
    assert "".join(part.text for part in found if part.kind != "removed") == new


def test_long_texts_are_compared_by_line():
    old = "\n".join(f"line {number} of the text" for number in range(4_000))

    found = wording.parts(old, old.replace("line 77 of", "row 77 of"))

    assert [(part.kind, part.text) for part in found if part.kind != "same"] == [
        ("removed", "line 77 of the text\n"),
        ("added", "row 77 of the text\n"),
    ]


# Word limits


def test_a_text_over_the_programmes_limit_says_by_how_much():
    texts = {"narrative": "one two three four", "impact": "one two three", "gaps": ""}

    assert too_long(texts, limit=3) == {"narrative": "What we do has 4 words; the programme allows 3. Take out 1."}
    assert too_long(texts, limit=None) == {}
