from audits.names import check_text, check_texts, pieces

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
