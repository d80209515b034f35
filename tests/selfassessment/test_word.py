"""The return as a Word document: everything in the programme's order, findable by its headings."""

import io

import pytest
from docx import Document

from ncpi.selfassessment import operations, queries, word
from ncpi.selfassessment.queries import exchange
from ncpi.selfassessment.signing import STATEMENT
from tests.factories import (
    NOW,
    TODAY,
    agree_all,
    client_of,
    judge,
    make_action,
    make_evidence,
    make_force,
    make_user,
)

pytestmark = pytest.mark.django_db


def written(inspection):
    data = word.write(exchange.word_contents(inspection, as_at=NOW))
    return Document(io.BytesIO(data))


def headings(document, level):
    return [row.text for row in document.paragraphs if row.style.name == f"Heading {level}"]


def test_areas_and_criteria_stand_in_the_programmes_order(inspection, judgements):
    document = written(inspection)

    areas = list(dict.fromkeys(row.criterion.area.title for row in judgements))
    assert headings(document, 1) == areas
    assert headings(document, 2) == [f"{row.criterion.key} {row.criterion.title}" for row in judgements]


def test_a_criterion_says_its_grade_texts_evidence_and_open_actions(inspection, judgements, lead):
    first = judgements[0]
    judge(first, by=lead, narrative="We answer.\n\nAlways.", impact="Children say so.")
    make_evidence(inspection, by=lead, title="Dip sample", judgement=first)
    make_action(inspection, by=lead, criterion=first.criterion, title="Ask more children", on=TODAY)

    document = written(inspection)

    texts = [row.text for row in document.paragraphs]
    start = texts.index(f"{first.criterion.key} {first.criterion.title}")
    assert texts[start + 1 : start + 14] == [
        "Our grade: Good  (being written)",
        "What we do", "We answer.", "Always.",
        "Impact for children", "Children say so.",
        "Gaps", "Nothing written.",
        "Plan", "Nothing written.",
        "Evidence", "", "Open actions",
    ]  # fmt: skip
    assert texts[start + 14] == "Ask more children (due 1 July 2021)"
    assert [cell.text for cell in document.tables[1].rows[1].cells] == [
        "Dip sample\nhttps://intranet.test/dip-sample",
        "Audit or dip sample",
        "1 July 2020 to 30 June 2021",
        "Shows that it works.",
    ]


def test_each_area_says_whether_it_is_signed(inspection, judgements, lead):
    area = judgements[0].criterion.area
    rows = [row for row in judgements if row.criterion.area_id == area.pk]
    agree_all(rows, lead=lead, reviewer=make_user("reviewer", force=inspection.force))
    scope = queries.scope_to_sign(inspection, area)
    operations.sign(
        by=make_user("chief_officer", force=inspection.force), inspection=inspection, area=area,
        shown_digest=scope.digest, name="Deputy Chief Constable", statement=STATEMENT, at=NOW,
    )  # fmt: skip

    table = written(inspection).tables[0]

    assert [cell.text for cell in table.rows[1].cells] == [
        area.title, f"{len(rows)} good", "Valid. Signed by Deputy Chief Constable on 14 June 2021",
    ]  # fmt: skip
    assert table.rows[2].cells[2].text == "Not signed"


def test_the_highest_marking_of_its_evidence_stands_on_every_page(inspection, judgements, lead):
    make_evidence(inspection, by=lead, judgement=judgements[0], marking="official_sensitive")

    section = written(inspection).sections[0]

    assert section.header.paragraphs[0].text == "OFFICIAL-SENSITIVE"
    assert section.footer.paragraphs[0].text == "Fenshire Constabulary\tOFFICIAL-SENSITIVE\tPage 1 of 1"


def test_text_that_a_word_file_cannot_hold_does_not_break_it(inspection, judgements, lead):
    judge(judgements[0], by=lead, narrative="one\x0btwo\x1f <w:b/> & three")

    texts = [row.text for row in written(inspection).paragraphs]

    assert "onetwo <w:b/> & three" in texts


def test_the_same_return_has_the_same_bytes(inspection, judgements):
    contents = exchange.word_contents(inspection, as_at=NOW)

    assert word.write(contents) == word.write(contents)


def test_who_reads_drafts_takes_it_away_and_nobody_else(inspection, judgements):
    address = f"/inspections/{inspection.ref}/self-assessment/word"
    people = [
        make_user("reviewer", force=inspection.force),
        make_user("inspector", force=inspection.force),
        make_user("lead", force=make_force("Wolden Police")),
    ]

    assert [client_of(user).get(address).status_code for user in people] == [200, 403, 404]


@pytest.mark.parametrize("rows", [1, 3])
def test_it_takes_the_same_few_queries(inspection, judgements, lead, rows, django_assert_num_queries):
    for number, judgement in enumerate(judgements[:rows]):
        make_evidence(inspection, by=lead, title=f"Sample {number}", judgement=judgement)

    with django_assert_num_queries(5):
        exchange.word_contents(inspection, as_at=NOW)
