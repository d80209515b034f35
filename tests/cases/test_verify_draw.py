import json

import pytest
from django.core.management import CommandError, call_command

from cases import operations, queries
from cases.record import UnreadableRecord, read_record, write_record
from tests.factories import NOW, make_inspection, make_sample


@pytest.fixture
def files(db, tmp_path):
    sample = make_sample(make_inspection())
    case = sample.cases.get(case_type__key="s47", rank=1)
    operations.replace_case(by=sample.drawn_by, case=case, version=1, reason="Sealed.", at=NOW)
    (tmp_path / "frame.csv").write_bytes(queries.canonical_bytes(sample.frame))
    (tmp_path / "draw.json").write_bytes(write_record(queries.draw_record(sample, queries.plan_rows(sample))))
    return tmp_path


def verify(files):
    call_command("verify_draw", files / "frame.csv", files / "draw.json")


def test_a_draw_is_redone_from_its_files_alone(files, capsys, django_db_blocker):
    with django_db_blocker.block():
        verify(files)

    assert capsys.readouterr().out == "The draw reproduces: 18 cases drawn and 1 replaced.\n"


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record.update(seed="another"),
        lambda record: record["drawn"]["s47"].reverse(),
        lambda record: record["plan"][0].update(size=3),
        lambda record: record["replacements"].update(s47=["FNS47000/21"]),
        lambda record: record.update(frame_digest="0" * 64),
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


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"frame_digest": 1}', "\x00"])
def test_what_is_no_record_is_refused(text):
    with pytest.raises(UnreadableRecord, match="no record of a draw"):
        read_record(text.encode())


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"draw\.json"):
        verify(tmp_path)
