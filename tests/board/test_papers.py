import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree
from pypdf import PdfReader

from ncpi.board import charts as drawing
from ncpi.board import inputs
from ncpi.board.paper import Heading, Meeting, Paragraph, Table
from ncpi.board.paper_docx import docx
from ncpi.board.paper_numbers import numbered
from ncpi.board.paper_pdf import pdf
from ncpi.board.paper_sections import sections
from ncpi.board.readiness import content_of
from ncpi.board.wording import figures_of, shown_figure, shown_part
from ncpi.lib.digests import canonical
from tests.board import sample

# The same papers are looked at by most tests.
pytestmark = pytest.mark.xdist_group("papers")

HOSTILE = " ".join((
    '#import "x.typ" *bold* _it_ $1$ `raw` \\u{41} @ref <label> = Head [a](b) #sys.inputs',
    "</w:t><w:br/><script>alert()</script> & &#x0; <!DOCTYPE a>",
    "=cmd|' /C calc'!A0",
    "bell\x07 nul\x00 vt\x0b pair\ud800 right\u202eleft line\u2028end\r\nnext",
    "\u00e9 \u0639\u0631\u0628\u064a \u4e2d\u6587 \U0001f9d2 {{ 7*7 }} {% x %}",
))  # fmt: skip
MEETING = Meeting()


@pytest.fixture(scope="module")
def content():
    return content_of(sample.state())


@pytest.fixture(scope="module")
def charts(content):
    return drawing.charts(canonical(content))


@pytest.fixture(scope="module")
def printed(content, charts):
    return pdf(content, MEETING, charts)


@pytest.fixture(scope="module")
def written(content, charts):
    return docx(content, MEETING, charts)


def words_of_docx(data):
    document = Document(io.BytesIO(data))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return [p.text for p in document.paragraphs] + [p.text for cell in cells for p in cell.paragraphs]


def squeezed(text):
    return re.sub(r"\s+", "", text)


def sentences_of(paper):
    for block in paper.blocks:
        if isinstance(block, Paragraph):
            yield block.sentence
            yield from block.bullets
        elif isinstance(block, Table):
            yield from (line for row in block.rows for cell in row for line in cell)


def fixed_words(paper):
    for block in paper.blocks:
        if isinstance(block, Heading):
            yield block.text
        elif not isinstance(block, Paragraph):
            yield block.caption
            if isinstance(block, Table):
                yield from block.header


def test_the_same_summary_gives_the_same_pdf_word_and_charts(content, charts, printed, written):
    drawing.rendered.cache_clear()
    drawing.charts.cache_clear()

    assert drawing.charts(canonical(content)) == charts
    assert pdf(content, MEETING, charts) == printed
    assert docx(content, MEETING, charts) == written


def test_the_papers_own_words_hold_no_digit(content):
    paper = sections(content, MEETING)

    texts = [part["text"] for sentence in sentences_of(paper) for part in sentence if "text" in part]

    assert [words for words in texts if re.search(r"\d", words)] == []
    assert {words for words in fixed_words(paper) if re.search(r"\d", words)} == {
        "31 May 2021", "14 June 2021", "28 June 2021", "12 July 2021"
    }  # fmt: skip


def numbers_left(text, paper, content):
    """Strip dates, quotations and numbering from a text and return the numbers that are no figure's."""
    text = squeezed(text)
    known = [shown_part(part, paper.figures) for s in sentences_of(paper) for part in s if "figure" not in part]
    known += [MEETING.agenda_item, "13 July 2021", *fixed_words(paper), paper.subtitle]
    for words in sorted({squeezed(k) for k in known if re.search(r"\d", k)}, key=len, reverse=True):
        text = text.replace(words, "|")
    shows = ("numerator", "denominator", "percent", "interval", "level", "amount")
    figures = {shown_figure(f, show) for f in figures_of(content).values() for show in shows}
    return [n for n in re.findall(r"\d+(?:\.\d+)?(?:–\d+)?%?", text) if n not in figures]


def test_every_number_in_the_word_paper_is_a_figure(content, written):
    paper = sections(content, MEETING)
    text = " | ".join(words_of_docx(written))
    for item in numbered(paper):
        if item.number.startswith(("Table", "Chart")):
            text = text.replace(f"{item.number}. ", "", 1)

    assert numbers_left(text, paper, content) == []


def test_a_number_that_is_no_figure_would_be_found(content):
    paper = sections(content, MEETING)

    assert numbers_left("In all 98765 of them, 6 were good.", paper, content) == ["98765"]


