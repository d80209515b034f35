import pytest

from ncpi.lib import personal


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to someone@example.org", "email"),
        ("DOB 4/3/2009", "birth"),
        ("born on 04/03/2009", "birth"),
        ("04-03-09", "birth"),
        ("2009-03-04", "birth"),
        ("4th March 2009", "birth"),
        ("near PE29 3AB", "address"),
        ("12 High Street", "address"),
        ("Flat 3", "address"),
        ("went to Mill Road", "address"),
        ("07700 900123", "phone"),
        ("+44 7700 900123", "phone"),
        ("(01632) 960123", "phone"),
        ("943 476 5919", "number"),
        ("QQ 12 34 56 C", None),
        ("AB 12 34 56 C", "number"),
        ("35NB/1234/21", "crime"),
        ("CR/12345/21", "crime"),
        ("Mrs Okafor said", "name"),
        ("DS Patel attended", "name"),
        ("John was seen", "name"),
        ("JOHN SMITH", "name"),
        ("john smith", "name"),
        ("Priya Sharma", "name"),
        ("the mother Adaeze was told", "name"),
        ("OKAFOR, Ada", "name"),
    ],
)
def test_a_likeness_is_found_and_told_by_kind(text, kind):
    found = personal.first(text)

    assert (found.kind if found else None) == kind


@pytest.mark.parametrize(
    "text",
    [
        "Child Protection",
        "Roads Policing Unit",
        "Mill Road Station",
        "DS Team",
        "No further action",
        "St Ives",
        "District 4",
        "the mother was told",
        "child Protection plan",
        "seen within 24 hours, 3 visits in 2021",
        "graded 2/3 on 40/50",
        "99/99/2021",
        "Section 47 enquiry",
        "Outcome 16",
        "The child was seen alone, spoken to and heard.",
    ],
)
def test_innocent_text_is_not_flagged(text):
    assert personal.find(text) == ()


def test_likenesses_come_in_order_and_do_not_overlap():
    found = personal.find("John Smith of 12 High Street, born 04/03/2009")

    assert [each.kind for each in found] == ["name", "address", "birth"]


def test_another_list_of_rules_takes_the_place_of_the_first():
    rules = (personal.Rule("unit", "a unit number", r"\bU\d+\b"),)

    assert personal.find("John Smith U7", rules=rules) == (personal.Likeness("unit", "a unit number", 11, 13),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9434765919", True),
        ("943 476 5919", True),
        ("9434765918", False),
        ("1111111111", False),
        ("943", False),
    ],
)
def test_an_nhs_number_is_told_by_its_check_digit(text, expected):
    assert personal.is_nhs_number(text) is expected
