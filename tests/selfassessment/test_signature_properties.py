"""What is material, proved on made-up returns: any change shows, exactly that one, and taking it back leaves none."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ncpi.selfassessment import canonical, operations, queries, signing
from ncpi.selfassessment.models import Judgement
from ncpi.selfassessment.signing import STATEMENT, Status
from tests.factories import NOW, judge, make_agreed, make_inspection, make_user

text = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
days = st.dates(date(2018, 1, 1), date(2022, 12, 31))
digests = st.sampled_from(["", "a" * 64, "b" * 64])
pieces = st.builds(
    canonical.EvidenceState, number=st.integers(1, 99), shows=text, title=text, kind=text, period_from_date=days,
    period_to_date=days, marking=text, link=text, file=digests,
)  # fmt: skip
undertaken = st.builds(canonical.ActionState, number=st.integers(1, 99), title=text, due_date=days)
criteria = st.builds(
    canonical.CriterionState, key=st.integers(0, 99).map("C{}".format), title=text, grade=text,
    narrative=text, impact=text, gaps=text, plan=text,
    evidence=st.lists(pieces, max_size=3, unique_by=lambda row: row.number).map(tuple),
    actions=st.lists(undertaken, max_size=2, unique_by=lambda row: row.number).map(tuple),
)  # fmt: skip
returns = st.lists(criteria, min_size=1, max_size=4, unique_by=lambda row: row.key)


def text_of(rows):
    form = canonical.return_form(inspection="fen", programme="p/1", scope="", criteria=rows)
    return canonical.canonical_text(form)


def digest_of(rows):
    return canonical.digest_of(text_of(rows))


def different(value):
    return value + timedelta(days=1) if isinstance(value, date) else f"{value}x"


def places(rows):
    """Give every place of a return where something material stands: criterion, list, index, field."""
    for at, row in enumerate(rows):
        for field in ("title", "grade", *canonical.TEXTS):
            yield at, "", 0, field
        for listed in ("evidence", "actions"):
            for index, piece in enumerate(getattr(row, listed)):
                for field in fields(piece):
                    if field.name != "number":
                        yield at, listed, index, field.name


def changed(rows, place):
    """Return the same return with one thing different."""
    at, listed, index, field = place
    row = rows[at]
    if not listed:
        row = replace(row, **{field: different(getattr(row, field))})
    else:
        held = list(getattr(row, listed))
        held[index] = replace(held[index], **{field: different(getattr(held[index], field))})
        row = replace(row, **{listed: tuple(held)})
    return [*rows[:at], row, *rows[at + 1 :]]


@settings(max_examples=150, deadline=None)
@given(returns, st.data(), st.randoms(use_true_random=False))
def test_a_signature_is_stale_by_any_material_change_asks_about_those_alone_and_minds_no_order(rows, data, rng):
    """Three things of each return that is made up: making them up is nearly all of the time."""
    chosen = data.draw(st.lists(st.sampled_from(list(places(rows))), max_size=6, unique=True))

    any_change_makes_it_stale_and_taking_it_back_valid(rows, rng.choice(list(places(rows))))
    signing_again_asks_about_what_changed_and_nothing_else(rows, chosen)
    the_order_in_which_rows_are_read_is_not_material(rows, rng)


def any_change_makes_it_stale_and_taking_it_back_valid(rows, place):
    after = changed(rows, place)

    def worth(now):
        return signing.status_of(
            is_withdrawn=False, is_superseded=False, signed_digest=digest_of(rows), current_digest=digest_of(now)
        )

    assert (worth(after), worth([*rows])) == (Status.STALE, Status.VALID)


def signing_again_asks_about_what_changed_and_nothing_else(rows, chosen):
    after = rows
    for place in chosen:
        after = changed(after, place)

    found = signing.differences(text_of(rows), text_of(after))

    asked = [(row.criterion, row.what) for row in found]
    # Both ends of a period are one thing to read.
    expected = {(at, listed, index, field.split("_")[0]) for at, listed, index, field in chosen}
    assert len(asked) == len(expected)
    assert {key for key, _ in asked} == {rows[at].key for at, *_ in chosen}
    assert all(row.signed != row.now for row in found)


def the_order_in_which_rows_are_read_is_not_material(rows, rng):
    shuffled = []
    for row in rows:
        held = {name: list(getattr(row, name)) for name in ("evidence", "actions")}
        for pieces_of in held.values():
            rng.shuffle(pieces_of)
        shuffled.append(replace(row, **{name: tuple(pieces_of) for name, pieces_of in held.items()}))
    rng.shuffle(shuffled)

    assert text_of(shuffled) == text_of(rows)


def test_every_field_of_the_state_is_written_down_as_material():
    def names(state):
        return {field.name for field in fields(state)}

    assert names(canonical.CriterionState) - {"key", "title"} == set(canonical.MATERIAL)
    assert names(canonical.ActionState) - {"number"} == set(canonical.ACTION_FIELDS)
    evidence = names(canonical.EvidenceState) - {"number", "period_from_date", "period_to_date"}
    assert evidence | {"period"} == set(canonical.EVIDENCE_FIELDS)


TEXTS = {"narrative": "We do this.", "impact": "", "gaps": "", "plan": ""}
edits = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from([*TEXTS, "grade"]), st.sampled_from(["Other.", "Another."])),
    min_size=1, max_size=5,
)  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits)
def test_in_the_database_edits_and_their_undoing_make_the_signature_stale_and_valid(signed, made):
    signature, lead, rows = signed

    for at, name, words in made:
        edit(rows[at], lead, **({"grade": "inadequate"} if name == "grade" else {name: words}))
    edited = worth(signature)
    for at in {at for at, _, _ in made}:
        edit(rows[at], lead, grade="good", **TEXTS)

    assert (edited, worth(signature)) == (Status.STALE, Status.VALID)


@pytest.fixture
def signed():
    """A valid signature over a whole return."""
    inspection = make_inspection()
    lead, chief = (make_user(role, force=inspection.force) for role in ("lead", "chief_officer"))
    rows = make_agreed(inspection, lead=lead)
    shown = queries.scope_to_sign(inspection, None).digest
    signature = operations.sign(
        by=chief, inspection=inspection, area=None, shown_digest=shown, name="DCC", statement=STATEMENT, at=NOW
    )
    return signature, lead, rows


def edit(row, lead, **changes):
    now = Judgement.objects.select_related("inspection__force", "inspection__programme", "grade").get(pk=row.pk)
    kept = {name: getattr(now, name) for name in TEXTS}
    judge(now, by=lead, **{"grade": now.grade.key, **kept, **changes})


def worth(signature):
    return queries.status_now(signature, queries.scope_to_sign(signature.inspection, None).digest)
