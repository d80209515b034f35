import hashlib
import itertools
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import sampling
from cases.sampling import canonical_frame, draw, frame_digest, next_in_order, read_frame, verify

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


def verified(**changes):
    frame = canonical_frame(ENTRIES)
    result = draw(ENTRIES, plan=PLAN, seed="7")
    given = {
        "frame": frame,
        "digest": frame_digest(frame),
        "plan": PLAN,
        "seed": "7",
        "drawn": {key: result.drawn(key) for key in PLAN},
        "replacements": {"s47": result.order["s47"][2:3]},
    } | changes
    return verify(given.pop("frame"), **given)


def test_a_true_draw_verifies():
    assert verified() == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"frame": canonical_frame(ENTRIES[:-1])},
        {"digest": "0" * 64},
        {"seed": "8 8"},
        {"seed": " "},
        {"plan": {"s47": 1, "missing": 1}},
        {"plan": {"s47": 9, "missing": 1}},
        {"drawn": {"s47": ("A1", "B2"), "missing": ("Z9",)}},
        {"drawn": {}},
        {"replacements": {"s47": ("B2",)}},
        {"replacements": {"online": ("B2",)}},
    ],
)
def test_anything_changed_afterwards_is_told(changes):
    assert len(verified(**changes)) >= 1


@pytest.mark.skipif(not shutil.which("awk"), reason="awk is not installed")
@pytest.mark.parametrize("seed", ["20210705", 'it\'s \\n $HOME "7"', "a|b"])
def test_coreutils_alone_redo_the_draw(tmp_path, seed):
    entries = [(f"FN{number:04d}/21", ["s47", "missing", "online"][number % 3]) for number in range(300)]
    entries += [("fn-7", "s47"), ("é-8", "s47"), ("-9", "s47")]
    plan = {"s47": 5, "missing": 3, "online": 0}
    frame = canonical_frame(entries)
    (tmp_path / "frame.csv").write_bytes(frame)
    chosen = draw(entries, plan=plan, seed=seed)
    by_type = {case_type: chosen.drawn(case_type) for case_type in plan}
    drawn_digest = frame_digest(sampling.drawn_csv(by_type))
    commands = sampling.shell_commands(digest=frame_digest(frame), plan=plan, seed=seed, drawn_digest=drawn_digest)

    done = subprocess.run(["sh", "-eu"], input=commands, cwd=tmp_path, capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == ["frame.csv: OK", "drawn.csv: OK"]
    assert (tmp_path / "drawn.csv").read_bytes() == sampling.drawn_csv(by_type)


def test_sort_agrees_with_the_canonical_order(tmp_path):
    (tmp_path / "frame.csv").write_bytes(canonical_frame((reference, kind) for reference, kind in ENTRIES))

    subprocess.run("tail -n +2 frame.csv | cut -d, -f1 | LC_ALL=C sort -c", shell=True, cwd=tmp_path, check=True)
