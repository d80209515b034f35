import hashlib
import itertools
import os
import shutil
import subprocess
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import sampling
from cases.record import DrawRecord, Replaced, Round
from cases.sampling import canonical_frame, draw, frame_digest, next_in_order, read_frame

ENTRIES = [
    ("B2", "missing"),
    ("A10", "s47"),
    ("A1", "s47"),
    ("é1", "s47"),
    ("Z9", "missing"),
    ("a3", "missing"),
]
PLAN = {"s47": 2, "missing": 1}

references = st.text(
    st.characters(codec="utf-8", exclude_characters=',"\x7f', exclude_categories=("Cc", "Cs")),
    min_size=1,
    max_size=8,
)
frames = st.dictionaries(references, st.sampled_from(["s47", "missing", "online"]), min_size=1, max_size=30)
seeds = st.from_regex(r"[!-~]{1,12}", fullmatch=True)


def test_the_canonical_form_is_these_bytes():
    assert canonical_frame(ENTRIES) == (
        b"reference,case_type\nA1,s47\nA10,s47\nB2,missing\nZ9,missing\na3,missing\n\xc3\xa91,s47\n"
    )


def test_the_order_is_that_of_the_digests():
    result = draw(ENTRIES, plan=PLAN, seed="7")

    by_hand = sorted(["A1", "A10", "é1"], key=lambda ref: hashlib.sha256(f"7|{ref}".encode()).hexdigest())
    assert result.order["s47"] == tuple(by_hand)
    assert result.drawn("s47") == tuple(by_hand[:2])
    assert len(result.references) == 3


@settings(deadline=None)
@given(frames, seeds, st.randoms())
def test_the_order_of_the_rows_of_a_file_changes_nothing(frame, seed, random):
    rows = list(frame.items())
    shuffled = random.sample(rows, len(rows))

    assert canonical_frame(rows) == canonical_frame(shuffled)
    assert draw(rows, plan={}, seed=seed) == draw(shuffled, plan={}, seed=seed)


@settings(deadline=None)
@given(frames, seeds)
def test_a_larger_plan_adds_and_never_takes_away(frame, seed):
    held = sum(1 for kind in frame.values() if kind == "s47")

    drawn = [draw(frame.items(), plan={"s47": n}, seed=seed).drawn("s47") for n in range(held + 1)]

    assert all(bigger[: len(smaller)] == smaller for smaller, bigger in itertools.pairwise(drawn))
    assert set(drawn[-1]) == {reference for reference, kind in frame.items() if kind == "s47"}


@settings(deadline=None)
@given(frames)
def test_canonical_bytes_read_back_to_the_same_frame(frame):
    assert dict(read_frame(canonical_frame(frame.items()))) == frame


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"reference,case_type",
        b"reference,case_type\nB,x\nA,x\n",
        b"reference,case_type\r\nA,x\r\n",
        b"\xff",
    ],
)
def test_bytes_that_are_not_canonical_are_refused(data):
    with pytest.raises(sampling.NotPlain):
        read_frame(data)


@pytest.mark.parametrize(
    "entry", [("A,1", "s47"), ('A"1', "s47"), ("A\n1", "s47"), ("A1", "s,47"), ("", "s47"), ("A", "")]
)
def test_what_cannot_stand_in_the_canonical_form_is_refused(entry):
    with pytest.raises(sampling.NotPlain):
        canonical_frame([entry])


def test_a_reference_of_two_types_is_refused():
    with pytest.raises(sampling.NotOnce):
        canonical_frame([("A1", "s47"), ("A1", "missing")])


@pytest.mark.parametrize("seed", ["", " 7", "7 ", "sé", "a\nb", "x" * 101, "\ud800"])
def test_a_seed_that_not_everyone_can_type_is_refused(seed):
    with pytest.raises(sampling.UnusableSeed):
        draw(ENTRIES, plan=PLAN, seed=seed)


def test_a_plan_beyond_the_frame_is_refused_with_its_numbers():
    with pytest.raises(sampling.PlanBeyondFrame) as caught:
        draw(ENTRIES, plan={"s47": 4, "online": 1, "missing": 1}, seed="7")

    assert str(caught.value) == (
        "The frame holds too few cases. s47: 4 asked, 3 in the frame; online: 1 asked, 0 in the frame."
    )


