import json

import pytest
from django.core.management import CommandError, call_command

from cases import operations, queries
from cases.record import UnreadableRecord, read_record, write_record
from tests.factories import NOW, make_inspection, make_sample


@pytest.fixture
def files(db, tmp_path):
    """Two rounds of a draw, the second spread over teams, with a replacement after each."""
    sample = make_sample(make_inspection(), each=10)
    replace_one(sample)
    plan = {"by": sample.drawn_by, "frame": sample.frame, "sizes": {"s47": 2}, "second_grading_percent": 0, "at": NOW}
    second = operations.fix_plan(**plan, spread="team", round_number=2)
    replace_one(operations.draw_sample(by=sample.drawn_by, sample=second, seed="second", at=NOW))
    replace_one(sample, rank=2)
    (tmp_path / "frame.csv").write_bytes(queries.canonical_bytes(sample.frame))
    (tmp_path / "places.csv").write_bytes(queries.places_bytes(sample.frame, "team"))
    (tmp_path / "draw.json").write_bytes(write_record(queries.draw_record(sample.frame)))
    return tmp_path


def replace_one(sample, **which):
    case = sample.cases.filter(case_type__key="s47", replaced_at=None, **which).order_by("pk").first()
    operations.replace_case(by=sample.drawn_by, case=case, version=1, reason="Sealed.", at=NOW)


def verify(files):
    call_command("verify_draw", files / "frame.csv", files / "draw.json", files / "places.csv")


def test_a_draw_is_redone_from_its_files_alone(files, capsys, django_db_blocker):
    with django_db_blocker.block():
        verify(files)

    assert capsys.readouterr().out == "The draw reproduces: 20 cases drawn in 2 rounds and 3 replaced.\n"


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record["rounds"][0].update(seed="another"),
        lambda record: record["rounds"][0]["drawn"]["s47"].reverse(),
        lambda record: record["rounds"][1]["plan"][0].update(size=2),
        lambda record: record["replaced"][0].update(reference="FNS47000/22"),
        lambda record: record.update(frame_digest="0" * 64),
        lambda record: record["rounds"][1].update(places_digest="0" * 64),
    ],
)
def test_a_record_that_was_changed_does_not_reproduce(files, change):
    record = json.loads((files / "draw.json").read_text())
    change(record)
    (files / "draw.json").write_text(json.dumps(record))

    with pytest.raises(CommandError, match="does not reproduce"):
        verify(files)


def test_a_frame_that_was_changed_does_not_reproduce(files):
    text = (files / "frame.csv").read_text()
    (files / "frame.csv").write_text(text.replace("s47", "missing", 1))

    with pytest.raises(CommandError, match="The frame's digest is"):
        verify(files)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "ncpi-draw/1"}', '{"format": "ncpi-draw/2", "frame_digest": 1}', "\x00"]
)
def test_what_is_no_record_is_refused(text):
    with pytest.raises(UnreadableRecord, match="no record of a draw"):
        read_record(text.encode())


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"draw\.json"):
        verify(tmp_path)