def test_word_and_pdf_say_the_same(content, printed, written):
    reader = PdfReader(io.BytesIO(printed))
    text = squeezed(" ".join(page.extract_text() for page in reader.pages)).replace("-", "")
    paper = sections(content, MEETING)
    lines = [paper.words(sentence) for sentence in sentences_of(paper)]
    spread = " ".join(words_of_docx(written))

    assert [line for line in lines if squeezed(line).replace("-", "")[:24] not in text] == []
    assert [line for line in lines if line not in spread] == []


def test_the_pdf_claims_and_carries_what_pdf_ua_asks(printed):
    reader = PdfReader(io.BytesIO(printed))
    catalog = reader.trailer["/Root"]
    about = catalog["/Metadata"].get_data().decode("utf-8")

    assert catalog["/Lang"] == "en-GB"
    assert catalog["/MarkInfo"]["/Marked"] is True or bool(catalog["/MarkInfo"]["/Marked"])
    assert "/StructTreeRoot" in catalog
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title.endswith("Fenshire Constabulary: readiness for inspection")
    assert re.search(r"<pdfuaid:part>1</pdfuaid:part>", about)


def test_the_word_paper_has_language_title_numbering_headers_and_alt_text(charts, written):
    document = Document(io.BytesIO(written))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    alts = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]

    assert document.core_properties.language == "en-GB"
    assert document.core_properties.title.endswith("Fenshire Constabulary: readiness for inspection")
    assert headings[:3] == ["Purpose", "Recommendation", "Overview"]
    assert alts == [f"{chart.title}. {chart.description}" for chart in charts]
    assert all(t.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for t in document.tables)
    assert all(p._p.pPr.numPr is not None for p in document.paragraphs if p.style.name in {"Heading 1", "Numbered"})


def test_the_word_paper_points_nowhere_outside_itself(written):
    with zipfile.ZipFile(io.BytesIO(written)) as packed:
        relationships = b"".join(packed.read(n) for n in packed.namelist() if n.endswith(".rels"))

    assert b"External" not in relationships
    assert b"thumbnail" not in relationships


def test_charts_are_named_described_and_self_contained(charts):
    for chart in charts:
        root = etree.fromstring(chart.svg)

        assert root.get("role") == "img"
        assert root.get("aria-labelledby") == f"{chart.name}-title {chart.name}-description"
        assert [child.text for child in root[:2]] == [chart.title, chart.description]
        assert root.xpath("//@style | //@onclick | //@href | //*[local-name()='script']") == []
        assert chart.png.startswith(b"\x89PNG")


def hostile_state(words):
    state = sample.state()
    programme = replace(
        state.programme,
        title=words,
        areas=tuple(replace(area, title=f"{words} {area.id}") for area in state.programme.areas),
        grades=tuple(replace(grade, label=f"{grade.label} {words}") for grade in state.programme.grades),
    )
    return replace(
        state,
        programme=programme,
        inspection=replace(state.inspection, force=words, title=words),
        signatures=tuple(replace(s, by=words) for s in state.signatures),
        published=tuple(replace(f, source=words) for f in state.published),
        recommendations=tuple(
            replace(r, title=words, repeats=r.repeats and words, source=words, deadline_kind=words)
            for r in state.recommendations
        ),
        actions=tuple(replace(a, title=words, owner=words, ref=f"{a.ref}{words}") for a in state.actions),
        milestones=tuple(replace(m, label=words, basis=words) for m in state.milestones),
        asks=(inputs.Ask("a", "ask", words, 1),),
    )


def test_hostile_words_are_shown_as_words_and_nothing_else():
    content = content_of(hostile_state(HOSTILE))
    charts = drawing.charts(canonical(content))
    meeting = Meeting(HOSTILE, HOSTILE, date(2021, 7, 13), HOSTILE, HOSTILE, HOSTILE)

    printed = pdf(content, meeting, charts)
    written = docx(content, meeting, charts)

    asked = content["asks"][0]["text"]
    assert asked in words_of_docx(written)
    assert len(PdfReader(io.BytesIO(printed)).pages) > 3
    with zipfile.ZipFile(io.BytesIO(written)) as packed:
        assert b"<script" not in packed.read("word/document.xml")
    for chart in charts:
        assert etree.fromstring(chart.svg).xpath("//*[local-name()='script' or local-name()='a']") == []


def test_a_paper_without_cases_asks_or_earlier_summaries_still_reads():
    state = inputs.State(programme=sample.PROGRAMME, inspection=sample.INSPECTION, as_at=sample.AS_AT)
    content = content_of(state)
    charts = drawing.charts(canonical(content))

    spread = words_of_docx(docx(content, MEETING, charts))

    assert "The Board is recommended to note the contents of this report." in spread
    assert "No audited case has a published grade yet." in spread
    assert "This is the first summary; there is nothing to compare." in spread
    assert pdf(content, MEETING, charts).startswith(b"%PDF-1.7")