def test_a_replacement_is_the_next_in_the_order_until_none_is_left():
    assert next_in_order(["c", "a", "b"], used=["c"]) == "a"
    assert next_in_order(["c", "a", "b"], used=["a", "c"]) == "b"
    with pytest.raises(sampling.OrderExhausted):
        next_in_order(["c"], used=["c"])


def test_a_further_round_draws_only_from_what_was_not_used():
    first = draw(ENTRIES, plan=PLAN, seed="7")

    second = draw(ENTRIES, plan={"s47": 1, "missing": 2}, seed="8", used=first.references)

    assert sorted((*first.references, *second.references)) == sorted(reference for reference, _ in ENTRIES)
    with pytest.raises(sampling.PlanBeyondFrame):
        draw(ENTRIES, plan={"s47": 2}, seed="8", used=first.references)


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 60), min_size=1), st.data())
def test_a_number_is_spread_in_proportion_and_never_beyond_what_is_there(held, data):
    total = sum(held.values())
    size = data.draw(st.integers(0, total))

    given = sampling.spread(size, held)

    assert sum(given.values()) == size
    assert all(abs(given.get(place, 0) * total - size * count) < total for place, count in held.items() if total)
    assert all(given[place] <= held[place] for place in given)


def test_spreading_goes_by_the_largest_remainder_and_ties_by_name():
    assert sampling.spread(5, {"South": 10, "North": 10, "East": 30}) == {"East": 3, "North": 1, "South": 1}
    assert sampling.spread(1, {"South": 10, "North": 10}) == {"North": 1, "South": 0}


@pytest.mark.parametrize(
    ("text", "label"), [(" North \t Fen ", "North Fen"), ('A, "B"', "A; 'B'"), ("Team 1", "Team 1")]
)
def test_a_place_is_written_so_that_it_can_stand_in_a_stratum(text, label):
    assert sampling.place_label(text) == label
    assert sampling.place_of(sampling.stratum("s47", label)) == label
    assert sampling.case_type_of(sampling.stratum("s47", label)) == "s47"


# Two rounds, the second by place, with replacements before and after it.

PLACES = {"A1": "North", "A10": "North", "é1": "South", "B2": "North", "Z9": "South", "a3": "South"}
FRAME, PLACES_FILE = canonical_frame(ENTRIES), sampling.canonical_places(PLACES.items())
BY_PLACE = [(reference, sampling.stratum(kind, PLACES[reference])) for reference, kind in ENTRIES]


def recorded():
    one = draw(ENTRIES, plan={"s47": 1, "missing": 1}, seed="7")
    first = next_in_order(one.order["s47"], used=one.references)
    used = {*one.references, first}
    free = next(key for reference, key in BY_PLACE if reference not in used and key.startswith("missing"))
    two = draw(BY_PLACE, plan={free: 1}, seed="8 8", used=used)
    last = next_in_order(one.order["missing"], used=used | set(two.references))
    return DrawRecord(
        frame_digest=frame_digest(FRAME),
        rounds=(
            Round(1, "type", "", one.plan, "7", {key: one.drawn(key) for key in one.plan}),
            Round(2, "team", frame_digest(PLACES_FILE), two.plan, "8 8", {key: two.drawn(key) for key in two.plan}),
        ),
        replaced=(Replaced(1, 1, "s47", first), Replaced(1, 2, "missing", last)),
    )


def test_a_true_draw_verifies():
    assert recorded().differences(FRAME, [PLACES_FILE]) == ()


def with_round(which, **changes):
    record = recorded()
    rounds = [replace(one, **changes) if one.number == which else one for one in record.rounds]
    return replace(record, rounds=tuple(rounds))


@pytest.mark.parametrize(
    ("record", "frame", "places"),
    [
        (recorded(), canonical_frame(ENTRIES[:-1]), [PLACES_FILE]),
        (replace(recorded(), frame_digest="0" * 64), FRAME, [PLACES_FILE]),
        (recorded(), FRAME, []),
        (recorded(), FRAME, [PLACES_FILE.replace(b"North", b"South", 1)]),
        (with_round(1, seed="8"), FRAME, [PLACES_FILE]),
        (with_round(1, seed=" "), FRAME, [PLACES_FILE]),
        (with_round(1, plan={"s47": 1}), FRAME, [PLACES_FILE]),
        (with_round(1, plan={"s47": 9, "missing": 1}), FRAME, [PLACES_FILE]),
        (with_round(1, drawn={}), FRAME, [PLACES_FILE]),
        (with_round(2, seed="9", plan={"s47,North": 1}), FRAME, [PLACES_FILE]),
        (with_round(2, number=3), FRAME, [PLACES_FILE]),
        (replace(recorded(), replaced=(Replaced(1, 1, "s47", "B2"),)), FRAME, [PLACES_FILE]),
        (replace(recorded(), replaced=(Replaced(5, 1, "s47", "A1"),)), FRAME, [PLACES_FILE]),
    ],
)
def test_anything_changed_afterwards_is_told(record, frame, places):
    assert len(record.differences(frame, places)) >= 1


