import csv
import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from ncpi.lib.tables import (
    Limits,
    Problem,
    Row,
    Sheet,
    Table,
    UnreadableTable,
    csv_lines,
    neutralise,
    normal_header,
    read_csv,
    write_csv,
    write_xlsx,
)

EXPECTED = Table(header=("reference", "place"), rows=(Row(2, ("A1", "Café")),))


def problems_of(data: bytes, **limits: int) -> tuple[Problem, ...]:
    with pytest.raises(UnreadableTable) as caught:
        read_csv(data, limits=Limits(**limits))
    return caught.value.problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_the_same_table_is_read_in_every_usual_dress(encoding, delimiter, line_end):
    text = line_end.join([f"Reference{delimiter}Place", f"A1{delimiter}Café", ""])

    assert read_csv(text.encode(encoding)) == EXPECTED


def test_line_ends_may_be_mixed_and_blank_rows_keep_the_count():
    table = read_csv(b"a,b\r\n1,2\r\n\r\n,\n3,4\r5,6")

    assert table.rows == (Row(2, ("1", "2")), Row(5, ("3", "4")), Row(6, ("5", "6")))


def test_a_cell_may_hold_line_ends_and_separators():
    table = read_csv(b'a,b\n"one, two\nthree",x\n')

    assert table.rows == (Row(2, ("one, two\nthree", "x")),)


def test_a_short_row_is_filled_and_a_blank_tail_is_cut():
    table = read_csv(b"a,b,,\n1\n1,2,,\n")

    assert table == Table(("a", "b"), (Row(2, ("1", "")), Row(3, ("1", "2"))))


def test_a_record_names_its_row():
    assert list(read_csv(b"a,b\n1,2\n").records()) == [(2, {"a": "1", "b": "2"})]


def test_a_header_is_named_as_columns_are():
    assert normal_header("  Case  Type ") == "case_type"
    assert normal_header("Reported-On") == "reported_on"


@pytest.mark.parametrize(
    ("data", "row", "column"),
    [
        (b"", 0, ""),
        (b" \r\n \n", 0, ""),
        (b"PK\x03\x04whatever", 0, ""),
        (b",,\n1,2,3\n", 1, ""),
        (b"a,,c\n1,2,3\n", 1, "2"),
        (b"a,A\n1,2\n", 1, "a"),
        (b"a,b\n1,2\n1,2,3\n", 3, "3"),
        (b"a,b\n1,x\x00y\n", 2, "2"),
        (b"a,b\n1,x\x0by\n", 2, "2"),
        (b"a,b\n1,2\n\xed\xa0\x80,2\n", 3, ""),
        (b"a,b\n1,\x81\n", 2, ""),
        ("a,b\n1,é\n".encode() + b"2,\xe9\n", 3, ""),
        (b"\xff\xfea\x00,\x00b\x00\n\x00\x00\xd8", 2, ""),
        (b'a,b\n1,"open\n', 2, ""),
        (b'a,b\n1,"x"y\n', 2, ""),
        (b"a,b\n1," + b"x" * 200_000 + b"\n", 2, ""),
    ],
)
def test_a_file_that_cannot_be_read_with_certainty_is_refused_by_place(data, row, column):
    (problem,) = problems_of(data)

    assert (problem.row, problem.column) == (row, column)


@pytest.mark.parametrize(
    ("data", "limits", "message"),
    [
        (b"a,b\n1,2\n", {"size": 4}, "The file is larger than 1 MB."),
        (b"a\n1\n2\n3\n", {"rows": 2}, "The file has more than 2 rows."),
        (b"a,b,c\n1,2,3\n", {"columns": 2}, "Row 1: has more than 2 columns."),
        (b"a,b\n1,12345\n", {"cell": 4}, "Row 2, column b: is longer than 4 characters."),
    ],
)
def test_limits_are_counted_while_reading(data, limits, message):
    (problem,) = problems_of(data, **limits)

    assert str(problem) == message


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_either_read_or_refused(data):
    table, problems = Table((), ()), ()
    try:
        table = read_csv(data)
    except UnreadableTable as error:
        problems = error.problems

    assert bool(table.header) is not bool(problems)
    assert {len(row.cells) for row in table.rows} <= {len(table.header)}


@pytest.mark.parametrize("text", ["=1+1", "+44", "-2", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1"])
def test_what_a_spreadsheet_would_run_becomes_text(text):
    assert neutralise(text) == "'" + text


@pytest.mark.parametrize("text", ["", "plain", "1-2", "a=b", "'quoted"])
def test_innocent_text_is_left_alone(text):
    assert neutralise(text) == text


def test_an_export_is_marked_and_its_numbers_stay_numbers():
    assert write_csv(["a", "b"], [["=cmd|' /C calc'!A0", -5], [None, True]]) == (
        b"\xef\xbb\xbfa,b\r\n'=cmd|' /C calc'!A0,-5\r\n,yes\r\n"
    )


@settings(deadline=None)
@given(st.lists(st.lists(st.text(max_size=20), min_size=2, max_size=2), max_size=5))
def test_no_exported_cell_begins_as_a_formula(rows):
    text = b"".join(csv_lines(["a", "b"], rows)).decode("utf-8-sig")
    book = load_workbook(io.BytesIO(write_xlsx(Sheet("x", ["a", "b"], rows))))

    for row in csv.reader(io.StringIO(text, newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    assert {cell.data_type for row in book["x"].iter_rows() for cell in row} <= {"s", "n", "inlineStr"}


def test_a_workbook_holds_text_dates_and_numbers_as_what_they_are():
    sheet = Sheet("Cases [1]: all/some", ["a"], [["=1+1"], [date(2021, 7, 5)], [3], ["x" * 40_000], ["a\x00b"]])

    page = load_workbook(io.BytesIO(write_xlsx(sheet))).active

    assert page.title == "Cases  1   all some"
    values = [row[0].value for row in page.iter_rows(min_row=2)]
    assert values[0] == "'=1+1"
    assert values[1].date() == date(2021, 7, 5)
    assert values[2] == 3
    assert (len(values[3]), values[3][-12:]) == (32_767, "holds no more]"[-12:])
    assert values[4] == "ab"
