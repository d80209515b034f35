"""The first sheet of a workbook as CSV: what is written, what is refused, and that a hostile one is bounded."""

import io
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from ncpi.lib import sheets
from ncpi.lib.sheet_reader import Refused, rows
from ncpi.lib.sheets import sheet_as_csv
from ncpi.lib.tables import Limits, Row, UnreadableTable, read_csv, stream_csv
from tests.lib.hostile import sheet_of

TEXT = '<c r="{}{{row}}" t="inlineStr"><is><t>x</t></is></c>'


def book(*lines, hidden_first=False, places=()):
    made = Workbook()
    sheet = made.active
    if hidden_first:
        sheet.append(["not this"])
        sheet.sheet_state = "hidden"
        sheet = made.create_sheet("Cases")
    for line in lines:
        sheet.append(line)
    for place, value in places:
        sheet[place] = value
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def read(data, *, most_rows=10, most_columns=5):
    return list(rows(data, most_rows=most_rows, most_columns=most_columns))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("FN0001/21", "FN0001/21"),
        (12, "12"),
        (12.0, "12"),
        (0.5, "0.5"),
        (True, "yes"),
        (False, "no"),
        (date(2021, 7, 5), "2021-07-05"),
        (datetime(2021, 7, 5, 14, 30), "2021-07-05 14:30:00"),
        ("one\r\ntwo", "one\r\ntwo"),
        (" + not a formula", " + not a formula"),
    ],
)
def test_what_a_person_sees_in_a_cell_is_what_is_read(value, text):
    assert read(book(["a"], [value])) == [["a"], [text]]


def test_empty_rows_keep_the_count_and_a_hidden_sheet_is_passed_over():
    data = book(["a", "b"], hidden_first=True, places=[("B4", "x")])

    assert read(data) == [["a", "b"], [], [], ["", "x"]]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: b"", "The workbook cannot be read"),
        (lambda: b"PK\x03\x04 not a workbook", "The workbook cannot be read"),
        (lambda: book(["a"], ["#N/A"]), r"Row 2 of the sheet shows an error \(#N/A\)"),
        (lambda: book(["a"], places=[("XFD2", "far away")]), "Row 2 of the sheet has more than 5 columns"),
    ],
)
def test_what_cannot_be_read_with_certainty_is_refused(make, says):
    with pytest.raises(Refused, match=says):
        read(make())


def test_no_more_rows_are_read_than_are_let_in():
    assert len(read(book(["a"], *[[number] for number in range(50)]), most_rows=10)) == 12


def test_the_sheet_comes_from_a_process_of_its_own_as_csv_and_tells_how_far_it_is(monkeypatch):
    monkeypatch.setattr(sheets, "_LOOK_EVERY", 0.01)
    told = []

    with (
        sheet_as_csv(io.BytesIO(book(["Ref", "Day"], ["A1", date(2021, 7, 5)])), report=told.append) as text,
        stream_csv(text) as (header, found),
    ):
        assert (header, list(found)) == (("ref", "day"), [Row(2, ("A1", "2021-07-05"))])

    assert told[0] == 0
    assert set(told) <= {0, 2}


@pytest.mark.parametrize(
    ("make", "seconds", "says"),
    [
        (lambda: b"nothing", 20, "The workbook cannot be read. Open it in Excel, save it again, and try once more."),
        # All of it takes ten seconds of the processor and more: far from the limit, however fast the machine.
        (lambda: sheet_of(99_000, "".join(map(TEXT.format, "ABCDE"))), 1, "The workbook takes too much time or memory"),
    ],
    ids=["no workbook", "too long"],
)
def test_a_refusal_or_a_limit_is_told_in_words(make, seconds, says):
    with (
        pytest.raises(UnreadableTable, match=says),
        sheet_as_csv(io.BytesIO(make()), most_rows=100_000, seconds=seconds),
    ):
        raise AssertionError("It was read.")


# Long files in pieces: what stands across two pieces of 65,536 bytes is read as if it stood in one.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
@pytest.mark.parametrize("shift", range(4))
def test_a_letter_across_two_pieces_is_one_letter(encoding, shift):
    filling = "x" * shift + "\r\n" + "é\r\n" * 40_000
    data = f"a\r\n{filling}".encode(encoding)

    table = read_csv(data, limits=Limits(rows=100_000))

    assert {row.cells for row in table.rows} - {("x" * shift,)} == {("é",)}
    assert len(table.rows) == 40_000 + bool(shift)


@pytest.mark.parametrize("shift", range(3))
def test_a_broken_letter_far_down_is_named_by_its_row(shift):
    data = b"a\r\n" + b"x" * shift + b"\r\n" + "é\r\n".encode() * 30_000 + b"\xe9\r\n"

    with pytest.raises(UnreadableTable) as refused:
        read_csv(data, limits=Limits(rows=100_000))

    assert [problem.row for problem in refused.value.problems] == [30_003]
