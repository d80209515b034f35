import io
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.extract import Candidate, check, check_header, own_columns, parse_date, proposed_mapping
from cases.seen import SeenBefore
from ncpi.lib.tables import Problem, UnreadableTable, stream_csv

TYPES = {"s47": "Child protection enquiry (section 47)", "missing": "Missing children"}
HEADER = "reference,case_type,district,team,reported_on,finalised_on,outcome"
GOOD = ["FN000001/21", "s47", "North", "Team 1", "2021-01-05", "2021-02-01", "No further action"]


@dataclass
class Extract:
    """What a reading gave: its candidates, if nothing was wrong, and its problems."""

    candidates: tuple[Candidate, ...]
    problems: tuple[Problem, ...]


def read_extract(data: bytes) -> Extract:
    try:
        with stream_csv(io.BytesIO(data)) as (header, rows):
            problems = check_header(header)
            found = problems or list(check(header, rows, mapping=own_columns(header), case_types=TYPES))
    except UnreadableTable as error:
        found = error.problems
    problems = tuple(one for one in found if isinstance(one, Problem))
    return Extract(() if problems else tuple(found), problems)


def read(*rows: list[str], header: str = HEADER) -> Extract:
    return read_extract("\n".join([header, *(",".join(f'"{cell}"' for cell in row) for row in rows)]).encode())


def with_cell(column: str, value: str) -> list[str]:
    row = list(GOOD)
    row[HEADER.split(",").index(column)] = value
    return row


def test_a_valid_extract_is_read_whole():
    extract = read([*GOOD, "yes", "No"], header=HEADER + ",ethnicity_recorded,disability_recorded")

    assert extract == Extract(
        (
            Candidate(
                reference="FN000001/21",
                case_type="s47",
                district="North",
                team="Team 1",
                reported_on=date(2021, 1, 5),
                finalised_on=date(2021, 2, 1),
                outcome="No further action",
                ethnicity_recorded=True,
                disability_recorded=False,
            ),
        ),
        (),
    )


def test_columns_come_in_any_order_and_spelling_of_case():
    extract = read_extract(
        b"Outcome;Team;District;Finalised on;Reported on;Case type;Reference\n"
        b";T1;North;;05/01/2021;Missing children;FN1\n"
    )

    assert extract.candidates == (Candidate("FN1", "missing", "North", "T1", date(2021, 1, 5), None, ""),)


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("name", "a name"),
        ("Child Name", "a name"),
        ("surname", "a name or a date of birth"),
        ("victim_1", "a name"),
        ("DOB", "a date of birth"),
        ("Date of birth", "a date of birth"),
        ("dateofbirth", "a name or a date of birth"),
        ("home address", "an address"),
        ("Postcode", "an address"),
        ("mobile", "a way to reach a person"),
        ("e-mail", "a way to reach a person"),
        ("NHS number", "a personal number"),
    ],
)
def test_a_personal_column_is_refused_by_name(column, says):
    extract = read([*GOOD, "x"], header=f"{HEADER},{column}")

    assert extract.candidates == ()
    (problem,) = extract.problems
    assert problem.message == f"looks like {says}. Take the column out: a case is known by its reference only."
    assert problem.row == 1


def test_an_unknown_and_a_missing_column_are_both_named():
    extract = read(GOOD, header=HEADER.replace("team", "squad"))

    assert [(problem.row, problem.column) for problem in extract.problems] == [(1, "squad"), (1, "team")]


def test_a_file_without_header_does_not_have_its_first_row_repeated():
    extract = read(GOOD, header="John Smith,s47,North,T1,2021-01-01,2021-01-02,x")

    assert "smith" not in " ".join(map(str, extract.problems)).casefold()


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("reference", "", "is empty."),
        ("reference", "Smith", "looks like a name. A reference has at least one digit and no name in it."),
        (
            "reference",
            "SMITH-001",
            "looks like a name. A reference has at least one digit and no name in it.",
        ),
        ("reference", "John Smith 1", "looks like a name."),
        ("reference", "04/03/2009", "looks like a date of birth."),
        ("reference", "2009-03-04", "looks like a date of birth."),
        ("reference", "20090304", "looks like a date of birth."),
        ("reference", "04032009", "looks like a date of birth."),
        ("reference", "PE29 3AB", "looks like a postcode."),
        ("reference", "PE293AB", "looks like a postcode."),
        ("reference", "07700900123", "looks like a telephone number."),
        ("reference", "943-476-5919", "looks like an NHS number."),
        ("reference", "a1@example.org", "looks like an e-mail address."),
        ("reference", "A1 B2", "may have letters, digits and - / _ . only, and at most 40 of them."),
        ("reference", "=1+1", "may have letters, digits and - / _ . only, and at most 40 of them."),
        ("reference", "1" * 41, "may have letters, digits and - / _ . only, and at most 40 of them."),
        ("case_type", "", "is empty. Use one of: s47, missing."),
        ("case_type", "fraud", "“fraud” is not a case type. Use one of: s47, missing."),
        ("case_type", "John Smith", "looks like a name."),
        ("district", "", "is empty."),
        ("district", "12 High Street", "looks like an address."),
        ("district", "x" * 81, "is longer than 80 characters."),
        ("team", "DS Patel", "looks like a name."),
        ("team", "01632 960123", "looks like a telephone number."),
        ("outcome", "Charged: John Smith", "looks like a name."),
        ("outcome", "DOB 04/03/2009", "looks like a date of birth."),
        ("reported_on", "", "is empty."),
        ("reported_on", "03/25/2021", "is not a date. Write it as 2021-07-05 or 05/07/2021 (day first)."),
        ("reported_on", "John Smith", "is not a date. Write it as 2021-07-05 or 05/07/2021 (day first)."),
        ("finalised_on", "2021-01-04", "is before the day the case was reported."),
        ("finalised_on", "2021-02-30", "is not a date. Write it as 2021-07-05 or 05/07/2021 (day first)."),
    ],
)
def test_a_wrong_value_is_refused_by_row_and_column(column, value, message):
    other = with_cell("reference", "FN2")

    extract = read(other, with_cell(column, value))

    assert extract == Extract((), (Problem(3, column, message),))


