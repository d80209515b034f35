"""Recommendations from CSV: read whole or refused whole, every mistake by row and column."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncpi.actions.recommendation_rows import (
    LARGEST_FILE,
    MOST_ROWS,
    RecommendationRow,
    RecommendationRowsError,
    read_recommendations,
)

HEADER = "number,report,published_on,text,deadline,due_on,kind,theme,source,force"
GOOD = "1,NCPI report,2022-08-05,Review the response,immediately,,,,,"


def table(*rows, header=HEADER):
    return "\r\n".join((header, *rows)).encode()


def mistakes(raw):
    with pytest.raises(RecommendationRowsError) as refused:
        read_recommendations(raw)
    return [str(problem) for problem in refused.value.problems]


def test_a_full_row_is_read_as_written():
    row = 'WAR22-2,NCPI report,05/08/2022,"Hear children,\nwrite it down",within_3_months,,recommendation,voice,https://example.org/a,Fenshire'

    assert read_recommendations(table(row)) == (
        RecommendationRow(
            row=2,
            number="WAR22-2",
            report="NCPI report",
            published_date=date(2022, 8, 5),
            text="Hear children,\nwrite it down",
            deadline="within_3_months",
            stated_date=None,
            kind="recommendation",
            theme="voice",
            source="https://example.org/a",
            force="Fenshire",
        ),
    )


def test_the_five_needed_columns_in_any_order_are_enough():
    header = "deadline,TEXT, number ,published_on,report"

    rows = read_recommendations(table("Within 6 months,Act,7,,PEEL", header=header))

    assert [(row.number, row.deadline, row.published_date, row.kind) for row in rows] == [
        ("7", "within_6_months", None, "recommendation")
    ]


def test_a_byte_order_mark_and_blank_rows_are_passed_over():
    raw = b"\xef\xbb\xbf" + table(GOOD, ",,,,,,,,,", "", "2,NCPI report,,Act,,,,,,")

    assert [row.number for row in read_recommendations(raw)] == ["1", "2"]


def test_the_same_number_in_two_reports_is_two_recommendations():
    rows = read_recommendations(table(GOOD, GOOD.replace("NCPI report", "PEEL report")))

    assert [row.report for row in rows] == ["NCPI report", "PEEL report"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (",NCPI,2022-08-05,Act,immediately,,,,,", "row 2, column number: is empty"),
        ("1,,2022-08-05,Act,immediately,,,,,", "row 2, column report: is empty"),
        ("1,NCPI,2022-08-05,,immediately,,,,,", "row 2, column text: is empty"),
        (
            "1,NCPI,2022-02-30,Act,,,,,,",
            "row 2, column published_on: '2022-02-30' is not a date: write 2022-08-05 or 05/08/2022",
        ),
        (
            "1,NCPI,08/05/22,Act,,,,,,",
            "row 2, column published_on: '08/05/22' is not a date: write 2022-08-05 or 05/08/2022",
        ),
        ("1,NCPI,0001-01-01,Act,,,,,,", "row 2, column published_on: '0001-01-01' lies outside 1990 to 2099"),
        (
            "1,NCPI,,Act,soon,,,,,",
            "row 2, column deadline: unknown deadline 'soon' (known: immediately, "
            "within_3_months, within_6_months, fixed_date)",
        ),
        ("1,NCPI,,Act,fixed_date,,,,,", "row 2, column due_on: a fixed_date needs its date"),
        (
            "1,NCPI,,Act,fixed_date,soon,,,,",
            "row 2, column due_on: 'soon' is not a date: write 2022-08-05 or 05/08/2022",
        ),
        (
            "1,NCPI,,Act,immediately,2022-08-05,,,,",
            "row 2, column due_on: a date stands here, but the deadline is not fixed_date",
        ),
        (
            "1,NCPI,,Act,,,praise,,,",
            "row 2, column kind: unknown kind 'praise' (known: recommendation, "
            "cause_of_concern, accelerated_cause_of_concern, improvement_area, area_for_improvement)",
        ),
        ("1,NCPI,,Act,,,,,javascript:alert(1),", "row 2, column source: is not a web address"),
        ("1,NCPI,,A\x00ct,,,,,,", "row 2, column text: holds a line break or a control character"),
        ('"1\n2",NCPI,,Act,,,,,,', "row 2, column number: holds a line break or a control character"),
        ("1,NCPI,,Act,,,,a\u2028b,,", "row 2, column theme: holds a line break or a control character"),
        (f"1,NCPI,,{'x' * 4001},,,,,,", "row 2, column text: is longer than 4000 characters"),
        ("1,NCPI,,Act", "row 2: has 4 cells; the header has 10"),
        ("1,NCPI,,Act,,,,,,,extra", "row 2: has 11 cells; the header has 10"),
    ],
)
def test_a_mistake_is_named_by_row_and_column(row, expected):
    assert mistakes(table(row)) == [expected]


def test_one_bad_row_among_good_ones_refuses_the_file_and_names_all_mistakes():
    raw = table(GOOD, "2,NCPI report,soon,,now,,,,,", GOOD)

    assert mistakes(raw) == [
        "row 3, column deadline: unknown deadline 'now' (known: immediately, within_3_months, within_6_months, "
        "fixed_date)",
        "row 3, column published_on: 'soon' is not a date: write 2022-08-05 or 05/08/2022",
        "row 3, column text: is empty",
        "row 4, column number: the same report has '1' on row 2",
    ]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (HEADER.replace("theme", "topic"), ["row 1, column topic: unknown column"]),
        (HEADER.replace("text,", ""), ["row 1, column text: the column is missing"]),
        (HEADER.replace("theme", "force"), ["row 1, column force: the column stands twice"]),
    ],
)
def test_a_wrong_header_is_named_by_column(header, expected):
    assert mistakes(table(GOOD, header=header)) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "The file is empty."),
        (HEADER.encode(), "The file has a header and no recommendation."),
        (b"PK\x03\x04", "This is a spreadsheet or zip file. Save it as CSV (comma separated, UTF-8) first."),
        (HEADER.encode() + b"\n\xa3", "The file is not UTF-8. Save it as CSV UTF-8."),
        (b"x" * (LARGEST_FILE + 1), "The file is larger than 2 MB."),
        (table(*[",,,,,,,,,"] * (MOST_ROWS + 1)), "The file has more than 2000 rows."),
        (table('1,"NCPI'), "row 2: not valid CSV: unexpected end of data"),
    ],
)
def test_a_file_that_cannot_be_a_table_is_refused(raw, expected):
    assert mistakes(raw) == [expected]


@given(st.binary(max_size=400))
def test_no_bytes_whatever_bring_it_down(raw):
    for content in (raw, HEADER.encode() + b"\n" + raw):
        try:
            found = read_recommendations(content)
        except RecommendationRowsError as error:
            found = error.problems

        assert found