# The draw redone by programs that know nothing of this one.


def big_record(seed):
    """Three hundred candidates of three types in two districts, drawn twice."""
    entries = [(f"FN{number:04d}/21", ["s47", "missing", "online"][number % 3]) for number in range(300)]
    entries += [("fn-7", "s47"), ("é-8", "s47"), ("-9", "s47")]
    places = {
        reference: f"The {'North' if number % 2 else 'South'} Fen" for number, (reference, _) in enumerate(entries)
    }
    frame, file = canonical_frame(entries), sampling.canonical_places(places.items())
    one = draw(entries, plan={"s47": 5, "missing": 3, "online": 0}, seed=seed)
    plan = {"s47,The North Fen": 3, "s47,The South Fen": 0, "online,The South Fen": 2}
    strata = [(reference, sampling.stratum(kind, places[reference])) for reference, kind in entries]
    two = draw(strata, plan=plan, seed=f"{seed}2", used=one.references)
    rounds = (
        Round(1, "type", "", one.plan, seed, {key: one.drawn(key) for key in one.plan}),
        Round(2, "district", frame_digest(file), plan, f"{seed}2", {key: two.drawn(key) for key in plan}),
    )
    record = DrawRecord(frame_digest(frame), rounds)
    used = sampling.used_file(record.used_before(2))
    return record, {"frame.csv": frame, "places.csv": file, "used.csv": used}


@pytest.mark.skipif(not shutil.which("awk"), reason="awk is not installed")
@pytest.mark.parametrize("seed", ["20210705", 'it\'s \\n $HOME "7"', "a|b"])
def test_the_certificate_s_own_lines_redo_every_round(tmp_path, seed):
    record, files = big_record(seed)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    for one, checked in zip(record.rounds, (1, 3), strict=True):
        commands = record.commands(one.number)

        done = subprocess.run(["sh", "-eu"], input=commands, cwd=tmp_path, capture_output=True, text=True, check=True)

        assert done.stdout.splitlines() == [f"{name}: OK" for name in [*list(files)[:checked], "drawn.csv"]]
        assert (tmp_path / "drawn.csv").read_bytes() == one.drawn_file


INDEPENDENT = """
mkdir unused
awk -F, -v OFS=, '
  FILENAME == "taken.txt" { taken[$0]; next }
  FILENAME == "places.csv" { place[$1] = $2; next }
  FNR > 1 && !($1 in taken) { print $2 "," place[$1], $1 }
' taken.txt places.csv frame.csv | grep "^$STRATUM," | cut -d, -f3 > references.txt
number=1000
while IFS= read -r reference; do
  printf '%s|%s' "$SEED" "$reference" > "unused/$number"
  number=$((number + 1))
done < references.txt
sha256sum unused/* | cut -c1-64 | paste -d ' ' - references.txt | LC_ALL=C sort | head -n "$COUNT" | cut -d ' ' -f2
"""


def test_an_independent_few_lines_of_shell_draw_the_same_cases(tmp_path):
    record, files = big_record("dice 4 1 6")
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    two = record.round(2)
    (tmp_path / "taken.txt").write_text("\n".join(record.used_before(2)) + "\n")

    redone = subprocess.run(
        ["sh", "-eu"],
        input=INDEPENDENT,
        cwd=tmp_path,
        env={**os.environ, "SEED": two.seed, "STRATUM": "s47,The North Fen", "COUNT": "3"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert tuple(redone.stdout.split()) == two.drawn["s47,The North Fen"]


def test_sort_agrees_with_the_canonical_order(tmp_path):
    (tmp_path / "frame.csv").write_bytes(canonical_frame((reference, kind) for reference, kind in ENTRIES))

    subprocess.run("tail -n +2 frame.csv | cut -d, -f1 | LC_ALL=C sort -c", shell=True, cwd=tmp_path, check=True)
