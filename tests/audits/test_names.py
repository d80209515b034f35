import pytest

from audits.forms import ConflictForm
from audits.name_checks import doubts_in, refused_in
from audits.names import check_text, check_texts, pieces
from ncpi.lib.personal_file import UnusablePatterns, read_patterns

TEXT = "The mother rang 07700 900123 and said that John was at 12 High Street."


def test_each_likeness_is_shown_where_it_stands():
    doubts = check_text(TEXT, field="comment")

    assert [(doubt.kind, doubt.excerpt) for doubt in doubts] == [
        ("phone", "07700 900123"),
        ("name", "John"),
        ("address", "12 High Street"),
    ]
    assert all(TEXT[doubt.start : doubt.end] == doubt.excerpt for doubt in doubts)
    assert {doubt.field for doubt in doubts} == {"comment"}


def test_the_message_says_what_to_write_instead():
    (doubt,) = check_text("John was seen")

    assert doubt.message == ("“John” looks like a name. Write who it is to the child instead, such as “the mother”.")


def test_a_clean_text_has_no_doubt():
    assert check_text("The child was seen alone and heard; the plan is on the record.") == ()


def test_a_word_the_force_knows_is_harmless():
    assert check_text("Seen at Mill Road", harmless=["mill road"]) == ()


def test_several_fields_are_looked_at_in_their_order():
    assert [doubt.field for doubt in check_texts({"b": "John", "a": "", "c": "Sarah"})] == ["b", "c"]


def test_a_text_is_cut_into_marked_pieces_that_join_to_the_text():
    cut = pieces(TEXT, check_text(TEXT))

    assert "".join(part for part, _ in cut) == TEXT
    assert [part for part, marked in cut if marked] == ["07700 900123", "John", "12 High Street"]


FILE = """
refused:
  - says: an operation's name
    pattern: '\\bOperation [A-Z]\\w+'
harmless: [Hannah]
"""


def test_an_installation_adds_what_is_refused_and_what_is_harmless(tmp_path, settings):
    path = tmp_path / "patterns.yaml"
    path.write_text(FILE)
    settings.PERSONAL_PATTERNS = read_patterns(str(path))
    said = {"Reason": "Seen in Hannah House by Mrs Archer, for Operation Thistle."}

    assert [(doubt.says, doubt.excerpt) for doubt in refused_in(said)] == [("an operation's name", "Operation Thistle")]
    assert [doubt.excerpt for doubt in doubts_in(said)] == ["Mrs Archer", "Operation Thistle"]
    assert [doubt.excerpt for doubt in check_texts(said)] == ["Hannah", "Mrs Archer"]


@pytest.mark.parametrize("text", ["refused: 3", "- a list", "refused: [{says: x, pattern: '('}]", "a: ["])
def test_a_file_of_patterns_that_cannot_be_used_stops_the_start(tmp_path, text):
    path = tmp_path / "patterns.yaml"
    path.write_text(text)

    with pytest.raises(UnusablePatterns):
        read_patterns(str(path))


@pytest.mark.parametrize(
    ("said", "is_valid"),
    [
        ({"reason": "Nobody saw the child."}, True),
        ({"reason": "Mrs Archer saw the child."}, False),
        ({"reason": "Mrs Archer saw the child.", "no_names": "on"}, True),
    ],
)
def test_a_form_asks_whether_anybody_is_named_and_takes_ones_word(said, is_valid):
    form = ConflictForm(said)

    assert (form.is_valid(), bool(form.doubts)) == (is_valid, not is_valid)
    assert ("no_names" in str(form.layout().fields), "no_names" in form.cleaned_data) == (not is_valid, False)