@pytest.mark.parametrize(
    "reference",
    ["35NB/1234/21", "CC-21-0001", "0123-050721", "OP-CEDAR-12", "7F3K", "9434765918", "20219999"],
)
def test_references_that_forces_use_are_taken(reference):
    assert read(with_cell("reference", reference)).problems == ()


def test_a_file_of_nhs_numbers_is_refused_and_one_chance_likeness_is_not():
    numbers = [with_cell("reference", "9434765919"), with_cell("reference", "4010232137")]
    mixed = [numbers[0], with_cell("reference", "9434765918")]

    assert [str(problem) for problem in read(*numbers).problems] == [
        "Row 2, column reference: looks like an NHS number.",
        "Row 3, column reference: looks like an NHS number.",
    ]
    assert read(*mixed).problems == ()


def test_a_duplicate_names_both_rows():
    extract = read(GOOD, with_cell("reference", "fn000001/21"))

    assert extract.problems == (Problem(3, "reference", "fn000001/21 is there twice: it is in row 2 too."),)


def test_an_answer_other_than_yes_or_no_is_refused():
    extract = read([*GOOD, "White British"], header=HEADER + ",ethnicity_recorded")

    assert extract.problems == (Problem(2, "ethnicity_recorded", "must be yes or no."),)


def test_every_problem_is_listed_and_nothing_passes():
    extract = read(with_cell("team", "John Smith"), with_cell("case_type", "x"), with_cell("reference", "FN2"))

    assert extract.candidates == ()
    assert [problem.row for problem in extract.problems] == [2, 3, 3]


def test_an_extract_without_cases_is_refused():
    assert read().problems == (Problem(0, "", "The file has a header and no case."),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-07-05", date(2021, 7, 5)),
        ("2021-07-05 00:00:00", date(2021, 7, 5)),
        ("05/07/2021", date(2021, 7, 5)),
        ("5/7/2021", date(2021, 7, 5)),
        ("07/25/2021", None),
        ("05/07/21", None),
        ("5 July 2021", None),
        ("2021-7-5", None),
        ("٢٠٢١-٠٧-٠٥", None),
        ("0000-00-00", None),
    ],
)
def test_a_date_is_read_one_way_only(text, expected):
    assert parse_date(text) == expected


@settings(deadline=None)
@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)))
def test_both_spellings_of_a_day_are_the_same_day(day):
    assert parse_date(day.isoformat()) == day == parse_date(day.strftime("%d/%m/%Y"))


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_hostile_bytes_below_a_good_header_never_pass_unseen(data):
    extract = read_extract(HEADER.encode() + b"\n" + data)

    assert bool(extract.candidates) is not bool(extract.problems)


@given(st.lists(st.text(max_size=3), max_size=300))
@settings(deadline=None)
def test_where_a_text_stood_first_is_remembered(texts):
    seen, first = SeenBefore(capacity=4), {}

    found = [seen.row_of(text, row) for row, text in enumerate(texts, start=2)]

    assert found == [first.setdefault(text, row) for row, text in enumerate(texts, start=2)]


def test_columns_are_guessed_by_what_forces_call_them():
    header = ["urn", "type", "bcu", "unit", "date_reported", "closed", "result", "notes"]

    assert proposed_mapping(header) == {
        "reference": "urn",
        "case_type": "type",
        "district": "bcu",
        "team": "unit",
        "reported_on": "date_reported",
        "finalised_on": "closed",
        "outcome": "result",
    }


def in_unnamed(*values):
    """Read an extract with one column more that nobody named, and these values in it."""
    header = f"{HEADER},remarks"
    lines = [",".join([f"FN{number}/21", *GOOD[1:], f'"{value}"']) for number, value in enumerate(values)]
    with stream_csv(io.BytesIO("\n".join([header, *lines]).encode())) as (columns, rows):
        found = list(check(columns, rows, mapping={name: name for name in HEADER.split(",")}, case_types=TYPES))
    return [(one.row, one.column, one.message) for one in found if isinstance(one, Problem)]


def test_a_column_that_nobody_named_is_looked_into_and_told_once():
    assert in_unnamed("Phone call", "Mrs Archer", "Mr Archer", "10 High Street") == [
        (3, "remarks", "looks like a name. The column is not imported: take it out of the file."),
    ]


@pytest.mark.parametrize("value", ["", "05/07/2021", "2021-07-05 10:33:21", "Closed by supervisor", "1234"])
def test_what_an_export_holds_beside_is_let_pass(value):
    assert in_unnamed(value) == []
