"""Templates rendered once: whatever is put in is escaped, and nothing that is one person's is kept."""

import pytest
from django.template import TemplateSyntaxError, engines
from django.utils.html import format_html

from ncpi.lib.moulds import Marks, filled, joined, kept_mould, mould_of, once_key, partly_filled

HOSTILE = "<b>\x00text\x00 {text} %s & \"'"
ESCAPED = "&lt;b&gt;\x00text\x00 {text} %s &amp; &quot;&#x27;"


def test_text_is_escaped_and_markup_is_not():
    mould = ("<p>", "text", "</p>")

    assert filled(mould, text=HOSTILE) == f"<p>{ESCAPED}</p>"
    assert filled(mould, text=format_html("<b>{}</b>", "&")) == "<p><b>&amp;</b></p>"
    assert filled(mould, text=3) == "<p>3</p>"


def test_what_is_put_in_is_no_place_for_something_else():
    mould = ("<p>", "text", "|", "other", "</p>")

    assert filled(mould, text=f"{Marks()['other']}", other="second") == "<p>\x00other\x00|second</p>"


def test_a_mould_can_be_filled_in_two_steps():
    part = partly_filled(("<p>", "text", "|", "other", "</p>"), text="<")

    assert part == ("<p>&lt;|", "other", "</p>")
    assert filled(part, other=">") == "<p>&lt;|&gt;</p>"


def test_parts_are_escaped_unless_they_were_filled():
    assert joined([filled(("<i>", "text", "</i>"), text="&"), "<i>"]) == "<i>&amp;</i>&lt;i&gt;"


def test_a_template_with_marks_becomes_a_mould():
    mould = mould_of("audits/_guidance.html", key="a b")

    assert mould[1::2] == ("guidance", "address")
    assert "?question=a%20b" in mould[4]


def test_markup_cannot_tell_kept_moulds_apart():
    for value in (format_html("<b>{}", ""), (("title", format_html("<b>{}", "")),)):
        with pytest.raises(TypeError):
            kept_mould("_parts/header.html", name=value)


def test_a_key_cannot_be_kept_with_its_form():
    template = engines["django"].from_string("{% once %}")

    with pytest.raises(TemplateSyntaxError):
        template.render({"mark": Marks()})


def test_each_key_is_new():
    assert once_key() != once_key()
